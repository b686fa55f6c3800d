import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { TrailError } from '../api/client';

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
  const { trans, error } = props;
  const missing = error instanceof TrailError && error.isMissingServer;
  const remedy = missing
    ? trans.__(
        'Install nbcairn in the environment that runs Jupyter Server (pip install nbcairn) and restart it; “nbcairn doctor” says what is missing.'
      )
    : error instanceof TrailError
      ? error.remedy
      : trans.__('Is Jupyter Server still running?');
  return (
    <div className="nbc-Failure" role="alert">
      <div className="nbc-Failure-title">
        {missing ? trans.__('The server does not know Cairn.') : error.message}
      </div>
      <div>{remedy}</div>
      <button className="jp-mod-styled nbc-Button" onClick={props.onRetry}>
        {trans.__('Try again')}
      </button>
    </div>
  );
}

/** A button that looks like text, for actions inside lists. */
export function Action(props: { label: string; title?: string; onClick: () => void }): JSX.Element {
  return (
    <button className="nbc-Action" title={props.title ?? props.label} onClick={props.onClick}>
      {props.label}
    </button>
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

/** The result of an asynchronous question, asked again when `deps` change. */
export type Answer<T> = { value?: T; error?: Error; loading: boolean };

export function useAnswer<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  deps: React.DependencyList
): Answer<T> {
  const [answer, setAnswer] = React.useState<Answer<T>>({ loading: true });
  React.useEffect(() => {
    const abort = new AbortController();
    setAnswer(before => ({ ...before, loading: true }));
    ask(abort.signal).then(
      value => setAnswer({ value, loading: false }),
      (error: Error) => !abort.signal.aborted && setAnswer({ error, loading: false })
    );
    return () => abort.abort();
  }, deps);
  return answer;
}
