import { filterIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { IArtifact, IFilters } from '../_api';
import { kindIcons } from '../components/icons';
import { Choice, Option, WhenChoice } from '../components/choice';
import { Action, useAnswer } from '../components/parts';
import { countMore, IFilter, isFiltered, KINDS, NO_FILTER, Scope, within } from '../model/filter';
import { moment } from '../model/format';
import { kindLabel } from '../model/words';
import { ICairn } from '../tokens';

export interface IFilterBar {
  readonly cairn: ICairn;
  readonly filter: IFilter;
  readonly onChange: (filter: IFilter) => void;
  /** How many were found; null until it is known. */
  readonly total: number | null;
  readonly version: number;
}

/** Words and kinds in sight; day, notebook, person, session and tag one press away. */
export function FilterBar({ cairn, filter, onChange, total, version }: IFilterBar): JSX.Element {
  const { trans } = cairn;
  const [isOpen, setOpen] = React.useState(false);
  const count = countMore(filter);
  const Funnel = filterIcon.react;
  const change = (part: Partial<IFilter>) => onChange({ ...filter, ...part });
  return (
    <div className="nbc-Filter" role="search">
      <input
        type="search"
        className="nbc-Search"
        placeholder={trans.__('Search names, code, notes')}
        aria-label={trans.__('Search artifacts')}
        value={filter.words}
        onChange={event => change({ words: event.target.value })}
      />
      <div className="nbc-Filter-row" role="group" aria-label={trans.__('Kinds')}>
        {KINDS.map(kind => (
          <KindButton key={kind} cairn={cairn} kind={kind} current={filter.kind} onChoose={kind => change({ kind })} />
        ))}
        <button
          className="nbc-Kind nbc-Filter-more"
          title={trans.__('Filter by day, notebook, person, session or tag')}
          aria-label={
            count > 0 ? trans._n('More filters, 1 set', 'More filters, %1 set', count) : trans.__('More filters')
          }
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <Funnel tag={null} />
          {count > 0 && <span className="nbc-Count">{count}</span>}
        </button>
      </div>
      {(isOpen || count > 0) && (
        <Choices cairn={cairn} filter={filter} onChange={onChange} version={version} isOpen={isOpen} />
      )}
      {isFiltered(filter) && (
        <div className="nbc-Filter-found">
          <span role="status">{total === null ? '' : trans._n('1 found', '%1 found', total)}</span>
          <Action label={trans.__('Clear filters')} onClick={() => onChange(NO_FILTER)} />
        </div>
      )}
    </div>
  );
}

function KindButton(props: {
  cairn: ICairn;
  kind: IArtifact['kind'];
  current: IArtifact['kind'] | null;
  onChoose: (kind: IArtifact['kind'] | null) => void;
}): JSX.Element {
  const { cairn, kind, current, onChoose } = props;
  const Icon = kindIcons[kind].react;
  const label = kindLabel(kind, cairn.trans);
  return (
    <button
      className="nbc-Kind"
      title={label}
      aria-label={label}
      aria-pressed={kind === current}
      onClick={() => onChoose(kind === current ? null : kind)}
    >
      <Icon tag={null} />
    </button>
  );
}

/** What the project has to choose from. Closed it draws nothing, and drops what a remembered filter no longer finds. */
function Choices(props: Omit<IFilterBar, 'total'> & { isOpen: boolean }): JSX.Element | null {
  const { cairn, filter, onChange } = props;
  const { client, model, trans } = cairn;
  const { path } = model;
  const known = useAnswer(signal => client.filters(path, signal), [path, props.version]).value;
  React.useEffect(() => {
    const valid = known ? within(filter, known) : filter;
    if (JSON.stringify(valid) !== JSON.stringify(filter)) {
      onChange(valid);
    }
  }, [known]);
  if (!props.isOpen || !known) {
    return null;
  }
  const change = (part: Partial<IFilter>) => onChange({ ...filter, ...part });
  return (
    <div className="nbc-Choices">
      <WhenChoice trans={trans} when={filter.when} onChoose={when => change({ when })} />
      <Choice
        label={trans.__('Notebook')}
        value={nameOf(filter.scope)}
        none={trans.__('This notebook')}
        options={[['*', trans.__('All notebooks')], ...known.notebooks.map(asOption)]}
        onChoose={name => change({ scope: scopeOf(name), session: null })}
      />
      <Choice
        label={trans.__('Person')}
        value={filter.user}
        none={trans.__('Anyone')}
        options={known.people.map(asOption)}
        onChoose={user => change({ user })}
      />
      <Choice
        label={trans.__('Session')}
        value={filter.session}
        none={trans.__('Any session')}
        options={sessionsIn(known, filter, cairn).map(session => [
          session.id,
          `${moment(session.started)} · ${session.user} (${session.artifacts})`
        ])}
        onChoose={session => change({ session })}
      />
      <Choice
        label={trans.__('Tag')}
        value={filter.tag}
        none={known.tags.length > 0 ? trans.__('Any tag') : trans.__('No cell has a tag')}
        options={known.tags.map(asOption)}
        onChoose={tag => change({ tag })}
      />
    </div>
  );
}

function asOption(choice: { name: string; artifacts: number }): Option {
  return [choice.name, `${choice.name} (${choice.artifacts})`];
}

function nameOf(scope: Scope): string | null {
  return scope.kind === 'one' ? scope.name : scope.kind === 'all' ? '*' : null;
}

function scopeOf(name: string | null): Scope {
  return name === null ? { kind: 'this' } : name === '*' ? { kind: 'all' } : { kind: 'one', name };
}

/** The sessions of the notebooks that count. The name that the trail has for the notebook in front ends its path. */
function sessionsIn(known: IFilters, filter: IFilter, cairn: ICairn): IFilters['sessions'] {
  const { scope } = filter;
  return known.sessions.filter(({ notebook }) =>
    scope.kind === 'one'
      ? notebook === scope.name
      : scope.kind === 'all' || notebook === null || `/${cairn.model.path}`.endsWith(`/${notebook}`)
  );
}
