import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricFamilies } from './metric-families.ts';
import { runCommand } from './testing.ts';

const text = `# HELP ops operations,\\nby "kind"
# TYPE ops counter
ops{kind="a } b",path="c:\\\\d \\"e\\""} 3
ops{kind="f"} 4 1700000000000
# HELP seconds how long
# TYPE seconds histogram
seconds_bucket{le="+Inf"} 2
seconds_sum 0.25
seconds_count 2
# TYPE nothing gauge
nothing NaN
plain 1e3
`;

test('families with their type, help, samples and labels', () => {
  assert.deepEqual(metricFamilies(text), [
    {
      name: 'ops',
      type: 'counter',
      help: 'operations,\nby "kind"',
      samples: [
        { name: 'ops', labels: { kind: 'a } b', path: 'c:\\d "e"' }, value: 3 },
        { name: 'ops', labels: { kind: 'f' }, value: 4 },
      ],
    },
    {
      name: 'seconds',
      type: 'histogram',
      help: 'how long',
      samples: [
        { name: 'seconds_bucket', labels: { le: '+Inf' }, value: 2 },
        { name: 'seconds_sum', labels: {}, value: 0.25 },
        { name: 'seconds_count', labels: {}, value: 2 },
      ],
    },
    { name: 'nothing', type: 'gauge', help: '', samples: [{ name: 'nothing', labels: {}, value: 'NaN' }] },
    { name: 'plain', type: 'untyped', help: '', samples: [{ name: 'plain', labels: {}, value: 1000 }] },
  ]);
});

test('those that contain a text in their name or in a sample', () => {
  const names = (part: string) => metricFamilies(text, [part]).map(({ name, samples }) => `${name} ${samples.length}`);
  assert.deepEqual(names('seconds'), ['seconds 3']);
  assert.deepEqual(names('kind="f"'), ['ops 1']);
  assert.deepEqual(names('nosuch'), []);
});

test('metrics are JSON where JSON is asked for, and Prometheus text for people', async () => {
  const { stdout } = await runCommand(['-f', 'json', 'metrics', 'seconds'], () => text);
  assert.deepEqual(JSON.parse(stdout), metricFamilies(text, ['seconds']));
  assert.match((await runCommand(['metrics', 'seconds'], () => text)).stdout, /^# HELP seconds how long\n/);
});
