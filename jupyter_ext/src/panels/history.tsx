import * as React from 'react';

import { IArtifact, IFileAccess, IRun, IRunSummary } from '../_api';
import { WhenChoice } from '../components/choice';
import { RowList } from '../components/list';
import { usePages } from '../components/pages';
import { Outputs } from '../components/outputs';
import { Action, Diff, Empty, Failure, Loading, Names, useAnswer } from '../components/parts';
import { Source } from '../components/source';
import { When } from '../model/days';
import { bytes } from '../model/detail';
import { duration, firstLine, moment } from '../model/format';
import { spanOf } from '../model/query';
import type { PageTools } from '../pages/tools';
import { CommandIDs, ICairn } from '../tokens';
import { ISectionProps } from './section';

const ROW = 44;

/** The History section: every run, newest first, across restarts and of deleted cells; or the runs of one cell. */
export function HistoryView({ cairn, tools, version, focus }: ISectionProps): JSX.Element {
  const { trans, model, client } = cairn;
  const [cell, setCell] = React.useState<string | null>(null);
  const [open, setOpen] = React.useState<string | null>(null);
  const [when, setWhen] = React.useState<When>(null);
  const path = model.path;
  const span = spanOf(when);
  const pages = usePages<IRunSummary>(
    (offset, limit, signal) =>
      path ? client.runs(path, { cell, ...span, offset, limit }, signal) : Promise.resolve({ items: [], total: 0 }),
    [path, cell, span.from, span.to, version]
  );
  React.useEffect(() => {
    setCell(focus.id);
    setWhen(null);
  }, [focus.count]);
  React.useEffect(() => setOpen(null), [path, cell, when]);
  if (!path) {
    return <Empty title={trans.__('No notebook in front')} />;
  }
  const here = new Set(
    cairn
      .source()
      ?.cells()
      .map(item => item.id)
  );
  const openIndex = open === null ? -1 : pages.indexOf(run => run.id === open);
  const opened = openIndex >= 0 ? pages.get(openIndex) : undefined;
  return (
    <>
      {(when !== null || pages.total > 0) && (
        <Days cairn={cairn} when={when} onChoose={setWhen} total={pages.isKnown ? pages.total : null} />
      )}
      {cell !== null && (
        <div className="nbc-Notice">
          <span>{trans.__('The runs of one cell')}</span>
          <Action label={trans.__('Show all runs')} onClick={() => setCell(null)} />
        </div>
      )}
      {pages.error && <Failure trans={trans} error={pages.error} onRetry={() => void model.refresh()} />}
      {!pages.isKnown && !pages.error && <Loading trans={trans} rows={5} />}
      {pages.isKnown && !pages.error && pages.total === 0 && <NoRuns cairn={cairn} when={when} />}
      <RowList
        count={pages.total}
        rowHeight={ROW}
        label={trans.__('Runs, newest first')}
        onRange={pages.want}
        open={
          opened && {
            index: openIndex,
            details: (
              <RunDetails key={opened.id} cairn={cairn} tools={tools} run={opened} isHere={here.has(opened.cell_id)} />
            )
          }
        }
        renderRow={(index, tabIndex) => {
          const run = pages.get(index);
          return (
            <RunRow
              cairn={cairn}
              run={run}
              isHere={run !== undefined && here.has(run.cell_id)}
              isOpen={run !== undefined && run.id === open}
              tabIndex={tabIndex}
              onToggle={() => setOpen(run && run.id !== open ? run.id : null)}
            />
          );
        }}
      />
    </>
  );
}

/** Runs of any day, or of one; and how many there are. */
function Days(props: { cairn: ICairn; when: When; onChoose: (when: When) => void; total: number | null }): JSX.Element {
  const { cairn, when, onChoose, total } = props;
  const { trans } = cairn;
  return (
    <div className="nbc-Filter" role="search" aria-label={trans.__('Runs by day')}>
      <WhenChoice trans={trans} when={when} onChoose={onChoose} />
      {when !== null && (
        <div className="nbc-Filter-found">
          <span role="status">{total === null ? '' : trans._n('1 run', '%1 runs', total)}</span>
          <Action label={trans.__('Show all days')} onClick={() => onChoose(null)} />
        </div>
      )}
    </div>
  );
}

function NoRuns({ cairn, when }: { cairn: ICairn; when: When }): JSX.Element {
  const { trans } = cairn;
  return when === null ? (
    <Empty title={trans.__('No runs yet')} text={trans.__('Each run of a cell appears here.')} />
  ) : (
    <Empty title={trans.__('Nothing ran then')} text={trans.__('Choose another day.')} />
  );
}

function RunRow(props: {
  cairn: ICairn;
  run: IRunSummary | undefined;
  isHere: boolean;
  isOpen: boolean;
  tabIndex: number;
  onToggle: () => void;
}): JSX.Element {
  const { cairn, run } = props;
  const { trans } = cairn;
  if (!run) {
    return <div className="nbc-Loading-line" />;
  }
  return (
    <button
      data-row
      className="nbc-Run"
      data-status={run.status}
      tabIndex={props.tabIndex}
      aria-expanded={props.isOpen}
      title={run.source}
      onClick={props.onToggle}
    >
      <span className="nbc-Run-count">{run.execution_count ? `[${run.execution_count}]` : '[ ]'}</span>
      <span className="nbc-Run-text">
        <code className="nbc-Run-source">{firstLine(run.source, 80) || trans.__('(empty)')}</code>
        <span className="nbc-Run-when">
          {moment(run.started)} · {duration(run.seconds)}
          {run.status === 'error' && <b>{` · ${run.error_type}`}</b>}
          {run.status === 'interrupted' && <b>{` · ${trans.__('interrupted')}`}</b>}
          {!props.isHere && ` · ${trans.__('cell deleted')}`}
        </span>
      </span>
    </button>
  );
}

function RunDetails(props: { cairn: ICairn; tools: PageTools; run: IRunSummary; isHere: boolean }): JSX.Element {
  const { cairn, tools, run, isHere } = props;
  const { trans, client, model } = cairn;
  const before = useAnswer(
    signal => client.runs(model.path, { cell: run.cell_id, before: run.id, limit: 1 }, signal),
    [run.id]
  );
  const whole = useAnswer(signal => client.run(model.path, run.id, signal), [run.id]);
  const earlier = before.value?.items[0];
  const hasChanged = earlier !== undefined && earlier.source !== run.source;
  return (
    <div className="nbc-Details">
      {hasChanged ? (
        <Diff before={earlier.source} after={run.source} label={trans.__('Changed since its run before')} />
      ) : (
        <Source tools={tools} source={run.source} label={trans.__('The code that ran')} />
      )}
      {run.error_message && <div className="nbc-Run-error">{`${run.error_type}: ${run.error_message}`}</div>}
      {whole.value && <Outputs cairn={cairn} tools={tools} displays={whole.value.displays} />}
      <Names label={trans.__('read')} names={run.reads.filter(isVariable)} />
      {whole.value ? (
        <Written run={whole.value} cairn={cairn} />
      ) : (
        <Names label={trans.__('wrote')} names={run.writes} />
      )}
      {whole.value && <Files cairn={cairn} files={whole.value.files} />}
      {whole.value && <Made cairn={cairn} artifacts={whole.value.artifacts} />}
      <div className="nbc-Actions">
        {isHere && <Action label={trans.__('Show cell')} onClick={() => void cairn.reveal(run.cell_id)} />}
        <Action label={trans.__('Copy code')} onClick={() => cairn.copy(run.source)} />
        <Action label={trans.__('Insert as new cell')} onClick={() => cairn.source()?.insert(run.source)} />
      </div>
    </div>
  );
}

/** Files are listed by themselves, with their size. */
function isVariable(name: string): boolean {
  return !name.startsWith('<file:');
}

/** The names it wrote, each with what it held afterwards. */
function Written({ cairn, run }: { cairn: ICairn; run: IRun }): JSX.Element | null {
  const writes = run.writes.filter(write => isVariable(write.name));
  return writes.length === 0 ? null : (
    <div className="nbc-Names nbc-mod-list">
      <span>{cairn.trans.__('wrote')}</span>
      {writes.map(write => (
        <span key={write.name} className="nbc-Written" title={`${write.name} (${write.type_name})\n${write.summary}`}>
          <code>{write.name}</code>
          {write.how === 'deleted' ? cairn.trans.__('deleted') : write.summary}
        </span>
      ))}
    </div>
  );
}

function Files({ cairn, files }: { cairn: ICairn; files: readonly IFileAccess[] }): JSX.Element | null {
  const { trans } = cairn;
  return files.length === 0 ? null : (
    <div className="nbc-Names nbc-mod-list">
      <span>{trans.__('files')}</span>
      {files.map((file, place) => (
        <span key={place} className="nbc-Written" title={[file.path, file.note || (file.md5 ?? '')].join('\n')}>
          <code>{file.path}</code>
          {file.mode === 'read' ? trans.__('read') : trans.__('written')}
          {file.size !== null && `, ${bytes(file.size)}`}
        </span>
      ))}
    </div>
  );
}

/** The artifacts it made; each opens its page. */
function Made({ cairn, artifacts }: { cairn: ICairn; artifacts: readonly IArtifact[] }): JSX.Element | null {
  const open = (id: string) => cairn.run(CommandIDs.artifact, { id, path: cairn.model.path });
  return artifacts.length === 0 ? null : (
    <div className="nbc-Names">
      <span>{cairn.trans.__('made')}</span>
      {artifacts.map(artifact => (
        <Action key={artifact.id} label={artifact.name} onClick={() => open(artifact.id)} />
      ))}
    </div>
  );
}
