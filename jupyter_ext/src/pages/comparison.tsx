import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { IArtifact, ISession } from '../_api';
import { Diff, Failure, Loading, useAnswer } from '../components/parts';
import { hasPicture, Picture } from '../components/picture';
import { Spread } from '../components/table';
import { compareColumns, compareValues, IColumnPair, IPair, isChange } from '../model/compare';
import { columnsOf, factsOf, figure, isKept, previewOf, namedScoresOf, settingsOf } from '../model/detail';
import { moment } from '../model/format';
import { changeLabel, factLabel } from '../model/words';
import { ICairn } from '../tokens';
import { RowsChanged } from './changes';
import type { IPageProps } from './page';

/** One side of a comparison. */
interface ISide {
  readonly artifact: IArtifact;
  readonly code: string;
  readonly session: ISession;
}

/** Two versions side by side: pictures, columns and their statistics, settings, code, environment. */
export function ComparisonView(props: IPageProps & { path: string; before: string; after: string }): JSX.Element {
  const { cairn, path } = props;
  const { trans } = cairn;
  const [tries, setTries] = React.useState(0);
  const sides = useAnswer(
    signal => Promise.all([props.before, props.after].map(id => sideOf(cairn, path, id, signal))),
    [path, props.before, props.after, tries]
  );
  React.useEffect(() => {
    if (sides.value) {
      const [a, b] = sides.value.map(side => side.artifact);
      props.onTitle(trans.__('%1: %2 and %3', b.name, a.version, b.version), b.kind);
    }
  }, [sides.value]);
  if (sides.error) {
    return <Failure trans={trans} error={sides.error} onRetry={() => setTries(tries + 1)} />;
  }
  if (!sides.value) {
    return <Loading trans={trans} rows={8} />;
  }
  return <Compared cairn={cairn} path={path} before={sides.value[0]} after={sides.value[1]} />;
}

async function sideOf(cairn: ICairn, path: string, id: string, signal: AbortSignal): Promise<ISide> {
  const { client } = cairn;
  const artifact = await client.artifact(path, id, signal);
  const [slice, run] = await Promise.all([client.slice(path, id, signal), client.run(path, artifact.run_id, signal)]);
  const session = await client.session(path, run.session_id, signal);
  return { artifact, session, code: slice.parts.map(part => part.source).join('\n\n') };
}

function Compared(props: { cairn: ICairn; path: string; before: ISide; after: ISide }): JSX.Element {
  const { cairn, path, before, after } = props;
  const { trans } = cairn;
  const columns = compareColumns(before.artifact, after.artifact);
  const unknown = columns.length > 0 && [before, after].map(side => side.artifact).find(hasNoColumns);
  const facts = compareValues(allFacts(before.artifact, trans), allFacts(after.artifact, trans));
  const hasRows = [before, after].every(side => isKept(side.artifact) || previewOf(side.artifact) !== null);
  const packages = compareValues(environment(before.session), environment(after.session)).filter(isChange);
  const same = before.artifact.fingerprint.digest === after.artifact.fingerprint.digest;
  return (
    <article className="nbc-Page-content">
      <header className="nbc-Page-head">
        <h1>{after.artifact.name}</h1>
        <p>{same ? trans.__('The two versions have the same content.') : trans.__('The two versions differ.')}</p>
      </header>
      <Sides cairn={cairn} path={path} artifacts={[before.artifact, after.artifact]} />
      {hasPicture(before.artifact) && hasPicture(after.artifact) && (
        <Overlay cairn={cairn} path={path} before={before.artifact} after={after.artifact} />
      )}
      {unknown ? (
        <p>{trans.__('No statistics were kept of version %1, so its columns cannot be compared.', unknown.version)}</p>
      ) : (
        columns.length > 0 && <ColumnChanges cairn={cairn} columns={columns} />
      )}
      {hasRows && <RowsChanged cairn={cairn} path={path} before={before.artifact} after={after.artifact} />}
      {facts.length > 0 && <PairTable cairn={cairn} title={trans.__('Settings and facts')} pairs={facts} />}
      <section aria-label={trans.__('Code')}>
        <h2>{trans.__('Code')}</h2>
        {before.code === after.code ? (
          <p>{trans.__('The same code made both.')}</p>
        ) : (
          <Diff before={before.code} after={after.code} label={trans.__('What changed in the code')} />
        )}
      </section>
      {packages.length > 0 && <PairTable cairn={cairn} title={trans.__('Environment')} pairs={packages} />}
    </article>
  );
}

/** Settings, plain facts, and the scores of a model. */
function allFacts(artifact: IArtifact, trans: TranslationBundle): Map<string, string> {
  return new Map([
    ...factsOf(artifact).map(([name, value]) => [factLabel(name, trans), value] as const),
    ...settingsOf(artifact),
    ...namedScoresOf(artifact).map(([name, value]) => [name, figure(value)] as const)
  ]);
}

function hasNoColumns(artifact: IArtifact): boolean {
  return columnsOf(artifact).length === 0;
}

function environment(session: ISession): Map<string, string> {
  return new Map([['python', session.python], ['platform', session.platform], ...Object.entries(session.packages)]);
}

/** Both versions, side by side; where both are pictures, they are enlarged and moved together. */
function Sides(props: { cairn: ICairn; path: string; artifacts: readonly IArtifact[] }): JSX.Element {
  const { cairn, path, artifacts } = props;
  const { trans } = cairn;
  const [zoom, setZoom] = React.useState(1);
  const frames = React.useRef<(HTMLDivElement | null)[]>([]);
  const arePictures = artifacts.every(hasPicture);
  const move = (moved: HTMLDivElement) => {
    for (const other of frames.current) {
      if (other && other !== moved) {
        other.scrollLeft = share(
          moved.scrollLeft,
          moved.scrollWidth - moved.clientWidth,
          other.scrollWidth - other.clientWidth
        );
        other.scrollTop = share(
          moved.scrollTop,
          moved.scrollHeight - moved.clientHeight,
          other.scrollHeight - other.clientHeight
        );
      }
    }
  };
  return (
    <>
      <div className="nbc-Sides">
        {artifacts.map((artifact, side) => (
          <div key={artifact.id}>
            <h2>{trans.__('Version %1', artifact.version)}</h2>
            <p className="nbc-Hint">
              {moment(artifact.made)} · {artifact.summary}
            </p>
            {hasPicture(artifact) && (
              <div
                ref={node => {
                  frames.current[side] = node;
                }}
                className="nbc-Zoomed"
                tabIndex={zoom > 1 ? 0 : undefined}
                role="region"
                aria-label={trans.__('Picture of version %1', artifact.version)}
                onScroll={event => arePictures && move(event.currentTarget)}
              >
                <div style={{ width: `${zoom * 100}%` }}>
                  <Picture cairn={cairn} artifact={artifact} className="nbc-Picture" path={path} />
                </div>
              </div>
            )}
          </div>
        ))}
      </div>
      {arePictures && (
        <label className="nbc-Zoom">
          {trans.__('Enlarge both')}{' '}
          <input
            type="range"
            min={1}
            max={8}
            step={0.5}
            value={zoom}
            onChange={event => setZoom(Number(event.target.value))}
          />{' '}
          <output>{trans.__('%1 ×', zoom)}</output>
        </label>
      )}
    </>
  );
}

/** A position out of `from`, as the same share out of `to`. */
function share(position: number, from: number, to: number): number {
  return from > 0 ? (position / from) * to : 0;
}

/** One picture over the other; the slider fades between them. */
function Overlay(props: { cairn: ICairn; path: string; before: IArtifact; after: IArtifact }): JSX.Element {
  const { cairn, path, before, after } = props;
  const { trans } = cairn;
  const [share, setShare] = React.useState(50);
  const title = trans.__('One over the other');
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <div className="nbc-Zoom">
        <span aria-hidden="true">{trans.__('Version %1', before.version)}</span>
        <input
          type="range"
          min={0}
          max={100}
          value={share}
          aria-label={trans.__('How much of the newer version shows, in percent')}
          onChange={event => setShare(Number(event.target.value))}
        />
        <span aria-hidden="true">{trans.__('Version %1', after.version)}</span>
      </div>
      <div className="nbc-Overlay">
        <Picture cairn={cairn} artifact={before} className="nbc-Picture" path={path} />
        <div style={{ opacity: share / 100 }}>
          <Picture cairn={cairn} artifact={after} className="nbc-Picture" path={path} />
        </div>
      </div>
    </section>
  );
}

function ColumnChanges({ cairn, columns }: { cairn: ICairn; columns: readonly IColumnPair[] }): JSX.Element {
  const { trans } = cairn;
  const changed = columns.filter(isChange);
  return (
    <section aria-label={trans.__('Columns')}>
      <h2>{trans.__('Columns')}</h2>
      <p className="nbc-Hint">
        {changed.length === 0
          ? trans.__('All %1 columns have the same type and statistics.', columns.length)
          : trans.__('%1 of %2 columns differ.', changed.length, columns.length)}
      </p>
      {changed.map(column => (
        <div key={column.name} className="nbc-Column" data-change={column.change}>
          <div className="nbc-Column-name">
            {column.name} <small>{changeLabel(column.change, trans)}</small>
          </div>
          <div className="nbc-Column-spread">
            {column.before && <Spread column={column.before} />}
            {column.after && <Spread column={column.after} />}
          </div>
          <dl className="nbc-Facts">
            {column.facts.filter(isChange).map(fact => (
              <React.Fragment key={fact.name}>
                <dt>{factLabel(fact.name, trans)}</dt>
                <dd>
                  <FromTo pair={fact} />
                </dd>
              </React.Fragment>
            ))}
          </dl>
        </div>
      ))}
    </section>
  );
}

function PairTable(props: { cairn: ICairn; title: string; pairs: readonly IPair[] }): JSX.Element {
  const { cairn, title, pairs } = props;
  const changed = pairs.filter(isChange);
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {changed.length === 0 && <p>{cairn.trans.__('No difference.')}</p>}
      <dl className="nbc-Facts">
        {changed.map(pair => (
          <React.Fragment key={pair.name}>
            <dt>{pair.name}</dt>
            <dd>
              <FromTo pair={pair} />
            </dd>
          </React.Fragment>
        ))}
      </dl>
    </section>
  );
}

function FromTo({ pair }: { pair: IPair }): JSX.Element {
  return (
    <>
      {pair.before !== null && <del>{pair.before}</del>} {pair.after !== null && <ins>{pair.after}</ins>}
    </>
  );
}
