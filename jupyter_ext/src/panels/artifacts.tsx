import * as React from 'react';

import { IArtifact, IKnown } from '../_api';
import { RowList } from '../components/list';
import { usePages } from '../components/pages';
import { Action, Empty, Failure, Loading } from '../components/parts';
import { Thumbnail } from '../components/picture';
import { scoresOf } from '../model/detail';
import { IFilter, isFiltered } from '../model/filter';
import { moment } from '../model/format';
import { asQuery } from '../model/query';
import { CommandIDs, ICairn } from '../tokens';
import { FilterBar } from './filters';
import { holdersOf, useKnown } from './known';
import { ISectionProps } from './section';

const ROW = 58;
/** Milliseconds after the last key before the search is sent. */
const PAUSE = 150;

/** The Artifacts section: search and filters over what the notebook, or the project, made; a click opens its page. */
export function ArtifactsView({ cairn, memory, version }: ISectionProps): JSX.Element {
  const { trans, model, client } = cairn;
  const [filter, setFilter] = React.useState(memory.filter);
  const words = useSettled(filter.words, PAUSE);
  const asked = React.useMemo(() => ({ ...filter, words }), [filter, words]);
  React.useEffect(() => {
    memory.filter = asked;
  }, [asked]);
  const path = model.path;
  const pages = usePages<IArtifact>(
    (offset, limit, signal) =>
      path
        ? client.artifacts(path, { ...asQuery(asked), stacked: true, offset, limit }, signal)
        : Promise.resolve({ items: [], total: 0 }),
    [path, JSON.stringify(asQuery(asked)), version]
  );
  const known = useKnown(cairn, version);
  if (!path) {
    return <Empty title={trans.__('No notebook in front')} />;
  }
  const isEverywhere = asked.scope.kind !== 'this';
  return (
    <div className="nbc-Artifacts">
      <FilterBar
        cairn={cairn}
        filter={filter}
        onChange={setFilter}
        total={pages.isKnown ? pages.total : null}
        version={version}
      />
      {pages.error && <Failure trans={trans} error={pages.error} onRetry={() => void model.refresh()} />}
      {!pages.isKnown && !pages.error && <Loading trans={trans} rows={5} />}
      {pages.isKnown && !pages.error && pages.total === 0 && (
        <Nothing cairn={cairn} filter={asked} onEverywhere={() => setFilter({ ...filter, scope: { kind: 'all' } })} />
      )}
      <RowList
        count={pages.total}
        rowHeight={ROW}
        label={trans.__('Artifacts, newest first')}
        onRange={pages.want}
        renderRow={(index, tabIndex) => (
          <Row
            cairn={cairn}
            artifact={pages.get(index)}
            known={known}
            tabIndex={tabIndex}
            isEverywhere={isEverywhere}
          />
        )}
      />
    </div>
  );
}

function Nothing(props: { cairn: ICairn; filter: IFilter; onEverywhere: () => void }): JSX.Element {
  const { cairn, filter } = props;
  const { trans } = cairn;
  if (!isFiltered(filter)) {
    return (
      <Empty
        title={trans.__('No artifacts yet')}
        text={trans.__('Plots, tables, models and scores appear here as cells make them.')}
      />
    );
  }
  return (
    <Empty title={trans.__('Nothing matches')} text={trans.__('Try fewer words, another kind or another day.')}>
      {filter.scope.kind === 'this' && (
        <Action label={trans.__('Search all notebooks of the project')} onClick={props.onEverywhere} />
      )}
    </Empty>
  );
}

function Row(props: {
  cairn: ICairn;
  artifact: IArtifact | undefined;
  known: readonly IKnown[];
  tabIndex: number;
  isEverywhere: boolean;
}): JSX.Element {
  const { cairn, artifact } = props;
  const { trans } = cairn;
  if (!artifact) {
    return <div className="nbc-Loading-line" />;
  }
  const what = [...scoresOf(artifact), artifact.summary || artifact.type_name].join(' · ');
  const holders = holdersOf(props.known, artifact.run_id, artifact.name);
  return (
    <button
      data-row
      className="nbc-Artifact"
      tabIndex={props.tabIndex}
      title={`${artifact.name}\n${what}\n${trans.__('Open its page')}`}
      onClick={() => cairn.run(CommandIDs.artifact, { id: artifact.id, path: cairn.model.path })}
    >
      <Thumbnail key={artifact.id} cairn={cairn} artifact={artifact} />
      <span className="nbc-Artifact-text">
        <span className="nbc-Artifact-name">{artifact.name}</span>
        <span className="nbc-Artifact-what">{what}</span>
        <span className="nbc-Artifact-when">
          {holders.length > 0 &&
            `${trans._n('%2 has it already', '%2 have it already', holders.length, holders.join(', '))} · `}
          {moment(artifact.made)}
          {artifact.versions > 1 && ` · ${trans.__('%1 versions', artifact.versions)}`}
          {props.isEverywhere && artifact.notebook && ` · ${artifact.notebook}`}
        </span>
      </span>
    </button>
  );
}

/** A value once it has stopped changing for some milliseconds. */
function useSettled<T>(value: T, pause: number): T {
  const [settled, setSettled] = React.useState(value);
  React.useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), pause);
    return () => window.clearTimeout(timer);
  }, [value]);
  return settled;
}
