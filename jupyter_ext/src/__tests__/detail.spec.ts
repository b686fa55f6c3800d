import { compareColumns, compareValues } from '../model/compare';
import { bytes, columnsOf, factsOf, figure, previewOf, scoresOf, settingsOf } from '../model/detail';
import { axesOf, drawnFromOf } from '../model/figure';
import { factLabel } from '../model/words';
import { anArtifact, trans } from './builders';

const mass = { name: 'mass', dtype: 'float64', nulls: 2, min: 1.5, max: 9, mean: 4.123456, distinct: 7 };

describe('columnsOf', () => {
  it('reads what the profile says', () => {
    const histogram = { counts: [1, 2], edges: [0, 1, 2] };
    const [column] = columnsOf(anArtifact('df', { detail: { columns: [{ ...mass, histogram }] } }));
    expect(column).toMatchObject({ name: 'mass', dtype: 'float64', nulls: 2, min: '1.5', mean: 4.123456, histogram });
  });

  it.each([
    ['no columns', {}],
    ['columns that are no list', { columns: 'x' }],
    ['columns that are no objects', { columns: [1, null, 'a'] }]
  ])('finds nothing in %s', (_, detail) => {
    expect(columnsOf(anArtifact('df', { detail }))).toEqual([]);
  });

  it.each([[{ counts: [1], edges: [0] }], [{ counts: 'many', edges: [] }], ['bars']])(
    'takes no histogram from %j',
    histogram => {
      const [column] = columnsOf(anArtifact('df', { detail: { columns: [{ ...mass, histogram }] } }));
      expect(column.histogram).toBeNull();
    }
  );
});

describe('previewOf', () => {
  it('puts names over columns and the index before rows', () => {
    const detail = {
      columns: [mass, { name: 'sex' }],
      preview: [
        ['1', 'f'],
        ['2', 'm']
      ],
      index: ['a', 'b']
    };
    expect(previewOf(anArtifact('df', { detail }))).toEqual({
      header: ['mass', 'sex'],
      index: ['a', 'b'],
      rows: [
        ['1', 'f'],
        ['2', 'm']
      ]
    });
  });

  it('shows a list as one column', () => {
    expect(previewOf(anArtifact('xs', { detail: { preview: ['1', 2, null] } }))?.rows).toEqual([['1'], ['2'], ['']]);
  });

  it('is nothing where nothing was kept', () => {
    expect(previewOf(anArtifact('df'))).toBeNull();
  });
});

it('facts are plain values, without what is shown elsewhere; settings are by themselves', () => {
  const detail = { rows: 5, bytes: 20_480, title: 'T', columns: [], params: { alpha: '0.1' }, fitted: true };
  const model = anArtifact('m', { detail });
  expect(factsOf(model)).toEqual([
    ['rows', '5'],
    ['bytes', '20 kB'],
    ['fitted', 'true']
  ]);
  expect(settingsOf(model)).toEqual([['alpha', '0.1']]);
});

it.each([
  ['best_score', 'best score'],
  ['bytes', 'in memory'],
  ['iterations', 'iterations']
])('the fact %s is called “%s”', (name, label) => {
  expect(factLabel(name, trans)).toBe(label);
});

describe('a figure', () => {
  const series = [
    { name: 'Gentoo', kind: 'points', points: 123, data: { x: 'ab' }, from: { x: "penguins['mass']" } },
    'odd'
  ];
  const detail = { axes: [{ title: 'Mass', xlabel: 'g', series }, 5], plotted: 'ab', drawn_from: ['penguins'] };

  it('says what it plots, and from which columns', () => {
    const [axes, ...more] = axesOf(anArtifact('plot', { detail }));
    expect(more).toEqual([]);
    expect(axes).toMatchObject({ title: 'Mass', xlabel: 'g', ylabel: '' });
    expect(axes.series).toEqual([{ name: 'Gentoo', kind: 'points', points: 123, from: [['x', "penguins['mass']"]] }]);
  });

  it.each([
    ['content', true],
    ['reads', false]
  ])('drawn from what was found by %s is exact: %s', (drawn_from_how, isExact) => {
    expect(drawnFromOf(anArtifact('plot', { detail: { ...detail, drawn_from_how } }))).toEqual({
      names: ['penguins'],
      isExact
    });
  });

  it('has no facts that only programs read', () => {
    expect(factsOf(anArtifact('plot', { detail: { ...detail, drawn_from_how: 'reads' } }))).toEqual([]);
  });
});

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [999_900, '1.0 MB'],
  [123_456_789, '123 MB']
])('%d bytes are %s', (size, expected) => {
  expect(bytes(size)).toBe(expected);
});

it.each([
  [4.123456, '4.123'],
  [120000, '120000'],
  ['39.57500001', '39.58'],
  ['Adelie', 'Adelie'],
  ['', ''],
  [null, '']
])('%j is written %j', (value, expected) => {
  expect(figure(value)).toBe(expected);
});

describe('compareValues', () => {
  it('says of each name what became of it', () => {
    const before = new Map([
      ['a', '1'],
      ['b', '2'],
      ['gone', '3']
    ]);
    const after = new Map([
      ['a', '1'],
      ['b', '9'],
      ['new', '4']
    ]);
    const told = compareValues(before, after).map(({ name, change }) => [name, change]);
    expect(told).toEqual([
      ['a', 'same'],
      ['b', 'changed'],
      ['new', 'added'],
      ['gone', 'removed']
    ]);
  });
});

describe('compareColumns', () => {
  const frame = (...columns: object[]) => anArtifact('df', { detail: { columns } });

  it('finds what changed in a column', () => {
    const [column] = compareColumns(frame(mass), frame({ ...mass, nulls: 0, dtype: 'float32' }));
    expect(column.change).toBe('changed');
    const changed = column.facts.filter(fact => fact.change !== 'same');
    expect(changed.map(fact => [fact.name, fact.before, fact.after])).toEqual([
      ['dtype', 'float64', 'float32'],
      ['nulls', '2', '0']
    ]);
  });

  it('finds new and lost columns', () => {
    const told = compareColumns(frame(mass, { name: 'old' }), frame(mass, { name: 'new' }));
    expect(told.map(({ name, change }) => [name, change])).toEqual([
      ['mass', 'same'],
      ['new', 'added'],
      ['old', 'removed']
    ]);
  });
});

describe('scoresOf', () => {
  it.each([
    [{ accuracy: 0.91234567, report: { f1: 1 }, n: 3, odd: 'x' }, ['accuracy 0.9123', 'n 3']],
    [undefined, []],
    ['nonsense', []]
  ])('reads %j', (scores, expected) => {
    expect(scoresOf(anArtifact('forest', { kind: 'model', detail: { scores } }))).toEqual(expected);
  });
});
