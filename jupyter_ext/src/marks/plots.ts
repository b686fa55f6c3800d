import { Notification } from '@jupyterlab/apputils';
import { Cell, CodeCell } from '@jupyterlab/cells';
import { Notebook } from '@jupyterlab/notebook';
import { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';

import { ICellVerdict } from '../_api';
import { kindIcons } from '../components/icons';
import { CommandIDs, ICairn } from '../tokens';
import { OnMark, openBelow } from './marks';

const CLASS = 'nbc-mod-plots';
const BUTTON = 'nbc-PlotLink';
/** Outputs that are pictures, or draw one in the browser. */
const PICTURE = /^image\/|plotly|vega|bokeh/;

/**
 * Gives each recorded cell that shows a plot a way to the plot's page: a button in the corner of its output, in sight while
 * the cell is pointed at, active, or holds the keyboard. Made like the marks: nothing in the layout, windowing safe.
 */
export function linkPlots(
  notebook: Notebook,
  verdicts: ReadonlyMap<string, ICellVerdict>,
  trans: TranslationBundle,
  onPress: OnMark
): void {
  for (const cell of notebook.widgets) {
    if (verdicts.get(cell.model.id)?.run_id && showsPlot(cell)) {
      link(cell, trans, onPress);
    } else {
      unlink(cell);
    }
  }
}

/** Take every way to a plot's page out of the notebook. */
export function unlinkPlots(notebook: Notebook): void {
  notebook.widgets.forEach(unlink);
}

function showsPlot(cell: Cell): boolean {
  const outputs = cell instanceof CodeCell ? cell.model.outputs : null;
  for (let place = 0; outputs && place < outputs.length; place++) {
    if (Object.keys(outputs.get(place).data).some(type => PICTURE.test(type))) {
      return true;
    }
  }
  return false;
}

function link(cell: Cell, trans: TranslationBundle, onPress: OnMark): void {
  if (buttonOf(cell)) {
    return;
  }
  const label = trans.__('Show how this plot was made');
  const button = document.createElement('button');
  button.className = BUTTON;
  button.type = 'button';
  button.title = label;
  button.setAttribute('aria-label', label);
  button.append(kindIcons.figure.element({ tag: 'span', className: 'nbc-Icon' }), trans.__('How was this made?'));
  button.addEventListener('click', () => onPress(cell.model.id, button));
  cell.addClass(CLASS);
  cell.node.appendChild(button);
}

function unlink(cell: Cell): void {
  if (cell.hasClass(CLASS)) {
    cell.removeClass(CLASS);
    buttonOf(cell)?.remove();
  }
}

function buttonOf(cell: Cell): HTMLButtonElement | null {
  return cell.node.querySelector<HTMLButtonElement>(`:scope > .${BUTTON}`);
}

/** Open the page of the plot that a cell shows; of several, one can be chosen. */
export async function openPlots(commands: CommandRegistry, cairn: ICairn, cellId: string): Promise<void> {
  const { client, model, trans } = cairn;
  const { path } = model;
  const runId = model.verdicts.get(cellId)?.run_id;
  const made = runId ? (await client.run(path, runId)).artifacts : [];
  const items = made
    .filter(artifact => artifact.kind === 'figure')
    .map(({ id, name }) => ({ command: CommandIDs.artifact, args: { id, path, label: name } }));
  const node = cairn.source()?.nodeOf(cellId);
  if (items.length === 1) {
    await commands.execute(items[0].command, items[0].args);
  } else if (items.length > 1 && node) {
    openBelow(commands, items, node.querySelector<HTMLElement>(`:scope > .${BUTTON}`) ?? node);
  } else {
    Notification.info(trans.__('The trail has no plot of this cell. Run the cell again while Cairn records.'), {
      autoClose: 5000
    });
  }
}
