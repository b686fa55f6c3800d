import { SessionContextDialogs } from '@jupyterlab/apputils';
import { Cell, ICellModel, isCodeCellModel } from '@jupyterlab/cells';
import { Notebook, NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import { ISignal, Signal } from '@lumino/signaling';

import { ICheckCell } from './_api';
import { NotebookKernel } from './kernel';
import { IDocumentSource } from './model/trail';

/**
 * A notebook panel as the model sees it. Reads the shared model, never the DOM, so that windowed cells count.
 */
export class PanelSource implements IDocumentSource {
  constructor(readonly panel: NotebookPanel) {
    panel.context.pathChanged.connect(this._onSettled, this);
    this.kernel = new NotebookKernel(panel.sessionContext);
    this.kernel.changed.connect(this._onSettled, this);
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

  readonly kernel: NotebookKernel;

  get path(): string {
    return this.panel.context.path;
  }

  get kernelId(): string | null {
    return this.kernel.id;
  }

  get edited(): ISignal<this, void> {
    return this._edited;
  }

  get settled(): ISignal<this, void> {
    return this._settled;
  }

  /** Another cell became the active one. */
  get activeChanged(): ISignal<this, string | null> {
    return this._activeChanged;
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

  /** The node of a cell, in the page or not. */
  nodeOf(cellId: string): HTMLElement | null {
    return this.panel.content.widgets[this._indexOf(cellId)]?.node ?? null;
  }

  /** Scroll to a cell and select it; the keyboard stays where it is. False when the document has no such cell. */
  async show(cellId: string): Promise<boolean> {
    const notebook = this.panel.content;
    const index = this._indexOf(cellId);
    if (index < 0) {
      return false;
    }
    notebook.deselectAll();
    notebook.activeCellIndex = index;
    await notebook.scrollToItem(index, 'smart');
    return true;
  }

  /** Show a cell and put the keyboard there. False when the document has no such cell. */
  async reveal(cellId: string): Promise<boolean> {
    const isThere = await this.show(cellId);
    if (isThere) {
      this.panel.content.activate();
    }
    return isThere;
  }

  /** Put new code cells below the active one, the last of them active. */
  insert(...sources: string[]): void {
    for (const source of sources) {
      NotebookActions.insertBelow(this.panel.content);
      this.panel.content.activeCell?.model.sharedModel.setSource(source);
    }
    this.panel.activate();
  }

  /** Put a new code cell below the active one and run it, where a kernel is; false when it did not end well. */
  async insertAndRun(source: string): Promise<boolean> {
    this.insert(source);
    const cell = this.panel.content.activeCell;
    return !!cell && this.kernelId !== null && this.runCells([cell.model.id]);
  }

  /** Write what was changed to the file, from which the server exports. */
  async save(): Promise<void> {
    const { context } = this.panel;
    if (context.model.dirty && !context.model.readOnly) {
      await context.save();
    }
  }

  /** Name the pipeline stage of a cell by a tag, or take that tag away. False when the document has no such cell. */
  setStage(cellId: string, stage: string): boolean {
    const cells = this.panel.content.model?.cells;
    const cell = cells && Array.from(cells).find(item => item.id === cellId);
    if (!cell) {
      return false;
    }
    const others = tagsOf(cell).filter(tag => !tag.startsWith(STAGE));
    const tags = stage ? [...others, STAGE + stage] : others;
    if (tags.length > 0) {
      cell.setMetadata('tags', tags);
    } else {
      cell.deleteMetadata('tags');
    }
    return true;
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
    return (await this.kernel.record()).kind === 'yes' && this.runCells(cellIds);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this.kernel.dispose();
    Signal.clearData(this);
  }

  private _indexOf(cellId: string): number {
    return this.panel.content.widgets.findIndex(cell => cell.model.id === cellId);
  }

  private _onExecuted(_: unknown, args: { notebook: Notebook; cell: Cell }): void {
    if (args.notebook === this.panel.content) {
      const { hasRestarted, recording } = this.kernel;
      const isNamed = args.cell.model.sharedModel.getSource().includes('nbcairn');
      if (isNamed || (hasRestarted && recording.kind === 'no')) {
        this.kernel.forget(); // it may have been loaded, or installed
      }
      this._settled.emit();
    }
  }

  private _onSettled(): void {
    this._settled.emit();
  }

  private _onActive(): void {
    this._activeChanged.emit(this.activeId);
  }

  private _onEdited(): void {
    this._edited.emit();
  }

  private _isDisposed = false;
  private _edited = new Signal<this, void>(this);
  private _settled = new Signal<this, void>(this);
  private _activeChanged = new Signal<this, string | null>(this);
}

/** How a tag begins that names a stage. */
const STAGE = 'stage:';

function tagsOf(cell: ICellModel): string[] {
  const tags: unknown = cell.getMetadata('tags');
  return Array.isArray(tags) ? tags.map(String) : [];
}

function asCheckCell(cell: ICellModel): ICheckCell {
  return {
    id: cell.id,
    source: cell.sharedModel.getSource(),
    kind: cell.type as ICheckCell['kind'],
    executed: isCodeCellModel(cell) && typeof cell.executionCount === 'number',
    tags: tagsOf(cell)
  };
}
