import { SidePanel } from '@jupyterlab/ui-components';
import { Message } from '@lumino/messaging';

import { cairnIcon } from '../icons';
import { ArtifactsView } from './artifacts';
import { IPanelContext } from './context';
import { HistoryView } from './history';
import { LineageView } from './lineage';
import { Section } from './section';
import { StateView } from './state';

export const SIDEBAR_ID = 'nbcairn';

/**
 * The sidebar: four sections over one model. While it is hidden nothing is asked or drawn.
 */
export class Sidebar extends SidePanel {
  constructor(
    private readonly context: IPanelContext,
    private readonly onVisible: (visible: boolean) => void
  ) {
    super({ translator: undefined });
    const { trans } = context;
    this.id = SIDEBAR_ID;
    this.addClass('nbc-Sidebar');
    this.title.icon = cairnIcon;
    this.title.caption = trans.__('Cairn');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Cairn'));
    this.addWidget(new Section(context, StateView, 'state', trans.__('State')));
    this.addWidget(new Section(context, ArtifactsView, 'artifacts', trans.__('Artifacts')));
    this.addWidget(new Section(context, LineageView, 'lineage', trans.__('Lineage')));
    this.addWidget(new Section(context, HistoryView, 'history', trans.__('History')));
  }

  /** Open one section and put it in front. */
  showSection(name: string): void {
    const index = this.widgets.findIndex(widget => widget.id === `nbcairn-${name}`);
    if (index >= 0) {
      (this.content as { expand?: (index: number) => void }).expand?.(index);
    }
  }

  protected onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.onVisible(true);
    this.widgets.forEach(widget => widget.update());
  }

  protected onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.onVisible(false);
  }

  protected onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (!this._collapsed) {
      this._collapsed = true;
      // Two sections at first: what is wrong, and what was made. The others are one click away.
      const content = this.content as { collapse?: (index: number) => void };
      content.collapse?.(2);
      content.collapse?.(3);
    }
    this.context.model.changed.connect(this._onChanged, this);
  }

  private _onChanged(): void {
    this.title.caption = this.context.trans.__('Cairn');
  }

  private _collapsed = false;
}
