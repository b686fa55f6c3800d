import * as React from 'react';

import { IKnown } from '../_api';
import { Action, useAnswer } from '../components/parts';
import { CommandIDs, ICairn } from '../tokens';

/** What the newest runs of the notebook read or made that others of the trail have, too. Empty while it is not known. */
export function useKnown(cairn: ICairn, version: number): readonly IKnown[] {
  const { client, model } = cairn;
  const { path } = model;
  const answer = useAnswer(async signal => (path ? (await client.known(path, signal)).items : []), [path, version]);
  return answer.value ?? [];
}

/** Who else has this content; empty where nobody does. Oneself in another notebook does not count. */
export function holdersOf(known: readonly IKnown[], runId: string, name: string): string[] {
  const found = known.filter(one => !one.own && one.run_id === runId && one.name === name);
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
      <summary>{trans._n('1 result exists already', '%1 results exist already', known.length)}</summary>
      <ul className="nbc-List">
        {known.map(one => (
          <li key={`${one.run_id} ${one.name} ${one.other_run_id} ${one.elsewhere}`}>
            <div>{one.told}</div>
            <div className="nbc-Actions">
              <Action label={trans.__('Show cell')} onClick={() => void cairn.reveal(one.cell_id)} />
              {one.artifact_id && (
                <Action
                  label={one.own ? trans.__('Open the other') : trans.__('Open theirs')}
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
