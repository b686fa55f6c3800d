import { Dialog, InputDialog, showDialog } from '@jupyterlab/apputils';
import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { IRenderMimeRegistry, MimeModel } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { ReadonlyJSONObject } from '@lumino/coreutils';
import { Menu } from '@lumino/widgets';

/** One line of a menu; without a command, a line that parts groups. */
export interface IMenuItem {
  readonly command?: string;
  readonly args?: ReadonlyJSONObject;
}

/** What a variable, a module or a function can be called. */
export const IDENTIFIER = '[A-Za-z_][A-Za-z0-9_]*';

/** How pages draw code and prose, and ask. Languages and rendermime are optional in JupyterLab: without them, text stays plain. */
export class PageTools {
  constructor(
    private readonly languages: IEditorLanguageRegistry | null,
    private readonly rendermime: IRenderMimeRegistry | null,
    private readonly trans: TranslationBundle,
    private readonly commands: CommandRegistry | null = null
  ) {}

  /** Python code with colours, in this node; the text stands there at once, the colours may follow. */
  async code(source: string, node: HTMLElement): Promise<void> {
    node.textContent = source;
    const python = this.languages?.findByName('ipython') ?? this.languages?.findByName('python');
    if (this.languages && python) {
      const coloured = document.createElement('div');
      await this.languages.highlight(source, python, coloured);
      if (node.textContent === source) {
        node.replaceChildren(...coloured.childNodes);
      }
    }
  }

  /** Prose as Markdown, through the sanitizer of JupyterLab; it loads nothing. */
  async markdown(text: string, node: HTMLElement): Promise<void> {
    const rendermime = await this._quiet();
    if (!rendermime) {
      node.textContent = text;
      return;
    }
    const renderer = rendermime.createRenderer('text/markdown');
    const model = new MimeModel({ data: { 'text/markdown': text }, trusted: false });
    await renderer.renderModel(model).catch(error => renderer.node.replaceChildren(String(error)));
    node.replaceChildren(...renderer.node.childNodes);
    renderer.dispose();
  }

  /**
   * Recorded output as a notebook would show it, through the sanitizer, never trusted, and loading nothing. Without a
   * renderer for this type, text stays text. Returns what takes it away again.
   */
  async output(mime: string, text: string, node: HTMLElement): Promise<() => void> {
    const rendermime = await this._quiet();
    if (!rendermime?.mimeTypes.includes(mime)) {
      node.textContent = text;
      return () => undefined;
    }
    const renderer = rendermime.createRenderer(mime);
    const model = new MimeModel({ data: { [mime]: text }, trusted: false });
    node.replaceChildren(renderer.node);
    await renderer.renderModel(model).catch(() => renderer.node.replaceChildren(text));
    return () => renderer.dispose();
  }

  /** Ask for a short text; null when the person thinks better of it. */
  async ask(title: string, label: string, text: string, okLabel: string, pattern: string): Promise<string | null> {
    const { button, value } = await InputDialog.getText({ title, label, text, okLabel, pattern, required: true });
    return button.accept ? value : null;
  }

  /** Ask whether to do what may be regretted; to do nothing is what Enter does. */
  async confirm(title: string, body: string, okLabel: string): Promise<boolean> {
    const buttons = [Dialog.cancelButton(), Dialog.warnButton({ label: okLabel })];
    const { button } = await showDialog({ title, body, buttons, defaultButton: 0 });
    return button.accept;
  }

  /** Open a menu below a button. */
  menu(items: readonly IMenuItem[], button: HTMLElement): void {
    if (!this.commands) {
      return;
    }
    const menu = new Menu({ commands: this.commands });
    for (const { command, args } of items) {
      menu.addItem(command ? { command, args } : { type: 'separator' });
    }
    menu.aboutToClose.connect(() => {
      // Dispose once the command has run: closing comes first.
      window.setTimeout(() => menu.dispose());
    });
    const { left, bottom } = button.getBoundingClientRect();
    menu.open(left, bottom);
  }

  private async _quiet(): Promise<IRenderMimeRegistry | null> {
    if (this.rendermime && !this._renderers) {
      const { quietly } = await import('./quiet');
      this._renderers ??= quietly(this.rendermime, this.trans);
    }
    return this._renderers;
  }

  private _renderers: IRenderMimeRegistry | null = null;
}
