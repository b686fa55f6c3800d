import { Memory } from '../panels/memory';
import { settle } from './builders';

class FakeState {
  readonly kept: Record<string, unknown> = {};
  failure: Error | null = null;
  async fetch(key: string): Promise<unknown> {
    if (this.failure) {
      throw this.failure;
    }
    return this.kept[key];
  }
  async save(key: string, value: unknown): Promise<void> {
    this.kept[key] = JSON.parse(JSON.stringify(value));
  }
}

describe('Memory', () => {
  it('knows after a reload how the sidebar was left', async () => {
    const state = new FakeState();
    const before = new Memory(state as never);
    await before.ready;
    before.open = ['state', 'history'];
    before.filter = { ...before.filter, words: 'mass', scope: { kind: 'all' } };
    await settle();
    const after = new Memory(state as never);
    await after.ready;
    expect(after.open).toEqual(['state', 'history']);
    expect(after.filter).toEqual(before.filter);
  });

  it('begins anew where nothing was kept, or nonsense', async () => {
    const state = new FakeState();
    state.kept['nbcairn:sidebar'] = { open: 'all', filter: 7 };
    const memory = new Memory(state as never);
    await memory.ready;
    expect(memory.open).toBeNull();
    expect(memory.filter.words).toBe('');
  });

  it('does without JupyterLab’s memory', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    const state = new FakeState();
    state.failure = new Error('full');
    const memory = new Memory(state as never);
    await memory.ready;
    expect(memory.open).toBeNull();
    expect(warn).toHaveBeenCalled();
    warn.mockRestore();
  });
});
