import { Cell } from '@jupyterlab/cells';
import { Notebook } from '@jupyterlab/notebook';
import { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';

import { ICellVerdict } from '../_api';
import { verdictIcons } from '../components/icons';
import { verdictLabel } from '../model/words';
import { CommandIDs } from '../tokens';

const CLASS = 'nbc-mod-marked';
const BUTTON = 'nbc-CellMark';
const MENU = [CommandIDs.explain, CommandIDs.cellHistory, CommandIDs.runWithNeeds, CommandIDs.insertMissing];

/** Called when a mark is pressed, with the cell and the button. */
export type OnMark = (cellId: string, button: HTMLElement) => void;

/**
 * Marks cells that are not fresh: a class on the cell's node, and a button in its corner that says why.
 *
 * The button hangs beside the node's layout and does not change the cell's height; nothing is saved in the notebook.
 * Windowed cells carry their mark when they come into view, because the widgets are marked, not what is attached.
 */
export function markCells(
  notebook: Notebook,
  verdicts: ReadonlyMap<string, ICellVerdict>,
  trans: TranslationBundle,
  onMark: OnMark
): void {
  for (const cell of notebook.widgets) {
    const verdict = verdicts.get(cell.model.id);
    if (!verdict || verdict.verdict === 'fresh') {
      unmark(cell);
    } else {
      mark(cell, verdict, trans, onMark);
    }
  }
}

/** Take every mark away. */
export function clearMarks(notebook: Notebook): void {
  notebook.widgets.forEach(cell => unmark(cell));
}

function mark(cell: Cell, verdict: ICellVerdict, trans: TranslationBundle, onMark: OnMark): void {
  const label = verdictLabel(verdict.verdict, trans);
  const reasons = verdict.findings.map(finding => `${finding.title} (${finding.code}): ${finding.message}`);
  const title = reasons.join('\n') || trans.__('Restart & Run All: %1', label);
  const known = buttonOf(cell);
  if (known && cell.node.dataset.nbcVerdict === verdict.verdict && known.title === title) {
    return;
  }
  known?.remove();
  cell.addClass(CLASS);
  cell.node.dataset.nbcVerdict = verdict.verdict;
  cell.node.appendChild(makeButton(cell, verdict, label, title, trans, onMark));
}

function makeButton(
  cell: Cell,
  verdict: ICellVerdict,
  label: string,
  title: string,
  trans: TranslationBundle,
  onMark: OnMark
): HTMLButtonElement {
  const button = document.createElement('button');
  button.className = BUTTON;
  button.type = 'button';
  button.title = title;
  button.setAttribute('aria-label', trans.__('Cairn: this cell is %1. %2', label, title));
  button.setAttribute('aria-haspopup', 'menu');
  button.append(verdictIcons[verdict.verdict].element({ tag: 'span', className: 'nbc-Icon' }), label);
  button.addEventListener('click', () => onMark(cell.model.id, button));
  return button;
}

function unmark(cell: Cell): void {
  if (!cell.hasClass(CLASS)) {
    return;
  }
  cell.removeClass(CLASS);
  delete cell.node.dataset.nbcVerdict;
  buttonOf(cell)?.remove();
}

function buttonOf(cell: Cell): HTMLButtonElement | null {
  return cell.node.querySelector<HTMLButtonElement>(`:scope > .${BUTTON}`);
}

/** What can be done about a marked cell, as a menu below its mark. */
export function openMenu(commands: CommandRegistry, cellId: string, button: HTMLElement): void {
  openBelow(
    commands,
    MENU.map(command => ({ command, args: { cellId } })),
    button
  );
}

/** A menu of these commands below a node. */
export function openBelow(commands: CommandRegistry, items: readonly Menu.IItemOptions[], node: HTMLElement): void {
  const menu = new Menu({ commands });
  items.forEach(item => menu.addItem(item));
  menu.aboutToClose.connect(() => {
    // Dispose once the command has run: closing comes first.
    window.setTimeout(() => menu.dispose());
  });
  const { left, bottom } = node.getBoundingClientRect();
  menu.open(left, bottom);
}
