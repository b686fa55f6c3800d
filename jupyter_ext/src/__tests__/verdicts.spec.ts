import { groupByCause, originOf } from '../model/findings';
import { flagged, nextFlagged } from '../model/verdicts';
import { headline, verdictLabel } from '../model/words';
import { aCell, aCheck, aFinding, trans } from './builders';

const check = aCheck(
  aCell('a', 0, 'fresh'),
  aCell('b', 1, 'unknown', aFinding('CN106')),
  aCell('c', 3, 'stale', aFinding('CN104'), aFinding('CN102')),
  aCell('d', 4, 'stale', aFinding('CN104')),
  aCell('e', 6, 'never-run')
);

describe('groupByCause', () => {
  it('puts flags with one cause together, what is surely wrong first', () => {
    const told = groupByCause(check).map(({ code, verdict, flags }) => [code, verdict, flags.map(f => f.cell.cell_id)]);
    expect(told).toEqual([
      ['CN104', 'stale', ['c', 'd']],
      ['CN102', 'stale', ['c']],
      ['CN106', 'unknown', ['b']],
      ['never-run', 'never-run', ['e']]
    ]);
  });

  it('keeps findings on fresh cells, at the end', () => {
    const fresh = aCheck(aCell('a', 0, 'fresh', aFinding('CN301')), aCell('b', 1, 'stale', aFinding('CN102')));
    expect(groupByCause(fresh).map(cause => cause.code)).toEqual(['CN102', 'CN301']);
  });

  it('is empty when all is fresh', () => {
    expect(groupByCause(aCheck(aCell('a', 0, 'fresh')))).toEqual([]);
  });
});

describe('originOf', () => {
  it.each([
    [{}, { maker: null, lost: null, ran: null }],
    [{ made_by_cell: 'c1' }, { maker: 'c1', lost: null, ran: null }],
    [
      { made_by_cell: null, made_by_source: 'x = 1' },
      { maker: null, lost: 'x = 1', ran: null }
    ],
    [{ ran: 'y = 2' }, { maker: null, lost: null, ran: 'y = 2' }],
    [
      { ran: 5, made_by_cell: '' },
      { maker: null, lost: null, ran: null }
    ]
  ])('%j says %j', (because, expected) => {
    expect(originOf(aFinding('CN104', { because }))).toEqual(expected);
  });
});

describe('nextFlagged', () => {
  it.each([
    [null, 1, 'b'],
    ['a', 1, 'b'],
    ['b', 1, 'c'],
    ['e', 1, 'b'],
    ['c', -1, 'b'],
    ['a', -1, 'e'],
    ['gone', 1, 'b']
  ] as [string | null, 1 | -1, string][])('from %s in direction %d is %s', (active, step, expected) => {
    expect(nextFlagged(check, active, step)).toBe(expected);
  });

  it('is nothing when all is fresh', () => {
    expect(nextFlagged(aCheck(aCell('a', 0, 'fresh')), 'a', 1)).toBeNull();
  });
});

it('flagged cells come in the order of the document', () => {
  expect(flagged(check)).toEqual(['b', 'c', 'd', 'e']);
});

describe('headline', () => {
  it.each([
    [[], 'The notebook has no code cells.'],
    [['fresh'], 'Restart & Run All would show the same.'],
    [['fresh', 'fresh'], 'Restart & Run All would show the same in all 2 cells.'],
    [['fresh', 'stale'], 'Restart & Run All would change 1 of 2 cells.'],
    [['stale', 'stale', 'unknown'], 'Restart & Run All would change 2 of 3 cells.'],
    [['fresh', 'unknown'], 'No cell is known to be stale, but not all is known.'],
    [['fresh', 'never-run'], 'What has run still holds; not every cell has run.']
  ] as const)('for %j', (verdicts, expected) => {
    const cells = verdicts.map((verdict, index) => aCell(`c${index}`, index, verdict));
    expect(headline(aCheck(...cells), trans)).toBe(expected);
  });
});

it('verdicts have names of their own', () => {
  const names = (['fresh', 'stale', 'unknown', 'never-run'] as const).map(verdict => verdictLabel(verdict, trans));
  expect(new Set(names).size).toBe(4);
});
