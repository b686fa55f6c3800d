import * as React from 'react';

import { IArtifact, IRows } from '../_api';
import { ROWS_PAGE } from '../api/client';
import { Empty, Loading, useAnswer } from '../components/parts';
import type { LoadRows } from '../components/rows';
import { Preview } from '../components/table';
import { ICairn } from '../tokens';

/** Rows of the text below a grid. */
const SPOKEN = 50;

/** The rows of what has rows: a grid to look at and copy from, and the first of them as a plain table. */
export function RowsSection({
  cairn,
  path,
  artifact
}: {
  cairn: ICairn;
  path: string;
  artifact: IArtifact;
}): JSX.Element {
  const { client, trans } = cairn;
  const load = (offset: number, limit: number, signal?: AbortSignal) =>
    client.rows(path, artifact.id, { offset, limit }, signal);
  const rows = useAnswer(signal => load(0, ROWS_PAGE, signal), [path, artifact.id]);
  if (rows.error) {
    return <Empty title={trans.__('The rows could not be read')} text={rows.error.message} />;
  }
  if (!rows.value) {
    return <Loading trans={trans} rows={4} />;
  }
  if (rows.value.available === 0) {
    return <></>;
  }
  return <Shown cairn={cairn} rows={rows.value} load={load} />;
}

function Shown(props: { cairn: ICairn; rows: IRows; load: LoadRows }): JSX.Element {
  const { cairn, rows, load } = props;
  const { trans } = cairn;
  const isWhole = rows.total === rows.available;
  const title = isWhole ? trans.__('Rows') : trans.__('First rows');
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <p className="nbc-Hint">
        {isWhole || rows.total === null
          ? trans._n('%1 row', '%1 rows', rows.available)
          : trans.__('%1 of %2 rows', rows.available, rows.total)}
        {rows.note && ` · ${rows.note}`}
      </p>
      <Grid
        rows={rows}
        load={load}
        label={trans.__('%1. Arrow keys move, Shift selects, Ctrl C copies, Tab leaves.', title)}
      />
      <details className="nbc-Why">
        <summary>{trans.__('As a plain table')}</summary>
        <Preview
          preview={{
            header: rows.columns,
            index: rows.labels.slice(0, SPOKEN),
            rows: rows.rows.slice(0, SPOKEN)
          }}
          label={title}
        />
      </details>
    </section>
  );
}

/** A data grid of JupyterLab's kind, which is loaded when there is something to show in it. */
function Grid(props: { rows: IRows; load: LoadRows; label: string }): JSX.Element {
  const place = React.useRef<HTMLDivElement>(null);
  // In the layout phase, so that the grid goes while its place is still in the page.
  React.useLayoutEffect(() => {
    let isGone = false;
    let grid: { dispose(): void } | null = null;
    import('../components/datagrid').then(
      ({ showGrid }) => {
        if (!isGone && place.current) {
          grid = showGrid(place.current, props.rows, props.load, props.label);
        }
      },
      error => console.warn('nbcairn: the data grid could not be loaded.', error)
    );
    return () => {
      isGone = true;
      grid?.dispose();
    };
  }, [props.rows]);
  return <div ref={place} className="nbc-DataGrid" />;
}
