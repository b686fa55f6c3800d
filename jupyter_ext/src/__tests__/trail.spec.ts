import { ICheck, ICheckRequest, IStatus } from '../_api';
import { ICheckClient, TrailModel } from '../model/trail';
import { aCell, aCheck, aStatus, FakeSource, settle } from './builders';

/** A server whose answers wait until the test lets them go. */
class FakeServer implements ICheckClient {
  status_ = aStatus();
  check_: ICheck = aCheck(aCell('c1', 0, 'fresh'));
  failure: Error | null = null;
  hold: Promise<void> = Promise.resolve();
  readonly asked: string[] = [];

  async status(path: string): Promise<IStatus> {
    this.asked.push(`status ${path}`);
    await this.hold;
    if (this.failure) {
      throw this.failure;
    }
    return this.status_;
  }

  async check(request: ICheckRequest): Promise<ICheck> {
    this.asked.push(`check ${request.path}: ${request.cells.map(cell => cell.source).join('; ')}`);
    await this.hold;
    return this.check_;
  }

  get checks(): string[] {
    return this.asked.filter(entry => entry.startsWith('check'));
  }
}

function make(): { server: FakeServer; model: TrailModel; source: FakeSource } {
  const server = new FakeServer();
  const model = new TrailModel(server, 0, 50);
  return { server, model, source: new FakeSource() };
}

async function ready() {
  const made = make();
  made.model.watched = true;
  made.model.follow(made.source);
  await settle();
  return made;
}

describe('TrailModel', () => {
  it('asks nothing while nobody looks, and asks when somebody does', async () => {
    const { server, model, source } = make();
    model.follow(source);
    source.settled.emit();
    await settle();
    expect(server.asked).toEqual([]);
    model.watched = true;
    await settle();
    expect(model.state.kind).toBe('ready');
  });

  it('asks for the way to one cell with the document as it stands', async () => {
    const { server, model, source } = await ready();
    const plan = { restart: false, run: ['c1', 'c2'], obstacles: [] };
    const check = jest.spyOn(server, 'check').mockResolvedValue({ ...server.check_, plan });
    source.sources['c1'] = 'x = 7';
    expect(await model.planFor('c2')).toEqual(plan);
    expect(check.mock.calls[0][0]).toMatchObject({ target: 'c2', cells: [{ source: 'x = 7' }, {}] });
  });

  it('sends the document as it stands in the editor', async () => {
    const { server, source } = await ready();
    source.sources['c2'] = 'y = 99';
    source.edited.emit();
    await settle();
    expect(server.checks.at(-1)).toBe('check a.ipynb: x = 1; y = 99');
  });

  it('waits for a pause in typing', async () => {
    const { server, model, source } = await ready();
    model.setDelay(30);
    const before = server.checks.length;
    source.edited.emit();
    source.edited.emit();
    source.edited.emit();
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(server.checks.length).toBe(before + 1);
  });

  it('asks once more, not a hundred times, for what happens while it waits', async () => {
    const { server, source } = await ready();
    let release = () => {};
    server.hold = new Promise(resolve => (release = resolve));
    const before = server.checks.length;
    for (let run = 0; run < 100; run++) {
      source.settled.emit();
    }
    await settle();
    expect(server.checks.length).toBe(before + 1);
    release();
    await settle();
    expect(server.checks.length).toBe(before + 2);
  });

  it.each([
    ['there is no trail', { trail: null, runs: 0 }],
    ['the trail knows nothing of this notebook', { runs: 0 }]
  ])('is untracked when %s', async (_, change) => {
    const { server, model, source } = make();
    server.status_ = aStatus(change);
    model.watched = true;
    model.follow(source);
    await settle();
    expect(model.state.kind).toBe('untracked');
  });

  it('keeps the report before a failure', async () => {
    const { server, model } = await ready();
    server.failure = new Error('gone');
    await model.refresh();
    expect(model.state).toMatchObject({ kind: 'error', error: server.failure });
    expect(model.verdicts.get('c1')?.verdict).toBe('fresh');
    server.failure = null;
    await model.refresh();
    expect(model.state.kind).toBe('ready');
  });

  it('does not take the answer about one notebook for another', async () => {
    const { server, model } = await ready();
    let release = () => {};
    server.hold = new Promise(resolve => (release = resolve));
    void model.refresh();
    server.check_ = aCheck(aCell('other', 0, 'stale'));
    const slow = server.hold;
    server.hold = Promise.resolve();
    model.follow(new FakeSource('b.ipynb'));
    await settle();
    expect([...model.verdicts.keys()]).toEqual(['other']);
    release();
    await slow;
    await settle();
    expect([...model.verdicts.keys()]).toEqual(['other']);
  });

  it('shows at once what it knew of a notebook that comes back to the front', async () => {
    const { server, model, source } = await ready();
    model.follow(new FakeSource('b.ipynb'));
    await settle();
    server.hold = new Promise(() => {});
    model.follow(source);
    expect(model.state.kind).toBe('ready');
  });

  it('says when something was recorded, and only then', async () => {
    const { server, model } = await ready();
    let count = 0;
    model.recorded.connect(() => (count += 1));
    await model.refresh();
    expect(count).toBe(0);
    server.status_ = aStatus({ last_run: 'r4' });
    await model.refresh();
    expect(count).toBe(1);
  });

  it('peeks with one small question, and asks for all only when there is news', async () => {
    const { server, model } = await ready();
    const before = server.checks.length;
    await model.peek();
    expect(server.checks.length).toBe(before);
    server.status_ = aStatus({ last_run: 'from elsewhere' });
    await model.peek();
    expect(server.checks.length).toBe(before + 1);
  });

  it('notices what was taken in from others, though no cell of this notebook ran', async () => {
    const { server, model } = await ready();
    let count = 0;
    model.recorded.connect(() => (count += 1));
    server.status_ = aStatus({ all_runs: 7 });
    await model.peek();
    expect(count).toBe(1);
    await model.peek();
    expect(count).toBe(1);
  });

  it('notices what was told of an artifact after its run, without asking for verdicts', async () => {
    const { server, model } = await ready();
    const before = server.checks.length;
    let count = 0;
    model.recorded.connect(() => (count += 1));
    server.status_ = aStatus({ told: 1 });
    expect(await model.peek()).toBe(true);
    expect(count).toBe(1);
    expect(server.checks.length).toBe(before);
    expect(await model.peek()).toBe(false);
  });

  it('looks a moment after a run for what follows it', async () => {
    const { server, model, source } = await ready();
    let count = 0;
    model.recorded.connect(() => (count += 1));
    source.settled.emit();
    await settle();
    expect(count).toBe(0);
    server.status_ = aStatus({ told: 1 });
    await new Promise(resolve => setTimeout(resolve, 100));
    await settle();
    expect(count).toBe(1);
  });

  it('does not look after a run when nobody looks any more', async () => {
    const { server, model, source } = await ready();
    model.watched = false;
    const before = server.asked.length;
    source.settled.emit();
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(server.asked.length).toBe(before);
  });

  it('is quiet after it was disposed', async () => {
    const { server, model, source } = await ready();
    model.dispose();
    model.dispose();
    const before = server.asked.length;
    source.settled.emit();
    source.edited.emit();
    await settle();
    expect(server.asked.length).toBe(before);
  });
});
