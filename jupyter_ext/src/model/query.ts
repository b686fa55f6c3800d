import { dateOf, midnight, When } from './days';
import { IFilter } from './filter';

/** From this moment on, up to but not at that one, as the server has them; null where it is open. */
export interface ISpan {
  readonly from: string | null;
  readonly to: string | null;
}

/** The filter as query parameters of the server. */
export function asQuery(filter: IFilter, now = new Date()): Record<string, string | boolean | null> {
  const { scope, session, user, tag, kind, when } = filter;
  return {
    q: filter.words.trim() || null,
    kind,
    all: scope.kind === 'all' || null,
    notebook: scope.kind === 'one' ? scope.name : null,
    session,
    user,
    tag,
    ...spanOf(when, now)
  };
}

/** The moments between which it was, by the reader's own midnights. */
export function spanOf(when: When, now = new Date()): ISpan {
  switch (when) {
    case null:
      return { from: null, to: null };
    case 'week':
      return { from: midnight(now, -6).toISOString(), to: null };
    case 'today':
      return dayOf(now);
    case 'yesterday':
      return dayOf(midnight(now, -1));
    default:
      return dayOf(dateOf(when) ?? now);
  }
}

function dayOf(at: Date): ISpan {
  return { from: midnight(at).toISOString(), to: midnight(at, 1).toISOString() };
}
