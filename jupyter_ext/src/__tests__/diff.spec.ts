import { diffLines } from '../model/diff';

function signs(before: string, after: string, limit?: number): string {
  return diffLines(before, after, limit)
    .map(({ kind, text }) => ({ same: ' ', added: '+', removed: '-' })[kind] + text)
    .join('|');
}

describe('diffLines', () => {
  it.each([
    ['nothing changed', 'a\nb', 'a\nb', ' a| b'],
    ['a line was added at the end', 'a', 'a\nb', ' a|+b'],
    ['a line was removed at the start', 'a\nb', 'b', '-a| b'],
    ['a line was replaced', 'a\nb\nc', 'a\nx\nc', ' a|-b|+x| c'],
    ['lines were swapped', 'a\nb', 'b\na', '-a| b|+a'],
    ['all is new', '', 'a', '-|+a']
  ])('%s', (_, before, after, expected) => {
    expect(signs(before, after)).toBe(expected);
  });

  it('keeps every line of both texts, whatever they are', () => {
    const texts = ['a\nb\nc\na', 'c\nb\na\n\nb', '', 'x', 'a\na\na'];
    for (const before of texts) {
      for (const after of texts) {
        const lines = diffLines(before, after);
        const side = (without: string) =>
          lines
            .filter(line => line.kind !== without)
            .map(line => line.text)
            .join('\n');
        expect(side('added')).toBe(before);
        expect(side('removed')).toBe(after);
      }
    }
  });

  it('shows huge texts as replaced instead of comparing each pair of lines', () => {
    expect(signs('a\nb\nc', 'a\nb\nd', 2)).toBe('-a|-b|-c|+a|+b|+d');
  });
});
