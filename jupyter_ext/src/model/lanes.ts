import { ILineage, ILineageNode } from '../_api';

/** A node's place: its row, newest on top, and the lane its dot stands in. */
export interface ILanePlace {
  readonly row: number;
  readonly lane: number;
}

export interface ILaneEdge {
  readonly source: string;
  readonly target: string;
  readonly names: readonly string[];
  /** The lane in which the line runs down from the newer node to the older one. */
  readonly lane: number;
}

export interface ILanes {
  readonly order: readonly string[];
  readonly places: ReadonlyMap<string, ILanePlace>;
  readonly edges: readonly ILaneEdge[];
  readonly width: number;
}

/**
 * A lane list as version-control histories draw it: one row a node, newest first. A line keeps its lane from the node that
 * uses something down to the node that made it; a lane is free again below its line.
 */
export function layoutLanes(graph: ILineage, most = 12): ILanes {
  const nodes = [...graph.nodes].sort(newestFirst);
  const rows = new Map(nodes.map((node, row) => [node.id, row]));
  const parents = new Map<string, { id: string; names: readonly string[] }[]>();
  for (const edge of graph.edges) {
    const above = rows.get(edge.target);
    const below = rows.get(edge.source);
    if (above !== undefined && below !== undefined && above < below) {
      parents.set(edge.target, [...(parents.get(edge.target) ?? []), { id: edge.source, names: edge.names }]);
    }
  }
  const lanes: (string | null)[] = [];
  const places = new Map<string, ILanePlace>();
  const edges: ILaneEdge[] = [];
  for (const [row, node] of nodes.entries()) {
    const mine = claim(lanes, node.id, most);
    places.set(node.id, { row, lane: mine });
    lanes.forEach((id, lane) => {
      if (id === node.id) {
        lanes[lane] = null;
      }
    });
    for (const parent of parents.get(node.id) ?? []) {
      const lane = claim(lanes, parent.id, most, mine);
      edges.push({ source: parent.id, target: node.id, names: parent.names, lane });
    }
  }
  return { order: nodes.map(node => node.id), places, edges, width: Math.max(1, lanes.length) };
}

/** What a run made stands above the run, though both bear the run's time. */
function newestFirst(a: ILineageNode, b: ILineageNode): number {
  const isMade = (node: ILineageNode) => Number(node.kind !== 'run' && node.run_id !== null);
  return a.at === b.at ? b.seq - a.seq || isMade(b) - isMade(a) : a.at < b.at ? 1 : -1;
}

/** The lane that waits for this node, else a free one (the preferred first), else the last. */
function claim(lanes: (string | null)[], id: string, most: number, preferred?: number): number {
  const known = lanes.indexOf(id);
  if (known >= 0) {
    return known;
  }
  const free = preferred !== undefined && lanes[preferred] === null ? preferred : lanes.indexOf(null);
  const lane = free >= 0 ? free : Math.min(lanes.length, most - 1);
  lanes[lane] = id;
  return lane;
}

/** Everything the node was made from (`up`) and everything made from it (`down`). */
export function relatives(graph: ILineage, id: string): { up: Set<string>; down: Set<string> } {
  return { up: reach(graph, id, 'target', 'source'), down: reach(graph, id, 'source', 'target') };
}

/** A node with all that it was made from and all that was made of it, without what else came of these. */
export function lineOf(graph: ILineage, id: string): ILineage {
  const { up, down } = relatives(graph, id);
  const isKin = (other: string) => other === id || up.has(other) || down.has(other);
  return {
    ...graph,
    nodes: graph.nodes.filter(node => isKin(node.id)),
    edges: graph.edges.filter(edge => isKin(edge.source) && isKin(edge.target))
  };
}

function reach(graph: ILineage, id: string, from: 'source' | 'target', to: 'source' | 'target'): Set<string> {
  const found = new Set<string>();
  const waiting = [id];
  while (waiting.length > 0) {
    const current = waiting.pop();
    for (const edge of graph.edges) {
      if (edge[from] === current && !found.has(edge[to])) {
        found.add(edge[to]);
        waiting.push(edge[to]);
      }
    }
  }
  return found;
}
