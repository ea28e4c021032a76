import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Metrics } from '../app/metrics/metrics.ts';
import { createScheduler } from '../scheduler/index.ts';
import { asKey } from '../model/key.ts';
import { publishSchedulerMetrics } from './scheduler-metrics.ts';

test('transactions are counted and timed under the names that Ligato gave them', async () => {
  const metrics = new Metrics();
  const scheduler = createScheduler({ engines: [{ name: 'plane', concurrency: 4, deadline: 1000 }] });
  publishSchedulerMetrics(metrics, scheduler);
  scheduler.register(
    { name: 'thing', prefix: 'thing/' },
    { kind: 'thing', engine: 'plane', create: async () => undefined, remove: async () => {} },
  );
  scheduler.register({ name: 'fact' });
  await scheduler.commit([{ key: asKey('thing/a'), value: {} }]);
  await scheduler.commit([{ key: asKey('thing/a'), value: null }]);
  scheduler.notify([{ key: asKey('fact/up'), kind: 'fact', value: {} }]);
  await scheduler.idle();
  const lines = (await metrics.text()).split('\n');
  const value = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(`ligato_kvscheduler_${name} `))?.split(' ')[1];
  assert.equal(value('txn_processed{txn_type="NBTransaction"}'), '2');
  assert.equal(value('txn_processed{txn_type="SBNotification"}'), '1');
  assert.equal(value('txn_duration_seconds_count{txn_type="NBTransaction"}'), '2');
  assert.equal(value('queue_wait_seconds_count{txn_type="NBTransaction"}'), '2');
  for (const slice of ['processTransaction', 'preProcessTransaction', 'simulateTransaction', 'recordTransaction'])
    assert.equal(value(`txn_process_duration_seconds_count{slice="${slice}"}`), '3', slice);
  assert.ok(Number(value('txn_process_duration_seconds_sum{slice="executeTransaction"}')) > 0);
  assert.equal(value('queue_length'), '0');
  assert.equal(value('queue_capacity'), '+Inf');
  assert.equal(value('txn_dropped'), '0');
  await scheduler.close();
});
