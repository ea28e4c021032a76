/** Requests that may find their work done: after a time-out, a crash, or when VPP took things away together. */

import { isVppError } from '../../vpp/index.ts';

/** Waits for the removal of something; that it is not there any more is no failure. */
export async function removed(request: Promise<unknown>, ...reasons: readonly string[]): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!isVppError(error, ...GONE, ...reasons)) throw error;
  }
}

const GONE = ['NO_SUCH_ENTRY', 'INVALID_SW_IF_INDEX', 'NO_SUCH_FIB'];
