import { CommandRegistry } from '@lumino/commands';

import { CommandIDs, ICairn } from '../tokens';
import { clearMarks, markCells, openMenu } from './marks';
import { linkPlots, unlinkPlots } from './plots';

/** Draw on the cells of the notebook in front what is known of them, as far as the settings want it. */
export function drawOn(commands: CommandRegistry, cairn: ICairn): void {
  const notebook = cairn.source()?.panel.content;
  if (!notebook) {
    return;
  }
  const { model, settings, trans } = cairn;
  const isKnown = model.state.kind !== 'loading';
  if (isKnown && settings.showMarks) {
    markCells(notebook, model.verdicts, trans, (id, button) => openMenu(commands, id, button));
  } else {
    clearMarks(notebook);
  }
  if (isKnown && settings.showPlotLinks) {
    linkPlots(notebook, model.verdicts, trans, cellId => void commands.execute(CommandIDs.plot, { cellId }));
  } else {
    unlinkPlots(notebook);
  }
}
