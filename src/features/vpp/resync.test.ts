import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { VppError, type VppState } from '../../vpp/index.ts';
import type { VppEngine } from './engine.ts';
import { resyncWhenVppComesBack, type VppCondition } from './resync.ts';

/** A VPP that comes and goes as the test says, and a scheduler that heals when the test says. */
function stage({ connected = true, heals = true, version = '26.06' } = {}) {
  let listener: (state: VppState) => void = () => {};
  const back = (pid: number): void => listener({ state: 'connected', isNew: pid !== 1, pid, version: '26.06' });
  const client = {
    isConnected: connected,
    version,
    onState(added: typeof listener) {
      listener = added;
      if (connected) back(1);
      return () => (listener = () => {});
    },
  };
  const commits: { description: string; settle: (failed?: number) => void; refuse: () => void }[] = [];
  const commit = (_changes: unknown, { description }: { description: string }) =>
    new Promise((resolve, reject) => {
      const settle = (failed = 0): void => resolve({ failures: Array.from({ length: failed }) });
      commits.push({ description, settle, refuse: () => reject(new Error('VPP is gone again')) });
    });
  const log = { info() {}, warn() {} };
  const told: VppCondition[] = [];
  const end = new AbortController();
  const engine = { client, log, owner: 'test' } as unknown as VppEngine;
  const tell = (condition: VppCondition) => void told.push(condition);
  resyncWhenVppComesBack(engine, { commit } as unknown as Scheduler, end.signal, { heals, tell });
  const lose = (): void => listener({ state: 'disconnected', error: new VppError('disconnected', 'gone') });
  const conditions = async (): Promise<readonly string[]> => {
    await new Promise((resolve) => setImmediate(resolve));
    return told.map(({ condition }) => condition);
  };
  return { back, lose, commits, told, conditions, end };
}

test('the first connection is no return; one after a loss is healed, and told when it is', async () => {
  const { back, lose, commits, told, conditions } = stage();
  assert.deepEqual(await conditions(), []);
  lose();
  back(2);
  assert.deepEqual(await conditions(), ['lost', 'back']);
  assert.deepEqual(
    commits.map(({ description }) => description),
    ['VPP was restarted'],
  );
  commits[0]!.settle(3);
  assert.deepEqual(await conditions(), ['lost', 'back', 'healed']);
  assert.deepEqual(told[2], { ...told[2], isNew: true, failed: 3 });
});

test('the same VPP after a loss of the connection is looked at, too', async () => {
  const { back, lose, commits, conditions } = stage();
  lose();
  back(1);
  commits[0]!.settle();
  assert.equal(commits[0]!.description, 'VPP was out of reach');
  assert.deepEqual(await conditions(), ['lost', 'back', 'healed']);
});

test('a VPP that was lost before anybody listened is healed when it comes', async () => {
  const { back, commits } = stage({ connected: false });
  back(2);
  assert.equal(commits.length, 1);
});

test('one that is lost again while it is healed is not called healed', async () => {
  const { back, lose, commits, conditions } = stage();
  lose();
  back(2);
  lose();
  commits[0]!.settle();
  assert.deepEqual(await conditions(), ['lost', 'back', 'lost']);
  back(3);
  commits[1]!.refuse();
  assert.deepEqual(await conditions(), ['lost', 'back', 'lost', 'back', 'unhealed']);
});

test('without resync-after-reconnect it is left as it is', async () => {
  const { back, lose, commits, conditions } = stage({ heals: false });
  lose();
  back(2);
  assert.deepEqual([commits.length, await conditions()], [0, ['lost', 'back', 'left']]);
});

test('nothing happens after the end', async () => {
  const { back, lose, conditions, end } = stage();
  end.abort();
  lose();
  back(2);
  assert.deepEqual(await conditions(), []);
});

test('the first VPP that comes is no restarted one', async () => {
  const { back, commits, told } = stage({ connected: false, version: '' });
  back(2);
  assert.deepEqual(
    commits.map(({ description }) => description),
    ['VPP was not there yet'],
  );
  assert.equal(told[0]?.condition === 'back' && told[0].isNew, false);
});
