import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatNumber, formatReport, mergeInto, type BenchReport } from './report.ts';
import { result } from './result.ts';
import { median, percentile } from './statistics.ts';

const report = (bench: string, calibration: readonly [number, number], value = 12.345): BenchReport => ({
  bench,
  at: '2026-01-01T00:00:00.000Z',
  node: '24.0.0',
  machine: 'test',
  calibration,
  results: [result('routes', value, 'ms', { value: 10, from: 'ip -batch, same run' }), result('memory', 1234, 'MB')],
});

test('a table has value, reference and ratio, and says when the machine was busy', () => {
  const text = formatReport(report('kernel', [100, 105]));
  assert.match(text, /^routes +12\.3 +ms +10\.0 +1\.23 +ip -batch, same run$/m);
  assert.match(text, /^memory +1,234 +MB$/m);
  assert.doesNotMatch(text, /busy/);
  assert.match(formatReport(report('kernel', [100, 150])), /50 % apart, the machine was busy/);
});

test('numbers keep three digits', () => {
  assert.deepEqual([0, 0.001234, 1.5, 99.96, 123456].map(formatNumber), ['0', '0.00123', '1.50', '100.0', '123,456']);
});

test('reports are merged by bench, the newest stays', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lg-bench-'));
  const file = join(folder, 'results.json');
  try {
    mergeInto(file, [report('a', [1, 1]), report('b', [1, 1])]);
    mergeInto(file, [report('b', [1, 1], 7)]);
    const { benches } = JSON.parse(readFileSync(file, 'utf8')) as { readonly benches: readonly BenchReport[] };
    assert.deepEqual(
      benches.map(({ bench, results }) => [bench, results[0]?.value]),
      [
        ['a', 12.345],
        ['b', 7],
      ],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('percentiles are values that were measured', () => {
  const values = [5, 1, 4, 2, 3];
  assert.deepEqual([median(values), percentile(values, 0.99), percentile(values, 0)], [3, 5, 1]);
});
