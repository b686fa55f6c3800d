import { SidePanel } from '@jupyterlab/ui-components';
import { Message } from '@lumino/messaging';
import { AccordionPanel, Widget } from '@lumino/widgets';

import { cairnIcon } from '../icons';
import type { PageTools } from '../pages/tools';
import { ICairn } from '../tokens';
import { Memory, SectionName, SECTIONS } from './memory';
import { ISectionProps, Section } from './section';

export const SIDEBAR_ID = 'nbcairn';

/** What is wrong and what was made are open at first; the others are one click away. */
const OPEN: readonly SectionName[] = ['state', 'artifacts'];
/** Pixels below which a section shows too little to be of use. */
const LEAST = 200;

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
    accordion.setRelativeSizes(SECTIONS.map(name => (open.has(name) ? (name === 'state' ? 3 : 2) : 0)));
    accordion.expansionToggled.connect(this._onToggled, this);
  }

  /** A section that opens gets room, where dragging and closing others left it none; so do those that are left when one closes. */
  private _onToggled(accordion: AccordionPanel, index: number): void {
    this.memory.open = SECTIONS.filter((_, place) => !accordion.widgets[place].isHidden);
    window.requestAnimationFrame(() => {
      if (this.isDisposed || !this.isVisible) {
        return;
      }
      const toggled = accordion.widgets[index];
      const left = toggled.isHidden ? accordion.widgets.filter(widget => !widget.isHidden) : [toggled];
      if (left.some(widget => widget.node.clientHeight < LEAST)) {
        const favoured = toggled.isHidden ? 0 : index;
        accordion.setRelativeSizes(
          accordion.widgets.map((widget, place) => (widget.isHidden ? 0 : place === favoured ? 3 : 2))
        );
      }
    });
  }

  private _add(name: SectionName, label: string, load: () => Promise<React.ComponentType<ISectionProps>>): void {
    this.addWidget(new Section({ cairn: this.cairn, memory: this.memory, tools: this.tools }, name, label, load));
  }

  private get _accordion(): AccordionPanel | null {
    return this.content instanceof AccordionPanel ? this.content : null;
  }

  private readonly _asked = new Set<SectionName>();
  private _isArranged = false;
}
