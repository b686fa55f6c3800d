import { SidePanel } from '@jupyterlab/ui-components';
import { Message } from '@lumino/messaging';
import { AccordionPanel, Widget } from '@lumino/widgets';

import { cairnIcon } from '../icons';
import type { PageTools } from '../pages/tools';
import { ICairn } from '../tokens';
import { Memory, SectionName, SECTIONS } from './memory';
import { divideRoom, heightOf } from './room';
import { ISectionProps, Section } from './section';

export const SIDEBAR_ID = 'nbcairn';

/** What is wrong and what was made are open at first; the others are one click away. */
const OPEN: readonly SectionName[] = ['state', 'artifacts'];
/** Milliseconds for which what a section holds must stay as high as it is before room is divided anew. */
const CALM = 100;

/**
 * The sidebar: four sections over one model. While it is hidden nothing is asked or drawn; what draws them is loaded when
 * it is first shown.
 */
export class Sidebar extends SidePanel {
  constructor(
    private readonly cairn: ICairn,
    private readonly memory: Memory,
    private readonly tools: PageTools
  ) {
    super();
    const { trans } = cairn;
    this.id = SIDEBAR_ID;
    this.addClass('nbc-Sidebar');
    this.title.icon = cairnIcon;
    this.title.caption = trans.__('Cairn');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Cairn'));
    const views = () => import('./views');
    this._add('state', trans.__('State'), async () => (await views()).StateView);
    this._add('artifacts', trans.__('Artifacts'), async () => (await views()).ArtifactsView);
    this._add('lineage', trans.__('Lineage'), async () => (await views()).LineageView);
    this._add('history', trans.__('History'), async () => (await views()).HistoryView);
  }

  /** Open one section and hand it what it should show. */
  showSection(name: SectionName, focus: string | null = null): void {
    const index = this.widgets.findIndex(widget => widget.id === `nbcairn-${name}`);
    const section = this.widgets[index];
    if (section instanceof Section) {
      this._asked.add(name);
      this._accordion?.expand(index);
      section.focus(focus);
    }
  }

  protected onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.cairn.watch('sidebar', true);
    this.widgets.forEach(widget => widget.update());
  }

  protected onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.cairn.watch('sidebar', false);
  }

  /** The sizes of the sections are known once the sidebar has a height. */
  protected onResize(message: Widget.ResizeMessage): void {
    super.onResize(message);
    this._onGrew();
    if (!this._isArranged) {
      void this.memory.ready.then(() => this._arrange());
    }
  }

  /** Open what was open, and what was asked for meanwhile. */
  private _arrange(): void {
    const accordion = this._accordion;
    if (this._isArranged || this.isDisposed || !accordion || !this.isVisible || accordion.node.clientHeight === 0) {
      return;
    }
    this._isArranged = true;
    const open = new Set([...(this.memory.open ?? OPEN), ...this._asked]);
    SECTIONS.forEach((name, index) => (open.has(name) ? accordion.expand(index) : accordion.collapse(index)));
    accordion.expansionToggled.connect(this._onToggled, this);
    accordion.handleMoved.connect(this._onHandle, this);
    this._fit();
  }

  /** Who opens or closes a section wants the room divided anew, also after some was given by hand. */
  private _onToggled(accordion: AccordionPanel): void {
    this.memory.open = SECTIONS.filter((_, place) => !accordion.widgets[place].isHidden);
    this._isByHand = false;
    this._onGrew();
  }

  private _onHandle(): void {
    this._isByHand = true;
  }

  private _onGrew(): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => this._fit(), CALM);
  }

  /** Give each open section the room it needs. Nothing moves while somebody types, or has given room by hand. */
  private _fit(): void {
    const accordion = this._accordion;
    if (!this._isArranged || this._isByHand || this.isDisposed || !this.isVisible || !accordion || this._isTyping) {
      return;
    }
    const open = accordion.widgets.filter(widget => !widget.isHidden);
    const height = open.reduce((sum, widget) => sum + widget.node.clientHeight, 0);
    const room = divideRoom(
      open.map(widget => heightOf(widget.node)),
      height
    );
    accordion.setRelativeSizes(accordion.widgets.map(widget => room[open.indexOf(widget)] ?? 0));
  }

  private get _isTyping(): boolean {
    const { activeElement } = document;
    return activeElement instanceof HTMLInputElement && this.node.contains(activeElement);
  }

  private _add(name: SectionName, label: string, load: () => Promise<React.ComponentType<ISectionProps>>): void {
    const { cairn, memory, tools } = this;
    const section = new Section({ cairn, memory, tools }, name, label, load);
    section.grew.connect(this._onGrew, this);
    this.addWidget(section);
  }

  private get _accordion(): AccordionPanel | null {
    return this.content instanceof AccordionPanel ? this.content : null;
  }

  private readonly _asked = new Set<SectionName>();
  private _isArranged = false;
  private _isByHand = false;
  private _timer = 0;
}
