import * as z from 'zod';
import { definePlugin } from '../../app/index.ts';
import { createScheduler, summarize, summarizePlan } from '../../scheduler/index.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { publishSchedulerMetrics } from '../scheduler-metrics.ts';

const minute = 60_000;

/**
 * The scheduler by itself: it knows neither engines nor kinds. Plugins that need it bring theirs with `addEngine` and
 * `register` in their `start`: the last known configuration is applied when all plugins have started.
 */
export const schedulerPlugin = definePlugin({
  name: 'kvscheduler',
  description: 'orders, plans and applies what is wanted',
  config: z.strictObject({
    'record-transaction-history': z.boolean().default(true).describe('keep what transactions did'),
    'transaction-history-age-limit': z.number().min(0).default(1440).describe('minutes a transaction is kept'),
    'permanently-recorded-init-period': z
      .number()
      .min(0)
      .default(60)
      .describe('minutes after start whose transactions are kept whatever their age'),
    'transaction-history-count-limit': z.number().int().min(1).default(10_000).describe('transactions kept at most'),
    'transaction-history-bytes-limit': z
      .number()
      .int()
      .min(1024)
      .default(32 * 1024 * 1024)
      .describe('bytes that kept transactions may take'),
    'enable-txn-simulation': z
      .boolean()
      .default(false)
      .describe('log the plan of each transaction, at level info, before it is carried out; a plan is made either way'),
    'print-txn-summary': z
      .boolean()
      .default(true)
      .describe('log what each transaction did, at level info; of a long one the first operations'),
  }),
  start: (_needs, config, { log, application }): Scheduler => {
    const scheduler = createScheduler({
      engines: [],
      log,
      history: {
        enabled: config['record-transaction-history'],
        maxAge: config['transaction-history-age-limit'] * minute,
        permanentInit: config['permanently-recorded-init-period'] * minute,
        maxCount: config['transaction-history-count-limit'],
        maxBytes: config['transaction-history-bytes-limit'],
      },
      ...(config['enable-txn-simulation']
        ? { onPlan: (transaction) => log.info({ seqNum: transaction.seqNum }, summarizePlan(transaction)) }
        : undefined),
    });
    publishSchedulerMetrics(application.metrics, scheduler);
    if (config['print-txn-summary'])
      scheduler.onTransaction((record, course) => {
        if (log.isLevelEnabled('info')) log.info({ seqNum: record.seqNum }, summarize(record, course));
      });
    return scheduler;
  },
  stop: (scheduler) => scheduler.close(),
});
