import * as React from 'react';

import { IRunSummary } from '../_api';
import { diffLines } from '../model/diff';
import { duration, firstLine, moment } from '../model/format';
import { IPanelContext } from './context';
import { Action, Code, Empty, Failure, Loading, useAnswer } from './parts';
import { ISectionProps } from './section';

const PAGE = 40;

/** The History section: every run, newest first, also of cells that are gone. */
export function HistoryView({ context, version }: ISectionProps): JSX.Element {
  const { trans, model, client } = context;
  const [limit, setLimit] = React.useState(PAGE);
  const path = model.path;
  const answer = useAnswer(signal => client.runs(path, { limit }, signal), [path, limit, version]);
  if (!path) {
    return <Empty title={trans.__('No notebook in front')} />;
  }
  if (answer.error) {
    return <Failure trans={trans} error={answer.error} onRetry={() => void model.refresh()} />;
  }
  if (!answer.value) {
    return <Loading trans={trans} rows={6} />;
  }
  const { items, total } = answer.value;
  if (items.length === 0) {
    return <Empty title={trans.__('No runs yet')} text={trans.__('Each run of a cell appears here.')} />;
  }
  const here = new Set(
    context
      .source()
      ?.cells()
      .map(cell => cell.id)
  );
  return (
    <>
      <ul className="nbc-List" aria-label={trans.__('Runs')}>
        {items.map(run => (
          <RunRow key={run.id} context={context} run={run} present={here.has(run.cell_id)} />
        ))}
      </ul>
      {total > items.length && (
        <Action
          label={trans.__('Show more (%1 of %2 shown)', items.length, total)}
          onClick={() => setLimit(limit + PAGE)}
        />
      )}
    </>
  );
}

function RunRow(props: { context: IPanelContext; run: IRunSummary; present: boolean }): JSX.Element {
  const { context, run, present } = props;
  const { trans } = context;
  const [open, setOpen] = React.useState(false);
  return (
    <li className="nbc-Run" data-status={run.status}>
      <button className="nbc-Run-row" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="nbc-Run-count">{run.execution_count ? `[${run.execution_count}]` : '[ ]'}</span>
        <code className="nbc-Run-source">{firstLine(run.source, 60)}</code>
        <span className="nbc-Run-when">
          {moment(run.started)} · {duration(run.seconds)}
          {run.status !== 'ok' && ` · ${run.status === 'error' ? run.error_type : trans.__('interrupted')}`}
          {!present && ` · ${trans.__('cell deleted')}`}
        </span>
      </button>
      {open && <RunDetails context={context} run={run} present={present} />}
    </li>
  );
}

function RunDetails(props: { context: IPanelContext; run: IRunSummary; present: boolean }): JSX.Element {
  const { context, run, present } = props;
  const { trans, client, model } = context;
  const before = useAnswer(
    signal => client.runs(model.path, { cell: run.cell_id, before: run.id, limit: 1 }, signal),
    [run.id]
  );
  const earlier = before.value?.items[0];
  const changed = earlier && earlier.source !== run.source;
  return (
    <div className="nbc-Details">
      {changed ? (
        <Diff before={earlier.source} after={run.source} label={trans.__('Changed since its run before')} />
      ) : (
        <Code source={run.source} label={trans.__('The code that ran')} />
      )}
      {run.error_message && <div className="nbc-Run-error">{`${run.error_type}: ${run.error_message}`}</div>}
      <Names label={trans.__('read')} names={run.reads} />
      <Names label={trans.__('wrote')} names={run.writes} />
      <div className="nbc-Actions">
        {present && <Action label={trans.__('Show cell')} onClick={() => void context.reveal(run.cell_id)} />}
        <Action label={trans.__('Copy code')} onClick={() => context.copy(run.source)} />
        <Action label={trans.__('Insert code')} onClick={() => context.source()?.insert(run.source)} />
      </div>
    </div>
  );
}

function Names({ label, names }: { label: string; names: string[] }): JSX.Element | null {
  return names.length === 0 ? null : (
    <div className="nbc-Names">
      {label}{' '}
      {names.map(name => (
        <code key={name}>{name}</code>
      ))}
    </div>
  );
}

function Diff(props: { before: string; after: string; label: string }): JSX.Element {
  return (
    <pre className="nbc-Code nbc-Diff" tabIndex={0} aria-label={props.label}>
      {diffLines(props.before, props.after).map((line, row) => (
        <span key={row} data-kind={line.kind}>
          {{ same: '  ', added: '+ ', removed: '- ' }[line.kind] + line.text + '\n'}
        </span>
      ))}
    </pre>
  );
}
