import * as React from 'react';

import { IArtifact } from '../_api';
import { moment, short } from '../model/format';
import { IPanelContext } from './context';
import { Action, Code, Empty, Failure, Loading, useAnswer } from './parts';
import { ISectionProps } from './section';

const PAGE = 30;
const KINDS = ['figure', 'data', 'model', 'metric', 'file'] as const;

/** The Artifacts section: search, filter, thumbnails, versions. */
export function ArtifactsView({ context, version }: ISectionProps): JSX.Element {
  const { trans, model, client } = context;
  const [query, setQuery] = React.useState('');
  const [kind, setKind] = React.useState('');
  const [limit, setLimit] = React.useState(PAGE);
  const path = model.path;
  const answer = useAnswer(
    signal => client.artifacts(path, { q: query || null, kind: kind || null, limit }, signal),
    [path, query, kind, limit, version]
  );
  if (!path) {
    return <Empty title={trans.__('No notebook in front')} />;
  }
  return (
    <div className="nbc-Artifacts">
      <div className="nbc-Filter">
        <input
          type="search"
          className="jp-mod-styled"
          placeholder={trans.__('Search names, titles, columns, code')}
          aria-label={trans.__('Search artifacts')}
          value={query}
          onChange={event => setQuery(event.target.value)}
        />
        <select
          className="jp-mod-styled"
          aria-label={trans.__('Kind of artifact')}
          value={kind}
          onChange={event => setKind(event.target.value)}
        >
          <option value="">{trans.__('all kinds')}</option>
          {KINDS.map(name => (
            <option key={name} value={name}>
              {kindLabel(name, context)}
            </option>
          ))}
        </select>
      </div>
      {answer.error && <Failure trans={trans} error={answer.error} onRetry={() => void model.refresh()} />}
      {!answer.value && answer.loading && <Loading trans={trans} rows={5} />}
      {answer.value && answer.value.items.length === 0 && (
        <Empty
          title={query || kind ? trans.__('Nothing matches') : trans.__('No artifacts yet')}
          text={
            query || kind
              ? trans.__('Try fewer words or another kind.')
              : trans.__('Plots, frames, models and scores appear here as cells make them.')
          }
        />
      )}
      <ul className="nbc-List" aria-label={trans.__('Artifacts')}>
        {stacked(answer.value?.items ?? []).map(stack => (
          <Stack key={stack[0].id} context={context} stack={stack} />
        ))}
      </ul>
      {answer.value && answer.value.total > answer.value.items.length && (
        <Action
          label={trans.__('Show more (%1 of %2 shown)', answer.value.items.length, answer.value.total)}
          onClick={() => setLimit(limit + PAGE)}
        />
      )}
    </div>
  );
}

function kindLabel(kind: string, context: IPanelContext): string {
  const { trans } = context;
  const labels: Record<string, string> = {
    figure: trans.__('figures'),
    data: trans.__('data'),
    model: trans.__('models'),
    metric: trans.__('metrics'),
    file: trans.__('files')
  };
  return labels[kind] ?? kind;
}

/** Versions of one name together, newest first; equal content counts once. */
export function stacked(artifacts: readonly IArtifact[]): IArtifact[][] {
  const stacks = new Map<string, IArtifact[]>();
  for (const artifact of artifacts) {
    const key = `${artifact.kind}:${artifact.name}`;
    const stack = stacks.get(key) ?? [];
    if (!stack.some(known => known.fingerprint.digest === artifact.fingerprint.digest)) {
      stack.push(artifact);
    }
    stacks.set(key, stack);
  }
  return [...stacks.values()];
}

function Stack({ context, stack }: { context: IPanelContext; stack: IArtifact[] }): JSX.Element {
  const { trans } = context;
  const [open, setOpen] = React.useState(false);
  const newest = stack[0];
  return (
    <li className="nbc-Artifact">
      <button className="nbc-Artifact-row" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Thumbnail context={context} artifact={newest} />
        <span className="nbc-Artifact-text">
          <span className="nbc-Artifact-name">{newest.name}</span>
          <span className="nbc-Artifact-what">{newest.summary || newest.type_name}</span>
          <span className="nbc-Artifact-when">
            {moment(newest.made)}
            {stack.length > 1 && ` · ${trans.__('%1 versions', stack.length)}`}
          </span>
        </span>
      </button>
      {open && stack.map(artifact => <Details key={artifact.id} context={context} artifact={artifact} />)}
    </li>
  );
}

function Thumbnail({ context, artifact }: { context: IPanelContext; artifact: IArtifact }): JSX.Element {
  if (!artifact.blob || !artifact.media_type?.startsWith('image/') || artifact.media_type === 'image/svg+xml') {
    return (
      <span className="nbc-Thumbnail" data-kind={artifact.kind} aria-hidden="true">
        {{ data: '▦', model: 'ƒ', metric: '#', file: '🗎', figure: '▨' }[artifact.kind]}
      </span>
    );
  }
  return <Picture context={context} artifact={artifact} className="nbc-Thumbnail" />;
}

function Picture(props: { context: IPanelContext; artifact: IArtifact; className: string }): JSX.Element {
  const { context, artifact } = props;
  const [url, setUrl] = React.useState<string | null>(null);
  React.useEffect(() => {
    let made: string | null = null;
    const abort = new AbortController();
    context.client.picture(context.model.path, artifact.blob ?? '', abort.signal).then(
      found => {
        made = found;
        setUrl(found);
      },
      () => setUrl(null)
    );
    return () => {
      abort.abort();
      if (made) {
        URL.revokeObjectURL(made);
      }
    };
  }, [artifact.blob]);
  return url ? (
    <img className={props.className} src={url} alt={artifact.name} />
  ) : (
    <span className={props.className} aria-hidden="true" />
  );
}

function Details({ context, artifact }: { context: IPanelContext; artifact: IArtifact }): JSX.Element {
  const { trans } = context;
  const run = useAnswer(
    signal => context.client.run(context.model.path, artifact.run_id, signal),
    [artifact.run_id]
  );
  const source = run.value?.source ?? '';
  return (
    <div className="nbc-Details">
      {artifact.blob && artifact.media_type?.startsWith('image/') && (
        <Picture context={context} artifact={artifact} className="nbc-Picture" />
      )}
      <div className="nbc-Artifact-when">
        {moment(artifact.made)} · {artifact.type_name} · {short(artifact.fingerprint.digest)}
      </div>
      <Statistics detail={artifact.detail} context={context} />
      {source && <Code source={source} label={trans.__('The code that made it')} />}
      <div className="nbc-Actions">
        <Action label={trans.__('Show cell')} onClick={() => void context.reveal(artifact.cell_id)} />
        <Action label={trans.__('Copy code')} onClick={() => context.copy(source)} />
        <Action label={trans.__('Insert code')} onClick={() => context.source()?.insert(source)} />
      </div>
    </div>
  );
}

interface IColumn {
  name?: unknown;
  dtype?: unknown;
  nulls?: unknown;
  mean?: unknown;
  top?: unknown;
  min?: unknown;
  max?: unknown;
}

function Statistics({ detail, context }: { detail: IArtifact['detail']; context: IPanelContext }): JSX.Element | null {
  const columns = Array.isArray(detail['columns']) ? (detail['columns'] as IColumn[]).slice(0, 30) : [];
  if (columns.length === 0 || typeof columns[0] !== 'object') {
    return null;
  }
  const { trans } = context;
  return (
    <table className="nbc-Table">
      <thead>
        <tr>
          <th scope="col">{trans.__('column')}</th>
          <th scope="col">{trans.__('type')}</th>
          <th scope="col">{trans.__('missing')}</th>
          <th scope="col">{trans.__('range')}</th>
        </tr>
      </thead>
      <tbody>
        {columns.map((column, row) => (
          <tr key={row}>
            <td>{String(column.name ?? '')}</td>
            <td>{String(column.dtype ?? '')}</td>
            <td>{String(column.nulls ?? '')}</td>
            <td>{range(column)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function range(column: IColumn): string {
  if (typeof column.min === 'number' && typeof column.max === 'number') {
    return `${Number(column.min.toPrecision(4))} – ${Number(column.max.toPrecision(4))}`;
  }
  return '';
}
