import * as z from 'zod';
import { definePlugin } from '../../app/index.ts';
import { features } from '../../features/index.ts';
import { kernelEngine } from '../../features/kernel-engine.ts';
import { register } from '../../features/register.ts';
import { createScheduler } from '../../scheduler/index.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { kernelPlugin } from './kernel.ts';

const minute = 60_000;

/** The scheduler with the kinds of all features and the handlers of the engine. */
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
      .describe('accepted for compatibility: every transaction has a plan'),
    'print-txn-summary': z.boolean().default(true).describe('log a line for each transaction'),
  }),
  needs: { kernel: kernelPlugin },
  async start({ kernel }, config, { log, signal }): Promise<Scheduler> {
    const scheduler = createScheduler({
      engines: [kernelEngine],
      log,
      history: {
        enabled: config['record-transaction-history'],
        maxAge: config['transaction-history-age-limit'] * minute,
        permanentInit: config['permanently-recorded-init-period'] * minute,
        maxCount: config['transaction-history-count-limit'],
        maxBytes: config['transaction-history-bytes-limit'],
      },
    });
    await register(scheduler, features, { kernel }, signal);
    return scheduler;
  },
  stop: (scheduler) => scheduler.close(),
});
