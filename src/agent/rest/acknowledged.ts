/** How far calls wait that are asked for without a configuration: rollback and resync. */

import * as z from 'zod';
import { HttpReply } from '../../app/http/route.ts';
import type { CommitResult } from '../../scheduler/scheduler.ts';

export const acknowledge = z
  .enum(['accepted', 'persisted', 'applied', 'verified'])
  .default('applied')
  .describe('how far the call waits: checked, durable, done, read back');

export const askedQuery = z.object({ acknowledge });

/** Status 202 and null where the caller did not wait for the end. */
export function askedReply(result: CommitResult | undefined, view: (result: CommitResult) => object): object {
  return result === undefined ? new HttpReply('null', { status: 202, type: 'application/json' }) : view(result);
}
