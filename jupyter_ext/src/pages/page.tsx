import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { kindIcons } from '../components/icons';
import { cairnIcon } from '../icons';
import { IArtifact } from '../_api';
import { ICairn } from '../tokens';
import { ArtifactView } from './artifact';
import { ComparisonView } from './comparison';
import { FindingView } from './finding';
import { GraphView } from './graph';
import { PageTools } from './tools';

/** What a page shows: enough to open it again after a reload. */
export type PageArgs =
  | { kind: 'artifact'; path: string; id: string }
  | { kind: 'comparison'; path: string; before: string; after: string }
  | { kind: 'graph'; path: string; artifact: string }
  | { kind: 'finding'; code: string };

/** What every view on a page gets. */
export interface IPageProps {
  readonly cairn: ICairn;
  readonly tools: PageTools;
  /** Name the tab. */
  readonly onTitle: (label: string, kind?: IArtifact['kind']) => void;
}

/** The id of the widget for these arguments: asking twice opens once. */
export function pageId(args: PageArgs): string {
  switch (args.kind) {
    case 'artifact':
      return `nbcairn-artifact-${args.id}`;
    case 'comparison':
      return `nbcairn-comparison-${args.before}-${args.after}`;
    case 'graph':
      return `nbcairn-graph-${args.artifact}`;
    case 'finding':
      return `nbcairn-finding-${args.code}`;
  }
}

/**
 * A page in the main area.
 */
export class Page extends ReactWidget {
  constructor(
    private readonly cairn: ICairn,
    private readonly tools: PageTools,
    readonly args: PageArgs
  ) {
    super();
    this.addClass('nbc-Page');
    this.addClass('nbc-Scroller');
    this.node.tabIndex = -1;
  }

  protected render(): JSX.Element {
    const props: IPageProps = { cairn: this.cairn, tools: this.tools, onTitle: this._onTitle };
    const { args } = this;
    switch (args.kind) {
      case 'artifact':
        return <ArtifactView {...props} path={args.path} id={args.id} />;
      case 'comparison':
        return <ComparisonView {...props} path={args.path} before={args.before} after={args.after} />;
      case 'graph':
        return <GraphView {...props} path={args.path} artifact={args.artifact} />;
      case 'finding':
        return <FindingView {...props} code={args.code} />;
    }
  }

  private readonly _onTitle = (label: string, kind?: IArtifact['kind']): void => {
    const title = this.parent?.title ?? this.title;
    title.label = label;
    title.caption = label;
    title.icon = kind ? kindIcons[kind] : cairnIcon;
  };
}
