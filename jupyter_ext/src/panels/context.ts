import { TranslationBundle } from '@jupyterlab/translation';

import { TrailClient } from '../api/client';
import { TrailModel } from '../model/trail';
import { PanelSource } from '../notebook';

/**
 * What the panels share: the model, the client, and what they can do to the notebook.
 */
export interface IPanelContext {
  readonly trans: TranslationBundle;
  readonly client: TrailClient;
  readonly model: TrailModel;
  /** The notebook in front. */
  source(): PanelSource | null;
  /** Show a cell; says so when the document has it no longer. */
  reveal(cellId: string): Promise<void>;
  /** Begin to record in the kernel of the notebook in front. */
  record(): Promise<void>;
  copy(text: string): void;
}
