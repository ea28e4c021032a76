/** What a run of tests came to; plain data, because the test VM hands it over as JSON. */
export interface Skip {
  /** File and test names, or a file alone when it never started. */
  readonly name: string;
  readonly reason: string;
}

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skips: readonly Skip[];
}

export const noTests: Totals = { passed: 0, failed: 0, skips: [] };

export function addTotals(left: Totals, right: Totals): Totals {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skips: [...left.skips, ...right.skips],
  };
}

/** Skips by name, then the one line to look for. */
export function formatTotals(totals: Totals): string {
  const skips = totals.skips.map((skip) => `skipped: ${skip.name} (${skip.reason})`);
  const line = `${totals.passed} passed, ${totals.failed} failed, ${totals.skips.length} skipped`;
  return [...skips, line].join('\n');
}
