import { JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';

import { cairnIcon } from './icons';
import { nextFlagged } from './model/verdicts';
import { IPanelContext } from './panels/context';
import { Sidebar } from './panels/sidebar';

/** Every command; palette, menus and other extensions use them by these names. */
export namespace CommandIDs {
  export const open = 'nbcairn:open';
  export const check = 'nbcairn:check';
  export const reveal = 'nbcairn:reveal-cell';
  export const record = 'nbcairn:start-recording';
  export const explain = 'nbcairn:explain-cell';
  export const history = 'nbcairn:show-history';
  export const next = 'nbcairn:next-finding';
  export const previous = 'nbcairn:previous-finding';
}

const NO_ARGS = { args: { type: 'object', properties: {} } } as const;

/** Add the commands, their palette entries and the cells' context menu. */
export function addCommands(
  app: JupyterFrontEnd,
  context: IPanelContext,
  sidebar: Sidebar,
  palette: ICommandPalette | null,
  open: () => void
): void {
  const { trans, model } = context;
  const { commands } = app;
  const hasNotebook = () => model.source !== null;
  const step = (direction: 1 | -1) => {
    const { state } = model;
    const active = context.source()?.activeId ?? null;
    const id = state.kind === 'ready' ? nextFlagged(state.check, active, direction) : null;
    return id ? context.reveal(id) : Promise.resolve();
  };
  const section = (name: string) => {
    open();
    sidebar.showSection(name);
  };

  commands.addCommand(CommandIDs.open, {
    label: trans.__('Show Cairn'),
    icon: cairnIcon,
    describedBy: NO_ARGS,
    execute: () => section('state')
  });
  commands.addCommand(CommandIDs.check, {
    label: trans.__('Check the Notebook Now'),
    describedBy: NO_ARGS,
    isEnabled: hasNotebook,
    execute: () => model.refresh()
  });
  commands.addCommand(CommandIDs.reveal, {
    label: trans.__('Reveal a Cell'),
    describedBy: {
      args: {
        type: 'object',
        required: ['cellId'],
        properties: { cellId: { type: 'string', description: trans.__('The id of the cell') } }
      }
    },
    execute: args => context.reveal(String(args['cellId']))
  });
  commands.addCommand(CommandIDs.record, {
    label: trans.__('Start Recording in This Kernel'),
    describedBy: NO_ARGS,
    isEnabled: hasNotebook,
    execute: () => context.record()
  });
  commands.addCommand(CommandIDs.explain, {
    label: trans.__('Explain This Cell'),
    icon: cairnIcon,
    describedBy: NO_ARGS,
    isEnabled: hasNotebook,
    execute: () => section('state')
  });
  commands.addCommand(CommandIDs.history, {
    label: trans.__('Show Runs of This Notebook'),
    icon: cairnIcon,
    describedBy: NO_ARGS,
    isEnabled: hasNotebook,
    execute: () => section('history')
  });
  commands.addCommand(CommandIDs.next, {
    label: trans.__('Go to the Next Finding'),
    describedBy: NO_ARGS,
    isEnabled: hasNotebook,
    execute: () => step(1)
  });
  commands.addCommand(CommandIDs.previous, {
    label: trans.__('Go to the Previous Finding'),
    describedBy: NO_ARGS,
    isEnabled: hasNotebook,
    execute: () => step(-1)
  });

  const category = trans.__('Cairn');
  const listed = [
    CommandIDs.open,
    CommandIDs.check,
    CommandIDs.record,
    CommandIDs.history,
    CommandIDs.next,
    CommandIDs.previous
  ];
  listed.forEach(command => palette?.addItem({ command, category }));
}
