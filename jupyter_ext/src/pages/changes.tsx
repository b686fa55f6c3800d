import * as React from 'react';

import { IArtifact, IRowChange, IRowChanges } from '../_api';
import { Loading, useAnswer } from '../components/parts';
import { changeLabel } from '../model/words';
import { ICairn } from '../tokens';

/** Rows that differ between two versions, as far as the trail holds their rows; says how many it compared. */
export function RowsChanged(props: {
  cairn: ICairn;
  path: string;
  before: IArtifact;
  after: IArtifact;
}): JSX.Element | null {
  const { cairn, path, before, after } = props;
  const { client, trans } = cairn;
  const [key, setKey] = React.useState<readonly string[] | undefined>(undefined);
  const found = useAnswer(
    signal => client.changes(path, before.id, after.id, key, signal),
    [path, before.id, after.id, key]
  );
  const title = trans.__('Rows');
  if (found.error) {
    return <p className="nbc-Hint">{trans.__('The rows could not be compared: %1', found.error.message)}</p>;
  }
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {found.value ? <Found cairn={cairn} changes={found.value} onKey={setKey} /> : <Loading trans={trans} rows={3} />}
    </section>
  );
}

function Found(props: { cairn: ICairn; changes: IRowChanges; onKey: (key: readonly string[]) => void }): JSX.Element {
  const { cairn, changes } = props;
  const { trans } = cairn;
  if (changes.matched === 'nothing') {
    const why = changes.before.compared > 0 && changes.after.compared > 0;
    return (
      <p>
        {why && trans.__('No column and no label names every row once in both versions, so rows cannot be matched.')}{' '}
        {changes.note}
      </p>
    );
  }
  return (
    <>
      <p>{counts(cairn, changes)}</p>
      <p className="nbc-Hint">{basis(cairn, changes)}</p>
      {changes.keys.length > 1 && <KeyChoice {...props} />}
      {changes.rows.length > 0 && <ChangeTable cairn={cairn} changes={changes} />}
    </>
  );
}

function counts(cairn: ICairn, changes: IRowChanges): string {
  const { trans } = cairn;
  const { changed, added, removed, same } = changes;
  const parts = [
    trans._n('1 row changed', '%1 rows changed', changed),
    added === null || added === 0 ? '' : trans._n('1 is new', '%1 are new', added),
    removed === null || removed === 0 ? '' : trans._n('1 is gone', '%1 are gone', removed),
    same === 0 ? '' : trans._n('1 is the same', '%1 are the same', same)
  ];
  return `${parts.filter(Boolean).join(', ')}.`;
}

/** What the counts rest on. */
function basis(cairn: ICairn, changes: IRowChanges): string {
  const { trans } = cairn;
  const side = ({ compared, total }: IRowChanges['before']) =>
    total === null ? trans.__('%1 rows', compared) : trans.__('%1 of %2 rows', compared, total);
  const sentences = [
    trans.__('Compared: %1 of the older version with %2 of the newer.', side(changes.before), side(changes.after)),
    changes.matched === 'column'
      ? trans.__('Matched by %1.', changes.key.join(', '))
      : trans.__('Matched by the index.'),
    changes.added === null || changes.removed === null
      ? trans.__('Rows beyond those compared are not known, so not all that came or went can be told.')
      : '',
    changes.exact ? '' : trans.__('Numbers are compared to six digits.'),
    changes.note
  ];
  return sentences.filter(Boolean).join(' ');
}

function KeyChoice({ cairn, changes, onKey }: Parameters<typeof Found>[0]): JSX.Element {
  const { trans } = cairn;
  const chosen = changes.keys.findIndex(key => key.join('\0') === changes.key.join('\0'));
  return (
    <div className="nbc-Versions">
      <label>
        {trans.__('Match rows by')}{' '}
        <select value={chosen} onChange={event => onKey(changes.keys[Number(event.target.value)])}>
          {changes.keys.map((key, place) => (
            <option key={place} value={place}>
              {key.length === 0 ? trans.__('the index') : key.join(', ')}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function ChangeTable({ cairn, changes }: { cairn: ICairn; changes: IRowChanges }): JSX.Element {
  const { trans } = cairn;
  const columns = [...new Set(changes.rows.flatMap(row => row.cells.map(cell => cell.column)))];
  const all = changes.changed + (changes.added ?? 0) + (changes.removed ?? 0);
  return (
    <>
      <div className="nbc-Grid" tabIndex={0} role="region" aria-label={trans.__('Rows that differ')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{changes.key.join(', ') || trans.__('index')}</th>
              <th scope="col">{trans.__('change')}</th>
              {columns.map(column => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {changes.rows.map(row => (
              <tr key={`${row.change} ${row.key.join('\0')}`} data-change={row.change}>
                <th scope="row">{row.key.join(', ')}</th>
                <td>{changeLabel(row.change, trans)}</td>
                {columns.map(column => (
                  <td key={column}>
                    <Cell row={row} column={column} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {all > changes.rows.length && (
        <p className="nbc-Hint">{trans.__('The first %1 of %2 are shown.', changes.rows.length, all)}</p>
      )}
    </>
  );
}

function Cell({ row, column }: { row: IRowChange; column: string }): JSX.Element | null {
  const cell = row.cells.find(item => item.column === column);
  return cell ? (
    <>
      <del>{cell.before}</del> <ins>{cell.after}</ins>
    </>
  ) : null;
}
