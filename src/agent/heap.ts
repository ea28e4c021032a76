/** The JavaScript heap of a process that runs for months: short pauses while it works, no garbage kept while it rests. */

import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Bytes of the young generation, both halves. A collection of it stops the event loop for as long as it takes to copy what
 * survives: V8 lets it grow to 64 MB, which is 100 ms of bulk work.
 */
const NURSERY = 8 * 2 ** 20;

/**
 * Keeps the young generation small from the moment it is seen to have grown to `bytes`; in a burst it may grow once or twice more before
 * that. Returns what ends the observation.
 */
export function boundNursery(bytes = NURSERY): () => void {
  const observer = new PerformanceObserver(() => {
    if (nurserySize() < bytes) return;
    // Read each time V8 wants it to grow; --max-semi-space-size is read once, before any of our code runs.
    setFlagsFromString('--semi-space-growth-factor=1');
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}

function nurserySize(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}

/** Bytes of the heap that may be garbage before a collection is worth its pause. */
const WORTHWHILE = 24 * 2 ** 20;
/** Share of the time between two looks that the event loop may have worked: below it the process rests. */
const RESTING = 0.05;

/**
 * Looks now and then whether the process rests on much garbage, and collects it. V8 by itself does so only when something is
 * allocated: what 10,000 objects leave behind when they are applied (60 MB) would stay until the next bulk work.
 */
export class IdleCollector {
  /** Bytes in use after the last collection; before the first one all may be garbage, as most of what a start leaves is. */
  #live = 0;
  #utilization = performance.eventLoopUtilization();
  #collect: (() => void) | undefined;

  /** Call at intervals of some seconds. True when it collected. */
  look(): boolean {
    const before = this.#utilization;
    this.#utilization = performance.eventLoopUtilization();
    const used = getHeapStatistics().used_heap_size;
    // Less: V8 has collected meanwhile.
    this.#live = Math.min(this.#live, used);
    if (used - this.#live < WORTHWHILE) return false;
    if (performance.eventLoopUtilization(this.#utilization, before).utilization > RESTING) return false;
    this.#collect ??= collector();
    this.#collect();
    this.#live = getHeapStatistics().used_heap_size;
    return true;
  }
}

/** V8 gives its collector to new contexts only, and only while the flag is set. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return collect;
}
