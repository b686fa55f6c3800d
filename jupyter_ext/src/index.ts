import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Clipboard, ICommandPalette, Notification } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';

import { TrailClient } from './api/client';
import { addCommands, CommandIDs } from './commands';
import { clearMarks, markCells } from './marks/marks';
import { TrailModel } from './model/trail';
import { PanelSource } from './notebook';
import { IPanelContext } from './panels/context';
import { Sidebar, SIDEBAR_ID } from './panels/sidebar';
import { readSettings } from './settings';
import { StatusItem } from './status';

const PLUGIN_ID = 'nbcairn:plugin';

/**
 * The sidebar, the marks on cells, the status item and the commands, over one model that follows the notebook in front.
 */
const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'Shows what Cairn recorded: which cells still hold, artifacts, lineage and history.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ICommandPalette, ILayoutRestorer, IStatusBar, ISettingRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    statusBar: IStatusBar | null,
    registry: ISettingRegistry | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('nbcairn');
    const follower = new Follower(tracker, trans);
    const sidebar = new Sidebar(follower.context, visible => follower.watch('sidebar', visible));
    app.shell.add(sidebar, 'left', { rank: 650, type: 'Cairn' });
    restorer?.add(sidebar, SIDEBAR_ID);
    const open = () => app.shell.activateById(SIDEBAR_ID);
    addCommands(app, follower.context, sidebar, palette, open);
    if (statusBar) {
      const item = new StatusItem(follower.context.model, trans, () => {
        void app.commands.execute(CommandIDs.open);
      });
      statusBar.registerStatusItem(`${PLUGIN_ID}:status`, { item, align: 'left', rank: 900 });
    }
    if (registry) {
      void readSettings(registry, PLUGIN_ID, settings => follower.configure(settings)).catch(error => {
        console.warn('nbcairn: its settings could not be read.', error);
      });
    } else {
      follower.watch('marks', true);
    }
  }
};

/**
 * Keeps the model on the notebook in front, and the marks on its cells.
 */
class Follower {
  constructor(
    tracker: INotebookTracker,
    private readonly trans: TranslationBundle
  ) {
    const client = new TrailClient();
    const model = new TrailModel(client);
    this.context = {
      trans,
      client,
      model,
      source: () => this.source,
      reveal: cellId => this.reveal(cellId),
      record: () => this.record(),
      copy: text => Clipboard.copyToSystem(text)
    };
    tracker.currentChanged.connect(this.onCurrent, this);
    model.changed.connect(this.onChanged, this);
    this.onCurrent(tracker, tracker.currentWidget);
  }

  readonly context: IPanelContext;

  /** The model works while the sidebar is open or marks are wanted. */
  watch(who: string, wanted: boolean): void {
    this.watchers.set(who, wanted);
    this.context.model.watched = [...this.watchers.values()].some(Boolean);
  }

  configure(settings: { showMarks: boolean; checkDelay: number; startRecording: boolean }): void {
    this.marks = settings.showMarks;
    this.always = settings.startRecording;
    this.context.model.setDelay(settings.checkDelay);
    if (!this.marks && this.source) {
      clearMarks(this.source.panel.content);
    }
    this.watch('marks', this.marks);
    this.onChanged();
  }

  private onCurrent(_: unknown, panel: NotebookPanel | null): void {
    if (this.source?.panel !== panel) {
      this.source?.dispose();
      this.source = panel ? new PanelSource(panel) : null;
      this.context.model.follow(this.source);
    }
  }

  private onChanged(): void {
    const { state, verdicts } = this.context.model;
    if (this.marks && this.source && (state.kind === 'ready' || state.kind === 'untracked')) {
      markCells(this.source.panel.content, verdicts, this.trans);
    }
    const kernel = this.source?.kernelId;
    if (this.always && kernel && !this.started.has(kernel)) {
      this.started.add(kernel);
      void this.record();
    }
  }

  private async reveal(cellId: string): Promise<void> {
    if (!(await this.source?.reveal(cellId))) {
      Notification.info(this.trans.__('This cell is no longer in the notebook; its code is in the history.'), {
        autoClose: 4000
      });
    }
  }

  private async record(): Promise<void> {
    const begun = await this.source?.record();
    if (!begun) {
      Notification.warning(
        this.trans.__(
          'Recording could not begin: is a Python kernel running, with nbcairn installed in its environment (pip install nbcairn)?'
        ),
        { autoClose: 8000 }
      );
    }
  }

  private source: PanelSource | null = null;
  private marks = true;
  private always = false;
  private readonly started = new Set<string>();
  private readonly watchers = new Map<string, boolean>();
}

export default plugin;
