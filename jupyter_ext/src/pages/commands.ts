import { ILabShell, ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { CommandRegistry } from '@lumino/commands';
import { ReadonlyJSONObject } from '@lumino/coreutils';

import { cairnIcon } from '../icons';
import { CommandIDs, ICairn } from '../tokens';
import { formatLabel } from './formats';
import type { Page, PageArgs } from './page';
import { saveAs } from './save';
import { PageTools } from './tools';

type Described = CommandRegistry.ICommandOptions['describedBy'];
type Args = { [key: string]: unknown };
type Widget = MainAreaWidget<Page>;

/** The commands that open pages, and their return after a reload. */
export function addPages(
  app: JupyterFrontEnd,
  cairn: ICairn,
  tools: PageTools,
  lab: ILabShell | null,
  restorer: ILayoutRestorer | null,
  palette: ICommandPalette | null
): void {
  const { trans } = cairn;
  const { commands } = app;
  const tracker = new WidgetTracker<Widget>({ namespace: 'nbcairn-pages' });
  const open = async (args: PageArgs): Promise<void> => {
    const { Page, pageId } = await import('./page');
    const id = pageId(args);
    const known = tracker.find(widget => widget.id === id);
    if (!known) {
      const widget: Widget = new MainAreaWidget({ content: new Page(cairn, tools, args) });
      widget.id = id;
      widget.title.icon = cairnIcon;
      widget.title.label = trans.__('Cairn');
      widget.title.closable = true;
      // In JupyterLab beside the notebook, as further tabs there; Notebook 7 has room for it below only.
      const beside = tracker.currentWidget ?? tracker.find(() => true);
      const place = beside
        ? { ref: beside.id, mode: 'tab-after' as const }
        : { ref: cairn.source()?.panel.id, mode: 'split-right' as const };
      app.shell.add(widget, lab ? 'main' : 'down', lab ? place : undefined);
      await tracker.add(widget);
    }
    app.shell.activateById(id);
  };
  const text = (description: string) => ({ type: 'string', description });
  const takes = (required: string[], properties: ReadonlyJSONObject): Described => ({
    args: { type: 'object', required, properties }
  });

  commands.addCommand(CommandIDs.artifact, {
    label: args => (typeof args['label'] === 'string' ? args['label'] : trans.__('Open an Artifact')),
    caption: trans.__('Show what it is, the code that made it, and where else it is'),
    icon: cairnIcon,
    describedBy: takes(['path', 'id'], {
      path: text(trans.__('Path of a notebook of the project')),
      id: text(trans.__('The id of the artifact'))
    }),
    execute: args => open({ kind: 'artifact', path: String(args['path']), id: String(args['id']) })
  });
  commands.addCommand(CommandIDs.compare, {
    label: trans.__('Compare Two Artifacts'),
    caption: trans.__('Show what differs between two versions'),
    icon: cairnIcon,
    describedBy: takes(['path', 'before', 'after'], {
      path: text(trans.__('Path of a notebook of the project')),
      before: text(trans.__('The id of the older version')),
      after: text(trans.__('The id of the newer version'))
    }),
    execute: args => {
      const [path, before, after] = ['path', 'before', 'after'].map(name => String(args[name]));
      return open({ kind: 'comparison', path, before, after });
    }
  });
  commands.addCommand(CommandIDs.graph, {
    label: trans.__('Show the Graph of an Artifact'),
    caption: trans.__('Show what it was made from and what was made of it'),
    icon: cairnIcon,
    describedBy: takes(['path', 'artifact'], {
      path: text(trans.__('Path of a notebook of the project')),
      artifact: text(trans.__('The id of the artifact'))
    }),
    execute: args => open({ kind: 'graph', path: String(args['path']), artifact: String(args['artifact']) })
  });
  commands.addCommand(CommandIDs.exportAs, {
    label: args => formatLabel(String(args['format']), trans),
    caption: trans.__('Save what was recorded in a form that others read'),
    describedBy: takes(['format'], {
      format: text(
        trans.__('script, notebook, pipeline, html, ro-crate, bundle, prov, openlineage, mermaid or record')
      ),
      path: text(trans.__('Path of a notebook of the project; the one in front without it')),
      artifact: text(trans.__('The id of an artifact, for its code'))
    }),
    isEnabled: args => typeof args['path'] === 'string' || cairn.source() !== null,
    execute: async args => {
      const path = typeof args['path'] === 'string' ? args['path'] : (cairn.source()?.path ?? '');
      const artifact = typeof args['artifact'] === 'string' ? args['artifact'] : undefined;
      await saveAs(cairn, tools, path, String(args['format']), artifact);
    }
  });
  for (const format of ['html', 'ro-crate', 'bundle']) {
    palette?.addItem({ command: CommandIDs.exportAs, category: trans.__('Cairn'), args: { format } });
  }
  commands.addCommand(CommandIDs.page, {
    label: trans.__('Explain a Finding'),
    caption: trans.__('Show what a code means and what to do about it'),
    icon: cairnIcon,
    describedBy: takes(['code'], { code: text(trans.__('The code of the finding, like CN104')) }),
    execute: args => open({ kind: 'finding', code: String(args['code']) })
  });
  commands.addCommand(CommandIDs.restorePage, {
    label: trans.__('Open a Page of Cairn Again'),
    caption: trans.__('Open a page with the arguments it had'),
    describedBy: takes(['kind'], { kind: text(trans.__('artifact, comparison, graph or finding')) }),
    execute: args => (isPageArgs(args) ? open(args) : undefined)
  });
  void restorer?.restore(tracker, {
    command: CommandIDs.restorePage,
    args: widget => ({ ...widget.content.args }),
    name: widget => widget.id
  });
}

function isPageArgs(args: Args): args is PageArgs & Args {
  return ['artifact', 'comparison', 'graph', 'finding'].includes(String(args['kind']));
}
