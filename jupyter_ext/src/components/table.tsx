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
            <th scope="col" title={trans.__('First quartile: a quarter of the values is smaller')}>
              {trans.__('¼')}
            </th>
            <th scope="col">{trans.__('median')}</th>
            <th scope="col" title={trans.__('Third quartile: a quarter of the values is larger')}>
              {trans.__('¾')}
            </th>
            <th scope="col">{trans.__('most')}</th>
            <th scope="col">{trans.__('mean')}</th>
          </tr>
        </thead>
        <tbody>
          {columns.map((column, number) => (
            <tr key={number}>
              <th scope="row">{column.name}</th>
              <td>{column.dtype}</td>
              <td>
                <Spread column={column} hasBox />
              </td>
              <td data-number>{figure(column.nulls)}</td>
              <td data-number>{figure(column.distinct)}</td>
              <td data-number>{figure(column.min)}</td>
              {[0, 1, 2].map(part => (
                <td key={part} data-number>
                  {figure(column.quartiles[part] ?? null)}
                </td>
              ))}
              <td data-number>{figure(column.max)}</td>
              <td data-number>{figure(column.mean)}</td>
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

/** A histogram where there is one, over the box of its quartiles if wanted; else bars of the most frequent values. */
export function Spread(props: { column: IColumn; size?: ISize; hasBox?: boolean }): JSX.Element | null {
  const { histogram, top, quartiles } = props.column;
  const size = props.size ?? SIZE;
  if (histogram) {
    const { counts, edges } = histogram;
    const title = counts.map((count, bin) => `${figure(edges[bin])} – ${figure(edges[bin + 1])}: ${count}`);
    return (
      <>
        <Bars counts={counts} title={title.join('\n')} size={size} />
        {props.hasBox && (
          <Box quartiles={quartiles} least={edges[0]} most={edges[edges.length - 1]} width={size.width} />
        )}
      </>
    );
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

const BOX = 7;

/** From the first to the third quartile a box, a stroke at the median, on the scale of the histogram above it. */
function Box(props: { quartiles: readonly number[]; least: number; most: number; width: number }): JSX.Element | null {
  const { quartiles, least, most, width } = props;
  if (quartiles.length !== 3 || !(most > least)) {
    return null;
  }
  const [first, median, third] = quartiles.map(value =>
    Math.min(width, Math.max(0, ((value - least) / (most - least)) * width))
  );
  return (
    <svg className="nbc-BoxPlot" width={width} height={BOX} aria-hidden="true">
      <line x1={0} x2={width} y1={BOX / 2} y2={BOX / 2} />
      <rect x={first} y={0.5} width={Math.max(1, third - first)} height={BOX - 1} />
      <line x1={median} x2={median} y1={0} y2={BOX} data-median />
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
