import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { TrailClient } from './api/client';
import type { TrailModel } from './model/trail';
import type { PanelSource } from './notebook';
import type { Sidebar } from './panels/sidebar';
import type { ICairnSettings } from './settings';

/**
 * What the parts of the front end share, and what other extensions may use: the model of the notebook in front, the
 * client of the REST routes, and what can be done to the notebook.
 */
export interface ICairn {
  readonly trans: TranslationBundle;
  readonly client: TrailClient;
  readonly model: TrailModel;
  readonly settings: ICairnSettings;
  readonly settingsChanged: ISignal<ICairn, ICairnSettings>;
  /** The notebook in front. */
  source(): PanelSource | null;
  /** Show a cell; says so when the document has it no longer. */
  reveal(cellId: string): Promise<void>;
  /** Begin to record in the kernel of the notebook in front. */
  record(): Promise<void>;
  copy(text: string): void;
  /** Hand a file to the browser to save. */
  save(name: string, content: Blob): void;
  /** Tell the person something that came of what they did. */
  tell(message: string, kind: 'info' | 'warning' | 'error'): void;
  /** Say who looks: the model works while anybody does. */
  watch(who: string, wanted: boolean): void;
  /** Run one of our commands. */
  run(command: string, args?: Record<string, string>): void;
}

export const ICairn = new Token<ICairn>(
  'nbcairn:ICairn',
  'What Cairn knows of the notebook in front: verdicts, runs, artifacts, and what can be done about them.'
);

export type ISidebar = Sidebar;

export const ISidebar = new Token<ISidebar>('nbcairn:ISidebar', 'The sidebar of Cairn, to open one of its sections.');

/** Every command; palette, menus and other extensions use them by these names. */
export namespace CommandIDs {
  export const open = 'nbcairn:open';
  export const check = 'nbcairn:check';
  export const reveal = 'nbcairn:reveal-cell';
  export const record = 'nbcairn:start-recording';
  export const explain = 'nbcairn:explain-cell';
  export const history = 'nbcairn:show-history';
  export const cellHistory = 'nbcairn:show-cell-history';
  export const runCell = 'nbcairn:run-cell';
  export const runWithNeeds = 'nbcairn:run-cell-with-needs';
  export const insertMissing = 'nbcairn:insert-deleted-code';
  export const next = 'nbcairn:next-finding';
  export const previous = 'nbcairn:previous-finding';
  export const artifact = 'nbcairn:open-artifact';
  export const compare = 'nbcairn:compare-artifacts';
  export const plot = 'nbcairn:open-plot';
  export const graph = 'nbcairn:open-graph';
  export const exportAs = 'nbcairn:export';
  export const page = 'nbcairn:open-finding-page';
  export const restorePage = 'nbcairn:restore-page';
}
