import { ReactWidget } from '@jupyterlab/ui-components';
import { Message } from '@lumino/messaging';
import { ISignal, Signal } from '@lumino/signaling';
import * as React from 'react';

import type { PageTools } from '../pages/tools';
import { ICairn } from '../tokens';
import { Memory } from './memory';

/** What a section's view is told. */
export interface ISectionProps {
  readonly cairn: ICairn;
  readonly memory: Memory;
  readonly tools: PageTools;
  /** Grows when lists should be asked for again. */
  readonly version: number;
  /** What was asked for by name: a cell, a run; grows by asking again. */
  readonly focus: { readonly id: string | null; readonly count: number };
}

/**
 * One section of the sidebar: loads its view when it is first seen, and renders it while it is visible.
 */
export class Section extends ReactWidget {
  constructor(
    private readonly context: Pick<ISectionProps, 'cairn' | 'memory' | 'tools'>,
    name: string,
    label: string,
    private readonly load: () => Promise<React.ComponentType<ISectionProps>>
  ) {
    super();
    this.id = `nbcairn-${name}`;
    this.addClass('nbc-Section');
    this.title.label = label;
    this.node.setAttribute('aria-label', label);
    this.node.tabIndex = -1;
    context.cairn.model.changed.connect(this._onChanged, this);
    context.cairn.model.recorded.connect(this._onRecorded, this);
  }

  /** Show something in particular, whose view then takes the focus; without it, the section takes it: Tab goes on from there. */
  focus(id: string | null): void {
    if (id === null) {
      // A palette that closes gives the focus back to where it was: after that.
      window.requestAnimationFrame(() => this.node.focus({ preventScroll: true }));
    }
    this._focus = { id, count: this._focus.count + 1 };
    this._focusPath = this.context.cairn.model.path;
    this.update();
  }

  protected render(): JSX.Element | null {
    if (!this._view) {
      this._fetch();
      return null;
    }
    const View = this._view;
    const { path } = this.context.cairn.model;
    const focus = path === this._focusPath ? this._focus : { ...this._focus, id: null };
    // Another notebook begins anew: rows of the one before must not be asked for, or opened, in this one's name.
    return (
      <div className="nbc-Section-content" ref={this._watch}>
        <View key={path} {...this.context} version={this._version} focus={focus} />
      </div>
    );
  }

  /** What it holds became higher or lower. */
  get grew(): ISignal<this, void> {
    return this._grew;
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._sizes?.disconnect();
      Signal.clearData(this);
      super.dispose();
    }
  }

  /** Hidden, it rests: what it showed stays as it was, with its scroll position and what was typed. */
  protected onUpdateRequest(message: Message): void {
    if (this.isVisible) {
      super.onUpdateRequest(message);
    }
  }

  protected onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.update();
  }

  private _fetch(): void {
    if (this._isLoading) {
      return;
    }
    this._isLoading = true;
    Promise.all([this.load(), this.context.memory.ready]).then(
      ([view]) => {
        this._view = view;
        this.update();
      },
      error => {
        this._isLoading = false;
        console.error('nbcairn: a part of the sidebar could not be loaded.', error);
      }
    );
  }

  private readonly _watch = (content: HTMLElement | null): void => {
    this._sizes?.disconnect();
    if (content && typeof ResizeObserver !== 'undefined') {
      this._sizes = new ResizeObserver(() => this._grew.emit());
      this._sizes.observe(content);
    }
  };

  private _onChanged(): void {
    if (this.isVisible) {
      this.update();
    }
  }

  private _onRecorded(): void {
    this._version += 1;
    this._onChanged();
  }

  private _view: React.ComponentType<ISectionProps> | null = null;
  private _focus = { id: null as string | null, count: 0 };
  private _focusPath = '';
  private _isLoading = false;
  private _version = 0;
  private _sizes: ResizeObserver | null = null;
  private readonly _grew = new Signal<this, void>(this);
}
