import { ISignal, Signal } from '@lumino/signaling';

import { ICheck, ICheckCell, ICheckRequest, ICellVerdict, IStatus } from '../_api';

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

/**
 * What is known about the notebook in front.
 */
export type TrailState =
  | { kind: 'idle' }
  | { kind: 'loading' }
  | { kind: 'untracked'; status: IStatus }
  | { kind: 'ready'; status: IStatus; check: ICheck }
  | { kind: 'error'; error: Error };

/**
 * Follows one notebook: asks the server for verdicts when something changed, and keeps the newest answer.
 *
 * Asks only while somebody looks (`watched`); requests that are overtaken are aborted.
 */
export class TrailModel {
  constructor(
    private readonly client: ICheckClient,
    private delay = 300
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

  /** Verdict of each cell, by id. */
  get verdicts(): Map<string, ICellVerdict> {
    const cells = this._state.kind === 'ready' ? this._state.check.cells : [];
    return new Map(cells.map(cell => [cell.cell_id, cell]));
  }

  /** Follow another notebook, or none. */
  follow(source: IDocumentSource | null): void {
    if (source === this._source) {
      return;
    }
    this._source?.edited.disconnect(this._onEdited, this);
    this._source?.settled.disconnect(this._onSettled, this);
    this._source = source;
    this._lastRun = null;
    source?.edited.connect(this._onEdited, this);
    source?.settled.connect(this._onSettled, this);
    this._set(source ? { kind: 'loading' } : { kind: 'idle' });
    void this.refresh();
  }

  /** Say whether anybody looks; the model rests while nobody does. */
  set watched(value: boolean) {
    const woken = value && !this._watched;
    this._watched = value;
    if (woken) {
      void this.refresh();
    }
  }

  /** Ask the server now. */
  async refresh(): Promise<void> {
    window.clearTimeout(this._timer);
    const source = this._source;
    if (!source || !this._watched || this._isDisposed) {
      return;
    }
    this._pending?.abort();
    const pending = (this._pending = new AbortController());
    try {
      const state = await this._ask(source, pending.signal);
      if (pending === this._pending && source === this._source) {
        this._set(state);
      }
    } catch (error) {
      if (!pending.signal.aborted && source === this._source) {
        this._set({ kind: 'error', error: error as Error });
      }
    }
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
    this._pending?.abort();
    window.clearTimeout(this._timer);
    Signal.clearData(this);
  }

  private async _ask(source: IDocumentSource, signal: AbortSignal): Promise<TrailState> {
    const status = await this.client.status(source.path, signal);
    if (status.trail === null || status.runs === 0) {
      return { kind: 'untracked', status };
    }
    const request = { path: source.path, kernel_id: source.kernelId, cells: source.cells() };
    const check = await this.client.check(request, signal);
    return { kind: 'ready', status, check };
  }

  private _set(state: TrailState): void {
    this._state = state;
    this._changed.emit();
    const run = state.kind === 'ready' ? state.status.last_run : null;
    if (run !== this._lastRun) {
      this._lastRun = run;
      this._recorded.emit();
    }
  }

  private _onEdited(): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => void this.refresh(), this.delay);
  }

  private _onSettled(): void {
    void this.refresh();
  }

  private _state: TrailState = { kind: 'idle' };
  private _source: IDocumentSource | null = null;
  private _watched = false;
  private _isDisposed = false;
  private _lastRun: string | null = null;
  private _timer = 0;
  private _pending: AbortController | null = null;
  private _changed = new Signal<this, void>(this);
  private _recorded = new Signal<this, void>(this);
}
