import { ILineage, ILineageNode } from '../_api';

/** A graph of which the far parts are folded into nodes that can be opened. */
export interface IFolded {
  readonly graph: ILineage;
  /** How many nodes a folded one stands for, by its id. */
  readonly more: ReadonlyMap<string, number>;
}

/** Nodes that opening a folded one brings. */
const STEP = 60;

/**
 * The nodes nearest to the focus, at most so many; what lies behind one of them is folded into one node before it and one
 * after it. `opened` are the ids of folded nodes that were opened, in that order.
 */
export function fold(graph: ILineage, focus: string, most: number, opened: readonly string[], label: Label): IFolded {
  const { order, via } = fromFocus(graph, focus);
  const shown = new Set(order.slice(0, most));
  for (const id of opened) {
    const behind = order.filter(node => !shown.has(node) && anchorOf(node, shown, via) === id);
    behind.slice(0, STEP).forEach(node => shown.add(node));
  }
  const more = new Map<string, number>();
  for (const node of order) {
    if (!shown.has(node)) {
      const id = anchorOf(node, shown, via);
      more.set(id, (more.get(id) ?? 0) + 1);
    }
  }
  const folded = [...more].map(([id, count]) => asNode(id, label(count)));
  return {
    graph: {
      nodes: [...graph.nodes.filter(node => shown.has(node.id)), ...folded.map(({ node }) => node)],
      edges: [
        ...graph.edges.filter(edge => shown.has(edge.source) && shown.has(edge.target)),
        ...folded.map(({ edge }) => edge)
      ],
      truncated: graph.truncated
    },
    more
  };
}

/** How a folded node is called that stands for so many. */
export type Label = (count: number) => string;

type Way = 'before' | 'after';

interface IStep {
  readonly from: string;
  readonly way: Way;
}

/** All nodes, nearest first, and by which node and in which direction each was reached first. */
function fromFocus(graph: ILineage, focus: string): { order: string[]; via: Map<string, IStep> } {
  const near = new Map<string, [string, Way][]>(graph.nodes.map(node => [node.id, []]));
  for (const { source, target } of graph.edges) {
    near.get(source)?.push([target, 'after']);
    near.get(target)?.push([source, 'before']);
  }
  const order = [focus];
  const via = new Map<string, IStep>();
  for (const id of order) {
    for (const [next, way] of near.get(id) ?? []) {
      if (next !== focus && !via.has(next) && near.has(next)) {
        via.set(next, { from: id, way });
        order.push(next);
      }
    }
  }
  return { order, via };
}

/** The folded node that a hidden node belongs to: behind the nearest shown one on the way to the focus. */
function anchorOf(node: string, shown: ReadonlySet<string>, via: ReadonlyMap<string, IStep>): string {
  let step = via.get(node);
  while (step && !shown.has(step.from)) {
    step = via.get(step.from);
  }
  return `more ${step?.way ?? 'after'} ${step?.from ?? ''}`;
}

function asNode(id: string, label: string): { node: ILineageNode; edge: ILineage['edges'][number] } {
  const [, way, ...rest] = id.split(' ');
  const anchor = rest.join(' ');
  const [source, target] = way === 'before' ? [id, anchor] : [anchor, id];
  return {
    node: {
      id,
      kind: 'value',
      label,
      run_id: null,
      cell_id: null,
      artifact_id: null,
      seq: 0,
      at: '',
      focus: false
    },
    edge: { source, target, names: [] }
  };
}
