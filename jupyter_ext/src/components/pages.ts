import * as React from 'react';

/** A part of a long list, and how long it is. */
export interface IPage<T> {
  readonly items: readonly T[];
  readonly total: number;
}

export interface IPaged<T> {
  /** Rows in all; 0 until the first page is there. */
  readonly total: number;
  /** True once a first page is there. */
  readonly isKnown: boolean;
  readonly error: Error | null;
  get(index: number): T | undefined;
  /** Where the first loaded row stands that is as wanted; -1 where none is. */
  indexOf(isWanted: (row: T) => boolean): number;
  /** Say which rows are wanted; missing pages are asked for. */
  want(first: number, last: number): void;
}

const SIZE = 50;
/** Pages that are asked for at a time: who scrolls far must not wait for all that was passed by. */
const MOST = 2;

/**
 * A list that is asked for page by page as it is looked at. When `deps` change, what is shown stays until the new
 * first page is there, so that nothing flickers.
 */
export function usePages<T>(
  load: (offset: number, limit: number, signal: AbortSignal) => Promise<IPage<T>>,
  deps: React.DependencyList
): IPaged<T> {
  const [state, setState] = React.useState({
    rows: new Map<number, T>(),
    total: 0,
    isKnown: false,
    error: null as Error | null
  });
  const asked = React.useRef(new Set<number>());
  const waiting = React.useRef(0);
  const range = React.useRef({ first: 0, last: 0 });
  const abort = React.useRef(new AbortController());

  const ask = (page: number, isFirst: boolean): Promise<void> => {
    const { signal } = abort.current;
    asked.current.add(page);
    waiting.current += 1;
    return load(page * SIZE, SIZE, signal).then(
      found => {
        if (!signal.aborted) {
          setState(before => ({
            rows: placed(isFirst ? new Map<number, T>() : before.rows, page * SIZE, found.items),
            total: found.total,
            isKnown: true,
            error: null
          }));
          waiting.current -= 1;
          want(range.current.first, range.current.last);
        }
      },
      (error: Error) => {
        if (!signal.aborted) {
          asked.current.delete(page);
          waiting.current -= 1;
          setState(before => ({ ...before, error }));
        }
      }
    );
  };
  const want = (first: number, last: number) => {
    range.current = { first, last };
    if (abort.current.signal.aborted) {
      return;
    }
    for (let page = Math.floor(first / SIZE); page <= Math.floor(last / SIZE); page++) {
      if (!asked.current.has(page) && waiting.current < MOST) {
        void ask(page, false);
      }
    }
  };
  React.useEffect(() => {
    abort.current.abort();
    abort.current = new AbortController();
    asked.current = new Set();
    waiting.current = 0;
    void ask(Math.floor(range.current.first / SIZE), true);
    return () => abort.current.abort();
  }, deps);
  const { rows, total, isKnown, error } = state;
  const indexOf = (isWanted: (row: T) => boolean) => [...rows].find(([, row]) => isWanted(row))?.[0] ?? -1;
  return { total, isKnown, error, get: index => rows.get(index), indexOf, want };
}

function placed<T>(rows: ReadonlyMap<number, T>, offset: number, items: readonly T[]): Map<number, T> {
  const all = new Map(rows);
  items.forEach((item, index) => all.set(offset + index, item));
  return all;
}
