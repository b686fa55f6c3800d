import { ICellVerdict, ICheck, IFinding } from '../_api';
import { Verdict } from './verdicts';

/** One flag on one cell; `finding` is null where a cell is not fresh and no rule said why. */
export interface IFlag {
  readonly cell: ICellVerdict;
  readonly finding: IFinding | null;
}

/** Every flag with the same cause. */
export interface ICause {
  /** The rule's code, or the verdict where no rule spoke. */
  readonly code: string;
  readonly title: string;
  /** The worst verdict among its cells: it colours the group. */
  readonly verdict: Verdict;
  readonly flags: readonly IFlag[];
}

const WORST: readonly Verdict[] = ['stale', 'unknown', 'never-run', 'fresh'];

/** The findings of a check by cause: what is surely wrong first, then in the order of the document. */
export function groupByCause(check: ICheck): ICause[] {
  const groups = new Map<string, { title: string; flags: IFlag[] }>();
  for (const flag of flagsOf(check)) {
    const code = flag.finding?.code ?? flag.cell.verdict;
    const group = groups.get(code) ?? { title: flag.finding?.title ?? '', flags: [] };
    group.flags.push(flag);
    groups.set(code, group);
  }
  const causes = [...groups].map(([code, { title, flags }]) => ({ code, title, flags, verdict: worst(flags) }));
  return causes.sort((a, b) => WORST.indexOf(a.verdict) - WORST.indexOf(b.verdict) || first(a) - first(b));
}

function flagsOf(check: ICheck): IFlag[] {
  return check.cells.flatMap((cell): IFlag[] =>
    cell.findings.length > 0
      ? cell.findings.map(finding => ({ cell, finding }))
      : cell.verdict === 'fresh'
        ? []
        : [{ cell, finding: null }]
  );
}

function worst(flags: readonly IFlag[]): Verdict {
  return WORST.find(verdict => flags.some(flag => flag.cell.verdict === verdict)) ?? 'fresh';
}

function first(cause: ICause): number {
  return Math.min(...cause.flags.map(flag => flag.cell.index));
}

/** What a finding says about its origin, as far as it says anything; rules fill in what they know. */
export interface IOrigin {
  /** The cell that made what was seen. */
  readonly maker: string | null;
  /** The code that made it, where no cell has it any longer. */
  readonly lost: string | null;
  /** The code that ran, where the cell was edited since. */
  readonly ran: string | null;
}

/** Where a finding comes from. */
export function originOf(finding: IFinding): IOrigin {
  const { because } = finding;
  return {
    maker: asText(because['made_by_cell']),
    lost: asText(because['made_by_source']),
    ran: asText(because['ran'])
  };
}

function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
