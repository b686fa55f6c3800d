import { Cell } from '@jupyterlab/cells';
import { Notebook } from '@jupyterlab/notebook';
import { TranslationBundle } from '@jupyterlab/translation';

import { ICellVerdict } from '../_api';
import { verdictLabel } from '../panels/state';

const CLASS = 'nbc-mod-marked';

/**
 * Marks cells that are not fresh: a class and data attributes on the cell's node, drawn by CSS.
 *
 * Nothing is inserted in the layout and nothing is saved in the notebook; windowed cells carry their mark when they come
 * into view, because the widgets are marked, not what is attached.
 */
export function markCells(
  notebook: Notebook,
  verdicts: ReadonlyMap<string, ICellVerdict>,
  trans: TranslationBundle
): void {
  for (const cell of notebook.widgets) {
    markCell(cell, verdicts.get(cell.model.id), trans);
  }
}

/** Take every mark away. */
export function clearMarks(notebook: Notebook): void {
  notebook.widgets.forEach(cell => unmark(cell));
}

function markCell(cell: Cell, verdict: ICellVerdict | undefined, trans: TranslationBundle): void {
  if (!verdict || verdict.verdict === 'fresh') {
    unmark(cell);
    return;
  }
  const label = verdictLabel(verdict.verdict, trans);
  const reasons = verdict.findings.map(finding => `${finding.code} ${finding.message}`).join('\n');
  cell.addClass(CLASS);
  cell.node.dataset.nbcVerdict = verdict.verdict;
  cell.node.dataset.nbcLabel = label;
  cell.node.setAttribute('aria-description', `${trans.__('Cairn: %1', label)}. ${reasons}`);
  const prompt = cell.node.querySelector<HTMLElement>('.jp-InputPrompt');
  if (prompt) {
    prompt.title = reasons || label;
  }
}

function unmark(cell: Cell): void {
  if (!cell.hasClass(CLASS)) {
    return;
  }
  cell.removeClass(CLASS);
  delete cell.node.dataset.nbcVerdict;
  delete cell.node.dataset.nbcLabel;
  cell.node.removeAttribute('aria-description');
  cell.node.querySelector<HTMLElement>('.jp-InputPrompt')?.removeAttribute('title');
}
