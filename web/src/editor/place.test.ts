import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeOf } from './place.ts';

const cases: readonly (readonly [string, readonly string[], string, string?])[] = [
  ['vpp', [], 'vpp'],
  ['vppConfig:\n  in', ['vppConfig'], 'in'],
  ['vppConfig:\n  interfaces:\n    - na', ['vppConfig', 'interfaces', '-'], 'na'],
  ['vppConfig:\n  interfaces:\n    - name: a\n      type: TA', ['vppConfig', 'interfaces', '-', 'type'], 'TA', 'type'],
  ['vppConfig:\n  interfaces:\n    - name: a\n      tap:\n        ho', ['vppConfig', 'interfaces', '-', 'tap'], 'ho'],
  [
    'vppConfig:\n  interfaces:\n  - name: a\n    tap:\n      version: 2\n    ty',
    ['vppConfig', 'interfaces', '-'],
    'ty',
  ],
  ['vppConfig:\n  interfaces:\n  - name: a\n\n  # later\n  - na', ['vppConfig', 'interfaces', '-'], 'na'],
  [
    'vppConfig:\n  bridgeDomains:\n    - interfaces:\n        - na',
    ['vppConfig', 'bridgeDomains', '-', 'interfaces', '-'],
    'na',
  ],
  ['vppConfig:\n  interfaces:\n    - name: a\n  routes:\n    - ds', ['vppConfig', 'routes', '-'], 'ds'],
  ['vppConfig:\n  interfaces:\n    - name: a\nlin', [], 'lin'],
];

for (const [text, path, word, valueOf] of cases) {
  test(`the place at the end of ${JSON.stringify(text)}`, () => {
    assert.deepEqual(placeOf(text), { path, word, valueOf });
  });
}
