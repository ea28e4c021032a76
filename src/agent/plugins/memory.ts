import { setTimeout as delay } from 'node:timers/promises';
import { definePlugin, optional } from '../../app/index.ts';
import { boundNursery, IdleCollector } from '../heap.ts';
import { kernelPlugin } from './kernel.ts';

/** The first time soon after the start, whose parsing leaves the most behind. */
const first = 500;
const interval = 60_000;
/** Between two looks at the heap. */
const look = 5_000;

/** Keeps pauses of the garbage collector short, and gives memory that nobody uses any more back to the system. */
export const memoryPlugin = definePlugin({
  name: 'memory',
  description: 'keeps garbage collections short, gives unused memory back to the system',
  // The C library is reached as the kernel engine does.
  needs: { kernel: optional(kernelPlugin) },
  start: ({ kernel }) => kernel !== undefined,
  started(hasLibc, { signal, fail }) {
    signal.addEventListener('abort', boundNursery(), { once: true });
    void tend(hasLibc, signal).catch(fail);
  },
});

async function tend(hasLibc: boolean, signal: AbortSignal): Promise<void> {
  const memory = hasLibc ? await import('../../kernel/syscall/memory.ts') : undefined;
  const heap = new IdleCollector();
  await rest(first, signal);
  // What starting and bulk work use of the program is more than what is needed afterwards.
  let worked = true;
  for (let since = interval; !signal.aborted; since += look) {
    const collected = heap.look();
    if (collected || since >= interval) {
      await memory?.releaseFreeMemory();
      if (collected || worked) await memory?.releaseProgramPages();
      worked = false;
      since = 0;
    }
    await rest(look, signal);
  }
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
