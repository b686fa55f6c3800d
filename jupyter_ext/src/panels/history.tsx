import * as React from 'react';

import { IRunSummary } from '../_api';
import { RowList } from '../components/list';
import { usePages } from '../components/pages';
import { Action, Code, Diff, Empty, Failure, Loading, Names, useAnswer } from '../components/parts';
import { duration, firstLine, moment } from '../model/format';
import { ICairn } from '../tokens';
import { ISectionProps } from './section';

const ROW = 44;

/** The History section: every run, newest first, across restarts and of deleted cells; or the runs of one cell. */
export function HistoryView({ cairn, version, focus }: ISectionProps): JSX.Element {
  const { trans, model, client } = cairn;
  const [cell, setCell] = React.useState<string | null>(null);
  const [open, setOpen] = React.useState<string | null>(null);
  const path = model.path;
  const pages = usePages<IRunSummary>(
    (offset, limit, signal) =>
      path ? client.runs(path, { cell, offset, limit }, signal) : Promise.resolve({ items: [], total: 0 }),
    [path, cell, version]
  );
  React.useEffect(() => setCell(focus.id), [focus.count]);
  React.useEffect(() => setOpen(null), [path, cell]);
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
      {cell !== null && (
        <div className="nbc-Notice">
          <span>{trans.__('The runs of one cell')}</span>
          <Action label={trans.__('Show all runs')} onClick={() => setCell(null)} />
        </div>
      )}
      {pages.error && <Failure trans={trans} error={pages.error} onRetry={() => void model.refresh()} />}
      {!pages.isKnown && !pages.error && <Loading trans={trans} rows={5} />}
      {pages.isKnown && pages.total === 0 && (
        <Empty title={trans.__('No runs yet')} text={trans.__('Each run of a cell appears here.')} />
      )}
      <RowList
        count={pages.total}
        rowHeight={ROW}
        label={trans.__('Runs, newest first')}
        onRange={pages.want}
        open={
          opened && {
            index: openIndex,
            details: <RunDetails key={opened.id} cairn={cairn} run={opened} isHere={here.has(opened.cell_id)} />
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

function RunDetails(props: { cairn: ICairn; run: IRunSummary; isHere: boolean }): JSX.Element {
  const { cairn, run, isHere } = props;
  const { trans, client, model } = cairn;
  const before = useAnswer(
    signal => client.runs(model.path, { cell: run.cell_id, before: run.id, limit: 1 }, signal),
    [run.id]
  );
  const earlier = before.value?.items[0];
  const hasChanged = earlier !== undefined && earlier.source !== run.source;
  return (
    <div className="nbc-Details">
      {hasChanged ? (
        <Diff before={earlier.source} after={run.source} label={trans.__('Changed since its run before')} />
      ) : (
        <Code source={run.source} label={trans.__('The code that ran')} />
      )}
      {run.error_message && <div className="nbc-Run-error">{`${run.error_type}: ${run.error_message}`}</div>}
      <Names label={trans.__('read')} names={run.reads} />
      <Names label={trans.__('wrote')} names={run.writes} />
      <div className="nbc-Actions">
        {isHere && <Action label={trans.__('Show cell')} onClick={() => void cairn.reveal(run.cell_id)} />}
        <Action label={trans.__('Copy code')} onClick={() => cairn.copy(run.source)} />
        <Action label={trans.__('Insert as new cell')} onClick={() => cairn.source()?.insert(run.source)} />
      </div>
    </div>
  );
}
