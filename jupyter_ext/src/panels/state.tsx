import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { ICellVerdict, ICheck, IFinding } from '../_api';
import { firstLine } from '../model/format';
import { groupByVerdict, Verdict } from '../model/verdicts';
import { Action, Code, Empty, Failure, Loading } from './parts';
import { ISectionProps } from './section';

/** What a verdict is called. */
export function verdictLabel(verdict: Verdict, trans: TranslationBundle): string {
  const labels: Record<Verdict, string> = {
    fresh: trans.__('fresh'),
    stale: trans.__('stale'),
    unknown: trans.__('unknown'),
    'never-run': trans.__('never run')
  };
  return labels[verdict];
}

/** One line: what Restart & Run All would do now. */
export function headline(check: ICheck, trans: TranslationBundle): string {
  const total = check.cells.length;
  const fresh = check.summary['fresh'] ?? 0;
  if (total === 0) {
    return trans.__('The notebook has no code cells.');
  }
  if (fresh === total) {
    return trans._n(
      'Restart & Run All would show the same.',
      'Restart & Run All would show the same in all %1 cells.',
      total
    );
  }
  const stale = check.summary['stale'] ?? 0;
  return stale > 0
    ? trans._n(
        'Restart & Run All would change 1 of %2 cells.',
        'Restart & Run All would change %1 of %2 cells.',
        stale,
        total
      )
    : trans.__('No cell is known to be stale; not all is known.');
}

/** The State section: the headline, and every finding with its reason and remedy. */
export function StateView(props: ISectionProps): JSX.Element {
  const { context } = props;
  const { model, trans } = context;
  const state = model.state;
  switch (state.kind) {
    case 'idle':
      return (
        <Empty
          title={trans.__('No notebook in front')}
          text={trans.__('Open a notebook: Cairn says which of its cells still hold.')}
        />
      );
    case 'loading':
      return <Loading trans={trans} />;
    case 'error':
      return <Failure trans={trans} error={state.error} onRetry={() => void model.refresh()} />;
    case 'untracked':
      return <Welcome {...props} />;
    case 'ready':
      return <Report {...props} check={state.check} />;
  }
}

function Welcome({ context }: ISectionProps): JSX.Element {
  const { trans } = context;
  const [tried, setTried] = React.useState(false);
  const record = async () => {
    await context.record();
    setTried(true);
  };
  return (
    <Empty
      title={trans.__('Nothing recorded yet')}
      text={
        tried
          ? trans.__('Recording. Run a cell, and it appears here.')
          : trans.__('Cairn can record what each cell reads, writes and shows, from now on.')
      }
    >
      {!tried && (
        <button className="jp-mod-styled jp-mod-accept nbc-Button" onClick={() => void record()}>
          {trans.__('Start recording')}
        </button>
      )}
      <div className="nbc-Hint">
        {trans.__(
          'Or put %load_ext nbcairn into the first cell; “nbcairn enable” in a terminal records in every notebook. Nothing leaves this machine, and nothing is written into the notebook.'
        )}
      </div>
    </Empty>
  );
}

function Report({ context, check }: ISectionProps & { check: ICheck }): JSX.Element {
  const { trans } = context;
  const groups = groupByVerdict(check);
  return (
    <div className="nbc-State">
      <div className="nbc-State-headline" role="status">
        {headline(check, trans)}
      </div>
      <Bar check={check} trans={trans} />
      {groups.map(group => (
        <section key={group.verdict} aria-label={verdictLabel(group.verdict, trans)}>
          <h3 className="nbc-Group" data-verdict={group.verdict}>
            {verdictLabel(group.verdict, trans)} ({group.cells.length})
          </h3>
          <ul className="nbc-List">
            {group.cells.map(cell => (
              <FlaggedCell key={cell.cell_id} context={context} cell={cell} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Bar(props: { check: ICheck; trans: TranslationBundle }): JSX.Element {
  const { check, trans } = props;
  const order: Verdict[] = ['fresh', 'stale', 'unknown', 'never-run'];
  const parts = order.filter(verdict => (check.summary[verdict] ?? 0) > 0);
  return (
    <>
      <div className="nbc-Bar" aria-hidden="true">
        {parts.map(verdict => (
          <div key={verdict} data-verdict={verdict} style={{ flexGrow: check.summary[verdict] }} />
        ))}
      </div>
      <div className="nbc-Legend">
        {parts.map(verdict => (
          <span key={verdict} data-verdict={verdict}>
            {check.summary[verdict]} {verdictLabel(verdict, trans)}
          </span>
        ))}
      </div>
    </>
  );
}

function FlaggedCell({ context, cell }: { context: ISectionProps['context']; cell: ICellVerdict }): JSX.Element {
  const { trans } = context;
  const source = context.source()?.cells().find(item => item.id === cell.cell_id)?.source ?? '';
  return (
    <li className="nbc-Flagged" data-verdict={cell.verdict}>
      <button
        className="nbc-Flagged-cell"
        title={trans.__('Show this cell')}
        onClick={() => void context.reveal(cell.cell_id)}
      >
        <span className="nbc-Mark" data-verdict={cell.verdict} aria-hidden="true" />
        <span className="nbc-Flagged-number">{trans.__('Cell %1', cell.index + 1)}</span>
        <code>{firstLine(source, 80)}</code>
      </button>
      {cell.findings.map(finding => (
        <Finding key={finding.code + finding.message} context={context} finding={finding} />
      ))}
    </li>
  );
}

function Finding({ context, finding }: { context: ISectionProps['context']; finding: IFinding }): JSX.Element {
  const { trans } = context;
  const because = finding.because;
  const maker = asText(because['made_by_cell']);
  const lost = asText(because['made_by_source']) ?? asText(because['ran']);
  return (
    <div className="nbc-Finding">
      <div className="nbc-Finding-title">
        <span className="nbc-Code-badge" title={finding.title}>
          {finding.code}
        </span>
        {finding.title}
      </div>
      <div>{withCode(finding.message)}</div>
      <div className="nbc-Remedy">{withCode(finding.remedy)}</div>
      {maker && <Action label={trans.__('Show the cell that made it')} onClick={() => void context.reveal(maker)} />}
      {lost && (
        <details className="nbc-Why">
          <summary>{trans.__('The code that ran')}</summary>
          <Code source={lost} label={trans.__('The code that ran')} />
          <Action
            label={trans.__('Insert as a new cell')}
            onClick={() => context.source()?.insert(lost)}
          />
        </details>
      )}
    </div>
  );
}

/** Names between backquotes become code; everything else stays text. */
export function withCode(text: string): React.ReactNode[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}

function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
