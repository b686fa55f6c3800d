import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { act } from 'react';
import { createRoot, Root } from 'react-dom/client';

import {
  IArtifact,
  ICellVerdict,
  ICheck,
  ICheckCell,
  IFinding,
  IKnown,
  ILineage,
  ILineageNode,
  IRun,
  IRunSummary,
  IStatus
} from '../_api';
import { Recording } from '../model/recording';
import { IDocumentSource, TrailModel } from '../model/trail';
import { Verdict } from '../model/verdicts';
import type { PageTools } from '../pages/tools';
import { Memory } from '../panels/memory';
import { ISectionProps } from '../panels/section';
import { DEFAULTS } from '../settings';
import { ICairn } from '../tokens';

// Every browser has it, jsdom has not.
globalThis.structuredClone ??= <T,>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

export const trans = nullTranslator.load('nbcairn');

export function aFinding(code: string, change: Partial<IFinding> = {}): IFinding {
  const rest = { message: `about ${code}`, remedy: 'Run it.', severity: 'warning' as const, names: [], because: {} };
  return { code, title: `Title of ${code}`, ...rest, ...change };
}

export function aCell(id: string, index: number, verdict: Verdict, ...findings: IFinding[]): ICellVerdict {
  return { cell_id: id, index, verdict, findings, run_id: `run-${id}` };
}

export function aCheck(...cells: ICellVerdict[]): ICheck {
  const summary: Record<string, number> = {};
  for (const cell of cells) {
    summary[cell.verdict] = (summary[cell.verdict] ?? 0) + 1;
  }
  const plan = { restart: false, run: [], obstacles: [] };
  return { document: 'a.ipynb', trail: '/p/.cairn', cells, findings: [], summary, plan };
}

export function aStatus(change: Partial<IStatus> = {}): IStatus {
  const counts = { runs: 3, sessions: 1, artifacts: 2, last_run: 'r3', all_runs: 3, told: 0 };
  return { contract: 1, nbcairn: '0.1', trail: '/p/.cairn', ...counts, recording: true, message: '', ...change };
}

export function aRun(id: string, source: string, change: Partial<IRunSummary> = {}): IRunSummary {
  return {
    id,
    session_id: 's1',
    seq: 1,
    notebook: 'a.ipynb',
    cell_id: 'c1',
    source,
    started: '2026-01-02T10:00:00Z',
    ended: '2026-01-02T10:00:01Z',
    seconds: 1,
    status: 'ok',
    execution_count: 1,
    error_type: '',
    error_message: '',
    effects: [],
    reads: [],
    writes: [],
    artifacts: 0,
    ...change
  };
}

export function aWholeRun(id: string, source: string, change: Partial<IRun> = {}): IRun {
  const rest = { source_key: '', reads: [], writes: [], files: [], displays: [], tags: [], notes: [], artifacts: [] };
  return { ...aRun(id, source), ...rest, ...change };
}

export function anArtifact(name: string, change: Partial<IArtifact> = {}): IArtifact {
  return {
    id: `id-${name}`,
    run_id: 'r1',
    kind: 'data',
    name,
    fingerprint: { digest: 'ab'.repeat(16), coverage: 'full', method: 'g1', note: '' },
    type_name: 'DataFrame',
    summary: '3 rows × 2 columns',
    media_type: null,
    blob: null,
    detail: {},
    notebook: 'a.ipynb',
    cell_id: 'c1',
    made: '2026-01-02T10:00:01Z',
    versions: 1,
    version: 1,
    ...change
  };
}

/** What somebody else of the trail has, too. */
export function aKnown(name: string, change: Partial<IKnown> = {}): IKnown {
  return {
    name,
    run_id: 'r1',
    cell_id: 'c1',
    read: false,
    user: 'grace',
    host: 'far',
    own: false,
    since: '2026-01-01T10:00:00Z',
    notebook: 'theirs.ipynb',
    elsewhere: name,
    was_read: false,
    other_run_id: 'r9',
    session_id: 's9',
    artifact_id: 'a9',
    times: 1,
    told: `${name}: grace has had it since yesterday.`,
    ...change
  };
}

/** A graph from `parent>child` pairs; nodes get later times in the order in which they are named. */
export function aGraph(names: string, ...edges: string[]): ILineage {
  const nodes = names.split(' ').map((id, index): ILineageNode => {
    const at = new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString();
    return { id, kind: 'run', label: id, run_id: id, cell_id: id, artifact_id: null, seq: index, at, focus: false };
  });
  const pairs = edges.map(edge => edge.split('>'));
  return { nodes, edges: pairs.map(([source, target]) => ({ source, target, names: [] })), truncated: false };
}

/** A notebook that tests change by hand. */
export class FakeSource implements IDocumentSource {
  constructor(readonly path = 'a.ipynb') {}
  readonly kernelId: string | null = 'k1';
  readonly kernel: { recording: Recording } = { recording: { kind: 'no' } };
  readonly edited = new Signal<this, void>(this);
  readonly settled = new Signal<this, void>(this);
  readonly activeChanged = new Signal<this, string | null>(this);
  readonly sources: Record<string, string> = { c1: 'x = 1', c2: 'y = x' };
  readonly inserted: string[] = [];
  readonly ran: string[] = [];
  readonly shown: string[] = [];
  readonly stages: [string, string][] = [];
  saves = 0;

  cells(): ICheckCell[] {
    return Object.entries(this.sources).map(([id, source]) => ({ id, source }));
  }
  sourceOf(id: string): string | null {
    return this.sources[id] ?? null;
  }
  insert(...sources: string[]): void {
    this.inserted.push(...sources);
  }
  async insertAbove(id: string, source: string): Promise<void> {
    this.inserted.push(`${id}: ${source}`);
  }
  async replace(id: string, source: string): Promise<void> {
    this.sources[id] = source;
  }
  async repair(ids: readonly string[], restart: boolean): Promise<boolean> {
    this.ran.push(...(restart ? ['restart'] : []), ...ids);
    return true;
  }
  async insertAndRun(source: string): Promise<boolean> {
    this.inserted.push(source);
    this.ran.push('inserted');
    return true;
  }
  async show(id: string): Promise<boolean> {
    this.shown.push(id);
    return id in this.sources;
  }
  async save(): Promise<void> {
    this.saves += 1;
  }
  setStage(id: string, stage: string): boolean {
    this.stages.push([id, stage]);
    return true;
  }
  async runCells(ids: readonly string[]): Promise<boolean> {
    this.ran.push(...ids);
    return true;
  }
}

/** What a view needs, with every call to the server answered from a table. */
export class FakeCairn {
  constructor(readonly answers: Partial<Record<string, (...args: never[]) => unknown>> = {}) {
    const client = new Proxy(
      {},
      {
        get:
          (_, route: string) =>
          async (...args: never[]) => {
            this.asked.push([route, ...args]);
            const answer = answers[route];
            if (!answer) {
              throw new Error(`no answer for ${route}`);
            }
            return answer(...args);
          }
      }
    );
    const model = new TrailModel(client as never, 0);
    const context = {
      trans,
      client,
      model,
      settings: DEFAULTS,
      source: () => model.source,
      reveal: async (id: string) => void this.revealed.push(id),
      record: async () => void (this.recordings += 1),
      copy: (text: string) => void this.copied.push(text),
      save: (name: string) => void this.saved.push(name),
      tell: (message: string) => void this.told.push(message),
      watch: () => undefined,
      run: (command: string, args: unknown) => void this.commands.push([command, args])
    };
    this.cairn = context as unknown as ICairn;
  }

  readonly cairn: ICairn;
  readonly asked: unknown[][] = [];
  readonly revealed: string[] = [];
  readonly copied: string[] = [];
  readonly saved: string[] = [];
  readonly told: string[] = [];
  readonly commands: unknown[] = [];
  recordings = 0;

  /** What a section of the sidebar is told; `change` says what matters to the test. */
  props(change: Partial<ISectionProps> = {}): ISectionProps {
    const context = { cairn: this.cairn, memory: new Memory(null), tools: PLAIN };
    return { ...context, version: 0, focus: { id: null, count: 0 }, ...change };
  }
}

/** Draws everything as plain text, as where JupyterLab has no renderers. */
const PLAIN = {
  code: async (source: string, node: HTMLElement) => void (node.textContent = source),
  markdown: async (text: string, node: HTMLElement) => void (node.textContent = text),
  output: async (_mime: string, text: string, node: HTMLElement) => {
    node.textContent = text;
    return () => undefined;
  }
} as unknown as PageTools;

/** Let every promise that is ready go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) {
    await new Promise(resolve => setTimeout(resolve));
  }
}

let root: Root | null = null;

/** Render into a scrolling container of the page, and wait until it is quiet. */
export async function render(element: JSX.Element): Promise<HTMLElement> {
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  await cleanUp();
  const host = document.createElement('div');
  host.className = 'nbc-Section';
  document.body.replaceChildren(host);
  root = createRoot(host);
  await act(async () => {
    root?.render(element);
    await settle();
  });
  return host;
}

export async function again(element: JSX.Element): Promise<void> {
  await act(async () => {
    root?.render(element);
    await settle();
  });
}

export async function cleanUp(): Promise<void> {
  await act(async () => root?.unmount());
  root = null;
}

/** Press what bears this text. */
export async function press(host: HTMLElement, text: string): Promise<void> {
  const found = [...host.querySelectorAll<HTMLElement>('button, summary')].find(node =>
    node.textContent?.includes(text)
  );
  if (!found) {
    throw new Error(`nothing to press says “${text}” in: ${host.textContent}`);
  }
  await act(async () => {
    found.click();
    await settle();
  });
}
