/** How long the event loop was kept from turning. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Does the work and tells the longest block of the event loop during it, in ms (to about a millisecond). */
export async function longestBlock<T>(
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly longest: number }> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  try {
    const value = await work();
    // The histogram records when its timer comes round, so the last block counts only after a turn.
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { value, longest: Math.max(0, delays.max / 1e6 - 1) };
  } finally {
    delays.disable();
  }
}
