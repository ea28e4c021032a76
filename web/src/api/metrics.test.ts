import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMetrics } from './metrics.ts';

test('samples with their help and type', () => {
  const text = '# HELP a_total Things.\n# TYPE a_total counter\na_total{b="c"} 3\nplain 1.5e3\n\n# odd comment\n';
  assert.deepEqual(parseMetrics(text), [
    { name: 'a_total', labels: 'b="c"', value: 3, help: 'Things.', type: 'counter' },
    { name: 'plain', labels: '', value: 1500, help: '', type: 'untyped' },
  ]);
});

test('series of a histogram have the help and type of the histogram', () => {
  const [bucket] = parseMetrics('# HELP h Times.\n# TYPE h histogram\nh_bucket{le="1"} 2\n');
  assert.deepEqual([bucket?.help, bucket?.type], ['Times.', 'histogram']);
});
