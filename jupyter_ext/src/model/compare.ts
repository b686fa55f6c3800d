import { IArtifact } from '../_api';
import { columnsOf, figure, IColumn } from './detail';

export type Change = 'same' | 'changed' | 'added' | 'removed';

/** One value in the version before and after; null where it has none. */
export interface IPair {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly change: Change;
}

/** One column before and after, and what differs of it. */
export interface IColumnPair {
  readonly name: string;
  readonly change: Change;
  readonly before: IColumn | null;
  readonly after: IColumn | null;
  readonly facts: readonly IPair[];
}

/** Values by name, those of `after` in their order, then those that are gone. */
export function compareValues(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): IPair[] {
  const names = [...new Set([...after.keys(), ...before.keys()])];
  return names.map(name => {
    const pair = { name, before: before.get(name) ?? null, after: after.get(name) ?? null };
    return { ...pair, change: changeOf(pair.before, pair.after) };
  });
}

function changeOf(before: string | null, after: string | null): Change {
  if (before === after) {
    return 'same';
  }
  return before === null ? 'added' : after === null ? 'removed' : 'changed';
}

/** Schema and statistics of two frames, column by column. */
export function compareColumns(before: IArtifact, after: IArtifact): IColumnPair[] {
  const old = new Map(columnsOf(before).map(column => [column.name, column]));
  const now = new Map(columnsOf(after).map(column => [column.name, column]));
  const names = [...new Set([...now.keys(), ...old.keys()])];
  return names.map(name => {
    const [a, b] = [old.get(name) ?? null, now.get(name) ?? null];
    // Of a column that only one of them has, its type says enough.
    const facts = a && b ? compareValues(factsOf(a), factsOf(b)) : compareValues(typeOf(a), typeOf(b));
    const change: Change = !a ? 'added' : !b ? 'removed' : facts.some(isChange) ? 'changed' : 'same';
    return { name, change, before: a, after: b, facts };
  });
}

/** True for a pair that differs. */
export function isChange(pair: { readonly change: Change }): boolean {
  return pair.change !== 'same';
}

function typeOf(column: IColumn | null): Map<string, string> {
  return new Map(column ? [['dtype', column.dtype]] : []);
}

function factsOf(column: IColumn | null): Map<string, string> {
  if (!column) {
    return new Map();
  }
  const all: [string, string | number | null][] = [
    ['dtype', column.dtype],
    ['nulls', column.nulls],
    ['distinct', column.distinct],
    ['min', column.min],
    ['mean', column.mean],
    ['max', column.max],
    ['std', column.std],
    ['top', column.top.map(([text, count]) => `${text} (${count})`).join(', ') || null]
  ];
  return new Map(all.flatMap(([name, value]) => (value === null ? [] : [[name, figure(value)] as const])));
}
