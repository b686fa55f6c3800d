import { ILineage, ILineageNode } from '../_api';

/** Where a node stands: its middle, and its size. */
export interface IBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line through points, from what made something to what used it. */
export interface ILine {
  readonly source: string;
  readonly target: string;
  readonly names: readonly string[];
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface ILayered {
  readonly boxes: ReadonlyMap<string, IBox>;
  readonly lines: readonly ILine[];
  readonly width: number;
  readonly height: number;
}

export type Size = (node: ILineageNode) => { width: number; height: number };

/**
 * A graph in layers, causes above effects. The library that places the nodes is loaded when a graph is first drawn; nothing
 * else knows which one it is.
 */
export async function layoutLayers(graph: ILineage, sizeOf: Size): Promise<ILayered> {
  const { Graph, layout } = await import('@dagrejs/dagre');
  const drawn = new Graph();
  drawn.setGraph({ rankdir: 'TB', nodesep: 18, ranksep: 30, marginx: 12, marginy: 12, ranker: 'longest-path' });
  drawn.setDefaultEdgeLabel(() => ({}));
  graph.nodes.forEach(node => drawn.setNode(node.id, { ...sizeOf(node) }));
  const edges = graph.edges.filter(edge => drawn.hasNode(edge.source) && drawn.hasNode(edge.target));
  edges.forEach(edge => drawn.setEdge(edge.source, edge.target, {}));
  layout(drawn);
  const { width = 0, height = 0 } = drawn.graph() as { width?: number; height?: number };
  return {
    boxes: new Map(graph.nodes.map(node => [node.id, drawn.node(node.id) as IBox])),
    lines: edges.map(edge => ({
      source: edge.source,
      target: edge.target,
      names: edge.names,
      points: (drawn.edge(edge.source, edge.target) as ILine).points
    })),
    width,
    height
  };
}

export type Direction = 'up' | 'down' | 'left' | 'right';

/** The node that an arrow key leads to: a cause above, an effect below, a neighbour in the same layer. */
export function neighbour(graph: ILineage, layered: ILayered, id: string, direction: Direction): string | null {
  const here = layered.boxes.get(id);
  if (!here) {
    return null;
  }
  const near = (ids: string[], distance: (box: IBox) => number) => {
    const known = ids.flatMap(other => {
      const box = layered.boxes.get(other);
      return box && other !== id ? [{ other, distance: distance(box) }] : [];
    });
    return known.sort((a, b) => a.distance - b.distance)[0]?.other ?? null;
  };
  const across = (box: IBox) => Math.abs(box.y - here.y) * 10 + Math.abs(box.x - here.x);
  switch (direction) {
    case 'up':
      return near(
        graph.edges.filter(edge => edge.target === id).map(edge => edge.source),
        across
      );
    case 'down':
      return near(
        graph.edges.filter(edge => edge.source === id).map(edge => edge.target),
        across
      );
    default: {
      const isBeyond = (box: IBox) => (direction === 'left' ? box.x < here.x : box.x > here.x);
      const row = graph.nodes
        .map(node => node.id)
        .filter(other => {
          const box = layered.boxes.get(other);
          return box && Math.abs(box.y - here.y) < here.height && isBeyond(box);
        });
      return near(row, box => Math.abs(box.x - here.x));
    }
  }
}
