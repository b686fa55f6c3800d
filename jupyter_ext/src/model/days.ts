/** When something was: `today`, `yesterday`, `week` (the last seven days), or a day such as `2026-11-24`; null is ever. */
export type When = string | null;

/** Days that are told by their weekday alone: those before yesterday, as far as no weekday comes twice. */
const WEEKDAYS = [2, 3, 4, 5, 6];
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** What was kept as JSON; what is odd in it is as if nothing had been chosen. */
export function whenFrom(raw: unknown): When {
  if (typeof raw !== 'string') {
    return null;
  }
  return ['today', 'yesterday', 'week'].includes(raw) || dateOf(raw) ? raw : null;
}

/** True where a day is meant by its date. */
export function isDate(when: When): when is string {
  return when !== null && DAY.test(when);
}

/** The days before yesterday that their weekday tells, newest first: their date, and their name. */
export function recentDays(now = new Date()): [date: string, label: string][] {
  return WEEKDAYS.map(ago => {
    const day = midnight(now, -ago);
    return [asDate(day), day.toLocaleDateString([], { weekday: 'long', day: 'numeric', month: 'short' })];
  });
}

/** A day as its date, in the reader's own time zone. */
export function asDate(day: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${String(day.getFullYear()).padStart(4, '0')}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** The midnight that begins a day, or one some days away: days are not all of 24 hours. */
export function midnight(at: Date, days = 0): Date {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() + days);
}

/** The day of a date; null for what is none, such as the 31st of February. */
export function dateOf(text: string): Date | null {
  const [, year, month, day] = DAY.exec(text)?.map(Number) ?? [];
  if (!year || !month || !day) {
    return null;
  }
  const found = new Date(2000, 0, 1);
  found.setFullYear(year, month - 1, day); // the constructor takes the year 26 for 1926
  return asDate(found) === text ? found : null;
}
