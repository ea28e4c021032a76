import { setTimeout as delay } from 'node:timers/promises';
import { definePlugin, optional } from '../../app/index.ts';
import { kernelPlugin } from './kernel.ts';

/** The first time soon after the start, whose parsing leaves the most behind. */
const first = 500;
const interval = 60_000;

/** Gives memory that nobody uses any more back to the system: an idle agent stays small after its start and after bulk work. */
export const memoryPlugin = definePlugin({
  name: 'memory',
  description: 'gives unused memory back to the system',
  // The C library is reached as the kernel engine does.
  needs: { kernel: optional(kernelPlugin) },
  start: ({ kernel }) => kernel !== undefined,
  started(isPossible, { signal, fail }) {
    if (isPossible) void releaseForever(signal).catch(fail);
  },
});

async function releaseForever(signal: AbortSignal): Promise<void> {
  const { releaseFreeMemory } = await import('../../kernel/syscall/memory.ts');
  for (let wait = first; !signal.aborted; wait = interval) {
    await delay(wait, undefined, { signal, ref: false }).catch(() => undefined);
    if (!signal.aborted) await releaseFreeMemory();
  }
}
