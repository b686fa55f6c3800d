import { ReactWidget } from '@jupyterlab/ui-components';
import { Message } from '@lumino/messaging';
import * as React from 'react';

import { IPanelContext } from './context';

/** What a section's view is told; `version` grows when lists should be asked for again. */
export interface ISectionProps {
  readonly context: IPanelContext;
  readonly version: number;
}

/**
 * One section of the sidebar: renders its view when the model changes and while it is visible.
 */
export class Section extends ReactWidget {
  constructor(
    private readonly context: IPanelContext,
    private readonly view: React.ComponentType<ISectionProps>,
    name: string,
    label: string
  ) {
    super();
    this.id = `nbcairn-${name}`;
    this.addClass('nbc-Section');
    this.title.label = label;
    this.node.setAttribute('aria-label', label);
    context.model.changed.connect(this._onChanged, this);
    context.model.recorded.connect(this._onRecorded, this);
  }

  protected render(): JSX.Element | null {
    const View = this.view;
    return this.isVisible ? <View context={this.context} version={this._version} /> : null;
  }

  protected onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.update();
  }

  private _onChanged(): void {
    if (this.isVisible) {
      this.update();
    }
  }

  private _onRecorded(): void {
    this._version += 1;
    if (this.isVisible) {
      this.update();
    }
  }

  private _version = 0;
}
