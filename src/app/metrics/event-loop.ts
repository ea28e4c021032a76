import { createHistogram } from 'node:perf_hooks';

/** How long the event loop was kept from its work, ms. */
export interface EventLoopReading {
  /** The longest single block. */
  readonly max: number;
  readonly p99: number;
  readonly mean: number;
}

/** Measures blocks of the event loop from its making (or the last `reset`) until `stop`. Used by metrics and benches. */
export interface EventLoopDelay {
  read(): EventLoopReading;
  reset(): void;
  stop(): EventLoopReading;
}

/**
 * Starts measuring. `resolution` (ms) is the period of a timer; what its ticks are late counts, including what is going on at the time
 * of reading. Node's own monitorEventLoopDelay is not used: after its start and after each reset it misses the first block. Benches that
 * look for single milliseconds take 1.
 *
 * @example
 * const delay = measureEventLoop(1);
 * await work();
 * console.log(`blocked for at most ${delay.stop().max} ms`);
 */
export function measureEventLoop(resolution = 10): EventLoopDelay {
  // Values are microseconds: the histogram takes whole numbers from 1.
  const late = createHistogram();
  let last = performance.now();
  const record = (): void => {
    const now = performance.now();
    late.record(Math.max(1, Math.round((now - last - resolution) * 1000)));
    last = now;
  };
  const timer = setInterval(record, resolution);
  timer.unref();
  const read = (): EventLoopReading => {
    const pending = Math.max(0, performance.now() - last - resolution);
    if (late.count === 0) return { max: pending, p99: pending, mean: pending };
    return { max: Math.max(pending, late.max / 1000), p99: late.percentile(99) / 1000, mean: late.mean / 1000 };
  };
  return {
    read,
    reset: () => {
      late.reset();
      last = performance.now();
    },
    stop: () => {
      clearInterval(timer);
      return read();
    },
  };
}
