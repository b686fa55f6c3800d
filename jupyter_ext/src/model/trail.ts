import { ISignal, Signal } from '@lumino/signaling';

import { ICellVerdict, ICheck, ICheckCell, ICheckRequest, IPlan, IStatus } from '../_api';
import { lookOnce } from './peeker';

/**
 * A notebook as the model needs it; the adapter over JupyterLab's panel is in `notebook.ts`.
 */
export interface IDocumentSource {
  readonly path: string;
  readonly kernelId: string | null;
  cells(): ICheckCell[];
  /** Cells were edited, moved, added or removed. */
  readonly edited: ISignal<IDocumentSource, void>;
  /** A cell finished, the kernel changed, or the notebook was renamed. */
  readonly settled: ISignal<IDocumentSource, void>;
}

/** The part of the client that the model asks. */
export interface ICheckClient {
  status(path: string, signal?: AbortSignal): Promise<IStatus>;
  check(request: ICheckRequest, signal?: AbortSignal): Promise<ICheck>;
}

/** What the server said of a notebook that has a trail. */
export interface IReport {
  readonly status: IStatus;
  readonly check: ICheck;
  /** When it was said. */
  readonly at: Date;
}

/**
 * What is known about the notebook in front. After a failure the report before it stays at hand.
 */
export type TrailState =
  | { kind: 'idle' }
  | { kind: 'loading' }
  | { kind: 'untracked'; status: IStatus }
  | ({ kind: 'ready' } & IReport)
  | { kind: 'error'; error: Error; last: IReport | null };

/** Milliseconds after which a request that never came back counts as failed. */
const PATIENCE = 30_000;

/** Milliseconds after a run until the kernel has had the time to tell more of what the run made, such as statistics. */
const PAUSE = 1000;

/** Tells one state of the record from another: this notebook's newest run, and what came from others. */
function recordOf(status: IStatus): string {
  return `${status.last_run} ${status.all_runs} ${status.told}`;
}

function differ(status: IStatus, known: IStatus): boolean {
  return status.recording !== known.recording || recordOf(status) !== recordOf(known);
}

/**
 * Follows one notebook: asks the server for verdicts when something changed, and keeps the newest answer.
 *
 * Asks only while somebody looks (`watched`), and one question at a time: what changes meanwhile is asked when the answer
 * is there, so that running two hundred cells does not ask two hundred times.
 */
export class TrailModel {
  constructor(
    private readonly client: ICheckClient,
    private delay = 300,
    private readonly pause = PAUSE
  ) {}

  /** The state changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Something was recorded since: lists should be asked for again. */
  get recorded(): ISignal<this, void> {
    return this._recorded;
  }

  get state(): TrailState {
    return this._state;
  }

  get source(): IDocumentSource | null {
    return this._source;
  }

  get path(): string {
    return this._source?.path ?? '';
  }

  /** Milliseconds between the last edit and the check that follows it. */
  setDelay(delay: number): void {
    this.delay = delay;
  }

  /** The newest report on the notebook in front, also when the last question failed. */
  get report(): IReport | null {
    return this._state.kind === 'ready' ? this._state : this._state.kind === 'error' ? this._state.last : null;
  }

  /** Verdict of each cell, by id. */
  get verdicts(): ReadonlyMap<string, ICellVerdict> {
    return new Map(this.report?.check.cells.map(cell => [cell.cell_id, cell]));
  }

  /** Runs of the notebook in front that the trail had, and has no longer: it was deleted, moved or replaced. */
  get lost(): number {
    return this._lost.get(this.path) ?? 0;
  }

  /** Follow another notebook, or none. */
  follow(source: IDocumentSource | null): void {
    if (source === this._source) {
      return;
    }
    this._source?.edited.disconnect(this._onEdited, this);
    this._source?.settled.disconnect(this._onSettled, this);
    this._source = source;
    this._abort();
    this._lastRecord = null;
    source?.edited.connect(this._onEdited, this);
    source?.settled.connect(this._onSettled, this);
    this._set(source ? (this._known.get(source.path) ?? { kind: 'loading' }) : { kind: 'idle' });
    void this.refresh();
  }

  get watched(): boolean {
    return this._watched;
  }

  /** Say whether anybody looks; the model rests while nobody does. */
  set watched(value: boolean) {
    const woken = value && !this._watched;
    this._watched = value;
    if (woken) {
      void this.refresh();
    }
  }

  /** Ask the server now, or as soon as the question that is under way is answered. */
  async refresh(): Promise<void> {
    window.clearTimeout(this._timer);
    const source = this._source;
    if (!source || !this._watched || this._isDisposed) {
      return;
    }
    if (this._pending) {
      this._again = true;
      return;
    }
    const pending = (this._pending = new AbortController());
    const patience = window.setTimeout(() => pending.abort(), PATIENCE);
    try {
      const state = await this._ask(source, pending.signal);
      this._settle(pending, state);
    } catch (error) {
      this._settle(pending, { kind: 'error', error: error as Error, last: this.report });
    } finally {
      window.clearTimeout(patience);
    }
    if (this._again) {
      this._again = false;
      await this.refresh();
    }
  }

  /** The shortest way to a cell that shows what it should: the cell, with what it needs. Asks the server now. */
  async planFor(cellId: string): Promise<IPlan | null> {
    const source = this._source;
    return source && (await this.client.check({ ...requestOf(source), target: cellId })).plan;
  }

  /** Look whether something was recorded from elsewhere, and only then ask for everything; true where there was something. */
  async peek(): Promise<boolean> {
    const source = this._source;
    if (!source || this._pending || (this._state.kind !== 'ready' && this._state.kind !== 'untracked')) {
      return false;
    }
    const status = await this.client.status(source.path);
    const state = this._state;
    if (
      source !== this._source ||
      (state.kind !== 'ready' && state.kind !== 'untracked') ||
      !differ(status, state.status)
    ) {
      return false;
    }
    if (state.kind === 'ready' && !differ({ ...status, told: state.status.told }, state.status)) {
      this._set({ ...state, status }); // something was told of an artifact: the verdicts stay as they are
    } else {
      await this.refresh();
    }
    return true;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this.follow(null);
    this._isDisposed = true;
    window.clearTimeout(this._timer);
    window.clearTimeout(this._after);
    Signal.clearData(this);
  }

  private async _ask(source: IDocumentSource, signal: AbortSignal): Promise<TrailState> {
    const [status, check] = await Promise.all([
      this.client.status(source.path, signal),
      this.client.check(requestOf(source), signal)
    ]);
    this._note(source.path, status);
    return status.trail === null || status.runs === 0
      ? { kind: 'untracked', status }
      : { kind: 'ready', status, check, at: new Date() };
  }

  private _note(path: string, status: IStatus): void {
    const known = this._known.get(path);
    const before = known?.kind === 'ready' || known?.kind === 'untracked' ? known.status.runs : 0;
    if (status.runs < before) {
      this._lost.set(path, before - status.runs);
    }
  }

  private _settle(pending: AbortController, state: TrailState): void {
    if (pending === this._pending) {
      this._pending = null;
      this._set(state);
    }
  }

  private _abort(): void {
    this._pending?.abort();
    this._pending = null;
    this._again = false;
  }

  private _set(state: TrailState): void {
    this._state = state;
    if (this._source && (state.kind === 'ready' || state.kind === 'untracked')) {
      this._known.set(this._source.path, state);
    }
    this._changed.emit();
    const record = state.kind === 'ready' ? recordOf(state.status) : null;
    if (record !== this._lastRecord) {
      this._lastRecord = record;
      this._recorded.emit();
    }
  }

  private _onEdited(): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => void this.refresh(), this.delay);
  }

  private _onSettled(): void {
    void this.refresh();
    window.clearTimeout(this._after);
    this._after = window.setTimeout(() => this._watched && lookOnce(this), this.pause);
  }

  private _state: TrailState = { kind: 'idle' };
  private _source: IDocumentSource | null = null;
  private _watched = false;
  private _isDisposed = false;
  private _lastRecord: string | null = null;
  private _timer = 0;
  private _after = 0;
  private _again = false;
  /** The last answer for each notebook, shown while a new one is on its way. */
  private readonly _known = new Map<string, TrailState>();
  private readonly _lost = new Map<string, number>();
  private _pending: AbortController | null = null;
  private _changed = new Signal<this, void>(this);
  private _recorded = new Signal<this, void>(this);
}

function requestOf(source: IDocumentSource): ICheckRequest {
  return { path: source.path, kernel_id: source.kernelId, cells: source.cells() };
}
