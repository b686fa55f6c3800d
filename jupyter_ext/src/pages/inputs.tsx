import * as React from 'react';

import { IArtifact, IRun } from '../_api';
import { Names, useAnswer } from '../components/parts';
import { drawnFromOf, IDrawnFrom } from '../model/figure';
import { CommandIDs, ICairn } from '../tokens';

/** A name, and the fingerprint of what it held; empty where that is not known. */
export interface IHeld {
  readonly name: string;
  readonly digest: string;
}

/** Names that are looked up; of more of them nobody reads the list. */
const MOST = 30;

/** What the cell of an artifact read; of a figure first what was drawn. */
export function Inputs(props: { cairn: ICairn; path: string; artifact: IArtifact; run: IRun }): JSX.Element | null {
  const { cairn, path, artifact, run } = props;
  const { trans } = cairn;
  const held = new Map([...run.writes, ...run.reads].map(item => [item.name, item.fingerprint?.digest ?? '']));
  const drawn = drawnFromOf(artifact);
  const read = run.reads.map(item => item.name).filter(name => !drawn.names.includes(name));
  const variables = read.filter(name => !name.startsWith('<'));
  const asHeld = (name: string): IHeld => ({ name, digest: held.get(name) ?? '' });
  return (
    <>
      {drawn.names.length > 0 && (
        <section aria-label={trans.__('Drawn from')}>
          <h2>{trans.__('Drawn from')}</h2>
          <p className="nbc-Hint">{drawnHint(cairn, drawn)}</p>
          <Held cairn={cairn} path={path} held={drawn.names.map(asHeld)} />
        </section>
      )}
      {read.length > 0 && (
        <section aria-label={trans.__('Inputs')}>
          <h2>{drawn.names.length > 0 ? trans.__('What else its cell read') : trans.__('What its cell read')}</h2>
          <Held cairn={cairn} path={path} held={variables.map(asHeld)} />
          <Names label="" names={read.filter(name => name.startsWith('<'))} />
        </section>
      )}
    </>
  );
}

function drawnHint({ trans }: ICairn, drawn: IDrawnFrom): string {
  return drawn.isExact
    ? trans.__('What these held are the numbers in the plot.')
    : trans.__('The cell worked out what it plots; this is the data that it read.');
}

/** Names, each leading to the artifact that has just what it held, where the trail has one. */
export function Held(props: { cairn: ICairn; path: string; held: readonly IHeld[] }): JSX.Element {
  const { cairn, path, held } = props;
  const found = useAnswer(
    signal => Promise.all(held.slice(0, MOST).map(({ digest }) => artifactWith(cairn, path, digest, signal))),
    [path, held.map(({ digest }) => digest).join()]
  );
  return (
    <ul className="nbc-List">
      {held.map(({ name }, place) => {
        const artifact = found.value?.[place];
        return (
          <li key={name}>
            {artifact ? (
              <button className="nbc-Action" onClick={() => cairn.run(CommandIDs.artifact, { path, id: artifact.id })}>
                {name}
              </button>
            ) : (
              <code>{name}</code>
            )}{' '}
            <span className="nbc-Hint">{artifact?.summary}</span>
          </li>
        );
      })}
    </ul>
  );
}

async function artifactWith(
  { client }: ICairn,
  path: string,
  digest: string,
  signal: AbortSignal
): Promise<IArtifact | null> {
  if (!digest) {
    return null;
  }
  const page = await client.artifacts(path, { digest, all: true, limit: 1 }, signal);
  return page.items[0] ?? null;
}
