/** Numbers from many measurements. */

/** Nearest rank; `fraction` 0.5 is the median, 0.99 the 99th percentile. */
export function percentile(values: readonly number[], fraction: number): number {
  if (values.length === 0) throw new RangeError('no values');
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(fraction * sorted.length) - 1))] ?? 0;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** ms that the work took. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The fastest of some runs, in ms: what the machine can do when nothing else disturbs it. */
export async function fastest(runs: number, work: (run: number) => Promise<number>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run += 1) best = Math.min(best, await work(run));
  return best;
}

/** MB in use after a full collection. Benches run with `--expose-gc`. */
export function heapInUse(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
}
