import * as React from 'react';

import { ICairn } from '../tokens';

/** Told which cell is active, now and whenever another one is. */
export function useActiveCell(cairn: ICairn, tell: (cellId: string) => void): void {
  const latest = React.useRef(tell);
  latest.current = tell;
  const source = cairn.source();
  React.useEffect(() => {
    const onActive = (_: unknown, cellId: string | null) => cellId && latest.current(cellId);
    source?.activeChanged.connect(onActive);
    return () => {
      source?.activeChanged.disconnect(onActive);
    };
  }, [source]);
}

/** True for a cell of the notebook in front. */
export function isInFront(cairn: ICairn, cellId: string): boolean {
  return typeof cairn.source()?.sourceOf(cellId) === 'string';
}
