/** Worlds in which something was missing, or left, after operations were refused: found by the properties, made small, and kept. */

import { test } from 'node:test';
import type { Edit, Trouble } from '../testing/generators.ts';
import { liveThrough, refusals } from '../testing/lives.ts';
import { Trial, makeTrialScheduler } from '../testing/trial.ts';

interface World {
  readonly name: string;
  readonly rhythm: number;
  readonly history: readonly (readonly Edit[])[];
  readonly script: readonly Trouble[];
}

const worlds: readonly World[] = [
  {
    name: 'what failed was not what is wanted now',
    rhythm: 7,
    history: [
      [
        { name: 'f', value: { revision: 0, fixed: 0, fit: false }, priority: 0 },
        { name: 'a', value: { revision: 0, needs: ['thing/e'] }, priority: 0 },
      ],
      [{ name: 'a', value: { revision: 0, claims: ['y'] }, priority: 0 }],
      [{ name: 'f', value: { revision: 0, claims: ['y'] }, priority: 0 }],
    ],
    script: [
      { action: 'create', key: 'thing/f', fault: 'fail' },
      { action: 'create', key: 'thing/f', fault: 'half' },
    ],
  },
  {
    name: 'what was made again behind the back of a cycle that is taken down',
    rhythm: 28,
    history: [
      [{ name: 'a', value: { revision: 0, needs: ['thing/c'] }, priority: 0 }],
      [
        { name: 'c', value: { revision: 0 }, priority: 0 },
        {
          name: 'a',
          value: {
            revision: 0,
            anyOf: [['thing/b', 'thing/c']],
            parts: { p: { revision: 0, needs: ['thing/b', 'property/a/m'], anyOf: [['thing/a', 'thing/b']] } },
          },
          priority: 0,
        },
      ],
      [{ name: 'b', value: { revision: 0, needs: ['thing/a'], properties: ['m'] }, priority: 0 }],
      [{ name: 'c', value: { revision: 0, fixed: 0, watches: ['thing/a'] }, priority: 0 }],
      [{ name: 'a', value: { revision: 0, fixed: 0, needs: ['part/a/p'], watches: ['thing/a'] }, priority: 0 }],
    ],
    script: [
      { action: 'create', key: 'thing/c', fault: 'fail' },
      { action: 'create', key: 'part/a/q', fault: 'half' },
    ],
  },
  {
    name: 'what is given up for lack of a value that turns out to move on',
    rhythm: 0,
    history: [
      [{ name: 'e', value: { revision: 0, parts: { p: { revision: 0, needs: ['part/a/p'] } } }, priority: 0 }],
      [
        {
          name: 'a',
          value: {
            revision: 0,
            needs: ['thing/a'],
            watches: ['thing/b'],
            parts: {
              p: { revision: 0, needs: ['thing/d', 'part/a/p'] },
              q: { revision: 0, fixed: 1, anyOf: [['thing/a', 'thing/b']] },
            },
          },
          priority: 0,
        },
        {
          name: 'e',
          value: {
            revision: 0,
            anyOf: [['part', 'thing/e']],
            parts: { p: { revision: 0 } },
            properties: ['m'],
            fit: false,
          },
          priority: 0,
        },
      ],
      [{ name: 'b', value: { revision: 0, fixed: 0, watches: ['thing/a'], claims: ['y'] }, priority: 0 }],
    ],
    script: [{ action: 'update', key: 'thing/a', fault: 'fail' }],
  },
  {
    name: 'a large cycle around a value that could not be changed',
    rhythm: 0,
    history: [
      [
        {
          name: 'b',
          value: {
            revision: 0,
            parts: {
              p: {
                revision: 0,
                needs: ['thing/d', 'fact/up'],
                anyOf: [['thing/a', 'thing/b']],
                parts: { s: { revision: 0, needs: ['thing/d', 'part/b/p'] } },
              },
              q: { revision: 0, needs: ['thing/f'], fixed: 1 },
            },
          },
          priority: 0,
        },
        { name: 'a', value: null, priority: 0 },
      ],
      [
        { name: 'f', value: { revision: 0, needs: ['property/b/m'], properties: ['m'] }, priority: 0 },
        {
          name: 'b',
          value: { revision: 0, needs: ['part/a/p'], parts: { p: { revision: 0 } }, properties: ['m'] },
          priority: 0,
        },
        { name: 'a', value: { revision: 0, needs: ['thing/c'], properties: ['m'] }, priority: 0 },
      ],
      [
        {
          name: 'a',
          value: {
            revision: 0,
            needs: ['thing/f'],
            parts: { p: { revision: 0, needs: ['property/a/m', 'property/b/m'] } },
            properties: ['m'],
          },
          priority: 0,
        },
      ],
      [{ name: 'c', value: { revision: 0, needs: ['part/b/p'] }, priority: 0 }],
    ],
    script: [
      { action: 'remove', key: 'thing/a', fault: 'fail' },
      { action: 'update', key: 'thing/a', fault: 'fail' },
    ],
  },
  {
    name: 'what waits for values that were to go and stay',
    rhythm: 0,
    history: [
      [
        {
          name: 'b',
          value: {
            revision: 0,
            needs: ['part/c/p/s'],
            parts: {
              p: { revision: 0, needs: ['thing/e'] },
              q: { revision: 0, needs: ['thing/a', 'thing/d'], fixed: 1 },
            },
          },
          priority: 0,
        },
        { name: 'a', value: { revision: 0 }, priority: 0 },
      ],
      [
        {
          name: 'e',
          value: {
            revision: 0,
            needs: ['thing/c'],
            anyOf: [['thing/a', 'thing/b']],
            parts: {
              p: { revision: 0 },
              q: { revision: 0, needs: ['thing/e'], fixed: 1, anyOf: [['thing/a', 'thing/b']] },
            },
          },
          priority: 0,
        },
        {
          name: 'c',
          value: {
            revision: 0,
            watches: ['thing/b'],
            parts: {
              p: { revision: 0, parts: { s: { revision: 0, needs: ['part/a/p', 'part/c/p/s'] } } },
              q: { revision: 0, needs: ['part/c/p/s'] },
            },
            properties: ['m'],
            claims: ['x'],
          },
          priority: 0,
        },
        { name: 'a', value: { revision: 0, parts: { p: { revision: 0, fixed: 1 } }, properties: ['m'] }, priority: 0 },
      ],
      [
        {
          name: 'a',
          value: {
            revision: 0,
            needs: ['thing/a'],
            parts: { p: { revision: 0, needs: ['property/a/m'] } },
            properties: ['m'],
            claims: ['y'],
            fit: false,
          },
          priority: 0,
        },
      ],
    ],
    script: [
      { action: 'remove', key: 'part/c/p', fault: 'fail' },
      { action: 'create', key: 'thing/a', fault: 'fail' },
    ],
  },
  {
    name: 'a retry beside a transaction that gives up',
    rhythm: 1408914770,
    history: [
      [{ name: 'a', value: { revision: 0, needs: ['thing/b'], claims: ['y'] }, priority: 0 }],
      [
        {
          name: 'a',
          value: {
            revision: 0,
            fixed: 0,
            parts: {
              p: { revision: 0, needs: ['thing/b', 'part/a/p'] },
              q: { revision: 0, needs: ['thing/b'], parts: { s: { revision: 0, needs: ['thing/c', 'property/a/m'] } } },
            },
            properties: ['m'],
          },
          priority: 0,
        },
        {
          name: 'b',
          value: {
            revision: 0,
            needs: ['thing/c', 'property/a/m'],
            anyOf: [['part/a']],
            watches: ['thing/a'],
            parts: { p: { revision: 0 } },
            properties: ['m'],
          },
          priority: 0,
        },
        {
          name: 'c',
          value: { revision: 0, needs: ['part/b/p'], parts: { p: { revision: 0, needs: ['part/a/p'] } }, fit: true },
          priority: 0,
        },
      ],
      [
        {
          name: 'b',
          value: {
            revision: 0,
            fixed: 0,
            parts: {
              p: { revision: 0, needs: ['thing/c'], fixed: 1 },
              q: { revision: 0, anyOf: [['thing/b', 'thing/c']] },
            },
            properties: ['m'],
          },
          priority: 0,
        },
        {
          name: 'a',
          value: { revision: 0, parts: { p: { revision: 0, anyOf: [['thing/a', 'thing/b']] } } },
          priority: 0,
        },
      ],
      [{ name: 'b', value: { revision: 0, needs: ['part/b/p', 'property/a/m'] }, priority: 0 }],
    ],
    script: [
      { action: 'remove', key: 'thing/a', fault: 'fail' },
      { action: 'create', key: 'thing/f', fault: 'fail' },
      { action: 'create', key: 'part/a/q', fault: 'half' },
      { action: 'create', key: 'thing/a', fault: 'fail' },
      { action: 'create', key: 'thing/a', fault: 'fail' },
    ],
  },
  {
    name: 'a part that waits for a base which another transaction re-creates',
    rhythm: 39295241,
    history: [
      [
        {
          name: 'b',
          value: {
            revision: 0,
            fixed: 0,
            needs: ['thing/c'],
            parts: {
              p: { revision: 0, needs: ['part/a/p'], fixed: 1, parts: { s: { revision: 0 } } },
              q: { revision: 0, needs: ['thing/d'], parts: { s: { revision: 0 } } },
            },
            properties: ['m'],
            fit: false,
          },
          priority: 0,
        },
        {
          name: 'a',
          value: { revision: 0, needs: ['thing/d'], anyOf: [['thing/a', 'thing/b']], properties: ['m'], fit: false },
          priority: 0,
        },
      ],
      [
        {
          name: 'c',
          value: {
            revision: 0,
            fixed: 0,
            needs: ['thing/b'],
            parts: { p: { revision: 0, fixed: 1 } },
            claims: ['x'],
            fit: false,
          },
          priority: 0,
        },
      ],
      [
        {
          name: 'b',
          value: {
            revision: 0,
            anyOf: [['thing/a', 'thing/b']],
            parts: { p: { revision: 0, fixed: 1 }, q: { revision: 0 } },
          },
          priority: 0,
        },
      ],
      [
        {
          name: 'a',
          value: {
            revision: 0,
            needs: ['thing/d', 'property/b/m'],
            anyOf: [['thing/a', 'thing/b']],
            parts: { p: { revision: 0, needs: ['thing/b'] }, q: { revision: 0, fixed: 1 } },
            properties: ['m'],
          },
          priority: 0,
        },
      ],
    ],
    script: [
      { action: 'create', key: 'thing/a', fault: 'fail' },
      { action: 'create', key: 'part/c/p', fault: 'fail' },
      { action: 'create', key: 'thing/a', fault: 'fail' },
    ],
  },
  {
    name: 'a part of a part whose removal failed and that another retry re-creates',
    rhythm: 0,
    history: [
      [
        {
          name: 'a',
          value: { revision: 0, needs: ['thing/a', 'thing/b'], properties: ['m'], fit: false },
          priority: 0,
        },
      ],
      [
        {
          name: 'b',
          value: { revision: 0, fixed: 0, needs: ['property/a/m'], anyOf: [['thing/a', 'thing/b']], fit: true },
          priority: 0,
        },
      ],
      [{ name: 'a', value: { revision: 0, needs: ['property/a/m'], claims: ['x'] }, priority: 0 }],
      [
        {
          name: 'b',
          value: {
            revision: 0,
            watches: ['thing/a'],
            parts: {
              p: { revision: 0, needs: ['thing/a', 'part/b/p'], parts: { s: { revision: 0, fixed: 1 } } },
              q: { revision: 0, needs: ['thing/b', 'part/a/p'] },
            },
          },
          priority: 0,
        },
      ],
      [
        {
          name: 'a',
          value: {
            revision: 0,
            fixed: 0,
            parts: {
              p: { revision: 0, needs: ['part/b/p'], parts: { s: { revision: 0, needs: ['thing/c'] } } },
              q: { revision: 0, needs: ['thing/b'] },
            },
            properties: ['m'],
            fit: false,
          },
          priority: 0,
        },
      ],
    ],
    script: [
      { action: 'remove', key: 'thing/a', fault: 'fail' },
      { action: 'remove', key: 'part/b/p', fault: 'fail' },
    ],
  },
];

for (const { name, rhythm, history, script } of worlds) {
  test(name, () =>
    liveThrough(new Trial(makeTrialScheduler()), rhythm, async (subject) => {
      await refusals(subject, history, script);
      subject.check();
    }),
  );
}
