import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { TrailError } from '../api/client';
import { verdictIcons } from './icons';
import { diffLines } from '../model/diff';
import { Verdict } from '../model/verdicts';

/** What every view gets. */
export interface IViewProps {
  readonly trans: TranslationBundle;
}

/** A place where there is nothing to show, and what to do about it. */
export function Empty(props: { title: string; text?: string; children?: React.ReactNode }): JSX.Element {
  return (
    <div className="nbc-Empty">
      <div className="nbc-Empty-title">{props.title}</div>
      {props.text && <div className="nbc-Empty-text">{props.text}</div>}
      {props.children}
    </div>
  );
}

/** Grey lines where text will be. */
export function Loading(props: IViewProps & { rows?: number }): JSX.Element {
  return (
    <div className="nbc-Loading" role="status" aria-label={props.trans.__('Loading')}>
      {Array.from({ length: props.rows ?? 3 }, (_, row) => (
        <div key={row} className="nbc-Loading-line" />
      ))}
    </div>
  );
}

/** What went wrong and how to mend it. */
export function Failure(props: IViewProps & { error: Error; onRetry: () => void }): JSX.Element {
  const { trans } = props;
  const [fact, remedy] = explained(props.error, trans);
  return (
    <div className="nbc-Failure" role="alert">
      <div className="nbc-Failure-title">{fact}</div>
      <div>{withCode(remedy)}</div>
      <button className="jp-mod-styled nbc-Button" onClick={props.onRetry}>
        {trans.__('Try again')}
      </button>
    </div>
  );
}

/** The fact, and what mends it. */
function explained(error: Error, trans: TranslationBundle): [string, string] {
  if (!(error instanceof TrailError)) {
    return [
      trans.__('The server does not answer.'),
      trans.__('Is Jupyter Server still running? What was recorded is safe.')
    ];
  }
  if (error.isMissingServer) {
    return [
      trans.__('The server does not know Cairn.'),
      trans.__(
        'Install nbcairn in the environment that runs Jupyter Server (pip install nbcairn) and restart it; “nbcairn doctor” says what is missing.'
      )
    ];
  }
  return error.isLoggedOut
    ? [trans.__('You are logged out of Jupyter.'), trans.__('Log in again, in another tab, then try again here.')]
    : [error.message, error.remedy];
}

/** A button that looks like text, for actions inside lists. */
export function Action(props: {
  label: string;
  title?: string;
  isDisabled?: boolean;
  onClick: () => void;
}): JSX.Element {
  return (
    <button className="nbc-Action" title={props.title} disabled={props.isDisabled} onClick={props.onClick}>
      {props.label}
    </button>
  );
}

/** The shape and colour of a verdict; the text beside it says the same. */
export function VerdictIcon(props: { verdict: Verdict }): JSX.Element {
  const Icon = verdictIcons[props.verdict].react;
  return (
    <span className="nbc-VerdictIcon" data-verdict={props.verdict} aria-hidden="true">
      <Icon tag={null} />
    </span>
  );
}

/** Code as it ran. */
export function Code(props: { source: string; label: string }): JSX.Element {
  return (
    <pre className="nbc-Code" tabIndex={0} aria-label={props.label}>
      {props.source}
    </pre>
  );
}

const SIGNS = { same: '  ', added: '+ ', removed: '- ' } as const;

/** What changed between two texts, line by line. */
export function Diff(props: { before: string; after: string; label: string }): JSX.Element {
  return (
    <pre className="nbc-Code nbc-Diff" tabIndex={0} aria-label={props.label}>
      {diffLines(props.before, props.after).map((line, row) => (
        <span key={row} data-kind={line.kind}>
          {`${SIGNS[line.kind]}${line.text}\n`}
        </span>
      ))}
    </pre>
  );
}

/** Names as code, after a word. */
export function Names({ label, names }: { label: string; names: readonly string[] }): JSX.Element | null {
  return names.length === 0 ? null : (
    <div className="nbc-Names">
      {label && <span>{label}</span>}
      {names.map(name => (
        <code key={name}>{name}</code>
      ))}
    </div>
  );
}

/** Names between backquotes become code; everything else stays text. */
export function withCode(text: string): React.ReactNode[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}

/** The result of an asynchronous question, asked again when `deps` change. */
export type Answer<T> = { value?: T; error?: Error; loading: boolean };

export function useAnswer<T>(ask: (signal: AbortSignal) => Promise<T>, deps: React.DependencyList): Answer<T> {
  const [answer, setAnswer] = React.useState<Answer<T>>({ loading: true });
  React.useEffect(() => {
    const abort = new AbortController();
    setAnswer(before => ({ ...before, loading: true }));
    ask(abort.signal).then(
      value => !abort.signal.aborted && setAnswer({ value, loading: false }),
      (error: Error) => !abort.signal.aborted && setAnswer({ error, loading: false })
    );
    return () => abort.abort();
  }, deps);
  return answer;
}
