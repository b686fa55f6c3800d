import { duration, firstLine, moment, short } from '../model/format';

describe('firstLine', () => {
  it.each([
    ['x = 1\ny = 2', 'x = 1'],
    ['\n\n  # a comment\nx = 1', 'x = 1'],
    ['# only a comment', '# only a comment'],
    ['', ''],
    ['a'.repeat(100), `${'a'.repeat(59)}…`]
  ])('%j is told by %j', (source, expected) => {
    expect(firstLine(source)).toBe(expected);
  });
});

describe('duration', () => {
  it.each([
    [0, '<0.01 s'],
    [0.25, '0.25 s'],
    [12.34, '12.3 s'],
    [59.96, '1 min 0 s'],
    [125, '2 min 5 s'],
    [119.7, '2 min 0 s']
  ])('%d seconds are %s', (seconds, expected) => {
    expect(duration(seconds)).toBe(expected);
  });
});

describe('moment', () => {
  const now = new Date('2026-03-04T12:00:00');

  it('is the time only for today', () => {
    expect(moment('2026-03-04T09:30:00', now)).toMatch(/^\D*0?9.30/);
    expect(moment('2026-03-04T09:30:00', now)).not.toContain('2026');
  });

  it.each([
    ['2026-03-03T23:30:00', 'Tuesday'],
    ['2026-02-26T09:30:00', 'Thursday']
  ])('has the day of the week within a week: %s', (at, day) => {
    expect(moment(at, now)).toContain(day);
    expect(moment(at, now)).not.toContain('2026');
  });

  it.each(['2026-02-25T09:30:00', '2026-03-05T09:30:00'])('has the date before that, and ahead: %s', at => {
    expect(moment(at, now)).toMatch(/2026/);
  });

  it('keeps what is no date', () => {
    expect(moment('soon', now)).toBe('soon');
  });
});

it('a fingerprint is told by its first digits', () => {
  expect(short('0123456789abcdef')).toBe('01234567');
});
