import { ICellVerdict, ICheck } from '../_api';

export type Verdict = ICellVerdict['verdict'];

/** In the order in which people should look at them. */
export const VERDICTS: readonly Verdict[] = ['stale', 'unknown', 'never-run', 'fresh'];

export interface IVerdictGroup {
  readonly verdict: Verdict;
  readonly cells: readonly ICellVerdict[];
}

/** Cells by verdict; only groups that have something to say. A fresh cell counts when it carries a finding. */
export function groupByVerdict(check: ICheck): IVerdictGroup[] {
  return VERDICTS.map(verdict => ({
    verdict,
    cells: check.cells.filter(
      cell => cell.verdict === verdict && (verdict !== 'fresh' || cell.findings.length > 0)
    )
  })).filter(group => group.cells.length > 0);
}

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
