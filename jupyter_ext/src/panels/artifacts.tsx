import * as React from 'react';

import { IArtifact } from '../_api';
import { RowList } from '../components/list';
import { usePages } from '../components/pages';
import { Empty, Failure, Loading } from '../components/parts';
import { Thumbnail } from '../components/picture';
import { kindIcons } from '../components/icons';
import { moment } from '../model/format';
import { kindLabel } from '../model/words';
import { CommandIDs, ICairn } from '../tokens';
import { ISectionProps } from './section';

const KINDS: readonly IArtifact['kind'][] = ['figure', 'data', 'model', 'metric', 'file'];
const ROW = 58;
/** Milliseconds after the last key before the search is sent. */
const PAUSE = 150;

/** The Artifacts section: search and filters over what the notebook, or the project, made; a click opens its page. */
export function ArtifactsView({ cairn, version }: ISectionProps): JSX.Element {
  const { trans, model, client } = cairn;
  const [query, setQuery] = React.useState('');
  const [kind, setKind] = React.useState<IArtifact['kind'] | null>(null);
  const [everywhere, setEverywhere] = React.useState(false);
  const asked = useSettled(query, PAUSE);
  const path = model.path;
  const pages = usePages<IArtifact>(
    (offset, limit, signal) =>
      path
        ? client.artifacts(
            path,
            { q: asked || null, kind, all: everywhere || null, stacked: true, offset, limit },
            signal
          )
        : Promise.resolve({ items: [], total: 0 }),
    [path, asked, kind, everywhere, version]
  );
  if (!path) {
    return <Empty title={trans.__('No notebook in front')} />;
  }
  const isFiltered = asked !== '' || kind !== null;
  return (
    <div className="nbc-Artifacts">
      <div className="nbc-Filter" role="search">
        <input
          type="search"
          className="nbc-Search"
          placeholder={trans.__('Search names, code, columns')}
          aria-label={trans.__('Search artifacts')}
          value={query}
          onChange={event => setQuery(event.target.value)}
        />
        <div className="nbc-Filter-row">
          {KINDS.map(name => (
            <KindButton key={name} cairn={cairn} kind={name} current={kind} onChoose={setKind} />
          ))}
          <label className="nbc-Filter-scope" title={trans.__('Those of every notebook of the project')}>
            <input type="checkbox" checked={everywhere} onChange={event => setEverywhere(event.target.checked)} />
            {trans.__('all notebooks')}
          </label>
        </div>
      </div>
      {pages.error && <Failure trans={trans} error={pages.error} onRetry={() => void model.refresh()} />}
      {!pages.isKnown && !pages.error && <Loading trans={trans} rows={5} />}
      {pages.isKnown && pages.total === 0 && (
        <Empty
          title={isFiltered ? trans.__('Nothing matches') : trans.__('No artifacts yet')}
          text={
            isFiltered
              ? trans.__('Try fewer words, another kind, or all notebooks.')
              : trans.__('Plots, tables, models and scores appear here as cells make them.')
          }
        />
      )}
      <RowList
        count={pages.total}
        rowHeight={ROW}
        label={trans.__('Artifacts, newest first')}
        onRange={pages.want}
        renderRow={(index, tabIndex) => (
          <Row cairn={cairn} artifact={pages.get(index)} tabIndex={tabIndex} everywhere={everywhere} />
        )}
      />
    </div>
  );
}

function KindButton(props: {
  cairn: ICairn;
  kind: IArtifact['kind'];
  current: IArtifact['kind'] | null;
  onChoose: (kind: IArtifact['kind'] | null) => void;
}): JSX.Element {
  const { cairn, kind, current, onChoose } = props;
  const Icon = kindIcons[kind].react;
  const label = kindLabel(kind, cairn.trans);
  return (
    <button
      className="nbc-Kind"
      title={label}
      aria-label={label}
      aria-pressed={kind === current}
      onClick={() => onChoose(kind === current ? null : kind)}
    >
      <Icon tag={null} />
    </button>
  );
}

function Row(props: {
  cairn: ICairn;
  artifact: IArtifact | undefined;
  tabIndex: number;
  everywhere: boolean;
}): JSX.Element {
  const { cairn, artifact } = props;
  const { trans } = cairn;
  if (!artifact) {
    return <div className="nbc-Loading-line" />;
  }
  return (
    <button
      data-row
      className="nbc-Artifact"
      tabIndex={props.tabIndex}
      title={trans.__('%1: open its page', artifact.name)}
      onClick={() => cairn.run(CommandIDs.artifact, { id: artifact.id, path: cairn.model.path })}
    >
      <Thumbnail key={artifact.id} cairn={cairn} artifact={artifact} />
      <span className="nbc-Artifact-text">
        <span className="nbc-Artifact-name">{artifact.name}</span>
        <span className="nbc-Artifact-what">{artifact.summary || artifact.type_name}</span>
        <span className="nbc-Artifact-when">
          {moment(artifact.made)}
          {artifact.versions > 1 && ` · ${trans.__('%1 versions', artifact.versions)}`}
          {props.everywhere && artifact.notebook && ` · ${artifact.notebook}`}
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
