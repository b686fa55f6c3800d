import { TextItem } from '@jupyterlab/statusbar';
import { ReactWidget } from '@jupyterlab/ui-components';
import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { TrailModel } from './model/trail';
import { headline } from './panels/state';

/** What the status bar says; empty where there is nothing to say. */
export function statusText(model: TrailModel, trans: TranslationBundle): string {
  if (model.state.kind !== 'ready') {
    return '';
  }
  const { summary } = model.state.check;
  const open = (summary['stale'] ?? 0) + (summary['unknown'] ?? 0) + (summary['never-run'] ?? 0);
  return (summary['stale'] ?? 0) > 0
    ? trans._n('Cairn: 1 stale', 'Cairn: %1 stale', summary['stale'])
    : open > 0
      ? trans.__('Cairn: %1 open', open)
      : trans.__('Cairn: fresh');
}

/**
 * The status bar item: one short text, a click opens the sidebar.
 */
export class StatusItem extends ReactWidget {
  constructor(
    private readonly model: TrailModel,
    private readonly trans: TranslationBundle,
    private readonly open: () => void
  ) {
    super();
    this.addClass('nbc-Status');
    model.changed.connect(this._onChanged, this);
  }

  protected render(): JSX.Element | null {
    const text = statusText(this.model, this.trans);
    const state = this.model.state;
    const title = state.kind === 'ready' ? headline(state.check, this.trans) : '';
    return text ? <TextItem source={text} title={title} onClick={this.open} /> : null;
  }

  private _onChanged(): void {
    this.update();
  }
}
