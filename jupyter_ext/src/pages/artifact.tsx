import * as React from 'react';

import { IArtifact, ISession, ISlice } from '../_api';
import { kindIcons } from '../components/icons';
import { Answer, Empty, Failure, Loading, Names, useAnswer } from '../components/parts';
import { hasPicture, Picture } from '../components/picture';
import { Source } from '../components/source';
import { Columns, Facts, Preview } from '../components/table';
import { columnsOf, factsOf, previewOf } from '../model/detail';
import { moment, short } from '../model/format';
import { CommandIDs, ICairn } from '../tokens';
import { Notes } from './notes';
import type { IPageProps } from './page';

/** An artifact's page: what it is, the code that made it, what went in, where else it is, and what people wrote of it. */
export function ArtifactView(props: IPageProps & { path: string; id: string }): JSX.Element {
  const { cairn, path } = props;
  const { client, trans } = cairn;
  const [id, setId] = React.useState(props.id);
  const [tries, setTries] = React.useState(0);
  const artifact = useAnswer(signal => client.artifact(path, id, signal), [path, id, tries]);
  React.useEffect(() => {
    if (artifact.value) {
      props.onTitle(artifact.value.name, artifact.value.kind);
    }
  }, [artifact.value]);
  if (artifact.error) {
    return <Failure trans={trans} error={artifact.error} onRetry={() => setTries(tries + 1)} />;
  }
  if (!artifact.value) {
    return <Loading trans={trans} rows={8} />;
  }
  return <Loaded {...props} artifact={artifact.value} onVersion={setId} />;
}

interface ILoadedProps extends IPageProps {
  path: string;
  artifact: IArtifact;
  onVersion: (id: string) => void;
}

function Loaded({ cairn, tools, path, artifact, onVersion }: ILoadedProps): JSX.Element {
  const { client, trans } = cairn;
  const { id, run_id, name, kind } = artifact;
  const slice = useAnswer(signal => client.slice(path, id, signal), [path, id]);
  const run = useAnswer(signal => client.run(path, run_id, signal), [path, run_id]);
  const session = useAnswer<ISession | null>(
    async signal => (run.value ? client.session(path, run.value.session_id, signal) : null),
    [path, run.value?.session_id]
  );
  const versions = useAnswer(
    signal => client.artifacts(path, { name, kind, all: true, limit: 100 }, signal),
    [path, name, kind]
  );
  const same = useAnswer(
    signal => client.artifacts(path, { digest: artifact.fingerprint.digest, all: true, limit: 20 }, signal),
    [path, id]
  );
  const series = (versions.value?.items ?? []).filter(item => item.notebook === artifact.notebook);
  return (
    <article className="nbc-Page-content">
      <Head cairn={cairn} path={path} artifact={artifact} series={series} onVersion={onVersion} />
      <Actions cairn={cairn} artifact={artifact} slice={slice.value} />
      <Content cairn={cairn} artifact={artifact} />
      <section aria-label={trans.__('Code')}>
        <h2>{trans.__('The code that made it')}</h2>
        <SliceCode cairn={cairn} tools={tools} slice={slice} />
      </section>
      {run.value && run.value.reads.length > 0 && (
        <section aria-label={trans.__('Inputs')}>
          <h2>{trans.__('What its cell read')}</h2>
          <Names label="" names={run.value.reads.map(read => read.name)} />
        </section>
      )}
      <Elsewhere cairn={cairn} path={path} others={(same.value?.items ?? []).filter(item => item.id !== id)} />
      <Notes cairn={cairn} path={path} subject={id} />
      {session.value && <Environment cairn={cairn} session={session.value} />}
    </article>
  );
}

function Head(props: {
  cairn: ICairn;
  path: string;
  artifact: IArtifact;
  series: readonly IArtifact[];
  onVersion: (id: string) => void;
}): JSX.Element {
  const { cairn, path, artifact, series } = props;
  const { trans } = cairn;
  const Icon = kindIcons[artifact.kind].react;
  const others = series.filter(item => item.id !== artifact.id);
  return (
    <header className="nbc-Page-head">
      <h1>
        <Icon tag={null} />
        {artifact.name}
      </h1>
      <p>
        {artifact.type_name} · {artifact.summary} · {moment(artifact.made)}
        {artifact.notebook && ` · ${artifact.notebook}`}
        {' · '}
        <code title={trans.__('Fingerprint %1', artifact.fingerprint.digest)}>
          {short(artifact.fingerprint.digest)}
        </code>
        {artifact.fingerprint.coverage !== 'full' && ` (${artifact.fingerprint.coverage})`}
      </p>
      {others.length > 0 && (
        <div className="nbc-Versions">
          <label>
            {trans.__('Version')}{' '}
            <select value={artifact.id} onChange={event => props.onVersion(event.target.value)}>
              {series.map(item => (
                <option key={item.id} value={item.id}>
                  {trans.__('%1 of %2, %3', item.version, item.versions, moment(item.made))}
                </option>
              ))}
            </select>
          </label>
          <label>
            {trans.__('Compare with')}{' '}
            <select
              value=""
              onChange={event => cairn.run(CommandIDs.compare, pairOf(path, artifact, event.target.value, series))}
            >
              <option value="">{trans.__('another version…')}</option>
              {others.map(item => (
                <option key={item.id} value={item.id}>
                  {trans.__('%1, %2', item.version, moment(item.made))}
                </option>
              ))}
            </select>
          </label>
        </div>
      )}
    </header>
  );
}

/** The older of the two before the newer. */
function pairOf(
  path: string,
  artifact: IArtifact,
  other: string,
  series: readonly IArtifact[]
): Record<string, string> {
  const isOlder = (series.find(item => item.id === other)?.version ?? 0) < artifact.version;
  return isOlder ? { path, before: other, after: artifact.id } : { path, before: artifact.id, after: other };
}

function Actions(props: { cairn: ICairn; artifact: IArtifact; slice: ISlice | undefined }): JSX.Element {
  const { cairn, artifact, slice } = props;
  const { trans } = cairn;
  const isHere = typeof cairn.source()?.sourceOf(artifact.cell_id) === 'string';
  const sources = slice?.parts.map(part => part.source) ?? [];
  return (
    <div className="nbc-Page-actions">
      <button
        className="jp-mod-styled"
        disabled={!isHere}
        title={isHere ? '' : trans.__('Its cell is not in the notebook in front')}
        onClick={() => void cairn.reveal(artifact.cell_id)}
      >
        {trans.__('Show cell')}
      </button>
      <button className="jp-mod-styled" disabled={!slice} onClick={() => cairn.copy(sources.join('\n\n'))}>
        {trans.__('Copy code')}
      </button>
      <button
        className="jp-mod-styled"
        disabled={!slice || !cairn.source()}
        onClick={() => cairn.source()?.insert(...sources)}
      >
        {trans.__('Insert code as cells')}
      </button>
    </div>
  );
}

/** The thing itself, as far as it was kept. */
function Content({ cairn, artifact }: { cairn: ICairn; artifact: IArtifact }): JSX.Element {
  const { trans } = cairn;
  const preview = previewOf(artifact);
  const columns = columnsOf(artifact);
  const facts = factsOf(artifact);
  return (
    <>
      {hasPicture(artifact) && <Picture cairn={cairn} artifact={artifact} className="nbc-Picture" />}
      {facts.length > 0 && <Facts facts={facts} />}
      {preview && (
        <section aria-label={trans.__('First rows')}>
          <h2>{trans.__('First rows')}</h2>
          <Preview preview={preview} label={trans.__('First rows')} />
        </section>
      )}
      {columns.length > 0 && (
        <section aria-label={trans.__('Columns')}>
          <h2>{trans.__('Columns')}</h2>
          <Columns columns={columns} trans={trans} />
        </section>
      )}
    </>
  );
}

function SliceCode(props: { cairn: ICairn; tools: IPageProps['tools']; slice: Answer<ISlice> }): JSX.Element {
  const { cairn, tools, slice } = props;
  const { trans } = cairn;
  if (slice.error) {
    return <Empty title={trans.__('The code could not be traced')} text={slice.error.message} />;
  }
  if (!slice.value) {
    return <Loading trans={trans} rows={4} />;
  }
  const { parts, inputs, missing, lines } = slice.value;
  return (
    <>
      <p className="nbc-Hint">
        {trans._n('1 line, in the order in which it ran.', '%1 lines, in the order in which they ran.', lines)}
      </p>
      {missing.length > 0 && <Names label={trans.__('Not recorded, but needed:')} names={missing} />}
      {inputs.length > 0 && <Names label={trans.__('Files it reads:')} names={inputs.map(file => file.path)} />}
      {parts.map(part => (
        <div key={part.run_id} className="nbc-Part">
          <span className="nbc-Run-count">{part.execution_count === null ? '[ ]' : `[${part.execution_count}]`}</span>
          <Source tools={tools} source={part.source} label={trans.__('Code of one cell')} />
        </div>
      ))}
    </>
  );
}

function Elsewhere(props: { cairn: ICairn; path: string; others: readonly IArtifact[] }): JSX.Element | null {
  const { cairn, path, others } = props;
  if (others.length === 0) {
    return null;
  }
  const title = cairn.trans.__('The same content elsewhere');
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <ul className="nbc-List">
        {others.map(item => (
          <li key={item.id}>
            <button className="nbc-Action" onClick={() => cairn.run(CommandIDs.artifact, { path, id: item.id })}>
              {item.name}
            </button>{' '}
            <span className="nbc-Hint">
              {item.notebook} · {moment(item.made)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Environment({ cairn, session }: { cairn: ICairn; session: ISession }): JSX.Element {
  const { trans } = cairn;
  const facts: [string, string][] = [
    [trans.__('who'), `${session.user}@${session.host}`],
    [trans.__('Python'), session.python],
    [trans.__('platform'), session.platform]
  ];
  if (session.git_commit) {
    const dirty = session.git_dirty ? ` ${trans.__('(with changes)')}` : '';
    facts.push([trans.__('git commit'), session.git_commit.slice(0, 12) + dirty]);
  }
  const packages = Object.entries(session.packages);
  return (
    <section aria-label={trans.__('Environment')}>
      <h2>{trans.__('Environment')}</h2>
      <Facts facts={facts} />
      {packages.length > 0 && (
        <details className="nbc-Why">
          <summary>{trans._n('1 package', '%1 packages', packages.length)}</summary>
          <Facts facts={packages} />
        </details>
      )}
    </section>
  );
}
