import * as React from 'react';
import { act } from 'react';

import { IArtifact, IRunSummary } from '../_api';
import { RowList } from '../components/list';
import { IPaged, usePages } from '../components/pages';
import { spanOf } from '../model/query';
import { ArtifactsView } from '../panels/artifacts';
import { HistoryView } from '../panels/history';
import { LineageView } from '../panels/lineage';
import { Memory } from '../panels/memory';
import { ISectionProps } from '../panels/section';
import {
  aGraph,
  aKnown,
  anArtifact,
  aRun,
  aWholeRun,
  cleanUp,
  FakeCairn,
  FakeSource,
  press,
  render,
  settle
} from './builders';

const HEIGHT = 200;

beforeAll(() => {
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => HEIGHT });
});

afterEach(cleanUp);

function over(
  answers: ConstructorParameters<typeof FakeCairn>[0],
  View: React.ComponentType<ISectionProps>,
  change: Partial<ISectionProps> = {}
) {
  const fake = new FakeCairn(answers);
  const source = new FakeSource();
  fake.cairn.model.follow(source);
  return { fake, source, element: <View {...fake.props(change)} /> };
}

/** A page of a long list, as the server cuts it. */
function pageOf<T>(all: readonly T[]) {
  return (_path: string, query: { offset?: number; limit?: number }) => {
    const offset = query.offset ?? 0;
    return { items: all.slice(offset, offset + (query.limit ?? 50)), total: all.length, next: null };
  };
}

describe('RowList', () => {
  const list = (count: number) => (
    <RowList
      count={count}
      rowHeight={20}
      label="Rows"
      renderRow={(index, tabIndex) => (
        <button data-row tabIndex={tabIndex}>
          row {index}
        </button>
      )}
    />
  );

  it('draws the rows in view, not all of them', async () => {
    const host = await render(list(10_000));
    expect(host.querySelectorAll('li').length).toBeLessThan(40);
    expect(host.querySelector('ul')?.style.height).toBe('200000px');
  });

  it('tells readers how long it is', async () => {
    const host = await render(list(10_000));
    expect(host.querySelector('li')?.getAttribute('aria-setsize')).toBe('10000');
    expect(host.querySelector('li')?.getAttribute('aria-posinset')).toBe('1');
  });

  it('has one stop for Tab, and arrow keys between rows', async () => {
    const host = await render(list(5));
    const stops = () => [...host.querySelectorAll<HTMLElement>('[data-row]')].filter(row => row.tabIndex === 0);
    expect(stops().map(row => row.textContent)).toEqual(['row 0']);
    await act(async () => stops()[0].focus());
    await act(async () => {
      stops()[0].dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
      await settle();
      await new Promise(resolve => window.requestAnimationFrame(resolve));
    });
    expect(stops().map(row => row.textContent)).toEqual(['row 1']);
    expect(document.activeElement?.textContent).toBe('row 1');
  });

  it('loses no key that comes before the row of the last one has the focus', async () => {
    const host = await render(list(9));
    const first = host.querySelector<HTMLElement>('[data-row]');
    await act(async () => first?.focus());
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowDown']) {
      await act(async () => {
        document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      });
    }
    await act(async () => {
      await new Promise(resolve => setTimeout(resolve, 100));
    });
    expect(document.activeElement?.textContent).toBe('row 3');
  });
});

describe('usePages', () => {
  it('asks for what is looked at, not for all that was passed by', async () => {
    const asked: number[] = [];
    const answers: (() => void)[] = [];
    let pages: IPaged<number> | null = null;
    const Probe = () => {
      pages = usePages<number>(offset => {
        asked.push(offset);
        return new Promise(resolve => answers.push(() => resolve({ items: [offset], total: 10_000 })));
      }, []);
      return null;
    };
    const answer = () =>
      act(async () => {
        answers.shift()?.();
        await settle();
      });
    await render(<Probe />);
    await answer();
    for (let first = 0; first < 9_970; first += 100) {
      pages!.want(first, first + 30);
    }
    pages!.want(9_970, 9_999);
    expect(asked).toEqual([0, 100, 200]);
    await answer();
    expect(asked).toEqual([0, 100, 200, 9_950]);
    await answer();
    await answer();
    expect(pages!.get(9_950)).toBe(9_950);
    expect(asked).toHaveLength(4);
  });
});

async function choose(host: HTMLElement, label: string, value: string) {
  const select = host.querySelector<HTMLSelectElement>(`select[aria-label="${label}"]`);
  await act(async () => {
    if (select) {
      select.value = value;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    }
    await new Promise(resolve => setTimeout(resolve, 200));
    await settle();
  });
  return select;
}

/** Give a date to the field that asks for one. */
async function give(host: HTMLElement, date: string) {
  const field = host.querySelector<HTMLInputElement>('input[type=date]');
  await act(async () => {
    if (field) {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, date);
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
    await new Promise(resolve => setTimeout(resolve, 200));
    await settle();
  });
}

describe('ArtifactsView', () => {
  const frames = Array.from({ length: 120 }, (_, index) => anArtifact(`frame${index}`));

  it('asks for pages, not for everything', async () => {
    const { fake, element } = over({ artifacts: pageOf<IArtifact>(frames) }, ArtifactsView);
    const host = await render(element);
    expect(host.querySelector('.nbc-Artifact-name')?.textContent).toBe('frame0');
    const lists = fake.asked.filter(([route]) => route === 'artifacts');
    expect(lists.map(([, , query]) => (query as { limit: number }).limit)).toEqual([50]);
    expect(host.querySelector('ul')?.style.height).toBe(`${120 * 58}px`);
  });

  it('opens the page of an artifact', async () => {
    const { fake, element } = over({ artifacts: pageOf([frames[0]]) }, ArtifactsView);
    await press(await render(element), 'frame0');
    expect(fake.commands).toEqual([['nbcairn:open-artifact', { id: 'id-frame0', path: 'a.ipynb' }]]);
  });

  it('says who else has it', async () => {
    const known = [aKnown('frame0'), aKnown('frame0', { user: 'bob' }), aKnown('frame1', { own: true })];
    const { element } = over({ artifacts: pageOf(frames), known: () => ({ items: known }) }, ArtifactsView);
    const rows = (await render(element)).querySelectorAll('.nbc-Artifact');
    expect(rows[0].textContent).toContain('grace, bob have it already');
    expect(rows[1].textContent).not.toContain('already');
  });

  it('filters by kind, and says when nothing matches', async () => {
    const answer = (_: string, query: { kind: string | null }) => pageOf(query.kind ? [] : frames)(_, {});
    const { fake, element } = over({ artifacts: answer as never }, ArtifactsView);
    const host = await render(element);
    const models = host.querySelector<HTMLElement>('[aria-label=Models]');
    await act(async () => {
      models?.click();
      await settle();
    });
    expect(models?.getAttribute('aria-pressed')).toBe('true');
    expect(fake.asked.at(-1)?.[2]).toMatchObject({ kind: 'model', stacked: true });
    expect(host.textContent).toContain('Nothing matches');
  });

  const known = {
    notebooks: [
      { name: 'a.ipynb', artifacts: 2 },
      { name: 'b.ipynb', artifacts: 1 }
    ],
    people: [{ name: 'ada', artifacts: 3 }],
    sessions: [
      { id: 's2', notebook: 'b.ipynb', user: 'ada', host: 'h', started: '2026-01-02T10:00:00Z', artifacts: 1 },
      { id: 's1', notebook: 'a.ipynb', user: 'ada', host: 'h', started: '2026-01-01T10:00:00Z', artifacts: 2 }
    ],
    tags: [{ name: 'report', artifacts: 1 }]
  };
  const open = async (host: HTMLElement) => {
    await act(async () => {
      host.querySelector<HTMLElement>('[aria-label="More filters"]')?.click();
      await settle();
    });
  };

  it('filters by notebook, person, session and tag, and says how many it found', async () => {
    const { fake, element } = over({ artifacts: pageOf(frames), filters: () => known }, ArtifactsView);
    const host = await render(element);
    await open(host);
    await choose(host, 'Person', 'ada');
    await choose(host, 'Tag', 'report');
    const sessions = await choose(host, 'Session', 's1');
    expect([...(sessions?.options ?? [])].map(option => option.value)).toEqual(['', 's1']);
    expect(fake.asked.at(-1)?.[2]).toMatchObject({ user: 'ada', tag: 'report', session: 's1', notebook: null });
    await choose(host, 'Notebook', 'b.ipynb');
    expect(fake.asked.at(-1)?.[2]).toMatchObject({ notebook: 'b.ipynb', session: null, all: null });
    expect(host.querySelector('[role=status]')?.textContent).toBe('120 found');
    await press(host, 'Clear filters');
    expect(host.textContent).not.toContain('Clear filters');
  });

  it('filters by the day that something was made on', async () => {
    const memory = new Memory(null);
    const { fake, element } = over({ artifacts: pageOf(frames), filters: () => known }, ArtifactsView, { memory });
    const host = await render(element);
    await open(host);
    await choose(host, 'When', 'yesterday');
    expect(fake.asked.filter(([route]) => route === 'artifacts').at(-1)?.[2]).toMatchObject(spanOf('yesterday'));
    await choose(host, 'When', 'other');
    expect(memory.filter.when).toBe('yesterday');
    await give(host, '2026-01-02');
    expect(fake.asked.filter(([route]) => route === 'artifacts').at(-1)?.[2]).toMatchObject(spanOf('2026-01-02'));
    expect(memory.filter.when).toBe('2026-01-02');
    await press(host, 'Clear filters');
    expect(host.querySelector('input[type=date]')).toBeNull();
  });

  it('remembers the filter, and drops what the project does not have', async () => {
    const memory = new Memory(null);
    memory.filter = { ...memory.filter, words: 'mass', user: 'ada', tag: 'gone' };
    const { fake, element } = over({ artifacts: pageOf(frames), filters: () => known }, ArtifactsView, { memory });
    const host = await render(element);
    expect(host.querySelector<HTMLInputElement>('.nbc-Search')?.value).toBe('mass');
    await choose(host, 'Nothing', '');
    expect(fake.asked.filter(([route]) => route === 'artifacts').at(-1)?.[2]).toMatchObject({
      q: 'mass',
      user: 'ada',
      tag: null
    });
    expect(memory.filter).toMatchObject({ words: 'mass', user: 'ada', tag: null });
  });

  it('offers all notebooks where this one has nothing', async () => {
    const memory = new Memory(null);
    memory.filter = { ...memory.filter, words: 'mass' };
    const answers = { artifacts: pageOf<IArtifact>([]), filters: () => known };
    const { fake, element } = over(answers, ArtifactsView, { memory });
    const host = await render(element);
    await press(host, 'Search all notebooks');
    await choose(host, 'Nothing', '');
    expect(fake.asked.filter(([route]) => route === 'artifacts').at(-1)?.[2]).toMatchObject({ all: true, q: 'mass' });
  });

  it('says what will appear when there is nothing yet', async () => {
    const { element } = over({ artifacts: pageOf([]) }, ArtifactsView);
    expect((await render(element)).textContent).toContain('No artifacts yet');
  });
});

describe('HistoryView', () => {
  const runs = [
    aRun('r2', 'x = 2', { execution_count: 2, reads: ['a'], writes: ['x'] }),
    aRun('r1', 'x = 1', { execution_count: 1 }),
    aRun('r0', 'boom()', { cell_id: 'gone', status: 'error', error_type: 'NameError', error_message: 'no boom' })
  ];
  const answer = (path: string, query: { before?: string }) =>
    query.before === 'r2' ? { items: [runs[1]], total: 3, next: null } : pageOf<IRunSummary>(runs)(path, query);
  const kept = (_: string, blob: string) => {
    if (blob === 'ab') {
      return '<table>kept</table>';
    }
    throw new Error('It is gone.');
  };
  const whole = aWholeRun('r2', 'x = 2', {
    displays: [
      { kind: 'stdout', digest: '', media_types: [], blob: null, text: 'hello <b>you</b>' },
      { kind: 'display', digest: '', media_types: ['text/html', 'text/plain'], blob: null, text: 'a table' },
      { kind: 'display', digest: '', media_types: ['application/x'], blob: null, text: '' },
      { kind: 'result', digest: '', media_types: ['text/html', 'text/plain'], blob: 'ab', text: 'kept' },
      { kind: 'result', digest: '', media_types: ['text/html', 'text/plain'], blob: 'gone', text: 'plain' },
      { kind: 'result', digest: '', media_types: ['application/vnd.x', 'text/html'], blob: 'cd', text: 'a chart' },
      { kind: 'error', digest: '', media_types: [], blob: null, text: 'said elsewhere' }
    ],
    writes: [
      { name: 'x', fingerprint: null, how: 'bound', type_name: 'DataFrame', summary: '3 rows' },
      { name: '<file:out.csv>', fingerprint: null, how: 'bound', type_name: '', summary: '' }
    ],
    files: [{ path: 'out.csv', mode: 'write', md5: null, size: 2100, mtime_ns: null, note: '' }],
    artifacts: [anArtifact('x')]
  });

  it('shows runs, also those that failed and of deleted cells', async () => {
    const { element } = over({ runs: answer as never }, HistoryView);
    const rows = [...(await render(element)).querySelectorAll('.nbc-Run')].map(row => row.textContent);
    expect(rows).toHaveLength(3);
    expect(rows[2]).toContain('NameError');
    expect(rows[2]).toContain('cell deleted');
    expect(rows[0]).not.toContain('cell deleted');
  });

  it('shows what changed since the run before', async () => {
    const { element } = over({ runs: answer as never }, HistoryView);
    const host = await render(element);
    await press(host, '[2]');
    expect(host.querySelector('.nbc-Diff')?.textContent).toBe('- x = 1\n+ x = 2\n');
    expect(host.querySelector('.nbc-Names')?.textContent).toContain('a');
  });

  it('shows what the run showed, wrote and made, as text', async () => {
    const { fake, element } = over({ runs: answer as never, run: () => whole, text: kept as never }, HistoryView);
    const host = await render(element);
    await press(host, '[2]');
    expect([...host.querySelectorAll('.nbc-Output')].map(node => node.textContent)).toEqual([
      'hello <b>you</b>',
      'a table',
      '<table>kept</table>',
      'plain',
      'a chart'
    ]);
    expect(host.querySelector('.nbc-Outputs table')).toBeNull();
    expect(host.querySelector('.nbc-Outputs b')).toBeNull();
    expect(host.textContent).toContain('Shown, but not kept: application/x');
    expect(host.textContent).not.toContain('said elsewhere');
    expect([...host.querySelectorAll('.nbc-Written')].map(node => node.textContent)).toEqual([
      'x3 rows',
      'out.csvwritten, 2.1 kB'
    ]);
    await press(host.querySelector<HTMLElement>('.nbc-Details') ?? host, 'x');
    expect(fake.commands).toEqual([['nbcairn:open-artifact', { id: 'id-x', path: 'a.ipynb' }]]);
  });

  it('shows the runs of a day, and says when there are none', async () => {
    const days = (path: string, query: { from: string | null }) =>
      pageOf<IRunSummary>(query.from === spanOf('2026-01-02').from ? runs : query.from ? [] : runs)(path, {});
    const { fake, element } = over({ runs: days as never }, HistoryView);
    const host = await render(element);
    await choose(host, 'When', 'today');
    expect(host.textContent).toContain('Nothing ran then');
    await choose(host, 'When', 'other');
    await give(host, '');
    await give(host, '2026-01-02');
    expect(fake.asked.at(-1)?.[2]).toMatchObject(spanOf('2026-01-02'));
    expect(host.querySelector('[role=status]')?.textContent).toBe('3 runs');
    await press(host, 'Show all days');
    expect(fake.asked.at(-1)?.[2]).toMatchObject({ from: null, to: null });
    expect(host.querySelector('select')?.value).toBe('');
  });

  it('says nothing of days where nothing ran', async () => {
    const { element } = over({ runs: pageOf<IRunSummary>([]) }, HistoryView);
    const host = await render(element);
    expect(host.textContent).toContain('No runs yet');
    expect(host.querySelector('select')).toBeNull();
  });

  it('inserts and copies old code', async () => {
    const { fake, source, element } = over({ runs: answer as never }, HistoryView);
    const host = await render(element);
    await press(host, '[2]');
    await press(host, 'Insert as new cell');
    await press(host, 'Copy code');
    expect(source.inserted).toEqual(['x = 2']);
    expect(fake.copied).toEqual(['x = 2']);
  });
});

describe('LineageView', () => {
  it('lights what a run was made from and what was made from it', async () => {
    const { fake, element } = over({ lineage: () => aGraph('c1 c2 c3 c4', 'c1>c2', 'c3>c4') }, LineageView);
    const host = await render(element);
    await press(host, 'c2');
    const dim = [...host.querySelectorAll('.nbc-Node.nbc-mod-dim')].map(node => node.textContent);
    expect(dim).toEqual(['c4', 'c3']);
    expect(fake.revealed).toEqual(['c2']);
  });

  it('follows the active cell of the notebook', async () => {
    const { source, element } = over({ lineage: () => aGraph('c1 c2', 'c1>c2') }, LineageView);
    const host = await render(element);
    await act(async () => {
      source.activeChanged.emit('c1');
      await settle();
    });
    expect(host.querySelector('[aria-pressed=true]')?.textContent).toBe('c1');
  });
});
