import * as React from 'react';
import { act } from 'react';

import { IArtifact, ISession, ISlice } from '../_api';
import { ArtifactView } from '../pages/artifact';
import { ComparisonView } from '../pages/comparison';
import { FindingView } from '../pages/finding';
import { pageId } from '../pages/page';
import { PageTools } from '../pages/tools';
import { anArtifact, aRun, cleanUp, FakeCairn, FakeSource, press, render, settle } from './builders';

const tools = new PageTools(null, null);
const columns = [{ name: 'mass', dtype: 'float64', nulls: 0, min: 1, max: 3, mean: 2, distinct: 3 }];
const preview = [['1'], ['2'], ['3']];
const newest = anArtifact('df', { id: 'a2', version: 2, versions: 2, detail: { columns, preview } });
const older = anArtifact('df', { id: 'a1', version: 1, versions: 2, detail: { columns: [{ ...columns[0], max: 9 }] } });
const copy = anArtifact('other', { id: 'a3', notebook: 'b.ipynb' });
const slice: ISlice = {
  parts: ['df = read()', 'df = clean(df)'].map((source, index) => ({
    run_id: `r${index}`,
    cell_id: `c${index}`,
    notebook: 'a.ipynb',
    execution_count: index + 1,
    source,
    whole: true
  })),
  lines: 2,
  inputs: [],
  missing: ['seed']
};
const session: ISession = {
  id: 's1',
  kernel_id: null,
  notebook: 'a.ipynb',
  user: 'ada',
  host: 'home',
  started: '',
  ended: null,
  python: '3.12',
  platform: 'linux',
  nbcairn: '0.1',
  git_commit: null,
  git_dirty: null,
  cwd: '',
  packages: { pandas: '2.2' }
};

function fakes(change: ConstructorParameters<typeof FakeCairn>[0] = {}) {
  const all: Record<string, IArtifact> = { a1: older, a2: newest, a3: copy };
  const fake = new FakeCairn({
    artifact: (_: string, id: string) => all[id],
    artifacts: (_: string, query: { digest?: string }) =>
      query.digest ? { items: [newest, copy], total: 2, next: null } : { items: [newest, older], total: 2, next: null },
    slice: (_: string, id: string) => (id === 'a1' ? { ...slice, parts: slice.parts.slice(0, 1) } : slice),
    run: () => ({ ...aRun('r1', 'df = clean(df)'), reads: [{ name: 'raw', fingerprint: null, run_id: null }] }),
    session: () => session,
    notes: () => ({ items: [{ id: 'n', subject: 'a2', author: 'ada', made: '', text: 'the <b>good</b> one' }] }),
    addNote: () => ({}),
    ...change
  });
  const source = new FakeSource();
  fake.cairn.model.follow(source);
  const titles: string[] = [];
  const props = { cairn: fake.cairn, tools, onTitle: (title: string) => void titles.push(title) };
  return { fake, source, titles, props };
}

async function choose(host: HTMLElement, index: number, value: string): Promise<void> {
  const select = host.querySelectorAll('select')[index];
  await act(async () => {
    Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value')?.set?.call(select, value);
    select.dispatchEvent(new Event('change', { bubbles: true }));
    await settle();
  });
}

afterEach(cleanUp);

describe('the page of an artifact', () => {
  it('shows what it is, its rows, its columns, its code and where else it is', async () => {
    const { props, titles } = fakes();
    const host = await render(<ArtifactView {...props} path="a.ipynb" id="a2" />);
    expect(titles).toEqual(['df']);
    expect(host.querySelectorAll('.nbc-Grid tbody tr').length).toBe(4);
    expect([...host.querySelectorAll('.nbc-Part pre')].map(pre => pre.textContent)).toEqual([
      'df = read()',
      'df = clean(df)'
    ]);
    for (const text of ['seed', 'raw', 'other', 'ada@home', 'pandas']) {
      expect(host.textContent).toContain(text);
    }
  });

  it('treats notes as text', async () => {
    const { props } = fakes();
    const host = await render(<ArtifactView {...props} path="a.ipynb" id="a2" />);
    expect(host.querySelector('.nbc-Note')?.textContent).toContain('the <b>good</b> one');
    expect(host.querySelector('.nbc-Note b')).toBeNull();
  });

  it('hands its code to the notebook and to the clipboard', async () => {
    const { fake, source, props } = fakes();
    const host = await render(<ArtifactView {...props} path="a.ipynb" id="a2" />);
    await press(host, 'Insert code as cells');
    expect(source.inserted).toEqual(['df = read()', 'df = clean(df)']);
    await press(host, 'Copy code');
    expect(fake.copied).toEqual(['df = read()\n\ndf = clean(df)']);
  });

  it('goes to another version in place, and compares with one', async () => {
    const { fake, props } = fakes();
    const host = await render(<ArtifactView {...props} path="a.ipynb" id="a2" />);
    await choose(host, 1, 'a1');
    expect(fake.commands).toEqual([['nbcairn:compare-artifacts', { path: 'a.ipynb', before: 'a1', after: 'a2' }]]);
    await choose(host, 0, 'a1');
    expect(fake.asked.filter(([route]) => route === 'artifact').map(([, , id]) => id)).toEqual(['a2', 'a1']);
  });

  it('keeps the page when the code cannot be traced', async () => {
    const failing = () => {
      throw new Error('The trail holds no run of it.');
    };
    const { props } = fakes({ slice: failing });
    const host = await render(<ArtifactView {...props} path="a.ipynb" id="a2" />);
    expect(host.querySelector('h1')?.textContent).toBe('df');
    expect(host.textContent).toContain('The trail holds no run of it.');
  });
});

describe('the comparison of two versions', () => {
  it('shows what differs in columns and code', async () => {
    const { props, titles } = fakes();
    const host = await render(<ComparisonView {...props} path="a.ipynb" before="a1" after="a2" />);
    expect(titles).toEqual(['df: 1 and 2']);
    expect(host.querySelector('.nbc-Column')?.textContent).toContain('max9 3');
    expect(host.querySelector('.nbc-Diff')?.textContent).toContain('+ df = clean(df)');
  });

  it('says so when nothing is known of one side', async () => {
    const { props } = fakes();
    const host = await render(<ComparisonView {...props} path="a.ipynb" before="a3" after="a2" />);
    expect(host.textContent).toContain('No statistics were kept');
    expect(host.querySelector('.nbc-Column')).toBeNull();
  });
});

it('the page of a finding shows its text', async () => {
  const page = { code: 'CN104', title: 'Reads from further down', text: 'A cell **below** made it.' };
  const { props } = fakes({ finding: () => page });
  const host = await render(<FindingView {...props} code="CN104" />);
  expect(host.querySelector('h1')?.textContent).toContain('Reads from further down');
  expect(host.textContent).toContain('A cell **below** made it.');
});

it('asking twice for a page opens it once', () => {
  const ids = [
    pageId({ kind: 'artifact', path: 'a', id: 'x' }),
    pageId({ kind: 'artifact', path: 'b', id: 'x' }),
    pageId({ kind: 'finding', code: 'CN104' }),
    pageId({ kind: 'comparison', path: 'a', before: 'x', after: 'y' })
  ];
  expect(new Set(ids).size).toBe(3);
});
