import * as React from 'react';
import { act } from 'react';

import { ICheck } from '../_api';
import { TrailError } from '../api/client';
import { Recording } from '../model/recording';
import { StateView } from '../panels/state';
import {
  aCell,
  aCheck,
  aFinding,
  aKnown,
  again,
  aStatus,
  cleanUp,
  FakeCairn,
  FakeSource,
  press,
  render,
  settle
} from './builders';

/** The State section over a server that gives this check. */
async function show(
  check: ICheck | Error,
  status = aStatus(),
  kernel: Recording = { kind: 'no' },
  more: FakeCairn['answers'] = {}
) {
  const fake = new FakeCairn({
    ...more,
    status: () => ({ ...status }),
    check: () => {
      if (check instanceof Error) {
        throw check;
      }
      return check;
    }
  });
  const source = new FakeSource();
  source.kernel.recording = kernel;
  fake.cairn.model.watched = true;
  fake.cairn.model.follow(source);
  await settle();
  const host = await render(<StateView {...fake.props()} />);
  return { fake, source, host };
}

afterEach(cleanUp);

describe('StateView', () => {
  it('says what to do when no notebook is in front', async () => {
    const host = await render(<StateView {...new FakeCairn().props()} />);
    expect(host.textContent).toContain('No notebook in front');
  });

  it('offers to record with one click', async () => {
    const { fake, host } = await show(aCheck(), aStatus({ trail: null, runs: 0, recording: false }));
    await press(host, 'Start recording');
    expect(fake.recordings).toBe(1);
    await press(host, 'Copy the line');
    expect(fake.copied).toEqual(['%load_ext nbcairn']);
  });

  it('tells what came of the last real run, and that the notebook was edited since', async () => {
    const counts = { same: 26, different: 1, 'not-run': 0, 'nothing-to-compare': 2 };
    const verified = { made: '2020-02-03T12:00:00Z', same: false, counts, edited: false };
    const first = await show({ ...aCheck(aCell('c1', 0, 'fresh')), verified });
    expect(first.host.textContent).toMatch(/Run for real .*2020.*: 26 of 27 cells were the same\./);
    const second = await show({ ...aCheck(aCell('c1', 0, 'fresh')), verified: { ...verified, edited: true } });
    expect(second.host.textContent).toContain('were the same; edited since.');
  });

  it('says nothing of a real run that never was', async () => {
    const { host } = await show({ ...aCheck(aCell('c1', 0, 'fresh')), verified: null });
    expect(host.textContent).not.toContain('Run for real');
  });

  it('says that it records before anything ran', async () => {
    const { host } = await show(aCheck(), aStatus({ runs: 0, recording: true }));
    expect(host.textContent).toContain('Nothing recorded yet');
    expect(host.textContent).toContain('Run a cell');
    expect(host.querySelector('button')).toBeNull();
  });

  const LAST = aCheck(aCell('c1', 0, 'fresh'));
  it.each([
    [{ kind: 'yes' }, null, false],
    [{ kind: 'unasked' }, null, false],
    [{ kind: 'no' }, 'This kernel is not being recorded.', true],
    [{ kind: 'no-kernel' }, 'No kernel is running', false],
    [{ kind: 'other-language', language: 'R' }, 'This kernel runs R; Cairn records Python.', false],
    [{ kind: 'missing', python: '/env/bin/python' }, 'not installed where this kernel runs (/env/bin/python)', true]
  ] as [Recording, string | null, boolean][])('says why a kernel is not recorded (%j)', async (kernel, why, helps) => {
    const { host } = await show(LAST, aStatus({ recording: false }), kernel);
    const notice = host.querySelector('.nbc-Notice');
    expect(notice?.textContent.includes(why ?? '') ?? null).toBe(why === null ? null : true);
    expect(host.textContent.includes('Start recording')).toBe(helps);
  });

  it('believes a kernel that was restarted more than the trail, which may tell of its life before', async () => {
    const { source, fake } = await show(LAST, aStatus(), { kind: 'no' });
    Object.assign(source.kernel, { hasRestarted: true });
    const host = await render(<StateView {...fake.props()} />);
    expect(host.querySelector('.nbc-Notice')?.textContent).toContain('This kernel is not being recorded.');
    source.kernel.recording = { kind: 'unasked' };
    expect((await render(<StateView {...fake.props()} />)).querySelector('.nbc-Notice')).toBeNull();
  });

  it('says that the trail was taken away', async () => {
    const status = { ...aStatus({ runs: 5 }) };
    const { host, fake } = await show(LAST, status);
    expect(host.textContent).not.toContain('no longer in it');
    Object.assign(status, { runs: 2, last_run: 'r9' });
    await act(async () => {
      await fake.cairn.model.refresh();
    });
    const told = async () => (await render(<StateView {...fake.props()} />)).querySelector('[role=alert]')?.textContent;
    expect(await told()).toContain('3 runs that it had are no longer in it');
    Object.assign(status, { runs: 0, trail: null });
    await act(async () => {
      await fake.cairn.model.refresh();
    });
    expect(await told()).toContain('2 runs that it had');
  });

  it('asks no kernel that the trail knows to be recorded', async () => {
    const { host } = await show(LAST, aStatus(), { kind: 'no' });
    expect(host.querySelector('.nbc-Notice')).toBeNull();
  });

  it('says what to do when panel and server are of different releases', async () => {
    const { host } = await show(LAST, aStatus({ contract: 99 }));
    expect(host.querySelector('.nbc-Notice')?.textContent).toContain('Restart JupyterLab');
    expect(host.textContent).toContain('would show the same');
  });

  it('shows each finding under its cause, and reveals its cell', async () => {
    const finding = aFinding('CN104', { title: 'Reads from further down', message: 'It used `order`.' });
    const { fake, host } = await show(aCheck(aCell('c1', 0, 'fresh'), aCell('c2', 1, 'stale', finding)));
    expect(host.querySelector('.nbc-State-headline')?.textContent).toBe('Restart & Run All would change 1 of 2 cells.');
    expect(host.querySelector('h3')?.textContent).toContain('Reads from further down');
    expect(host.querySelector('.nbc-Flag-why code')?.textContent).toBe('order');
    await press(host, 'Cell 2');
    expect(fake.revealed).toEqual(['c2']);
  });

  it('opens the page about a code', async () => {
    const { fake, host } = await show(aCheck(aCell('c1', 0, 'stale', aFinding('CN104'))));
    await press(host, 'CN104');
    expect(fake.commands).toEqual([['nbcairn:open-finding-page', { code: 'CN104' }]]);
  });

  it('offers for an edit to run the cell or to take the edit back', async () => {
    const { source, host } = await show(
      aCheck(aCell('c2', 1, 'stale', aFinding('CN102', { because: { ran: 'y = 0' } })))
    );
    expect(host.querySelector('.nbc-Diff')?.textContent).toBe('- y = 0\n+ y = x\n');
    await press(host, 'Run the cell');
    expect(source.ran).toEqual(['c2']);
    await press(host, 'Take the edit back');
    expect(source.sources['c2']).toBe('y = 0');
  });

  it('offers to bring back deleted code', async () => {
    const because = { made_by_source: 'limit = 3' };
    const { source, host } = await show(aCheck(aCell('c2', 1, 'stale', aFinding('CN105', { because }))));
    await press(host, 'Insert it above');
    expect(source.inserted).toEqual(['c2: limit = 3']);
  });

  it.each([
    [false, 'Repair: run 2 cells', 'Run these 2 cells', ['c1', 'c2']],
    [true, 'Repair: restart, then run 2 cells', 'Restart and run them', ['restart', 'c1', 'c2']]
  ])('shows the plan before it runs it (restart: %s)', async (restart, title, button, ran) => {
    const check = aCheck(aCell('c1', 0, 'stale', aFinding('CN102')), aCell('c2', 1, 'stale', aFinding('CN109')));
    const { source, host } = await show({ ...check, plan: { restart, run: ['c1', 'c2'], obstacles: [] } });
    expect(host.querySelector('.nbc-Repair summary')?.textContent).toBe(title);
    expect([...host.querySelectorAll('.nbc-Repair li')].map(item => item.textContent)).toEqual([
      'Cell 1x = 1',
      'Cell 2y = x'
    ]);
    expect(source.ran).toEqual([]);
    await press(host, button);
    expect(source.ran).toEqual(ran);
  });

  it('says which cells no run makes fresh, and what edit would', async () => {
    const obstacle = { cell_id: 'c2', index: 1, why: 'It draws.', edit: 'Seed `rng` above.' };
    const check = aCheck(aCell('c2', 1, 'unknown', aFinding('CN201')));
    const { fake, host } = await show({ ...check, plan: { restart: false, run: [], obstacles: [obstacle] } });
    const repair = host.querySelector<HTMLElement>('.nbc-Repair');
    expect(repair?.textContent).toContain('Seed rng above.');
    expect(repair?.querySelector('.jp-mod-accept')).toBeNull();
    await press(repair ?? host, 'Cell 2');
    expect(fake.revealed).toEqual(['c2']);
  });

  it('offers no repair where nothing is to repair', async () => {
    const { host } = await show(aCheck(aCell('c1', 0, 'fresh')));
    expect(host.querySelector('.nbc-Repair')).toBeNull();
  });

  it('tells what somebody has already, and leads there; not what one has oneself', async () => {
    const known = [aKnown('mass'), aKnown('mine', { own: true }), aKnown('file', { artifact_id: null })];
    const { fake, host } = await show(LAST, aStatus(), { kind: 'yes' }, { known: () => ({ items: known }) });
    expect(host.querySelector('.nbc-Known summary')?.textContent).toBe('Somebody has 2 results already');
    expect(host.textContent).toContain('mass: grace has had it since yesterday.');
    expect(host.textContent).not.toContain('mine');
    expect([...host.querySelectorAll('.nbc-Known button')].map(button => button.textContent)).toEqual([
      'Show cell',
      'Open theirs',
      'Show cell'
    ]);
    await press(host, 'Open theirs');
    expect(fake.commands).toEqual([['nbcairn:open-artifact', { id: 'a9', path: 'a.ipynb' }]]);
  });

  it('scrolls to the cell that was asked about', async () => {
    const { fake, host } = await show(aCheck(aCell('c2', 1, 'stale', aFinding('CN102'))));
    const scrolled: Element[] = [];
    Element.prototype.scrollIntoView = function (this: Element) {
      scrolled.push(this);
    };
    await again(<StateView {...fake.props({ focus: { id: 'c2', count: 1 } })} />);
    expect(scrolled).toEqual([host.querySelector('.nbc-Flag')]);
  });

  it('treats what a trail holds as text, never as markup', async () => {
    const evil = '<img src=x onerror="window.hurt = 1"> `<script>window.hurt = 1</script>`';
    const because = { ran: evil, made_by_source: evil };
    const finding = aFinding('CN102', { title: evil, message: evil, remedy: evil, because });
    const { host } = await show(aCheck(aCell('c2', 1, 'stale', finding)));
    expect(host.querySelector('img, script')).toBeNull();
    expect(host.textContent).toContain('<img src=x');
  });

  it.each([
    ['the server extension is missing', new TrailError(404, 'Not Found', ''), 'pip install nbcairn'],
    ['the trail is damaged', new TrailError(500, 'The trail is damaged.', 'Run `nbcairn doctor`.'), 'nbcairn doctor'],
    ['the login is over', new TrailError(403, 'Forbidden.', 'Send a token.'), 'Log in again, in another tab'],
    ['the server is gone', new TypeError('Failed to fetch'), 'Is Jupyter Server still running?']
  ])('says what mends it when %s', async (_, error, remedy) => {
    const { host } = await show(error);
    expect(host.querySelector('[role=alert]')?.textContent).toContain(remedy);
    expect(host.textContent).toContain('Try again');
  });

  it('keeps the report before a failure in sight', async () => {
    const { fake, host } = await show(aCheck(aCell('c1', 0, 'stale', aFinding('CN102'))));
    fake.answers.status = () => Promise.reject(new Error('gone'));
    await fake.cairn.model.refresh();
    await again(<StateView {...fake.props()} />);
    expect(host.querySelector('[role=alert]')).not.toBeNull();
    expect(host.textContent).toContain('would change 1 of 1');
  });
});
