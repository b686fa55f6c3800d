import * as React from 'react';

import { IArtifact, ISession, ISlice } from '../_api';
import { kindIcons } from '../components/icons';
import { Answer, Empty, Failure, Loading, Names, useAnswer } from '../components/parts';
import { hasPicture, Picture } from '../components/picture';
import { Source } from '../components/source';
import { Columns, Facts } from '../components/table';
import { columnsOf, factsOf, isKept, previewOf, settingsOf } from '../model/detail';
import { moment, short } from '../model/format';
import { factLabel } from '../model/words';
import { CommandIDs, ICairn } from '../tokens';
import { Actions } from './actions';
import { Inputs } from './inputs';
import { Measures } from './measures';
import { Notes } from './notes';
import type { IPageProps } from './page';
import { PlottedSection } from './plotted';
import { RowsSection } from './rows';
import { StagesSection } from './stages';

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
      <Actions cairn={cairn} tools={tools} path={path} artifact={artifact} slice={slice.value} />
      <Content cairn={cairn} path={path} artifact={artifact} />
      <section aria-label={trans.__('Code')}>
        <h2>{trans.__('The code that made it')}</h2>
        <SliceCode cairn={cairn} tools={tools} slice={slice} />
      </section>
      {run.value && <Inputs cairn={cairn} path={path} artifact={artifact} run={run.value} />}
      {artifact.kind !== 'figure' && (
        <StagesSection key={id} cairn={cairn} tools={tools} path={path} artifact={artifact} />
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
          <Rival cairn={cairn} path={path} artifact={artifact} others={others} />
        </div>
      )}
    </header>
  );
}

/** The version to compare with: chosen first, then compared, so that the arrow keys open nothing. */
function Rival(props: { cairn: ICairn; path: string; artifact: IArtifact; others: readonly IArtifact[] }): JSX.Element {
  const { cairn, path, artifact, others } = props;
  const { trans } = cairn;
  const before = others.find(item => item.version < artifact.version) ?? others[0];
  const [chosen, setChosen] = React.useState(before.id);
  const other = others.find(item => item.id === chosen) ?? before;
  const [older, newer] = other.version < artifact.version ? [other, artifact] : [artifact, other];
  return (
    <span className="nbc-Versions-rival">
      <label>
        {trans.__('Compare with')}{' '}
        <select value={other.id} onChange={event => setChosen(event.target.value)}>
          {others.map(item => (
            <option key={item.id} value={item.id}>
              {trans.__('%1, %2', item.version, moment(item.made))}
            </option>
          ))}
        </select>
      </label>
      <button
        className="jp-mod-styled"
        onClick={() => cairn.run(CommandIDs.compare, { path, before: older.id, after: newer.id })}
      >
        {trans.__('Compare')}
      </button>
    </span>
  );
}

/** The thing itself, as far as it was kept. */
function Content(props: { cairn: ICairn; path: string; artifact: IArtifact }): JSX.Element {
  const { cairn, path, artifact } = props;
  const { trans } = cairn;
  const columns = columnsOf(artifact);
  const facts = factsOf(artifact).map(([fact, value]) => [factLabel(fact, trans), value] as const);
  const settings = settingsOf(artifact);
  return (
    <>
      {hasPicture(artifact) && <Picture cairn={cairn} artifact={artifact} className="nbc-Picture" path={path} />}
      {facts.length > 0 && <Facts facts={facts} />}
      <PlottedSection cairn={cairn} artifact={artifact} />
      {settings.length > 0 && (
        <section aria-label={trans.__('Settings')}>
          <h2>{trans.__('Settings')}</h2>
          <Facts facts={settings} />
        </section>
      )}
      <Measures cairn={cairn} path={path} artifact={artifact} />
      {(isKept(artifact) || previewOf(artifact)) && <RowsSection cairn={cairn} path={path} artifact={artifact} />}
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
