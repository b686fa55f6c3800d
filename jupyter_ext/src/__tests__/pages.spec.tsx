import * as React from 'react';
import { act } from 'react';

import { IArtifact, IRowChanges, IRows, ISession, ISlice, IStages } from '../_api';
import { ArtifactView } from '../pages/artifact';
import { ComparisonView } from '../pages/comparison';
import { FindingView } from '../pages/finding';
import { OF_ARTIFACT, OF_NOTEBOOK } from '../pages/formats';
import { GraphView } from '../pages/graph';
import { pageId } from '../pages/page';
import { IMenuItem, PageTools } from '../pages/tools';
import { aGraph, anArtifact, aRun, cleanUp, FakeCairn, FakeSource, press, render, settle, trans } from './builders';

// jsdom draws no canvas; the grid itself is looked at in a browser.
jest.mock('../components/datagrid', () => ({ showGrid: () => ({ dispose: () => undefined }) }));

/** Answers questions without a dialog, and notes what a menu would offer. */
class FakeTools extends PageTools {
  constructor() {
    super(null, null, trans);
  }
  answer: string | null = 'again';
  readonly menus: unknown[][] = [];

  async ask(): Promise<string | null> {
    return this.answer;
  }
  menu(items: readonly IMenuItem[]): void {
    this.menus.push(items.map(item => item.args?.['format'] ?? '-'));
  }
}

const tools = new FakeTools();
const columns = [{ name: 'mass', dtype: 'float64', nulls: 0, min: 1, max: 3, mean: 2, distinct: 3 }];
const preview = [['1'], ['2'], ['3']];
const newest = anArtifact('df', { id: 'a2', version: 2, versions: 2, detail: { columns, preview } });
const older = anArtifact('df', { id: 'a1', version: 1, versions: 2, detail: { columns: [{ ...columns[0], max: 9 }] } });
const kept = anArtifact('kept', { id: 'a4', detail: { kept: { blob: 'ab', format: 'parquet', bytes: 9 } } });
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
const rows: IRows = {
  columns: ['mass'],
  dtypes: ['float64'],
  labels: ['0', '1', '2'],
  rows: preview,
  offset: 0,
  available: 3,
  total: 50,
  note: 'The value was not kept, only its first rows.'
};
const changes: IRowChanges = {
  matched: 'column',
  key: ['id'],
  keys: [['id'], []],
  before: { compared: 3, total: 50 },
  after: { compared: 3, total: 50 },
  exact: false,
  same: 1,
  changed: 1,
  added: null,
  removed: null,
  rows: [{ change: 'changed', key: ['7'], cells: [{ column: 'mass', before: '9', after: '3' }] }],
  note: ''
};
const stages: IStages = {
  names: ['read', 'prepare'],
  usual: ['read', 'prepare'],
  cells: [
    { cell_id: 'c1', label: 'df = read()', stages: ['read'], tagged: '' },
    { cell_id: 'c2', label: 'df = clean(df)', stages: ['prepare'], tagged: '' },
    { cell_id: 'c9', label: 'gone', stages: [], tagged: '' }
  ],
  problem: ''
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
  const all: Record<string, IArtifact> = { a1: older, a2: newest, a3: copy, a4: kept };
  const fake = new FakeCairn({
    artifact: (_: string, id: string) => all[id],
    artifacts: (_: string, query: { digest?: string }) =>
      query.digest ? { items: [newest, copy], total: 2, next: null } : { items: [newest, older], total: 2, next: null },
    slice: (_: string, id: string) => (id === 'a1' ? { ...slice, parts: slice.parts.slice(0, 1) } : slice),
    run: () => ({ ...aRun('r1', 'df = clean(df)'), reads: [{ name: 'raw', fingerprint: null, run_id: null }] }),
    session: () => session,
    notes: () => ({ items: [{ id: 'n', subject: 'a2', author: 'ada', made: '', text: 'the <b>good</b> one' }] }),
    addNote: () => ({}),
    rows: () => rows,
    changes: () => changes,
    restore: (_: string, id: string, variable?: string) => ({
      kept: id === 'a4',
      variable: variable ?? 'kept',
      source: `${variable ?? 'kept'} = nbcairn.load('${id}')`,
      message: ''
    }),
    stages: () => stages,
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
    expect(fake.commands).toEqual([]); // arrow keys in the list open nothing
    await press(host.querySelector('.nbc-Versions-rival') as HTMLElement, 'Compare');
    expect(fake.commands).toEqual([['nbcairn:compare-artifacts', { path: 'a.ipynb', before: 'a1', after: 'a2' }]]);
    await choose(host, 0, 'a1');
    expect(fake.asked.filter(([route]) => route === 'artifact').map(([, , id]) => id)).toEqual(['a2', 'a1']);
  });

  it('says how many rows it shows, and shows them as text, too', async () => {
    const { props } = fakes();
    const host = await render(<ArtifactView {...props} path="a.ipynb" id="a2" />);
    const section = host.querySelector('section[aria-label="First rows"]');
    expect(section?.textContent).toContain('3 of 50 rows');
    expect(section?.textContent).toContain('only its first rows');
    expect(section?.querySelectorAll('table tbody tr').length).toBe(3);
  });

  it('restores a kept value under the name that the person chose, by a cell that runs', async () => {
    const { source, props } = fakes();
    const host = await render(<ArtifactView {...props} path="a.ipynb" id="a4" />);
    await press(host, 'Restore into the kernel');
    expect(source.inserted).toEqual(["again = nbcairn.load('a4')"]);
    expect(source.ran).toEqual(['inserted']);
  });

  it('restores nothing when the person thinks better of it', async () => {
    const { source, props } = fakes();
    tools.answer = null;
    const host = await render(<ArtifactView {...props} path="a.ipynb" id="a4" />);
    await press(host, 'Restore into the kernel');
    tools.answer = 'again';
    expect(source.inserted).toEqual([]);
  });

  it('says that what was not kept cannot be restored', async () => {
    const { props } = fakes();
    const host = await render(<ArtifactView {...props} path="a.ipynb" id="a2" />);
    expect(host.textContent).toContain('cannot be restored into the kernel');
    expect([...host.querySelectorAll('button')].some(button => button.textContent?.includes('Restore'))).toBe(false);
  });

  it('offers every format', async () => {
    const { props } = fakes();
    const host = await render(<ArtifactView {...props} path="a.ipynb" id="a2" />);
    await press(host, 'Export');
    expect(tools.menus.pop()).toEqual([...OF_ARTIFACT, '-', ...OF_NOTEBOOK]);
  });

  it('tags cells with the stage that a person names', async () => {
    const { source, props } = fakes();
    const host = await render(<ArtifactView {...props} path="a.ipynb" id="a2" />);
    const details = [...host.querySelectorAll('details')].find(node => node.textContent?.includes('Stages'));
    await act(async () => {
      (details as HTMLDetailsElement).open = true;
      details?.dispatchEvent(new Event('toggle'));
      await settle();
    });
    expect(host.querySelectorAll('.nbc-Stage').length).toBe(3);
    await press(host.querySelectorAll<HTMLElement>('.nbc-Stage')[1], 'Rename');
    expect(source.stages).toEqual([['c2', 'again']]);
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
    expect(host.querySelector('.nbc-Column')?.textContent).toContain('most9 3');
    expect(host.querySelector('.nbc-Diff')?.textContent).toContain('+ df = clean(df)');
  });

  it('shows the rows that changed, and how many were compared', async () => {
    const { props } = fakes();
    const withRows = { ...older, detail: { ...older.detail, preview } };
    const { fake } = fakes();
    const all: Record<string, IArtifact> = { a1: withRows, a2: newest };
    Object.assign(fake.answers, { artifact: (_: string, id: string) => all[id] });
    const host = await render(<ComparisonView {...props} cairn={fake.cairn} path="a.ipynb" before="a1" after="a2" />);
    const section = host.querySelector('section[aria-label="Rows"]');
    expect(section?.textContent).toContain('1 row changed');
    expect(section?.textContent).toContain('3 of 50 rows');
    expect(section?.textContent).not.toContain('are new');
    expect(section?.querySelector('tbody del')?.textContent).toBe('9');
  });

  it('enlarges two pictures together', async () => {
    const pictures = ['a1', 'a2'].map(id =>
      anArtifact('plot', { id, kind: 'figure', media_type: 'image/png', blob: id })
    );
    const { props } = fakes({ artifact: (_: string, id: string) => pictures.find(item => item.id === id) });
    const host = await render(<ComparisonView {...props} path="a.ipynb" before="a1" after="a2" />);
    const slider = host.querySelector('.nbc-Zoom input') as HTMLInputElement;
    await act(async () => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(slider, '4');
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      await settle();
    });
    const frames = [...host.querySelectorAll<HTMLElement>('.nbc-Zoomed')];
    expect(frames.map(frame => (frame.firstElementChild as HTMLElement).style.width)).toEqual(['400%', '400%']);
    expect(frames.map(frame => frame.tabIndex)).toEqual([0, 0]);
  });

  it('says so when nothing is known of one side', async () => {
    const { props } = fakes();
    const host = await render(<ComparisonView {...props} path="a.ipynb" before="a3" after="a2" />);
    expect(host.textContent).toContain('No statistics were kept');
    expect(host.querySelector('.nbc-Column')).toBeNull();
  });
});

describe('the graph of an artifact', () => {
  const graph = aGraph('raw clean plot', 'raw>clean', 'clean>plot');
  const focused = {
    ...graph,
    nodes: graph.nodes.map(node => ({
      ...node,
      focus: node.id === 'clean',
      artifact_id: node.id === 'plot' ? 'a9' : null
    }))
  };

  async function shown() {
    const { fake, source, props } = fakes({ lineage: () => focused });
    const host = await render(<GraphView {...props} path="a.ipynb" artifact="clean" />);
    const svg = host.querySelector('svg[role="group"]') as SVGSVGElement;
    const key = async (name: string) => {
      await act(async () => {
        svg.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
        await settle();
      });
    };
    const chosen = () => host.querySelector('.nbc-Box[aria-pressed="true"] text')?.textContent;
    return { fake, source, host, key, chosen };
  }

  it('draws every node, and says the same in words', async () => {
    const { host } = await shown();
    expect(host.querySelectorAll('.nbc-Box').length).toBe(3);
    expect([...host.querySelectorAll('.nbc-GraphList li')].map(item => item.textContent)[1]).toContain(
      'clean, run of a cell. From: raw. Leads to: plot.'
    );
  });

  it('draws what else came of its causes when asked to', async () => {
    const aside = aGraph('raw clean plot other', 'raw>clean', 'clean>plot', 'raw>other');
    const { props } = fakes({
      lineage: () => ({ ...aside, nodes: aside.nodes.map(node => ({ ...node, focus: node.id === 'clean' })) })
    });
    const host = await render(<GraphView {...props} path="a.ipynb" artifact="clean" />);
    expect(host.querySelectorAll('.nbc-Box').length).toBe(3);
    await act(async () => {
      host.querySelector<HTMLInputElement>('input[type="checkbox"]')?.click();
      await settle();
    });
    expect([...host.querySelectorAll('.nbc-Box text')].map(text => text.textContent)).toContain('other');
  });

  it('is drawn larger and smaller', async () => {
    const { host } = await shown();
    const svg = host.querySelector('svg[role="group"]');
    const width = Number(svg?.getAttribute('width'));
    await press(host, 'Larger');
    expect(Number(svg?.getAttribute('width'))).toBeCloseTo(width * 1.25);
    await press(host, 'Fit to page');
    expect(Number(svg?.getAttribute('width'))).toBeCloseTo(width);
  });

  it('opens what is folded, by mouse and by keyboard', async () => {
    const names = Array.from({ length: 200 }, (_, number) => `n${number}`);
    const star = aGraph(`clean ${names.join(' ')}`, ...names.map(name => `clean>${name}`));
    const { props } = fakes({
      lineage: () => ({ ...star, nodes: star.nodes.map(node => ({ ...node, focus: node.id === 'clean' })) })
    });
    const host = await render(<GraphView {...props} path="a.ipynb" artifact="clean" />);
    const more = () => host.querySelector<SVGGElement>('.nbc-Box[data-kind="more"]');
    expect(more()?.textContent).toContain('+ 51 more');
    expect(host.querySelectorAll('.nbc-Box').length).toBe(151);
    await act(async () => {
      more()?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
      await settle();
    });
    expect(more()).toBeNull();
    expect(host.querySelectorAll('.nbc-Box').length).toBe(201);
  });

  it('is walked by the arrow keys, one stop of the Tab key', async () => {
    const { host, key, chosen, fake } = await shown();
    expect(chosen()).toBe('clean');
    await key('ArrowUp');
    expect(chosen()).toBe('raw');
    await key('ArrowUp');
    expect(chosen()).toBe('raw');
    await key('Home');
    await key('ArrowDown');
    expect(chosen()).toBe('plot');
    expect(host.querySelectorAll('.nbc-Graph [tabindex="0"]').length).toBe(1);
    await key('Enter');
    expect(fake.commands).toEqual([['nbcairn:open-artifact', { path: 'a.ipynb', id: 'a9' }]]);
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
