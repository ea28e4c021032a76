/** What the scheduler does, as Prometheus metrics under the names dashboards made for Ligato know. */

import type { Metrics } from '../app/index.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';

/** Upper bounds in seconds: from one value to a resync of everything. */
const buckets = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60];

/** Ligato's names of the phases of a transaction. Reading the data plane is part of its preparation there. */
const slices: Readonly<Record<string, string>> = {
  validate: 'preProcessTransaction',
  retrieve: 'preProcessTransaction',
  plan: 'simulateTransaction',
  execute: 'executeTransaction',
  record: 'recordTransaction',
};

export function publishSchedulerMetrics(metrics: Metrics, scheduler: Scheduler): void {
  const name = (text: string): string => `ligato_kvscheduler_${text}`;
  const processed = metrics.counter({
    name: name('txn_processed'),
    help: 'Transactions processed.',
    labels: ['txn_type'],
  });
  const duration = metrics.histogram({
    name: name('txn_duration_seconds'),
    help: 'Time a transaction took, without waiting for its turn.',
    labels: ['txn_type'],
    buckets,
  });
  const phases = metrics.histogram({
    name: name('txn_process_duration_seconds'),
    help: 'Time the phases of a transaction took; processTransaction is all of them.',
    labels: ['slice'],
    buckets,
  });
  const waited = metrics.histogram({
    name: name('queue_wait_seconds'),
    help: 'Time a transaction waited for its turn.',
    labels: ['txn_type'],
    buckets,
  });
  metrics.counter({ name: name('txn_dropped'), help: 'Transactions dropped for lack of room: none ever is.' });
  metrics
    .gauge({ name: name('queue_capacity'), help: 'Transactions that may wait: without a limit.' })
    .set(Number.POSITIVE_INFINITY);
  metrics.gaugeFrom(
    { name: name('queue_length'), help: 'Transactions that wait for their turn.' },
    () => scheduler.waiting,
  );

  scheduler.onTransaction(({ type }, { timing }) => {
    const spent = new Map<string, number>();
    let total = 0;
    for (const [phase, ms] of Object.entries(timing)) {
      if (phase === 'wait') continue;
      const slice = slices[phase] ?? 'postProcessTransaction';
      spent.set(slice, (spent.get(slice) ?? 0) + ms);
      total += ms;
    }
    processed.inc({ txn_type: type });
    duration.observe({ txn_type: type }, total / 1000);
    waited.observe({ txn_type: type }, (timing['wait'] ?? 0) / 1000);
    phases.observe({ slice: 'processTransaction' }, total / 1000);
    for (const [slice, ms] of spent) phases.observe({ slice }, ms / 1000);
  });
}
