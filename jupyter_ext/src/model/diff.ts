/** One line of a comparison. */
export interface IDiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/**
 * Lines removed from `before` and added in `after`, by longest common subsequence.
 *
 * Sources of cells are short; beyond `limit` lines the whole text is shown as replaced.
 */
export function diffLines(before: string, after: string, limit = 600): IDiffLine[] {
  const a = before.split('\n');
  const b = after.split('\n');
  if (a.length > limit || b.length > limit) {
    return [...a.map(text => line('removed', text)), ...b.map(text => line('added', text))];
  }
  const lengths = commonLengths(a, b);
  const found: IDiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      found.push(line('same', a[i]));
      i += 1;
      j += 1;
    } else if (lengths[i + 1][j] >= lengths[i][j + 1]) {
      found.push(line('removed', a[i++]));
    } else {
      found.push(line('added', b[j++]));
    }
  }
  found.push(...a.slice(i).map(text => line('removed', text)));
  found.push(...b.slice(j).map(text => line('added', text)));
  return found;
}

function commonLengths(a: string[], b: string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  return table;
}

function line(kind: IDiffLine['kind'], text: string): IDiffLine {
  return { kind, text };
}
