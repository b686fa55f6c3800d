import * as React from 'react';

import { IArtifact } from '../_api';
import { Facts } from '../components/table';
import { figure, IPart, ISplit, namedScoresOf, splitOf, trainingOf } from '../model/detail';
import { ICairn } from '../tokens';
import { Held } from './inputs';

/** A split's sizes, classes and leaks; a model's scores and what it was trained on. */
export function Measures(props: { cairn: ICairn; path: string; artifact: IArtifact }): JSX.Element {
  const { cairn, path, artifact } = props;
  const split = splitOf(artifact);
  return (
    <>
      {split && <Split cairn={cairn} split={split} />}
      <Scores cairn={cairn} scores={namedScoresOf(artifact)} />
      <Training cairn={cairn} path={path} artifact={artifact} />
    </>
  );
}

function Split({ cairn, split }: { cairn: ICairn; split: ISplit }): JSX.Element {
  const { trans } = cairn;
  const leaks = split.shared.filter(shared => shared.rows > 0);
  const hasClasses = split.parts.some(part => part.classes.length > 0);
  const title = trans.__('The split it is a part of');
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {leaks.map(leak => (
        <p key={`${leak.in} ${leak.of}`} className="nbc-Warning" role="note">
          <b>{trans.__('Leak:')}</b>{' '}
          {trans._n('1 row of %2 is also in %3.', '%1 rows of %2 are also in %3.', leak.rows, leak.of, leak.in)}
        </p>
      ))}
      {split.shared.length > 0 && leaks.length === 0 && (
        <p className="nbc-Hint">{trans.__('No row is in more than one part.')}</p>
      )}
      <div className="nbc-Grid" tabIndex={0} role="region" aria-label={title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{trans.__('part')}</th>
              <th scope="col">{trans.__('rows')}</th>
              <th scope="col">{trans.__('share')}</th>
              {hasClasses && <th scope="col">{trans.__('classes')}</th>}
            </tr>
          </thead>
          <tbody>
            {split.parts.map(part => (
              <tr key={part.name}>
                <th scope="row">{part.name}</th>
                <td data-number>{figure(part.rows)}</td>
                <td data-number>{percent(part.share)}</td>
                {hasClasses && (
                  <td>
                    <Classes part={part} />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Labels that are named beside their bar; the rest is in its title. */
const NAMED = 4;

/** The classes as one bar, and in words. */
function Classes({ part }: { part: IPart }): JSX.Element | null {
  if (part.classes.length === 0) {
    return null;
  }
  const words = part.classes.map(([label, share]) => `${label} ${percent(share)}`);
  return (
    <span className="nbc-Classes" title={words.join('\n')}>
      <span className="nbc-Classes-bar" aria-hidden="true">
        {part.classes.map(([label, share], place) => (
          <span key={label} style={{ flexGrow: share, opacity: 1 - 0.6 * (place / part.classes.length) }} />
        ))}
      </span>
      {words.slice(0, NAMED).join(', ')}
      {words.length > NAMED && ' …'}
    </span>
  );
}

function percent(share: number | null): string {
  return share === null ? '' : `${Number((share * 100).toPrecision(3))} %`;
}

function Scores(props: { cairn: ICairn; scores: readonly (readonly [string, number])[] }): JSX.Element | null {
  const title = props.cairn.trans.__('Scores');
  return props.scores.length === 0 ? null : (
    <section aria-label={title}>
      <h2>{title}</h2>
      <Facts facts={props.scores.map(([name, value]) => [name, figure(value)])} />
    </section>
  );
}

function Training(props: { cairn: ICairn; path: string; artifact: IArtifact }): JSX.Element | null {
  const { cairn, path, artifact } = props;
  const held = trainingOf(artifact);
  const title = cairn.trans.__('Trained on');
  return held.length === 0 ? null : (
    <section aria-label={title}>
      <h2>{title}</h2>
      <Held cairn={cairn} path={path} held={held} />
    </section>
  );
}
