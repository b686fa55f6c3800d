import { ICellVerdict, ICheck } from '../_api';

export type Verdict = ICellVerdict['verdict'];

/** Ids of the cells that are not fresh, in document order. */
export function flagged(check: ICheck): string[] {
  return check.cells.filter(cell => cell.verdict !== 'fresh').map(cell => cell.cell_id);
}

/** The flagged cell after (or before) the one that is active; wraps around. Null when all are fresh. */
export function nextFlagged(check: ICheck, activeId: string | null, step: 1 | -1): string | null {
  const wanted = flagged(check);
  if (wanted.length === 0) {
    return null;
  }
  const order = check.cells.map(cell => cell.cell_id);
  const from = activeId === null ? -1 : order.indexOf(activeId);
  const ahead = wanted.filter(id => (step === 1 ? order.indexOf(id) > from : order.indexOf(id) < from));
  const around = step === 1 ? wanted[0] : wanted[wanted.length - 1];
  return (step === 1 ? ahead[0] : ahead[ahead.length - 1]) ?? around;
}
