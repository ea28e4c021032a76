import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asKey, type Key } from '../../model/key.ts';
import type { Value } from '../../scheduler/kind.ts';
import type { CommitResult, Scheduler, SchedulerLog } from '../../scheduler/scheduler.ts';
import { openMemoryStore } from '../../store/memory/memory-store.ts';
import { Intent } from './intent.ts';

const log: SchedulerLog = { debug() {}, info() {}, warn() {}, error() {} };
const grpc = { name: 'grpc', priority: 40 };
const rest = { name: 'rest', priority: 40 };
const a = asKey('config/x/v1/y/a');

const codec = {
  encode: (_key: Key, value: Value) => new TextEncoder().encode(JSON.stringify(value)),
  decode: (_key: Key, bytes: Uint8Array): Value => JSON.parse(new TextDecoder().decode(bytes)) as Value,
};

let seqNum = 0;
const scheduler = {
  validate: () => [],
  commit: (): Promise<CommitResult> => Promise.resolve({ seqNum: ++seqNum, failures: [], timing: {} } as never),
  status: () => undefined,
} as unknown as Scheduler;

test('labels belong to the source that gave them, survive a restart, and go with the value', async () => {
  const store = openMemoryStore();
  const open = (): Intent => new Intent({ store, scheduler, codec, log });
  const intent = open();
  await intent.commit({ source: grpc, changes: [{ key: a, value: { n: 1 }, labels: { team: 'red' } }] });
  await intent.commit({ source: rest, changes: [{ key: a, value: { n: 2 } }] });
  assert.deepEqual([intent.sources.labels('grpc', a), intent.sources.labels('rest', a)], [{ team: 'red' }, undefined]);

  const restarted = open();
  await restarted.restore();
  assert.deepEqual(restarted.sources.labels('grpc', a), { team: 'red' });
  const relabelled = seqNum + 1;
  await restarted.commit({ source: grpc, changes: [{ key: a, value: { n: 1 }, labels: { team: 'blue' } }] });
  assert.deepEqual(restarted.sources.labels('grpc', a), { team: 'blue' });
  await restarted.rollback(relabelled);
  assert.deepEqual(restarted.sources.labels('grpc', a), { team: 'red' });
  await restarted.commit({ source: grpc, changes: [{ key: a, value: null }] });
  const keys = (await store.list('labels/')).entries.map(({ key }) => key);
  assert.deepEqual(keys, []);
});
