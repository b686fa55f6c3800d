import { layoutLayers, neighbour } from '../model/layered';
import { aGraph } from './builders';

const size = () => ({ width: 80, height: 30 });

describe('a graph in layers', () => {
  it('puts causes above effects, and every line between them', async () => {
    const graph = aGraph('a b c d', 'a>b', 'a>c', 'b>d', 'c>d');
    const { boxes, lines, width, height } = await layoutLayers(graph, size);
    const y = (id: string) => boxes.get(id)?.y ?? NaN;
    expect(y('a')).toBeLessThan(y('b'));
    expect(y('b')).toBe(y('c'));
    expect(y('c')).toBeLessThan(y('d'));
    expect(lines.length).toBe(4);
    for (const { x, y: at } of boxes.values()) {
      expect(x).toBeLessThan(width);
      expect(at).toBeLessThan(height);
    }
  });

  it('leaves out lines to nodes that are not drawn', async () => {
    const { lines } = await layoutLayers(aGraph('a b', 'a>b', 'gone>b'), size);
    expect(lines.map(line => line.source)).toEqual(['a']);
  });

  it.each([
    ['b', 'up', 'a'],
    ['b', 'down', 'd'],
    ['a', 'up', null],
    ['d', 'down', null]
  ] as const)('leads from %s %s to %s', async (from, direction, to) => {
    const graph = aGraph('a b c d', 'a>b', 'a>c', 'b>d', 'c>d');
    expect(neighbour(graph, await layoutLayers(graph, size), from, direction)).toBe(to);
  });

  it('leads sideways within a layer, and back', async () => {
    const graph = aGraph('a b c', 'a>b', 'a>c');
    const layered = await layoutLayers(graph, size);
    const [left, right] = ['b', 'c'].sort((a, b) => (layered.boxes.get(a)?.x ?? 0) - (layered.boxes.get(b)?.x ?? 0));
    expect(neighbour(graph, layered, left, 'right')).toBe(right);
    expect(neighbour(graph, layered, right, 'left')).toBe(left);
    expect(neighbour(graph, layered, left, 'left')).toBeNull();
  });
});
