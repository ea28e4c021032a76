/** What VPP means when it refuses something of SRv6: numbers that mean something else everywhere else. */

import { SchedulerError } from '../../../scheduler/errors.ts';
import { VppError } from '../../../vpp/index.ts';

/** Meanings by return value. */
export type Meanings = Readonly<Record<number, string>>;

/** Waits for a request; a refusal is told by what it means here. Return values in `fine` are none. */
export async function explained(
  request: Promise<unknown>,
  meanings: Meanings,
  ...fine: readonly number[]
): Promise<void> {
  try {
    await request;
  } catch (error) {
    const retval = error instanceof VppError ? error.retval : undefined;
    if (retval !== undefined && fine.includes(retval)) return;
    const meaning = retval === undefined ? undefined : meanings[retval];
    if (meaning === undefined) throw error;
    throw new SchedulerError('failed', `vpp: ${meaning} (${retval})`, { cause: error });
  }
}
