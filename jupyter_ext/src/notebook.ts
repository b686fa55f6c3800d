import { SessionContextDialogs } from '@jupyterlab/apputils';
import { ICellModel, isCodeCellModel } from '@jupyterlab/cells';
import { Notebook, NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import { Kernel, KernelMessage } from '@jupyterlab/services';
import { ISignal, Signal } from '@lumino/signaling';

import { ICheckCell } from './_api';
import { IDocumentSource } from './model/trail';

/**
 * A notebook panel as the model sees it. Reads the shared model, never the DOM, so that windowed cells count.
 */
export class PanelSource implements IDocumentSource {
  constructor(readonly panel: NotebookPanel) {
    panel.context.pathChanged.connect(this._onSettled, this);
    panel.sessionContext.kernelChanged.connect(this._onKernelChanged, this);
    panel.sessionContext.statusChanged.connect(this._onStatus, this);
    panel.content.activeCellChanged.connect(this._onActive, this);
    NotebookActions.executed.connect(this._onExecuted, this);
    void panel.context.ready.then(() => {
      if (!this._isDisposed) {
        panel.content.model?.contentChanged.connect(this._onEdited, this);
        panel.content.model?.cells.changed.connect(this._onEdited, this);
        this._settled.emit();
      }
    });
    panel.disposed.connect(this.dispose, this);
  }

  get path(): string {
    return this.panel.context.path;
  }

  get kernelId(): string | null {
    return this.panel.sessionContext.session?.kernel?.id ?? null;
  }

  get edited(): ISignal<this, void> {
    return this._edited;
  }

  get settled(): ISignal<this, void> {
    return this._settled;
  }

  /** A kernel is there that was not before: started, changed or restarted. */
  get kernelBegan(): ISignal<this, void> {
    return this._kernelBegan;
  }

  /** Another cell became the active one. */
  get activeChanged(): ISignal<this, string | null> {
    return this._activeChanged;
  }

  /** True when the kernel was told to record and has not been replaced since; the trail knows only after a run. */
  get isRecording(): boolean {
    return this._isRecording;
  }

  get activeId(): string | null {
    return this.panel.content.activeCell?.model.id ?? null;
  }

  cells(): ICheckCell[] {
    const cells = this.panel.content.model?.cells;
    return cells ? Array.from(cells, asCheckCell) : [];
  }

  /** The source of a cell as it stands; null when the document has no such cell. */
  sourceOf(cellId: string): string | null {
    const cells = this.panel.content.model?.cells;
    const cell = cells && Array.from(cells).find(item => item.id === cellId);
    return cell ? cell.sharedModel.getSource() : null;
  }

  /** Scroll to a cell, select it and put the keyboard there. False when the document has no such cell. */
  async reveal(cellId: string): Promise<boolean> {
    const notebook = this.panel.content;
    const index = this._indexOf(cellId);
    if (index < 0) {
      return false;
    }
    notebook.deselectAll();
    notebook.activeCellIndex = index;
    await notebook.scrollToItem(index, 'smart');
    notebook.activate();
    return true;
  }

  /** Put new code cells below the active one, the last of them active. */
  insert(...sources: string[]): void {
    for (const source of sources) {
      NotebookActions.insertBelow(this.panel.content);
      this.panel.content.activeCell?.model.sharedModel.setSource(source);
    }
    this.panel.activate();
  }

  /** Put a new code cell above this one, and show it. */
  async insertAbove(cellId: string, source: string): Promise<void> {
    if (await this.reveal(cellId)) {
      NotebookActions.insertAbove(this.panel.content);
      this.panel.content.activeCell?.model.sharedModel.setSource(source);
    }
  }

  /** Replace the source of a cell; undo takes it back. */
  async replace(cellId: string, source: string): Promise<void> {
    if (await this.reveal(cellId)) {
      this.panel.content.activeCell?.model.sharedModel.setSource(source);
    }
  }

  /** Run cells in this order, one after the other; stops at the first that fails. False when one failed or is gone. */
  async runCells(cellIds: readonly string[]): Promise<boolean> {
    const { content: notebook, sessionContext } = this.panel;
    for (const id of cellIds) {
      const cell = notebook.widgets.find(item => item.model.id === id);
      if (!cell || !(await NotebookActions.runCells(notebook, [cell], sessionContext))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Run the cells of a plan, in a kernel that records; JupyterLab asks first where the kernel must be restarted.
   * False when the person said no, or a cell failed.
   */
  async repair(cellIds: readonly string[], restart: boolean): Promise<boolean> {
    const { sessionContext } = this.panel;
    if (restart && !(await new SessionContextDialogs().restart(sessionContext))) {
      return false;
    }
    return (await this.record()) === 'ok' && this.runCells(cellIds);
  }

  /** Load the kernel layer. Leaves no trace in the notebook, its counts or its history. */
  async record(): Promise<'ok' | 'no-kernel' | 'failed'> {
    const kernel = this.panel.sessionContext.session?.kernel;
    if (!kernel) {
      return 'no-kernel';
    }
    const content: KernelMessage.IExecuteRequestMsg['content'] = {
      code: '%load_ext nbcairn',
      silent: true,
      store_history: false
    };
    try {
      const reply = await kernel.requestExecute(content, true).done;
      this._isRecording = reply?.content.status === 'ok';
      return this._isRecording ? 'ok' : 'failed';
    } catch {
      return 'failed'; // the kernel died or was restarted meanwhile
    } finally {
      this._settled.emit();
    }
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _indexOf(cellId: string): number {
    return this.panel.content.widgets.findIndex(cell => cell.model.id === cellId);
  }

  private _onExecuted(_: unknown, args: { notebook: Notebook }): void {
    if (args.notebook === this.panel.content) {
      this._settled.emit();
    }
  }

  private _onSettled(): void {
    this._settled.emit();
  }

  private _onKernelChanged(): void {
    this._isRecording = false;
    this._kernelBegan.emit();
    this._settled.emit();
  }

  private _onStatus(_: unknown, status: Kernel.Status): void {
    if (status === 'restarting' || status === 'autorestarting' || status === 'dead') {
      this._isRestarting = true;
      this._isRecording = false;
      this._settled.emit();
    } else if (status === 'idle' && this._isRestarting) {
      this._isRestarting = false;
      this._onKernelChanged();
    }
  }

  private _onActive(): void {
    this._activeChanged.emit(this.activeId);
  }

  private _onEdited(): void {
    this._edited.emit();
  }

  private _isDisposed = false;
  private _isRestarting = false;
  private _isRecording = false;
  private _edited = new Signal<this, void>(this);
  private _settled = new Signal<this, void>(this);
  private _kernelBegan = new Signal<this, void>(this);
  private _activeChanged = new Signal<this, string | null>(this);
}

function asCheckCell(cell: ICellModel): ICheckCell {
  const tags = cell.getMetadata('tags') as string[] | undefined;
  return {
    id: cell.id,
    source: cell.sharedModel.getSource(),
    kind: cell.type as ICheckCell['kind'],
    executed: isCodeCellModel(cell) && typeof cell.executionCount === 'number',
    tags: tags ?? []
  };
}
