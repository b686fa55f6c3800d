import { IArtifact, IFilters } from '../_api';
import { When, whenFrom } from './days';

/** Which notebooks count: the one in front, all of the project, or one by its name. */
export type Scope =
  { readonly kind: 'this' } | { readonly kind: 'all' } | { readonly kind: 'one'; readonly name: string };

/** Which artifacts are wanted; null asks for all. */
export interface IFilter {
  readonly words: string;
  readonly kind: IArtifact['kind'] | null;
  readonly scope: Scope;
  readonly session: string | null;
  readonly user: string | null;
  readonly tag: string | null;
  readonly when: When;
}

export const NO_FILTER: IFilter = {
  words: '',
  kind: null,
  scope: { kind: 'this' },
  session: null,
  user: null,
  tag: null,
  when: null
};

/** True where something is left out on purpose. */
export function isFiltered(filter: IFilter): boolean {
  return filter.words.trim() !== '' || filter.kind !== null || countMore(filter) > 0;
}

/** How many filters are set that are out of sight while only words and kinds are shown. */
export function countMore(filter: IFilter): number {
  const { scope, session, user, tag, when } = filter;
  return [scope.kind !== 'this', ...[session, user, tag, when].map(value => value !== null)].filter(Boolean).length;
}

/** The filter without what this project does not have: a remembered one may be of another. */
export function within(filter: IFilter, known: IFilters): IFilter {
  const has = (choices: readonly string[], value: string | null) =>
    value !== null && choices.includes(value) ? value : null;
  const names = (choices: readonly { name: string }[]) => choices.map(choice => choice.name);
  const { scope } = filter;
  const isGone = scope.kind === 'one' && !names(known.notebooks).includes(scope.name);
  return {
    ...filter,
    scope: isGone ? NO_FILTER.scope : scope,
    session: has(
      known.sessions.map(choice => choice.id),
      filter.session
    ),
    user: has(names(known.people), filter.user),
    tag: has(names(known.tags), filter.tag)
  };
}

/** A filter that was kept as JSON; what is odd in it is as if it had not been set. */
export function filterFrom(raw: unknown): IFilter {
  if (typeof raw !== 'object' || raw === null) {
    return NO_FILTER;
  }
  const kept = raw as Record<string, unknown>;
  const text = (name: string) => (typeof kept[name] === 'string' ? kept[name] : null);
  return {
    words: text('words') ?? '',
    kind: KINDS.find(kind => kind === kept['kind']) ?? null,
    scope: scopeFrom(kept['scope']),
    session: text('session'),
    user: text('user'),
    tag: text('tag'),
    when: whenFrom(kept['when'])
  };
}

/** The kinds of artifacts, in the order in which they are offered. */
export const KINDS: readonly IArtifact['kind'][] = ['figure', 'data', 'model', 'metric', 'file'];

function scopeFrom(raw: unknown): Scope {
  const { kind, name } = (raw ?? {}) as { kind?: unknown; name?: unknown };
  if (kind === 'one' && typeof name === 'string') {
    return { kind, name };
  }
  return kind === 'all' ? { kind } : NO_FILTER.scope;
}
