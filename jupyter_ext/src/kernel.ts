import { ISessionContext } from '@jupyterlab/apputils';
import { Kernel, KernelMessage } from '@jupyterlab/services';
import { ISignal, Signal } from '@lumino/signaling';

import { QUESTION, Recording, recordingOf } from './model/recording';

const UNASKED: Recording = { kind: 'unasked' };
/** No kernel is there yet, and one is on its way. */
const COMING: ReadonlySet<string> = new Set(['initializing', 'connecting', 'starting', 'restarting']);

/**
 * The kernel of one notebook: whether it records, and how to make it record. What is asked of it leaves no trace in the
 * notebook, its counts or its history, and is asked once in a kernel's life.
 */
export class NotebookKernel {
  constructor(private readonly context: ISessionContext) {
    context.kernelChanged.connect(this._onKernelChanged, this);
    context.statusChanged.connect(this._onStatus, this);
  }

  get id(): string | null {
    return this._connection?.id ?? null;
  }

  /** Whether it records; the trail knows of a session only once something ran in it. */
  get recording(): Recording {
    const kernel = this._connection;
    if (!kernel || kernel.status === 'dead') {
      const isComing = COMING.has(this.context.kernelDisplayStatus);
      return isComing ? UNASKED : this._isGone || this.context.isReady ? { kind: 'no-kernel' } : UNASKED;
    }
    return this._recording;
  }

  /** It was restarted here: what the trail says of its session may be of the life before, as when it was killed. */
  get hasRestarted(): boolean {
    return this._hasRestarted;
  }

  /** A kernel is there that was not before: started, changed or restarted. */
  get began(): ISignal<this, void> {
    return this._began;
  }

  /** What is known of the kernel changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Ask whether it records, unless that was asked. The answer comes once the kernel is free. */
  async ask(): Promise<void> {
    const kernel = this._connection;
    if (!kernel || this._asked === kernel || this._recording.kind !== 'unasked') {
      return;
    }
    this._asked = kernel;
    const found = await answerOf(kernel);
    if (this._asked !== kernel) {
      return; // it was replaced or restarted meanwhile
    }
    if (found.kind === 'unasked') {
      this._asked = null; // the question was dropped, as after a cell that failed: it may be put again
    } else {
      this._set(found);
    }
  }

  /** Something may have changed it: it is asked again when somebody wants to know. */
  forget(): void {
    this._asked = null;
    this._recording = UNASKED;
  }

  /** Load the kernel layer, and say whether it records now. A kernel that is on its way is waited for. */
  async record(): Promise<Recording> {
    await this.context.ready;
    const kernel = this._connection;
    if (!kernel) {
      return { kind: 'no-kernel' };
    }
    if ((await languageOf(kernel)) === 'python') {
      await execute(kernel, '%load_ext nbcairn');
    }
    this.forget();
    await this.ask();
    return this.recording;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this.forget();
      Signal.clearData(this);
    }
  }

  private get _connection(): Kernel.IKernelConnection | null {
    return this.context.session?.kernel ?? null;
  }

  private _set(recording: Recording): void {
    this._recording = recording;
    this._changed.emit();
  }

  private _onKernelChanged(): void {
    this._isGone = this._connection === null;
    this.forget();
    this._began.emit();
    this._changed.emit();
  }

  private _onStatus(_: unknown, status: Kernel.Status): void {
    if (status === 'restarting' || status === 'autorestarting' || status === 'dead') {
      this._isRestarting = this._hasRestarted = true;
      this.forget();
      this._changed.emit();
    } else if (status === 'idle' && this._isRestarting) {
      this._isRestarting = false;
      this._onKernelChanged();
    }
  }

  private _recording: Recording = UNASKED;
  private _asked: Kernel.IKernelConnection | null = null;
  /** It had a kernel, and that was shut down: what comes up has none yet, but will. */
  private _isGone = false;
  private _isRestarting = false;
  private _hasRestarted = false;
  private _isDisposed = false;
  private readonly _began = new Signal<this, void>(this);
  private readonly _changed = new Signal<this, void>(this);
}

/** The language a kernel runs; empty where the kernel died before it could say. */
async function languageOf(kernel: Kernel.IKernelConnection): Promise<string> {
  return kernel.info.then(
    info => info.language_info.name,
    () => ''
  );
}

async function answerOf(kernel: Kernel.IKernelConnection): Promise<Recording> {
  const language = await languageOf(kernel);
  if (language !== 'python') {
    return language ? { kind: 'other-language', language } : UNASKED;
  }
  const reply = await execute(kernel, '', { nbcairn: QUESTION });
  const answer = reply?.content.status === 'ok' ? reply.content.user_expressions['nbcairn'] : undefined;
  const data = (answer as { data?: { 'text/plain'?: string } } | undefined)?.data;
  return recordingOf(data?.['text/plain'] ?? '');
}

/** Run code out of sight. Null where the kernel died or was restarted meanwhile. */
async function execute(
  kernel: Kernel.IKernelConnection,
  code: string,
  expressions: Record<string, string> = {}
): Promise<KernelMessage.IExecuteReplyMsg | null> {
  const content: KernelMessage.IExecuteRequestMsg['content'] = {
    code,
    silent: true,
    store_history: false,
    allow_stdin: false,
    user_expressions: expressions
  };
  return kernel.requestExecute(content, true).done.then(
    reply => reply ?? null,
    () => null
  );
}
