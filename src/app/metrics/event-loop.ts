import { monitorEventLoopDelay } from 'node:perf_hooks';

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
 * Starts measuring. `resolution` (ms, default 10) is the period of the sampling timer: it is subtracted from the readings, and a block is
 * seen in full when it is longer. Benches that look for single milliseconds take 1.
 *
 * @example
 * const delay = measureEventLoop(1);
 * await work();
 * console.log(`blocked for at most ${delay.stop().max} ms`);
 */
export function measureEventLoop(resolution = 10): EventLoopDelay {
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  // The histogram holds the time between two ticks of its timer, in ns: without any block, that is the resolution.
  const beyond = (ns: number): number => Math.max(0, ns / 1e6 - resolution);
  const read = (): EventLoopReading =>
    histogram.count === 0
      ? { max: 0, p99: 0, mean: 0 }
      : { max: beyond(histogram.max), p99: beyond(histogram.percentile(99)), mean: beyond(histogram.mean) };
  return {
    read,
    reset: () => histogram.reset(),
    stop: () => {
      const reading = read();
      histogram.disable();
      return reading;
    },
  };
}
