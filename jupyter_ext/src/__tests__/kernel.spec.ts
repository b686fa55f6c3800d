import { Signal } from '@lumino/signaling';

import { NotebookKernel } from '../kernel';
import { settle } from './builders';

/** A kernel that answers as the test wants, and notes what it was asked. */
class FakeKernel {
  readonly id = 'k1';
  status = 'idle';
  language = 'python';
  answer = "'0 1 /env/bin/python'";
  readonly asked: string[] = [];

  get info() {
    return Promise.resolve({ language_info: { name: this.language } });
  }

  requestExecute(content: { code: string; silent: boolean; store_history: boolean }) {
    this.asked.push(content.code || 'question');
    expect(content).toMatchObject({ silent: true, store_history: false, allow_stdin: false });
    const user_expressions = { nbcairn: { status: 'ok', data: { 'text/plain': this.answer } } };
    return { done: Promise.resolve({ content: { status: 'ok', user_expressions } }) };
  }
}

class FakeContext {
  session: { kernel: FakeKernel } | null = { kernel: new FakeKernel() };
  isReady = true;
  ready = Promise.resolve();
  kernelDisplayStatus = 'idle';
  readonly kernelChanged = new Signal<this, unknown>(this);
  readonly statusChanged = new Signal<this, string>(this);
}

function make() {
  const context = new FakeContext();
  const told: string[] = [];
  const kernel = new NotebookKernel(context as never);
  kernel.changed.connect(() => void told.push(kernel.recording.kind));
  return { context, kernel, told, fake: context.session?.kernel as FakeKernel };
}

describe('NotebookKernel', () => {
  it('asks a kernel once in its life, and tells the answer', async () => {
    const { kernel, fake, told } = make();
    await Promise.all([kernel.ask(), kernel.ask()]);
    await kernel.ask();
    expect(fake.asked).toEqual(['question']);
    expect(told).toEqual(['no']);
  });

  it('asks again where the question was dropped, as after a cell that failed', async () => {
    const { kernel, fake, told } = make();
    fake.answer = '';
    await kernel.ask();
    expect(told).toEqual([]);
    fake.answer = "'0 1 /env/bin/python'";
    await kernel.ask();
    expect(told).toEqual(['no']);
  });

  it('asks again after a restart', async () => {
    const { context, kernel, fake } = make();
    await kernel.ask();
    context.statusChanged.emit('restarting');
    expect([kernel.recording.kind, kernel.hasRestarted]).toEqual(['unasked', true]);
    context.statusChanged.emit('idle');
    fake.answer = "'1 1 /env/bin/python'";
    await kernel.ask();
    expect(kernel.recording.kind).toBe('yes');
  });

  it('says who began, also when a kernel comes back to life', () => {
    const { context, kernel } = make();
    let begun = 0;
    kernel.began.connect(() => void (begun += 1));
    context.statusChanged.emit('busy');
    context.statusChanged.emit('idle');
    expect(begun).toBe(0);
    context.statusChanged.emit('autorestarting');
    context.statusChanged.emit('idle');
    context.kernelChanged.emit(null);
    expect(begun).toBe(2);
  });

  it('loads the kernel layer, then asks whether that helped', async () => {
    const { kernel, fake } = make();
    await kernel.ask();
    fake.answer = "'1 1 /env/bin/python'";
    expect(await kernel.record()).toEqual({ kind: 'yes' });
    expect(fake.asked).toEqual(['question', '%load_ext nbcairn', 'question']);
  });

  it('runs nothing in a kernel of another language', async () => {
    const { kernel, fake } = make();
    fake.language = 'R';
    expect(await kernel.record()).toEqual({ kind: 'other-language', language: 'R' });
    expect(fake.asked).toEqual([]);
  });

  it('waits for a kernel that is on its way', async () => {
    const { context, kernel, fake } = make();
    let come: () => void = () => undefined;
    Object.assign(context, { session: null, isReady: false, kernelDisplayStatus: 'initializing' });
    context.ready = new Promise(resolve => (come = resolve));
    const recording = kernel.record();
    expect(kernel.recording.kind).toBe('unasked');
    Object.assign(context, { session: { kernel: fake }, isReady: true, kernelDisplayStatus: 'idle' });
    fake.answer = "'1 1 /env/bin/python'";
    come();
    expect((await recording).kind).toBe('yes');
  });

  it.each([
    ['shut down', { session: null, isReady: false, kernelDisplayStatus: 'unknown' }],
    ['never wanted', { session: null, isReady: true, kernelDisplayStatus: 'unknown' }]
  ])('knows that there is none when it was %s', async (_, state) => {
    const { context, kernel } = make();
    Object.assign(context, state);
    context.kernelChanged.emit(null);
    expect(kernel.recording.kind).toBe('no-kernel');
  });

  it('keeps no answer of a kernel that was replaced meanwhile', async () => {
    const { context, kernel } = make();
    const asking = kernel.ask();
    context.session = { kernel: new FakeKernel() };
    context.kernelChanged.emit(null);
    await asking;
    expect(kernel.recording.kind).toBe('unasked');
  });

  it('rests once it is disposed', async () => {
    const { context, kernel, told } = make();
    kernel.dispose();
    kernel.dispose();
    context.kernelChanged.emit(null);
    await settle();
    expect(told).toEqual([]);
    expect(kernel.isDisposed).toBe(true);
  });
});
