import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { IColumn, figure, IPreview } from '../model/detail';

/** Rows and columns as a table that scrolls both ways, with its head and its index in sight. */
export function Preview(props: { preview: IPreview; label: string }): JSX.Element {
  const { header, index, rows } = props.preview;
  return (
    <div className="nbc-Grid" tabIndex={0} role="region" aria-label={props.label}>
      <table>
        <thead>
          <tr>
            {index.length > 0 && <td />}
            {header.map((name, column) => (
              <th key={column} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, number) => (
            <tr key={number}>
              {index.length > 0 && <th scope="row">{index[number]}</th>}
              {row.map((cell, column) => (
                <td key={column} data-number={isNumber(cell) || undefined}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function isNumber(cell: string): boolean {
  return cell !== '' && Number.isFinite(Number(cell));
}

/** What the profile says of each column, with a small picture of how its values are spread. */
export function Columns(props: { columns: readonly IColumn[]; trans: TranslationBundle }): JSX.Element {
  const { columns, trans } = props;
  return (
    <div className="nbc-Grid" tabIndex={0} role="region" aria-label={trans.__('Statistics of the columns')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{trans.__('column')}</th>
            <th scope="col">{trans.__('type')}</th>
            <th scope="col">{trans.__('spread')}</th>
            <th scope="col">{trans.__('missing')}</th>
            <th scope="col">{trans.__('distinct')}</th>
            <th scope="col">{trans.__('least')}</th>
            <th scope="col">{trans.__('mean')}</th>
            <th scope="col">{trans.__('most')}</th>
          </tr>
        </thead>
        <tbody>
          {columns.map((column, number) => (
            <tr key={number}>
              <th scope="row">{column.name}</th>
              <td>{column.dtype}</td>
              <td>
                <Spread column={column} />
              </td>
              <td data-number>{figure(column.nulls)}</td>
              <td data-number>{figure(column.distinct)}</td>
              <td data-number>{figure(column.min)}</td>
              <td data-number>{figure(column.mean)}</td>
              <td data-number>{figure(column.max)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ISize {
  readonly width: number;
  readonly height: number;
}

const SIZE: ISize = { width: 96, height: 22 };

/** A histogram where there is one, else bars of the most frequent values. */
export function Spread(props: { column: IColumn; size?: ISize }): JSX.Element | null {
  const { histogram, top } = props.column;
  if (histogram) {
    const { counts, edges } = histogram;
    const title = counts.map((count, bin) => `${figure(edges[bin])} – ${figure(edges[bin + 1])}: ${count}`);
    return <Bars counts={counts} title={title.join('\n')} size={props.size ?? SIZE} />;
  }
  const title = top.map(([text, count]) => `${text}: ${count}`).join('\n');
  return top.length === 0 ? null : (
    <Bars counts={top.map(([, count]) => count)} title={title} size={props.size ?? SIZE} />
  );
}

function Bars({ counts, title, size }: { counts: readonly number[]; title: string; size: ISize }): JSX.Element {
  const most = Math.max(1, ...counts);
  const step = size.width / counts.length;
  return (
    <svg className="nbc-Bars" width={size.width} height={size.height} role="img" aria-label={title}>
      <title>{title}</title>
      {counts.map((count, bin) => {
        const height = count === 0 ? 0 : Math.max(1, (count / most) * size.height);
        return <rect key={bin} x={bin * step} y={size.height - height} width={Math.max(1, step - 1)} height={height} />;
      })}
    </svg>
  );
}

/** Names and values in two columns. */
export function Facts(props: { facts: readonly (readonly [string, string])[] }): JSX.Element {
  return (
    <dl className="nbc-Facts">
      {props.facts.map(([name, value]) => (
        <React.Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </React.Fragment>
      ))}
    </dl>
  );
}
