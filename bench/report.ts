/** Results as a table for people and as JSON for machines. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, release, totalmem } from 'node:os';
import type { Result } from './result.ts';

export interface BenchReport {
  readonly bench: string;
  /** ISO 8601. */
  readonly at: string;
  readonly node: string;
  readonly machine: string;
  /** ms of the calibration loop before and after. */
  readonly calibration: readonly [number, number];
  readonly results: readonly Result[];
}

export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${cpus().length} x ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()} ${arch()}`;
}

const headings = ['result', 'value', 'unit', 'reference', 'ratio', 'reference from'];

export function formatReport(report: BenchReport): string {
  const rows = report.results.map((result) => [
    result.note === undefined ? result.name : `${result.name} (${result.note})`,
    formatNumber(result.value),
    result.unit,
    result.reference === null ? '' : formatNumber(result.reference),
    result.ratio === null ? '' : result.ratio.toFixed(2),
    result.referenceFrom ?? '',
  ]);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        isNumeric(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const [before, after] = report.calibration;
  return [
    `${report.bench}: ${report.machine}, Node ${report.node}`,
    line(headings),
    ...rows.map(line),
    `calibration loop: ${formatNumber(before)} ms before, ${formatNumber(after)} ms after${busy(before, after)}`,
  ].join('\n');
}

function isNumeric(column: number): boolean {
  return column === 1 || column === 3 || column === 4;
}

function busy(before: number, after: number): string {
  const spread = Math.abs(after - before) / Math.min(after, before);
  return spread > 0.1 ? `: ${Math.round(spread * 100)} % apart, the machine was busy` : '';
}

/** Three significant digits, thousands in full. */
export function formatNumber(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  const digits = Math.max(0, 2 - magnitude);
  return value.toLocaleString('en-US', {
    minimumFractionDigits: Math.min(digits, 6),
    maximumFractionDigits: Math.min(digits, 6),
  });
}

/** Adds to the reports in the file: the newest of each bench stays. */
export function mergeInto(file: string, reports: readonly BenchReport[]): void {
  const known = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly benches: readonly BenchReport[] }).benches
    : [];
  const fresh = new Set(reports.map((report) => report.bench));
  const benches = [...known.filter((report) => !fresh.has(report.bench)), ...reports].sort((a, b) =>
    a.bench < b.bench ? -1 : 1,
  );
  writeFileSync(file, `${JSON.stringify({ benches }, null, 2)}\n`);
}
