import { asDate, isDate, recentDays, whenFrom } from '../model/days';
import { spanOf } from '../model/query';

const NOW = new Date(2026, 10, 28, 11, 30); // a Saturday
const at = (year: number, month: number, day: number) => new Date(year, month - 1, day).toISOString();

describe('a span of days', () => {
  it.each([
    [null, null, null],
    ['today', at(2026, 11, 28), at(2026, 11, 29)],
    ['yesterday', at(2026, 11, 27), at(2026, 11, 28)],
    ['week', at(2026, 11, 22), null],
    ['2026-11-24', at(2026, 11, 24), at(2026, 11, 25)],
    ['2025-12-31', at(2025, 12, 31), at(2026, 1, 1)],
    ['2026-03-29', at(2026, 3, 29), at(2026, 3, 30)]
  ])('%s goes from midnight to midnight', (when, from, to) => {
    expect(spanOf(when, NOW)).toEqual({ from, to });
  });

  it('ends where the clock is put forward or back', () => {
    for (const day of ['2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01']) {
      const { from, to } = spanOf(day, NOW);
      expect([new Date(from ?? '').getHours(), new Date(to ?? '').getHours()]).toEqual([0, 0]);
    }
  });

  it.each(['today', 'yesterday', 'week', '2026-11-24', '2024-02-29'])('%s comes back from JSON', when => {
    expect(whenFrom(JSON.parse(JSON.stringify(when)))).toBe(when);
  });

  it.each([
    [null],
    [undefined],
    [5],
    [{}],
    [''],
    ['soon'],
    ['2026-02-31'],
    ['2026-13-01'],
    ['0000-01-01'],
    ['2026-1-1']
  ])('takes %j for no choice', raw => {
    expect(whenFrom(raw)).toBeNull();
  });

  it('tells the weekdays of the last week, but for those that have a word', () => {
    const days = recentDays(NOW);
    expect(days.map(([date]) => date)).toEqual(['2026-11-26', '2026-11-25', '2026-11-24', '2026-11-23', '2026-11-22']);
    expect(days[2][1]).toContain('Tuesday');
    expect(recentDays(new Date(2026, 0, 2)).map(([date]) => date)[1]).toBe('2025-12-30');
  });

  it('knows a date', () => {
    expect([isDate('2026-11-24'), isDate('week'), isDate(null)]).toEqual([true, false, false]);
    expect(asDate(NOW)).toBe('2026-11-28');
  });
});
