/** The first line of a source that says something, shortened. */
export function firstLine(source: string, width = 60): string {
  const lines = source.split('\n').map(text => text.trim());
  const telling = lines.find(text => text !== '' && !text.startsWith('#')) ?? lines.find(text => text !== '') ?? '';
  return telling.length <= width ? telling : `${telling.slice(0, width - 1)}…`;
}

/** A duration for people. */
export function duration(seconds: number): string {
  if (seconds < 0.0095) {
    return '<0.01 s';
  }
  if (seconds < 59.95) {
    return `${seconds.toFixed(seconds < 9.995 ? 2 : 1)} s`;
  }
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Days of which the day of the week says which is meant. */
const WEEK = 6;

/** A moment in the reader's own time zone: the time today, the day within a week, the date otherwise. */
export function moment(iso: string, now = new Date()): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) {
    return iso;
  }
  const time = at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const midnight = (day: Date) => new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
  if (days === 0) {
    return time;
  }
  const isNear = days > 0 && days <= WEEK;
  return `${isNear ? at.toLocaleDateString([], { weekday: 'long' }) : at.toLocaleDateString()} ${time}`;
}

/** Enough of a fingerprint to tell it from others. */
export function short(digest: string): string {
  return digest.slice(0, 8);
}
