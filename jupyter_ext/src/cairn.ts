import { JupyterFrontEnd } from '@jupyterlab/application';
import { Clipboard, Notification } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { ServerConnection } from '@jupyterlab/services';
import { TranslationBundle } from '@jupyterlab/translation';
import { ISignal, Signal } from '@lumino/signaling';

import { TrailClient } from './api/client';
import { Peeker } from './model/peeker';
import { whyNotRecording } from './model/recording';
import { TrailModel } from './model/trail';
import { PanelSource } from './notebook';
import { DEFAULTS, ICairnSettings } from './settings';
import { ICairn } from './tokens';

/** Who looks while the sidebar is open. */
export const PANEL = 'sidebar';

/**
 * Keeps one model on the notebook in front, and does to that notebook what the panels ask for.
 */
export class Cairn implements ICairn {
  constructor(
    private readonly app: JupyterFrontEnd,
    tracker: INotebookTracker,
    readonly trans: TranslationBundle
  ) {
    this.client = new TrailClient(ServerConnection.makeSettings(app.serviceManager.serverSettings));
    this.model = new TrailModel(this.client);
    this._peeker = new Peeker(this.model);
    this.model.changed.connect(this._onModel, this);
    tracker.currentChanged.connect(this._onCurrent, this);
    this._onCurrent(tracker, tracker.currentWidget);
  }

  readonly client: TrailClient;
  readonly model: TrailModel;

  get settings(): ICairnSettings {
    return this._settings;
  }

  get settingsChanged(): ISignal<this, ICairnSettings> {
    return this._settingsChanged;
  }

  source(): PanelSource | null {
    return this._source;
  }

  watch(who: string, wanted: boolean): void {
    this._watchers.set(who, wanted);
    this.model.watched = [...this._watchers.values()].some(Boolean);
    this._peeker.isOpen = this._watchers.get(PANEL) ?? false;
  }

  configure(settings: ICairnSettings): void {
    this._settings = settings;
    this.model.setDelay(settings.checkDelay);
    this._settingsChanged.emit(settings);
    this._onKernel();
  }

  copy(text: string): void {
    Clipboard.copyToSystem(text);
  }

  save(name: string, content: Blob): void {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(content);
    link.download = name;
    link.click();
    // The browser has taken it once the click was handled.
    window.setTimeout(() => URL.revokeObjectURL(link.href));
  }

  tell(message: string, kind: 'info' | 'warning' | 'error'): void {
    Notification.emit(message, kind, { autoClose: kind === 'info' ? 4000 : 8000 });
  }

  run(command: string, args: Record<string, string> = {}): void {
    void this.app.commands.execute(command, args);
  }

  async reveal(cellId: string): Promise<void> {
    if (!(await this._source?.reveal(cellId))) {
      Notification.info(this.trans.__('This cell is no longer in the notebook; its code is in the history.'), {
        autoClose: 4000
      });
    }
  }

  async record(): Promise<void> {
    const recording = (await this._source?.kernel.record()) ?? { kind: 'no-kernel' };
    if (recording.kind !== 'yes') {
      const reason = whyNotRecording(recording, this.trans);
      Notification.warning(reason?.replaceAll('`', '') ?? this.trans.__('The kernel does not answer.'), {
        autoClose: 8000
      });
    }
  }

  private _onCurrent(_: unknown, panel: NotebookPanel | null): void {
    if (this._source?.panel === panel) {
      return;
    }
    this._source?.dispose();
    this._source = panel ? new PanelSource(panel) : null;
    this._source?.kernel.began.connect(this._onKernel, this);
    this.model.follow(this._source);
    this._onKernel();
  }

  /** The trail knows of a kernel once something ran in it; before, only the kernel knows. */
  private _onModel(): void {
    this._peeker.wake();
    const { state } = this.model;
    const kernel = this._source?.kernel;
    if ((state.kind === 'ready' || state.kind === 'untracked') && (!state.status.recording || kernel?.hasRestarted)) {
      void kernel?.ask();
    }
  }

  /** A kernel began: record in it where that is wanted always. */
  private _onKernel(): void {
    if (this._settings.startRecording && this._source?.kernelId) {
      void this._source.kernel.record();
    }
  }

  private _source: PanelSource | null = null;
  private _settings: ICairnSettings = DEFAULTS;
  private readonly _peeker: Peeker;
  private readonly _watchers = new Map<string, boolean>();
  private readonly _settingsChanged = new Signal<this, ICairnSettings>(this);
}
