import type { IStateDB } from '@jupyterlab/statedb';

import { filterFrom, IFilter, NO_FILTER } from '../model/filter';

/** The sections of the sidebar, from the top. */
export const SECTIONS = ['state', 'artifacts', 'lineage', 'history'] as const;
export type SectionName = (typeof SECTIONS)[number];

const KEY = 'nbcairn:sidebar';

/**
 * How the sidebar was left: which sections were open, what was searched for. JupyterLab keeps it with the workspace.
 */
export class Memory {
  constructor(private readonly state: IStateDB | null) {
    this.ready = this._recall();
  }

  /** What was kept is here, or could not be had. */
  readonly ready: Promise<void>;

  /** The sections that were open; null where nothing was kept. */
  get open(): readonly SectionName[] | null {
    return this._open;
  }

  set open(value: readonly SectionName[]) {
    this._open = value;
    this._keep();
  }

  get filter(): IFilter {
    return this._filter;
  }

  set filter(value: IFilter) {
    this._filter = value;
    this._keep();
  }

  private async _recall(): Promise<void> {
    if (!this.state) {
      return;
    }
    try {
      const kept = (await this.state.fetch(KEY)) as { open?: unknown; filter?: unknown } | undefined;
      const { open } = kept ?? {};
      this._open = Array.isArray(open) ? SECTIONS.filter(name => open.includes(name)) : null;
      this._filter = filterFrom(kept?.filter);
    } catch (error) {
      console.warn('nbcairn: how the sidebar was left could not be read.', error);
    }
  }

  private _keep(): void {
    const { scope, ...rest } = this._filter;
    const filter = { ...rest, scope: { ...scope } };
    this.state?.save(KEY, { open: this._open && [...this._open], filter }).catch(error => {
      console.warn('nbcairn: how the sidebar was left could not be kept.', error);
    });
  }

  private _open: readonly SectionName[] | null = null;
  private _filter = NO_FILTER;
}
