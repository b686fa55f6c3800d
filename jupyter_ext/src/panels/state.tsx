import * as React from 'react';

import { CONTRACT, ICheck, IStatus } from '../_api';
import { Action, Code, Diff, Empty, Failure, Loading, VerdictIcon, withCode } from '../components/parts';
import { groupByCause, ICause, IFlag, originOf } from '../model/findings';
import { firstLine, moment } from '../model/format';
import { canRecord, Recording, whyNotRecording } from '../model/recording';
import { Verdict } from '../model/verdicts';
import { headline, verdictLabel, verifiedLine } from '../model/words';
import { CommandIDs, ICairn } from '../tokens';
import { Known, useKnown } from './known';
import { ISectionProps } from './section';

const ORDER: readonly Verdict[] = ['fresh', 'stale', 'unknown', 'never-run'];

/** The State section: the headline, and every finding with its reason and what mends it. */
export function StateView(props: ISectionProps): JSX.Element {
  const { cairn } = props;
  const { model, trans } = cairn;
  const state = model.state;
  switch (state.kind) {
    case 'idle':
      return (
        <Empty
          title={trans.__('No notebook in front')}
          text={trans.__('Open a notebook, and Cairn says which of its cells still hold.')}
        />
      );
    case 'loading':
      return <Loading trans={trans} />;
    case 'untracked':
      return (
        <>
          <Vanished cairn={cairn} />
          <Welcome cairn={cairn} status={state.status} />
        </>
      );
    case 'error':
      return (
        <>
          <Failure trans={trans} error={state.error} onRetry={() => void model.refresh()} />
          {state.last && (
            <div className="nbc-mod-old">
              <div className="nbc-Hint">{trans.__('As of %1:', moment(state.last.at.toISOString()))}</div>
              <Report {...props} check={state.last.check} status={state.last.status} />
            </div>
          )}
        </>
      );
    case 'ready':
      return <Report {...props} check={state.check} status={state.status} />;
  }
}

/** Says that runs which were in the trail are in it no longer. */
function Vanished({ cairn }: { cairn: ICairn }): JSX.Element | null {
  const { lost } = cairn.model;
  return lost === 0 ? null : (
    <div className="nbc-Notice" role="alert">
      {cairn.trans._n(
        'The trail was deleted, moved or replaced: 1 run that it had is no longer in it.',
        'The trail was deleted, moved or replaced: %1 runs that it had are no longer in it.',
        lost
      )}
    </div>
  );
}

function Welcome({ cairn, status }: { cairn: ICairn; status: IStatus }): JSX.Element {
  const { trans } = cairn;
  const recording = recordingIn(cairn, status);
  if (recording.kind === 'yes') {
    return (
      <Empty
        title={trans.__('Nothing recorded yet')}
        text={trans.__('Cairn records in this kernel. Run a cell: what it reads, writes and shows appears here.')}
      />
    );
  }
  const why = recording.kind === 'no' ? null : whyNotRecording(recording, trans);
  return (
    <Empty
      title={trans.__('Nothing recorded yet')}
      text={why ? undefined : trans.__('From now on, Cairn can record what each cell reads, writes and shows.')}
    >
      {why && <div className="nbc-Empty-text">{withCode(why)}</div>}
      {canRecord(recording) && (
        <>
          <RecordButton cairn={cairn} isProminent />
          <div className="nbc-Hint">
            {withCode(
              trans.__(
                'Or put `%load_ext nbcairn` into the first cell. To record in every notebook, see Settings → Cairn.'
              )
            )}{' '}
            <Action label={trans.__('Copy the line')} onClick={() => cairn.copy('%load_ext nbcairn')} />
          </div>
        </>
      )}
      <div className="nbc-Hint">
        {trans.__('Nothing leaves this machine, and nothing is written into the notebook.')}
      </div>
    </Empty>
  );
}

/** The trail knows of a session once something ran in it; before, only the kernel knows. */
function recordingIn(cairn: ICairn, status: IStatus): Recording {
  const kernel = cairn.source()?.kernel;
  const isOld = kernel?.hasRestarted && kernel.recording.kind !== 'unasked';
  return status.recording && !isOld ? { kind: 'yes' } : (kernel?.recording ?? { kind: 'no-kernel' });
}

/** Says why nothing is recorded now, where it is known. */
function NotRecording({ cairn, status }: { cairn: ICairn; status: IStatus }): JSX.Element | null {
  const recording = recordingIn(cairn, status);
  const why = whyNotRecording(recording, cairn.trans);
  return why === null ? null : (
    <div className="nbc-Notice">
      <span>{withCode(why)}</span>
      {canRecord(recording) && <RecordButton cairn={cairn} />}
    </div>
  );
}

function RecordButton({ cairn, isProminent }: { cairn: ICairn; isProminent?: boolean }): JSX.Element {
  const [busy, setBusy] = React.useState(false);
  const label = cairn.trans.__('Start recording');
  const record = () => {
    setBusy(true);
    void cairn.record().finally(() => setBusy(false));
  };
  return isProminent ? (
    <button className="jp-mod-styled jp-mod-accept nbc-Button" disabled={busy} onClick={record}>
      {label}
    </button>
  ) : (
    <Action label={label} isDisabled={busy} onClick={record} />
  );
}

function Report(props: ISectionProps & { check: ICheck; status: IStatus }): JSX.Element {
  const { cairn, check, status, focus } = props;
  const { trans } = cairn;
  const causes = groupByCause(check);
  const known = useKnown(cairn, props.version);
  const top = React.useRef<HTMLDivElement>(null);
  return (
    <div className="nbc-State">
      <div ref={top} className="nbc-State-headline" role="status" tabIndex={-1}>
        {headline(check, trans)}
      </div>
      <Bar cairn={cairn} check={check} />
      {check.verified && <div className="nbc-Hint">{verifiedLine(check.verified, trans)}</div>}
      <Vanished cairn={cairn} />
      <NotRecording cairn={cairn} status={status} />
      {status.contract !== CONTRACT && (
        <div className="nbc-Notice">
          {trans.__(
            'The panel and the server are of different releases of nbcairn. Restart JupyterLab, then reload this page.'
          )}
        </div>
      )}
      <Repair cairn={cairn} check={check} onDone={() => takeFocus(top.current)} />
      <Known cairn={cairn} known={known} />
      {causes.map(cause => (
        <Cause key={cause.code} cairn={cairn} cause={cause} focus={focus} />
      ))}
      {check.findings.map(finding => (
        <div key={finding.code + finding.message} className="nbc-Notice">
          <span>{withCode(finding.message)}</span>
          <span className="nbc-Remedy">{withCode(finding.remedy)}</span>
        </div>
      ))}
    </div>
  );
}

/** Give it the focus, where it is in the section or nowhere: not from under the hands of who went on elsewhere. */
function takeFocus(node: HTMLElement | null): void {
  const active = document.activeElement;
  if (!active || active === document.body || node?.parentElement?.contains(active)) {
    node?.focus();
  }
}

/** The shortest way to an all-fresh notebook: shown first, run at the press of a button. */
function Repair(props: { cairn: ICairn; check: ICheck; onDone: () => void }): JSX.Element | null {
  const { cairn, check, onDone } = props;
  const { trans } = cairn;
  const [busy, setBusy] = React.useState(false);
  const { run, restart, obstacles } = check.plan;
  if (run.length === 0 && obstacles.length === 0) {
    return null;
  }
  const cells = new Map(check.cells.map(cell => [cell.cell_id, cell]));
  const begin = () => {
    if (busy) {
      return;
    }
    setBusy(true);
    void cairn
      .source()
      ?.repair(run, restart)
      .finally(() => {
        setBusy(false);
        onDone(); // the button may be gone, and the focus with it
      });
  };
  return (
    <details className="nbc-Repair">
      <summary>
        {run.length === 0
          ? trans.__('Repair: needs an edit')
          : restart
            ? trans._n('Repair: restart, then run 1 cell', 'Repair: restart, then run %1 cells', run.length)
            : trans._n('Repair: run 1 cell', 'Repair: run %1 cells', run.length)}
      </summary>
      {obstacles.length > 0 && (
        <>
          <div>
            {trans._n('1 cell stays open without an edit:', '%1 cells stay open without an edit:', obstacles.length)}
          </div>
          <ul className="nbc-List">
            {obstacles.map(obstacle => (
              <li key={obstacle.cell_id}>
                <Action
                  label={trans.__('Cell %1', obstacle.index + 1)}
                  onClick={() => void cairn.reveal(obstacle.cell_id)}
                />{' '}
                <span className="nbc-Remedy">{withCode(obstacle.edit)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {run.length > 0 && (
        <>
          <ol className="nbc-List nbc-Repair-cells">
            {run.map(id => (
              <li key={id}>
                <button className="nbc-Flag-cell" onClick={() => void cairn.reveal(id)}>
                  <span className="nbc-Flag-number">{trans.__('Cell %1', (cells.get(id)?.index ?? 0) + 1)}</span>
                  <SourceLine source={cairn.source()?.sourceOf(id) ?? ''} />
                </button>
              </li>
            ))}
          </ol>
          <button className="jp-mod-styled jp-mod-accept nbc-Button" aria-disabled={busy} onClick={begin}>
            {busy
              ? trans.__('Running…')
              : restart
                ? trans.__('Restart and run them')
                : trans._n('Run it', 'Run these %1 cells', run.length)}
          </button>
        </>
      )}
    </details>
  );
}

function Bar({ cairn, check }: { cairn: ICairn; check: ICheck }): JSX.Element {
  const parts = ORDER.filter(verdict => (check.summary[verdict] ?? 0) > 0);
  return (
    <>
      <div className="nbc-Bar" aria-hidden="true">
        {parts.map(verdict => (
          <div key={verdict} data-verdict={verdict} style={{ flexGrow: check.summary[verdict] }} />
        ))}
      </div>
      <div className="nbc-Legend">
        {parts.map(verdict => (
          <span key={verdict}>
            <VerdictIcon verdict={verdict} />
            {check.summary[verdict]} {verdictLabel(verdict, cairn.trans)}
          </span>
        ))}
      </div>
    </>
  );
}

function Cause({ cairn, cause, focus }: { cairn: ICairn; cause: ICause } & Pick<ISectionProps, 'focus'>): JSX.Element {
  const { trans } = cairn;
  const isRule = cause.title !== '';
  const title = isRule ? cause.title : verdictLabel(cause.verdict, trans);
  return (
    <section className="nbc-Cause" data-verdict={cause.verdict} aria-label={title}>
      <h3 className="nbc-Cause-title">
        <VerdictIcon verdict={cause.verdict} />
        <span>{title}</span>
        {isRule && (
          <button
            className="nbc-Cause-code"
            title={trans.__('What %1 means', cause.code)}
            onClick={() => cairn.run(CommandIDs.page, { code: cause.code })}
          >
            {cause.code}
          </button>
        )}
      </h3>
      <ul className="nbc-List">
        {cause.flags.map(flag => (
          <Flag key={flag.cell.cell_id + (flag.finding?.message ?? '')} cairn={cairn} flag={flag} focus={focus} />
        ))}
      </ul>
    </section>
  );
}

function Flag({ cairn, flag, focus }: { cairn: ICairn; flag: IFlag } & Pick<ISectionProps, 'focus'>): JSX.Element {
  const { trans } = cairn;
  const { cell, finding } = flag;
  const item = React.useRef<HTMLLIElement>(null);
  const isAsked = focus.id === cell.cell_id;
  React.useEffect(() => {
    if (isAsked) {
      item.current?.scrollIntoView({ block: 'nearest' });
      item.current?.querySelector('button')?.focus();
    }
  }, [isAsked, focus.count]);
  const source = cairn.source()?.sourceOf(cell.cell_id) ?? '';
  return (
    <li ref={item} className={`nbc-Flag${isAsked ? ' nbc-mod-asked' : ''}`} data-verdict={cell.verdict}>
      <button
        className="nbc-Flag-cell"
        title={trans.__('Show cell %1', cell.index + 1)}
        onClick={() => void cairn.reveal(cell.cell_id)}
      >
        <span className="nbc-Flag-number">{trans.__('Cell %1', cell.index + 1)}</span>
        <SourceLine source={source} />
      </button>
      {finding && (
        <>
          <div className="nbc-Flag-why">{withCode(finding.message)}</div>
          <div className="nbc-Remedy">{withCode(finding.remedy)}</div>
        </>
      )}
      <Mend cairn={cairn} flag={flag} source={source} />
    </li>
  );
}

/** The first line of a cell; all of it where the mouse rests. */
function SourceLine({ source }: { source: string }): JSX.Element {
  return <code title={source}>{firstLine(source, 80)}</code>;
}

/** The actions that mend a finding, as far as its origin is known. */
function Mend({ cairn, flag, source }: { cairn: ICairn; flag: IFlag; source: string }): JSX.Element {
  const { trans } = cairn;
  const { cell, finding } = flag;
  const notebook = cairn.source();
  const { maker, lost, ran } = finding ? originOf(finding) : { maker: null, lost: null, ran: null };
  return (
    <>
      {ran !== null && ran !== source && (
        <details className="nbc-Why">
          <summary>{trans.__('What was edited')}</summary>
          <Diff before={ran} after={source} label={trans.__('Edited since its last run')} />
        </details>
      )}
      {lost !== null && (
        <details className="nbc-Why">
          <summary>{trans.__('The deleted code')}</summary>
          <Code source={lost} label={trans.__('The code that made it')} />
        </details>
      )}
      <div className="nbc-Actions">
        {(ran !== null || cell.verdict === 'never-run') && (
          <Action label={trans.__('Run the cell')} onClick={() => void notebook?.runCells([cell.cell_id])} />
        )}
        {ran !== null && (
          <Action label={trans.__('Take the edit back')} onClick={() => void notebook?.replace(cell.cell_id, ran)} />
        )}
        {lost !== null && (
          <Action label={trans.__('Insert it above')} onClick={() => void notebook?.insertAbove(cell.cell_id, lost)} />
        )}
        {maker !== null && (
          <Action label={trans.__('Show where it was made')} onClick={() => void cairn.reveal(maker)} />
        )}
      </div>
    </>
  );
}
