import { ILabShell, ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { Cairn } from './cairn';
import { addCommands } from './commands';
import { addPages } from './pages/commands';
import { PageTools } from './pages/tools';
import { Memory } from './panels/memory';
import { Sidebar, SIDEBAR_ID } from './panels/sidebar';
import { readSettings } from './settings';
import { StatusItem } from './status';
import { ICairn, ISidebar } from './tokens';

const TRAIL_ID = 'nbcairn:plugin';

/** The model that follows the notebook in front; everything else builds on it. */
const trail: JupyterFrontEndPlugin<ICairn> = {
  id: TRAIL_ID,
  description: 'Follows the notebook in front and asks the server what Cairn recorded of it.',
  autoStart: true,
  provides: ICairn,
  requires: [INotebookTracker],
  optional: [ISettingRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    registry: ISettingRegistry | null,
    translator: ITranslator | null
  ): ICairn => {
    const cairn = new Cairn(app, tracker, (translator ?? nullTranslator).load('nbcairn'));
    if (registry) {
      void readSettings(registry, TRAIL_ID, settings => cairn.configure(settings)).catch(error => {
        console.warn('nbcairn: its settings could not be read; the defaults hold.', error);
      });
    }
    return cairn;
  }
};

/** State, artifacts, lineage and history in the left sidebar. */
const sidebar: JupyterFrontEndPlugin<Sidebar> = {
  id: 'nbcairn:sidebar',
  description: 'Shows in a sidebar which cells still hold, what was made, and how.',
  autoStart: true,
  provides: ISidebar,
  requires: [ICairn],
  optional: [ILayoutRestorer, IStateDB, IEditorLanguageRegistry, IRenderMimeRegistry],
  activate: (
    app: JupyterFrontEnd,
    cairn: ICairn,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
    languages: IEditorLanguageRegistry | null,
    rendermime: IRenderMimeRegistry | null
  ): Sidebar => {
    const widget = new Sidebar(cairn, new Memory(state), new PageTools(languages, rendermime, cairn.trans));
    app.shell.add(widget, 'left', { rank: 650, type: 'Cairn' });
    restorer?.add(widget, SIDEBAR_ID);
    return widget;
  }
};

/** Marks on the cells that Restart & Run All would change, and ways from plots to how they were made. */
const marks: JupyterFrontEndPlugin<void> = {
  id: 'nbcairn:marks',
  description: 'Marks the cells of the notebook that are not fresh, and leads from plots to how they were made.',
  autoStart: true,
  requires: [ICairn],
  activate: (app: JupyterFrontEnd, cairn: ICairn): void => {
    let drawn: Promise<typeof import('./marks/draw')> | null = null;
    const draw = async () => {
      const { showMarks, showPlotLinks } = cairn.settings;
      cairn.watch('marks', showMarks || showPlotLinks);
      if (!drawn && !cairn.model.report) {
        return; // nothing to draw, and nothing was drawn
      }
      drawn ??= import('./marks/draw');
      (await drawn).drawOn(app.commands, cairn);
    };
    const redraw = () => {
      draw().catch(error => console.warn('nbcairn: the marks could not be drawn.', error));
    };
    cairn.model.changed.connect(redraw);
    cairn.settingsChanged.connect(redraw);
    redraw();
  }
};

/** One short text in the status bar. */
const status: JupyterFrontEndPlugin<void> = {
  id: 'nbcairn:status',
  description: 'Says in the status bar how many cells are stale.',
  autoStart: true,
  requires: [ICairn],
  optional: [IStatusBar],
  activate: (app: JupyterFrontEnd, cairn: ICairn, bar: IStatusBar | null): void => {
    if (!bar) {
      return; // Notebook 7 has none
    }
    const item = new StatusItem(cairn);
    bar.registerStatusItem('nbcairn:status', {
      item,
      align: 'left',
      rank: 900,
      isActive: () => item.isWanted,
      activeStateChanged: item.wantedChanged
    });
  }
};

/** Every action, for the palette, menus, shortcuts and other extensions. */
const commands: JupyterFrontEndPlugin<void> = {
  id: 'nbcairn:commands',
  description: 'Adds the commands of Cairn.',
  autoStart: true,
  requires: [ICairn],
  optional: [ISidebar, ICommandPalette],
  activate: (app: JupyterFrontEnd, cairn: ICairn, panel: Sidebar | null, palette: ICommandPalette | null): void => {
    addCommands(app, cairn, panel, palette);
  }
};

/** Pages in the main area: an artifact, its graph, two versions compared, what a finding means. */
const pages: JupyterFrontEndPlugin<void> = {
  id: 'nbcairn:pages',
  description: 'Shows artifacts, comparisons and explanations in the main area.',
  autoStart: true,
  requires: [ICairn],
  optional: [ILabShell, ILayoutRestorer, IEditorLanguageRegistry, IRenderMimeRegistry, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    cairn: ICairn,
    lab: ILabShell | null,
    restorer: ILayoutRestorer | null,
    languages: IEditorLanguageRegistry | null,
    rendermime: IRenderMimeRegistry | null,
    palette: ICommandPalette | null
  ): void => {
    addPages(app, cairn, new PageTools(languages, rendermime, cairn.trans, app.commands), lab, restorer, palette);
  }
};

export default [trail, sidebar, marks, status, commands, pages];
