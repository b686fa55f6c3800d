import { TextItem } from '@jupyterlab/statusbar';
import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { ISignal, Signal } from '@lumino/signaling';
import * as React from 'react';

import { TrailModel } from './model/trail';
import { headline } from './model/words';
import { CommandIDs, ICairn } from './tokens';

/** What the status bar says; empty where there is nothing to say. */
export function statusText(model: TrailModel, trans: TranslationBundle): string {
  const summary = model.report?.check.summary;
  if (!summary) {
    return '';
  }
  const stale = summary['stale'] ?? 0;
  const open = (summary['unknown'] ?? 0) + (summary['never-run'] ?? 0);
  if (stale > 0) {
    return trans.__('Cairn: %1 stale', stale);
  }
  return open > 0 ? trans.__('Cairn: %1 open', open) : trans.__('Cairn: fresh');
}

/**
 * The status bar item: one short text, a click opens the sidebar.
 */
export class StatusItem extends ReactWidget {
  constructor(private readonly cairn: ICairn) {
    super();
    this.addClass('nbc-Status');
    cairn.model.changed.connect(this._onChanged, this);
    cairn.settingsChanged.connect(this._onChanged, this);
    this._onChanged();
  }

  /** True while there is something to say. */
  get isWanted(): boolean {
    return this.cairn.settings.showStatus && statusText(this.cairn.model, this.cairn.trans) !== '';
  }

  get wantedChanged(): ISignal<this, void> {
    return this._wantedChanged;
  }

  dispose(): void {
    if (!this.isDisposed) {
      Signal.clearData(this);
      super.dispose();
    }
  }

  protected render(): JSX.Element {
    const { model, trans } = this.cairn;
    const check = model.report?.check;
    return (
      <TextItem
        source={statusText(model, trans)}
        title={check ? headline(check, trans) : ''}
        onClick={() => this.cairn.run(CommandIDs.open)}
      />
    );
  }

  private _onChanged(): void {
    this.cairn.watch('status', this.cairn.settings.showStatus);
    this._wantedChanged.emit();
    this.update();
  }

  private readonly _wantedChanged = new Signal<this, void>(this);
}
