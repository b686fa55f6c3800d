import * as React from 'react';
import { act } from 'react';

import { IArtifact, IRunSummary } from '../_api';
import { RowList } from '../components/list';
import { ArtifactsView } from '../panels/artifacts';
import { HistoryView } from '../panels/history';
import { LineageView } from '../panels/lineage';
import { aGraph, anArtifact, aRun, cleanUp, FakeCairn, FakeSource, press, render, settle } from './builders';

const FOCUS = { id: null, count: 0 };
const HEIGHT = 200;

beforeAll(() => {
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => HEIGHT });
});

afterEach(cleanUp);

function over<T>(answers: ConstructorParameters<typeof FakeCairn>[0], view: React.ComponentType<never>) {
  const fake = new FakeCairn(answers);
  const source = new FakeSource();
  fake.cairn.model.follow(source);
  const View = view as React.ComponentType<object>;
  return { fake, source, element: <View {...({ cairn: fake.cairn, version: 0, focus: FOCUS } as T & object)} /> };
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
});

describe('ArtifactsView', () => {
  const frames = Array.from({ length: 120 }, (_, index) => anArtifact(`frame${index}`));

  it('asks for pages, not for everything', async () => {
    const { fake, element } = over({ artifacts: pageOf<IArtifact>(frames) }, ArtifactsView as never);
    const host = await render(element);
    expect(host.querySelector('.nbc-Artifact-name')?.textContent).toBe('frame0');
    expect(fake.asked.map(([, , query]) => (query as { limit: number }).limit)).toEqual([50]);
    expect(host.querySelector('ul')?.style.height).toBe(`${120 * 58}px`);
  });

  it('opens the page of an artifact', async () => {
    const { fake, element } = over({ artifacts: pageOf([frames[0]]) }, ArtifactsView as never);
    await press(await render(element), 'frame0');
    expect(fake.commands).toEqual([['nbcairn:open-artifact', { id: 'id-frame0', path: 'a.ipynb' }]]);
  });

  it('filters by kind, and says when nothing matches', async () => {
    const answer = (_: string, query: { kind: string | null }) => pageOf(query.kind ? [] : frames)(_, {});
    const { fake, element } = over({ artifacts: answer as never }, ArtifactsView as never);
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

  it('says what will appear when there is nothing yet', async () => {
    const { element } = over({ artifacts: pageOf([]) }, ArtifactsView as never);
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

  it('shows runs, also those that failed and of deleted cells', async () => {
    const { element } = over({ runs: answer as never }, HistoryView as never);
    const rows = [...(await render(element)).querySelectorAll('.nbc-Run')].map(row => row.textContent);
    expect(rows).toHaveLength(3);
    expect(rows[2]).toContain('NameError');
    expect(rows[2]).toContain('cell deleted');
    expect(rows[0]).not.toContain('cell deleted');
  });

  it('shows what changed since the run before', async () => {
    const { element } = over({ runs: answer as never }, HistoryView as never);
    const host = await render(element);
    await press(host, '[2]');
    expect(host.querySelector('.nbc-Diff')?.textContent).toBe('- x = 1\n+ x = 2\n');
    expect(host.querySelector('.nbc-Names')?.textContent).toContain('a');
  });

  it('inserts and copies old code', async () => {
    const { fake, source, element } = over({ runs: answer as never }, HistoryView as never);
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
    const { fake, element } = over({ lineage: () => aGraph('c1 c2 c3 c4', 'c1>c2', 'c3>c4') }, LineageView as never);
    const host = await render(element);
    await press(host, 'c2');
    const dim = [...host.querySelectorAll('.nbc-Node.nbc-mod-dim')].map(node => node.textContent);
    expect(dim).toEqual(['c4', 'c3']);
    expect(fake.revealed).toEqual(['c2']);
  });

  it('follows the active cell of the notebook', async () => {
    const { source, element } = over({ lineage: () => aGraph('c1 c2', 'c1>c2') }, LineageView as never);
    const host = await render(element);
    await act(async () => {
      source.activeChanged.emit('c1');
      await settle();
    });
    expect(host.querySelector('[aria-pressed=true]')?.textContent).toBe('c1');
  });
});
