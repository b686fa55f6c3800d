import { fold } from '../model/fold';
import { aGraph } from './builders';

const label = (count: number) => `+${count}`;

describe('a graph that is too large', () => {
  const graph = aGraph('a b c d e f', 'a>b', 'b>c', 'c>d', 'd>e', 'd>f');

  it('is whole where there is room', () => {
    const { graph: drawn, more } = fold(graph, 'c', 6, [], label);
    expect(drawn).toEqual(graph);
    expect(more.size).toBe(0);
  });

  it('shows the nearest and folds the rest behind them, before and after', () => {
    const { graph: drawn, more } = fold(graph, 'c', 3, [], label);
    expect(drawn.nodes.map(node => node.label)).toEqual(['b', 'c', 'd', '+1', '+2']);
    expect([...more.values()]).toEqual([1, 2]);
    const [before, after] = [...more.keys()];
    expect(drawn.edges).toContainEqual({ source: before, target: 'b', names: [] });
    expect(drawn.edges).toContainEqual({ source: 'd', target: after, names: [] });
  });

  it('shows what is behind a folded node that was opened, and folds what is behind that', () => {
    const chain = aGraph('a b c d', 'a>b', 'b>c', 'c>d');
    const first = fold(chain, 'a', 2, [], label);
    const [id] = first.more.keys();
    expect(first.graph.nodes.map(node => node.label)).toEqual(['a', 'b', '+2']);
    expect(fold(chain, 'a', 2, [id], label).graph).toEqual(chain);
  });

  it('opens a step at a time', () => {
    const names = Array.from({ length: 100 }, (_, number) => `n${number}`);
    const star = aGraph(`hub ${names.join(' ')}`, ...names.map(name => `hub>${name}`));
    const closed = fold(star, 'hub', 1, [], label);
    const [id] = closed.more.keys();
    expect(closed.more.get(id)).toBe(100);
    const opened = fold(star, 'hub', 1, [id], label);
    expect(opened.more.get(id)).toBe(40);
    expect(opened.graph.nodes).toHaveLength(62);
    expect(fold(star, 'hub', 1, [id, id], label).graph).toEqual(star);
  });
});
