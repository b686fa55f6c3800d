import { ICellModel } from '@jupyterlab/cells';
import { Notebook, NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import { KernelMessage } from '@jupyterlab/services';
import { ISignal, Signal } from '@lumino/signaling';

import { ICheckCell } from './_api';
import { IDocumentSource } from './model/trail';

/**
 * A notebook panel as the model sees it. Reads the shared model, never the DOM, so that windowed cells count.
 */
export class PanelSource implements IDocumentSource {
  constructor(readonly panel: NotebookPanel) {
    panel.context.pathChanged.connect(this._onSettled, this);
    panel.sessionContext.kernelChanged.connect(this._onSettled, this);
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

  cells(): ICheckCell[] {
    const cells = this.panel.content.model?.cells;
    return cells ? Array.from(cells, asCheckCell) : [];
  }

  /** Scroll to a cell, select it and put the keyboard there. False when the document has no such cell. */
  async reveal(cellId: string): Promise<boolean> {
    const notebook = this.panel.content;
    const index = notebook.widgets.findIndex(cell => cell.model.id === cellId);
    if (index < 0) {
      return false;
    }
    notebook.deselectAll();
    notebook.activeCellIndex = index;
    await notebook.scrollToItem(index, 'smart');
    notebook.activate();
    return true;
  }

  /** Put a new code cell below the active one. */
  insert(source: string): void {
    const notebook: Notebook = this.panel.content;
    NotebookActions.insertBelow(notebook);
    notebook.activeCell?.model.sharedModel.setSource(source);
    this.panel.activate();
  }

  get activeId(): string | null {
    return this.panel.content.activeCell?.model.id ?? null;
  }

  /** Load the kernel layer. Leaves no trace in the notebook, its counts or its history. */
  async record(): Promise<boolean> {
    const kernel = this.panel.sessionContext.session?.kernel;
    if (!kernel) {
      return false;
    }
    const content: KernelMessage.IExecuteRequestMsg['content'] = {
      code: '%load_ext nbcairn',
      silent: true,
      store_history: false
    };
    const reply = await kernel.requestExecute(content, true).done;
    this._settled.emit();
    return reply?.content.status === 'ok';
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

  private _onExecuted(_: unknown, args: { notebook: Notebook }): void {
    if (args.notebook === this.panel.content) {
      this._settled.emit();
    }
  }

  private _onSettled(): void {
    this._settled.emit();
  }

  private _onEdited(): void {
    this._edited.emit();
  }

  private _isDisposed = false;
  private _edited = new Signal<this, void>(this);
  private _settled = new Signal<this, void>(this);
}

function asCheckCell(cell: ICellModel): ICheckCell {
  const shared = cell.sharedModel;
  const count = cell.type === 'code' ? (shared.toJSON() as { execution_count?: number }).execution_count : null;
  const tags = cell.getMetadata('tags') as string[] | undefined;
  return {
    id: cell.id,
    source: shared.getSource(),
    kind: cell.type as ICheckCell['kind'],
    executed: typeof count === 'number',
    tags: tags ?? []
  };
}
