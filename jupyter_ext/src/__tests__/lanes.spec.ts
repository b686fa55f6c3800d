import { ILineage } from '../_api';
import { ILanes, layoutLanes, relatives } from '../model/lanes';
import { aGraph } from './builders';

/** Each row as "id@lane". */
function rows(lanes: ILanes): string {
  return lanes.order.map(id => `${id}@${lanes.places.get(id)?.lane}`).join(' ');
}

/** Edges whose lane, between its ends, is crossed by the dot of an unrelated node. */
function collisions(graph: ILineage, lanes: ILanes): string[] {
  const place = (id: string) => lanes.places.get(id) ?? { row: -1, lane: -1 };
  return lanes.edges.flatMap(edge =>
    graph.nodes
      .filter(node => {
        const { row, lane } = place(node.id);
        return lane === edge.lane && row > place(edge.target).row && row < place(edge.source).row;
      })
      .map(node => `${edge.source}>${edge.target} through ${node.id}`)
  );
}

describe('layoutLanes', () => {
  it('puts a chain into one lane, newest on top', () => {
    expect(rows(layoutLanes(aGraph('a b c', 'a>b', 'b>c')))).toBe('c@0 b@0 a@0');
  });

  it('gives two inputs two lanes', () => {
    expect(rows(layoutLanes(aGraph('a b c', 'a>c', 'b>c')))).toBe('c@0 b@1 a@0');
  });

  it('uses a lane again once its line has ended', () => {
    const lanes = layoutLanes(aGraph('a b c d', 'a>b', 'c>d'));
    expect(rows(lanes)).toBe('d@0 c@0 b@0 a@0');
    expect(lanes.width).toBe(1);
  });

  it('lets several readers of one node share its lane', () => {
    const lanes = layoutLanes(aGraph('a b c d', 'a>b', 'a>c', 'a>d'));
    expect(new Set(lanes.edges.map(edge => edge.lane)).size).toBe(1);
  });

  it('never draws a line through the dot of another node while lanes last', () => {
    let seed = 7;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    for (let round = 0; round < 40; round++) {
      const names = Array.from({ length: 25 }, (_, index) => `n${index}`);
      const edges = names.flatMap((name, index) =>
        index === 0 ? [] : [`n${Math.floor(random() * index)}>${name}`, `n${Math.floor(random() * index)}>${name}`]
      );
      const graph = aGraph(names.join(' '), ...new Set(edges));
      expect(collisions(graph, layoutLanes(graph, 99))).toEqual([]);
    }
  });

  it('stays within the lanes it may use', () => {
    const names = Array.from({ length: 30 }, (_, index) => `n${index}`);
    const graph = aGraph(`${names.join(' ')} last`, ...names.map(name => `${name}>last`));
    const lanes = layoutLanes(graph, 5);
    expect(lanes.width).toBe(5);
    expect(Math.max(...lanes.edges.map(edge => edge.lane))).toBeLessThan(5);
  });

  it('puts what a run made above the run, with a line between them', () => {
    const graph = aGraph('run plot', 'run>plot');
    const [run, plot] = graph.nodes;
    const made = { ...plot, kind: 'artifact' as const, run_id: 'run', at: run.at, seq: run.seq };
    const lanes = layoutLanes({ ...graph, nodes: [run, made] });
    expect(rows(lanes)).toBe('plot@0 run@0');
    expect(lanes.edges).toHaveLength(1);
  });

  it('leaves out lines to nodes that are not there', () => {
    expect(layoutLanes(aGraph('a', 'gone>a')).edges).toEqual([]);
  });
});

describe('relatives', () => {
  const graph = aGraph('a b c d e', 'a>b', 'b>c', 'b>d');

  it.each([
    ['a', [], ['b', 'c', 'd']],
    ['b', ['a'], ['c', 'd']],
    ['d', ['a', 'b'], []],
    ['e', [], []]
  ])('of %s are %j above and %j below', (id, up, down) => {
    const found = relatives(graph, id);
    expect([...found.up].sort()).toEqual(up);
    expect([...found.down].sort()).toEqual(down);
  });
});
