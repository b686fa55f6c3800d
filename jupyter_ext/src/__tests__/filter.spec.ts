import { countMore, filterFrom, isFiltered, NO_FILTER, within } from '../model/filter';
import { asQuery } from '../model/query';

const KNOWN = { notebooks: [{ name: 'a.ipynb', artifacts: 1 }], people: [], sessions: [], tags: [] };

describe('a filter', () => {
  it('asks for everything of the notebook at first', () => {
    expect(Object.values(asQuery(NO_FILTER)).filter(value => value !== null)).toEqual([]);
    expect(isFiltered(NO_FILTER)).toBe(false);
  });

  it.each([
    [{ kind: 'this' as const }, null, null, false],
    [{ kind: 'all' as const }, true, null, true],
    [{ kind: 'one' as const, name: 'a.ipynb' }, null, 'a.ipynb', true]
  ])('asks for the notebooks of its scope (%j)', (scope, all, notebook, more) => {
    const filter = { ...NO_FILTER, scope };
    expect(asQuery(filter)).toMatchObject({ all, notebook });
    expect(countMore(filter) > 0).toBe(more);
  });

  it('asks for the day that was chosen', () => {
    const filter = { ...NO_FILTER, when: 'today' };
    const now = new Date(2026, 10, 28, 11);
    const [from, to] = [new Date(2026, 10, 28).toISOString(), new Date(2026, 10, 29).toISOString()];
    expect(asQuery(filter, now)).toMatchObject({ from, to });
    expect([isFiltered(filter), countMore(filter)]).toEqual([true, 1]);
    expect(countMore({ ...filter, scope: { kind: 'all' }, tag: 'report' })).toBe(3);
  });

  it('takes spaces for no words', () => {
    expect(isFiltered({ ...NO_FILTER, words: '  ' })).toBe(false);
    expect(asQuery({ ...NO_FILTER, words: '  ' }).q).toBeNull();
  });

  it('comes back from JSON as it was', () => {
    const filter = {
      ...NO_FILTER,
      words: 'mass',
      kind: 'data' as const,
      scope: { kind: 'one' as const, name: 'a' },
      tag: 't',
      when: '2026-11-24'
    };
    expect(filterFrom(JSON.parse(JSON.stringify(filter)))).toEqual(filter);
  });

  it.each([
    [undefined],
    [null],
    [5],
    ['x'],
    [{ words: 5, kind: 'evil', scope: { kind: 'one' }, tag: {}, when: '2026-11-31' }]
  ])('takes %j for no filter', raw => {
    expect(filterFrom(raw)).toEqual(NO_FILTER);
  });

  it('keeps only what the project has', () => {
    const filter = {
      ...NO_FILTER,
      words: 'x',
      scope: { kind: 'one' as const, name: 'b.ipynb' },
      user: 'eve',
      session: 's'
    };
    expect(within(filter, KNOWN)).toEqual({ ...NO_FILTER, words: 'x' });
    const here = { ...NO_FILTER, scope: { kind: 'one' as const, name: 'a.ipynb' } };
    expect(within(here, KNOWN)).toEqual(here);
  });
});
