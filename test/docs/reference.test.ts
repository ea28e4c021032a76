/** The reference says what the code says. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { committedPages, reference, referencePages } from '../../scripts/generate-docs.ts';
import { valueStates } from '../../src/scheduler/scheduler.ts';

const pages = await referencePages();
const committed = committedPages(reference);

test('every page that is generated is there, and no other', () => {
  assert.deepEqual([...committed.keys()].sort(), [...pages.keys()].sort(), 'run npm run docs');
});

for (const [path, text] of pages) {
  test(`${path} is up to date`, () => assert.equal(committed.get(path), text, 'run npm run docs'));
}

test('every state of a value is explained', () => {
  const text = readFileSync(join(reference, 'states.md'), 'utf8');
  const explained = [...text.matchAll(/^\| `([A-Z]+)` \|/gm)].map(([, state]) => state);
  assert.deepEqual(new Set(explained), new Set<string | undefined>(valueStates));
});

test('metrics of VPP and of gRPC are among the metrics', () => {
  const page = pages.get('metrics.md') ?? '';
  for (const name of [
    'vpp_interfaces_rx_packets',
    'ligature_vpp_up',
    'ligato_govppmux_requests_total',
    'grpc_server_handled_total',
  ])
    assert.ok(page.includes(`| \`${name}\` |`), name);
});
