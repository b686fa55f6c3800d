import * as React from 'react';

import { IKnown } from '../_api';
import { Action, useAnswer } from '../components/parts';
import { CommandIDs, ICairn } from '../tokens';

/**
 * What the newest runs of the notebook read or made that other people of the trail have, too; empty while it is not known.
 * What one has oneself in another notebook is on the artifact's page.
 */
export function useKnown(cairn: ICairn, version: number): readonly IKnown[] {
  const { path } = cairn.model;
  return useAnswer(() => (path ? askKnown(cairn, path, version) : Promise.resolve([])), [path, version]).value ?? [];
}

/** The newest question of each panel and its answer: two sections ask the same. */
const asked = new WeakMap<ICairn, { readonly key: string; readonly answer: Promise<readonly IKnown[]> }>();

function askKnown(cairn: ICairn, path: string, version: number): Promise<readonly IKnown[]> {
  const key = `${version} ${path}`;
  const before = asked.get(cairn);
  if (before?.key === key) {
    return before.answer;
  }
  const answer = cairn.client.known(path).then(page => page.items.filter(one => !one.own));
  asked.set(cairn, { key, answer });
  answer.catch(() => asked.delete(cairn)); // to be asked again
  return answer;
}

/** Who else has this content; empty where nobody does. */
export function holdersOf(known: readonly IKnown[], runId: string, name: string): string[] {
  const found = known.filter(one => one.run_id === runId && one.name === name);
  return [...new Set(found.map(one => one.user))];
}

/** Somebody has this already: what, who, since when, and their page of it. */
export function Known({ cairn, known }: { cairn: ICairn; known: readonly IKnown[] }): JSX.Element | null {
  const { trans, model } = cairn;
  if (known.length === 0) {
    return null;
  }
  return (
    <details className="nbc-Repair nbc-Known">
      <summary>{trans._n('Somebody has 1 result already', 'Somebody has %1 results already', known.length)}</summary>
      <ul className="nbc-List">
        {known.map(one => (
          <li key={`${one.run_id} ${one.name} ${one.other_run_id} ${one.elsewhere}`}>
            <div>{one.told}</div>
            <div className="nbc-Actions">
              <Action label={trans.__('Show cell')} onClick={() => void cairn.reveal(one.cell_id)} />
              {one.artifact_id && (
                <Action
                  label={trans.__('Open theirs')}
                  onClick={() => cairn.run(CommandIDs.artifact, { id: one.artifact_id ?? '', path: model.path })}
                />
              )}
            </div>
          </li>
        ))}
      </ul>
    </details>
  );
}
