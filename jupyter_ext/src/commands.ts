import { JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { CommandRegistry } from '@lumino/commands';

import { cairnIcon } from './icons';
import { originOf } from './model/findings';
import { flagged, nextFlagged } from './model/verdicts';
import type { SectionName } from './panels/memory';
import { Sidebar, SIDEBAR_ID } from './panels/sidebar';
import { CommandIDs, ICairn } from './tokens';

type Args = CommandRegistry.ICommandOptions['describedBy'];

const NO_ARGS: Args = { args: { type: 'object', properties: {}, additionalProperties: false } };

/** Add the commands and their palette entries; menus and shortcuts are in `schema/plugin.json`. */
export function addCommands(
  app: JupyterFrontEnd,
  cairn: ICairn,
  sidebar: Sidebar | null,
  palette: ICommandPalette | null
): void {
  const { trans, model } = cairn;
  const { commands } = app;
  const cellArgs: Args = {
    args: {
      type: 'object',
      properties: { cellId: { type: 'string', description: trans.__('The id of a cell; the active cell without it') } }
    }
  };
  const hasNotebook = () => model.source !== null;
  const hasFlagged = () => model.report !== null && flagged(model.report.check).length > 0;
  const cellOf = (args: { [key: string]: unknown }) =>
    typeof args['cellId'] === 'string' ? args['cellId'] : (cairn.source()?.activeId ?? null);
  const findingsOf = (args: { [key: string]: unknown }) => model.verdicts.get(cellOf(args) ?? '')?.findings ?? [];
  const lostOf = (args: { [key: string]: unknown }) =>
    findingsOf(args)
      .map(finding => originOf(finding).lost)
      .find(source => source !== null) ?? null;
  const section = (name: SectionName, focus: string | null = null) => {
    app.shell.activateById(SIDEBAR_ID);
    sidebar?.showSection(name, focus);
  };
  const step = async (direction: 1 | -1) => {
    const check = model.report?.check;
    const id = check ? nextFlagged(check, cairn.source()?.activeId ?? null, direction) : null;
    if (id) {
      await cairn.reveal(id);
    }
  };

  commands.addCommand(CommandIDs.open, {
    label: trans.__('Show Cairn'),
    caption: trans.__('Show which cells still hold, what was made, and how'),
    icon: cairnIcon,
    describedBy: NO_ARGS,
    execute: () => section('state')
  });
  commands.addCommand(CommandIDs.check, {
    label: trans.__('Check the Notebook Now'),
    caption: trans.__('Ask again what Restart & Run All would change'),
    describedBy: NO_ARGS,
    isEnabled: hasNotebook,
    execute: () => model.refresh()
  });
  commands.addCommand(CommandIDs.reveal, {
    label: trans.__('Reveal a Cell'),
    caption: trans.__('Scroll to the cell and select it'),
    describedBy: cellArgs,
    isEnabled: hasNotebook,
    execute: async args => {
      const id = cellOf(args);
      if (id) {
        await cairn.reveal(id);
      }
    }
  });
  commands.addCommand(CommandIDs.record, {
    label: trans.__('Start Recording in This Kernel'),
    caption: trans.__('Load Cairn into the kernel of this notebook'),
    describedBy: NO_ARGS,
    isEnabled: hasNotebook,
    execute: () => cairn.record()
  });
  commands.addCommand(CommandIDs.explain, {
    label: trans.__('Explain This Cell'),
    caption: trans.__('Show why the cell is not fresh'),
    icon: cairnIcon,
    describedBy: cellArgs,
    isEnabled: hasNotebook,
    execute: args => section('state', cellOf(args))
  });
  commands.addCommand(CommandIDs.cellHistory, {
    label: trans.__('Show Runs of This Cell'),
    caption: trans.__('Show every run of the cell, with what changed between them'),
    icon: cairnIcon,
    describedBy: cellArgs,
    isEnabled: hasNotebook,
    execute: args => section('history', cellOf(args))
  });
  commands.addCommand(CommandIDs.history, {
    label: trans.__('Show Runs of This Notebook'),
    caption: trans.__('Show every run, also of deleted cells and from before a restart'),
    icon: cairnIcon,
    describedBy: NO_ARGS,
    isEnabled: hasNotebook,
    execute: () => section('history')
  });
  commands.addCommand(CommandIDs.runCell, {
    label: trans.__('Run This Cell'),
    caption: trans.__('Run the cell alone'),
    describedBy: cellArgs,
    isEnabled: hasNotebook,
    execute: async args => {
      const id = cellOf(args);
      await (id ? cairn.source()?.runCells([id]) : undefined);
    }
  });
  commands.addCommand(CommandIDs.runWithNeeds, {
    label: trans.__('Run This Cell with What It Needs'),
    caption: trans.__('Run the cell, and before it the cells whose results it needs anew'),
    icon: cairnIcon,
    describedBy: cellArgs,
    isEnabled: hasNotebook,
    execute: async args => {
      const [id, source] = [cellOf(args), cairn.source()];
      const plan = id ? await model.planFor(id) : null;
      await (plan && source?.repair(plan.run, plan.restart));
    }
  });
  commands.addCommand(CommandIDs.plot, {
    label: trans.__('Show How This Plot Was Made'),
    caption: trans.__('Open the page of the plot that the cell shows: code, data, versions'),
    icon: cairnIcon,
    describedBy: cellArgs,
    isEnabled: hasNotebook,
    execute: async args => {
      const id = cellOf(args);
      const { openPlots } = await import('./marks/plots');
      await (id ? openPlots(commands, cairn, id) : undefined);
    }
  });
  commands.addCommand(CommandIDs.insertMissing, {
    label: trans.__('Insert the Deleted Code Above'),
    caption: trans.__('Bring back the code of a deleted cell that this one needs'),
    describedBy: cellArgs,
    isEnabled: args => lostOf(args) !== null,
    isVisible: args => lostOf(args) !== null,
    execute: async args => {
      const [id, lost] = [cellOf(args), lostOf(args)];
      await (id && lost ? cairn.source()?.insertAbove(id, lost) : undefined);
    }
  });
  commands.addCommand(CommandIDs.next, {
    label: trans.__('Go to the Next Finding'),
    caption: trans.__('Select the next cell that is not fresh'),
    describedBy: NO_ARGS,
    isEnabled: hasFlagged,
    execute: () => step(1)
  });
  commands.addCommand(CommandIDs.previous, {
    label: trans.__('Go to the Previous Finding'),
    caption: trans.__('Select the cell before that is not fresh'),
    describedBy: NO_ARGS,
    isEnabled: hasFlagged,
    execute: () => step(-1)
  });
  model.changed.connect(() => {
    commands.notifyCommandChanged();
  });

  const category = trans.__('Cairn');
  for (const command of PALETTE) {
    palette?.addItem({ command, category });
  }
}

const PALETTE = [
  CommandIDs.open,
  CommandIDs.check,
  CommandIDs.record,
  CommandIDs.explain,
  CommandIDs.cellHistory,
  CommandIDs.history,
  CommandIDs.runWithNeeds,
  CommandIDs.plot,
  CommandIDs.insertMissing,
  CommandIDs.next,
  CommandIDs.previous
];
