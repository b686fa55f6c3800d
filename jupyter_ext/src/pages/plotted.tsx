import * as React from 'react';

import { IArtifact } from '../_api';
import { figure } from '../model/detail';
import { axesOf, IAxes } from '../model/figure';
import { ICairn } from '../tokens';

/** What a figure plots: one line for each series, with the columns that its numbers are. */
export function PlottedSection({ cairn, artifact }: { cairn: ICairn; artifact: IArtifact }): JSX.Element | null {
  const { trans } = cairn;
  const axes = axesOf(artifact).filter(one => one.series.length > 0);
  const hasOrigins = axes.some(one => one.series.some(series => series.from.length > 0));
  const title = trans.__('What it plots');
  if (axes.length === 0) {
    return null;
  }
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <div className="nbc-Grid" tabIndex={0} role="region" aria-label={title}>
        <table>
          <thead>
            <tr>
              {axes.length > 1 && <th scope="col">{trans.__('axes')}</th>}
              <th scope="col">{trans.__('series')}</th>
              <th scope="col">{trans.__('kind')}</th>
              <th scope="col">{trans.__('points')}</th>
              {hasOrigins && <th scope="col">{trans.__('from')}</th>}
            </tr>
          </thead>
          <tbody>
            {axes.flatMap((one, place) =>
              one.series.map((series, row) => (
                <tr key={`${place} ${row}`}>
                  {axes.length > 1 && <td>{row === 0 ? nameOf(one, place) : ''}</td>}
                  <th scope="row">{series.name}</th>
                  <td>{series.kind}</td>
                  <td data-number>{figure(series.points)}</td>
                  {hasOrigins && <td>{series.from.map(([role, part]) => `${role}: ${part}`).join(', ')}</td>}
                </tr>
              ))
            )}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function nameOf(axes: IAxes, place: number): string {
  return axes.title || [axes.ylabel, axes.xlabel].filter(Boolean).join(' / ') || String(place + 1);
}
