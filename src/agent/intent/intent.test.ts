import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asKey, type Key } from '../../model/key.ts';
import type { Value } from '../../scheduler/kind.ts';
import type {
  Change,
  CommitOptions,
  CommitResult,
  Scheduler,
  SchedulerLog,
  ValueState,
} from '../../scheduler/scheduler.ts';
import { openMemoryStore } from '../../store/memory/memory-store.ts';
import type { Store } from '../../store/store.ts';
import { Intent } from './intent.ts';

const silent: SchedulerLog = { debug() {}, info() {}, warn() {}, error() {} };
const file = { name: 'file', priority: 10 };
const rest = { name: 'rest', priority: 30 };
const a = asKey('config/x/v1/y/a');
const b = asKey('config/x/v1/y/b');

const codec = {
  encode: (_key: Key, value: Value) => new TextEncoder().encode(JSON.stringify(value)),
  decode: (_key: Key, bytes: Uint8Array): Value => JSON.parse(new TextDecoder().decode(bytes)) as Value,
};

/** Records what it is asked to commit; says of each key what the test wants it to. */
function recorder() {
  const commits: { changes: readonly Change[]; options: CommitOptions }[] = [];
  const states = new Map<Key, ValueState>();
  const gate: { open: Promise<void> } = { open: Promise.resolve() };
  const scheduler = {
    validate: (changes: readonly Change[]) =>
      changes
        .filter((change) => change.value && 'wrong' in change.value)
        .map(({ key }) => ({ key, problems: [{ field: 'wrong', message: 'is not accepted' }] })),
    async commit(changes: readonly Change[], options: CommitOptions = {}): Promise<CommitResult> {
      commits.push({ changes, options });
      await gate.open;
      return { seqNum: commits.length, failures: [], timing: {} } as unknown as CommitResult;
    },
    status: (key: Key) => (states.has(key) ? { state: states.get(key), parts: [] } : undefined),
  } as unknown as Scheduler;
  return { scheduler, commits, states, gate };
}

async function keysOf(store: Store): Promise<string[]> {
  return (await store.list('')).entries.map((entry) => entry.key).sort();
}

test('a commit is durable before it is applied, and restored after a restart', async () => {
  const store = openMemoryStore();
  const first = recorder();
  const intent = new Intent({ store, scheduler: first.scheduler, codec, log: silent });
  await intent.commit({ source: file, changes: [{ key: a, value: { n: 1 } }] });
  await intent.commit({ source: rest, changes: [{ key: a, value: { n: 2 } }] });
  const second = recorder();
  const restarted = new Intent({ store, scheduler: second.scheduler, codec, log: silent });
  await restarted.restore();
  assert.deepEqual(second.commits[0]?.changes, [{ key: a, value: { n: 2 }, source: rest }]);
  assert.equal(second.commits[0]?.options.resync, 'FullResync');
  await restarted.commit({ source: rest, changes: [{ key: a, value: null }] });
  assert.deepEqual(second.commits[1]?.changes, [{ key: a, value: { n: 1 }, source: file }]);
});

test('one wrong value rejects the whole commit of a strict source, with key and field', async () => {
  const store = openMemoryStore();
  const { scheduler, commits } = recorder();
  const intent = new Intent({ store, scheduler, codec, log: silent });
  const changes = [
    { key: a, value: { n: 1 } },
    { key: b, value: { wrong: true } },
  ];
  await assert.rejects(intent.commit({ source: file, changes, strict: true }), {
    code: 'invalid',
    message: `${b} wrong: is not accepted`,
  });
  assert.equal(commits.length, 0);
  assert.deepEqual(await keysOf(store), []);
  await intent.commit({ source: file, changes });
  assert.equal(commits[0]?.changes.length, 2);
});

test('what cannot be stored is not applied, and forgotten', async () => {
  const store = openMemoryStore();
  const { scheduler, commits } = recorder();
  let full = true;
  const failing: Store = Object.assign(Object.create(store) as Store, {
    transaction: (...args: Parameters<Store['transaction']>) =>
      full ? Promise.reject(new Error('no space left on device')) : store.transaction(...args),
  });
  const intent = new Intent({ store: failing, scheduler, codec, log: silent });
  const commit = { source: file, changes: [{ key: a, value: { n: 1 } }] };
  await assert.rejects(intent.commit(commit), { code: 'storage', retriable: true });
  assert.equal(intent.sources.size, 0);
  assert.equal(commits.length, 0);
  full = false;
  await intent.commit(commit);
  assert.equal(commits.length, 1);
});

test('replace takes away what the source does not mention any more, and nothing of others', async () => {
  const store = openMemoryStore();
  const { scheduler, commits } = recorder();
  const intent = new Intent({ store, scheduler, codec, log: silent });
  await intent.commit({
    source: file,
    changes: [
      { key: a, value: { n: 1 } },
      { key: b, value: { n: 1 } },
    ],
  });
  await intent.commit({ source: rest, changes: [{ key: asKey('config/x/v1/y/c'), value: { n: 1 } }] });
  await intent.commit({ source: file, changes: [{ key: b, value: { n: 2 } }], replace: true });
  assert.deepEqual(commits[2]?.changes, [
    { key: b, value: { n: 2 }, source: file },
    { key: a, value: null },
  ]);
});

test('what is being taken down is remembered until the data plane has let go of it', async () => {
  const store = openMemoryStore();
  const { scheduler, states, gate } = recorder();
  const intent = new Intent({ store, scheduler, codec, log: silent });
  await intent.commit({ source: file, changes: [{ key: a, value: { n: 1 } }] });
  const open = Promise.withResolvers<void>();
  gate.open = open.promise;
  const removing = intent.commit({ source: file, changes: [{ key: a, value: null }] });
  await intent.commit({ source: file, changes: [{ key: b, value: { n: 1 } }], acknowledge: 'persisted' });
  assert.ok((await keysOf(store)).includes(`leftover/${a}`));
  const crashed = recorder();
  await new Intent({ store, scheduler: crashed.scheduler, codec, log: silent }).restore();
  assert.deepEqual(crashed.commits[0]?.options.leftovers, new Map([[a, { n: 1 }]]));
  states.set(a, 'FAILED');
  open.resolve();
  await removing;
  await intent.commit({ source: file, changes: [{ key: a, value: { n: 3 } }] });
  states.delete(a);
  await intent.commit({ source: file, changes: [{ key: a, value: null }] });
  const leftovers = async () => (await keysOf(store)).filter((key) => key.startsWith('leftover/'));
  while ((await leftovers()).length > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  await intent.close();
});

test('a change of a value is one transaction of the store: what it left is erased with the next one', async () => {
  const store = openMemoryStore();
  const transactions: string[][] = [];
  const counting: Store = Object.assign(Object.create(store) as Store, {
    list: store.list.bind(store),
    transaction: (...args: Parameters<Store['transaction']>) => {
      transactions.push(args[0].map(({ type, key }) => `${type} ${key}`));
      return store.transaction(...args);
    },
  });
  const intent = new Intent({ store: counting, scheduler: recorder().scheduler, codec, log: silent });
  await intent.commit({ source: file, changes: [{ key: a, value: { n: 1 } }] });
  await intent.commit({ source: file, changes: [{ key: a, value: { n: 2 } }] });
  await intent.commit({ source: file, changes: [{ key: b, value: { n: 1 } }] });
  await intent.close();
  assert.deepEqual(transactions, [
    ['put source/file', `put intent/file/${a}`],
    [`put leftover/${a}`, `put intent/file/${a}`],
    [`put intent/file/${b}`, `delete leftover/${a}`],
  ]);
});

test('an older leftover does not stand for a newer one of the same value', async () => {
  const store = openMemoryStore();
  const { scheduler, gate } = recorder();
  const intent = new Intent({ store, scheduler, codec, log: silent });
  for (const n of [1, 2]) await intent.commit({ source: file, changes: [{ key: a, value: { n } }] });
  gate.open = Promise.withResolvers<void>().promise;
  await intent.commit({ source: file, changes: [{ key: a, value: { n: 3 } }], acknowledge: 'persisted' });
  const crashed = recorder();
  await new Intent({ store, scheduler: crashed.scheduler, codec, log: silent }).restore();
  assert.deepEqual(crashed.commits[0]?.options.leftovers, new Map([[a, { n: 2 }]]));
});

test('commits of one turn share a store transaction and reach the scheduler in order', async () => {
  const store = openMemoryStore();
  let transactions = 0;
  const counting: Store = Object.assign(Object.create(store) as Store, {
    transaction: (...args: Parameters<Store['transaction']>) => {
      if (args[0].some((write) => write.key.startsWith('intent/'))) transactions++;
      return store.transaction(...args);
    },
  });
  const { scheduler, commits } = recorder();
  const intent = new Intent({ store: counting, scheduler, codec, log: silent });
  await Promise.all(
    [1, 2, 3].map((n) =>
      intent.commit({ source: file, changes: [{ key: asKey(`config/x/v1/y/${n}`), value: { n } }] }),
    ),
  );
  assert.equal(transactions, 1);
  assert.deepEqual(
    commits.map((commit) => commit.changes[0]?.key),
    ['config/x/v1/y/1', 'config/x/v1/y/2', 'config/x/v1/y/3'],
  );
});

test('after close nothing more is taken', async () => {
  const { scheduler } = recorder();
  const intent = new Intent({ store: openMemoryStore(), scheduler, codec, log: silent });
  await intent.close();
  await assert.rejects(intent.commit({ source: file, changes: [] }), { code: 'closed' });
});

/** What a restart would want, with what may be in the data plane besides. */
async function afterRestart(store: Store) {
  const { scheduler, commits } = recorder();
  const intent = new Intent({ store, scheduler, codec, log: silent });
  await intent.restore();
  const [restored] = commits;
  return {
    wanted: restored?.changes.map(({ key, value }) => [key, value]),
    leftovers: [...(restored?.options.leftovers ?? [])],
    intent,
  };
}

test('a commit that is not confirmed in time is put back, in the data plane and in what is wanted', async () => {
  const store = openMemoryStore();
  const { scheduler, commits } = recorder();
  const intent = new Intent({ store, scheduler, codec, log: silent });
  await intent.commit({ source: rest, changes: [{ key: a, value: { n: 1 } }] });
  await intent.commit({
    source: rest,
    changes: [
      { key: a, value: { n: 2 } },
      { key: b, value: { n: 3 } },
    ],
    options: { confirmWithin: 5 },
  });
  assert.equal(commits[1]?.options.confirmWithin, undefined, 'the scheduler does not roll back on its own');
  while (commits.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.deepEqual(commits[2]?.changes, [
    { key: a, value: { n: 1 }, source: rest },
    { key: b, value: null },
  ]);
  assert.match(commits[2]?.options.description ?? '', /transaction 2 was not confirmed within 5 ms/);
  await intent.close();
  assert.deepEqual((await afterRestart(store)).wanted, [[a, { n: 1 }]]);
  assert.deepEqual(
    (await keysOf(store)).filter((key) => key.startsWith('guard/')),
    [],
  );
});

test('a commit that is confirmed stays', async () => {
  const store = openMemoryStore();
  const { scheduler } = recorder();
  const intent = new Intent({ store, scheduler, codec, log: silent });
  await intent.commit({ source: rest, changes: [{ key: a, value: { n: 1 } }], options: { confirmWithin: 60_000 } });
  await intent.confirm(1);
  await intent.close();
  assert.deepEqual((await afterRestart(store)).wanted, [[a, { n: 1 }]]);
});

test('an agent killed before anybody confirmed puts back at its next start', async () => {
  const store = openMemoryStore();
  const { scheduler } = recorder();
  const killed = new Intent({ store, scheduler, codec, log: silent });
  await killed.commit({ source: rest, changes: [{ key: a, value: { n: 1 } }] });
  for (const n of [2, 3]) {
    const changes = [
      { key: a, value: { n } },
      { key: b, value: { n } },
    ];
    await killed.commit({ source: rest, changes, options: { confirmWithin: 60_000 } });
  }
  const { wanted, leftovers } = await afterRestart(store);
  assert.deepEqual(wanted, [[a, { n: 1 }]]);
  assert.deepEqual(new Map(leftovers).get(b), { n: 3 }, 'it may be in the data plane, and has to go');
  assert.deepEqual((await afterRestart(store)).wanted, [[a, { n: 1 }]], 'once and for all');
  await killed.close();
});

test('what is rolled back stays so after a restart', async () => {
  const store = openMemoryStore();
  const { scheduler, commits } = recorder();
  const intent = new Intent({ store, scheduler, codec, log: silent });
  await intent.commit({ source: rest, changes: [{ key: a, value: { n: 1 } }] });
  await intent.commit({ source: rest, changes: [{ key: a, value: null }] });
  await intent.rollback(2);
  assert.deepEqual(commits[2]?.changes, [{ key: a, value: { n: 1 }, source: rest }]);
  assert.deepEqual((await afterRestart(store)).wanted, [[a, { n: 1 }]]);
});

test('what the scheduler reverted is not wanted any more', async () => {
  const store = openMemoryStore();
  const { scheduler } = recorder();
  const failing = {
    ...scheduler,
    commit: (changes: readonly Change[], options?: CommitOptions) =>
      scheduler.commit(changes, options).then((result) => ({ ...result, failures: [{ key: a }] })),
  } as unknown as Scheduler;
  const intent = new Intent({ store, scheduler: failing, codec, log: silent });
  await intent.commit({ source: rest, changes: [{ key: a, value: { n: 1 } }] });
  await intent.commit({ source: rest, changes: [{ key: a, value: { n: 2 } }], options: { revert: true } });
  assert.deepEqual(intent.sources.held('rest', a), { n: 1 });
  assert.deepEqual((await afterRestart(store)).wanted, [[a, { n: 1 }]]);
});
