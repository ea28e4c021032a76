/** Worlds in which something was missing in the end once: found by the properties, made small, and kept. */

import { test } from 'node:test';
import type { Edit, Trouble } from '../testing/generators.ts';
import { liveThrough, refusals, together, unknownOutcomes } from '../testing/lives.ts';
import { Trial, makeTrialScheduler } from '../testing/trial.ts';

interface World {
  readonly name: string;
  readonly rhythm: number;
  readonly history: readonly (readonly Edit[])[];
  readonly script: readonly Trouble[];
  /** Of unanswered operations; absent where they are refused. */
  readonly wait?: boolean;
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
    name: 'a part of what was done and called refused after nobody asked for it any more',
    rhythm: 18372253,
    history: [
      [
        {
          name: 'c',
          value: { revision: 0, needs: ['thing/b'], watches: ['thing/b'], parts: { p: { revision: 0 } }, fit: false },
          priority: 0,
        },
        { name: 'b', value: { revision: 0, fixed: 0 }, priority: 0 },
      ],
      [
        {
          name: 'c',
          value: {
            revision: 0,
            needs: ['thing/a'],
            watches: ['thing/a'],
            properties: ['m'],
            unsupported: 'not on this plane',
          },
          priority: 0,
        },
      ],
    ],
    script: [
      { action: 'create', key: 'thing/a', fault: 'mute' },
      { action: 'create', key: 'thing/c', fault: 'half' },
      { action: 'create', key: 'thing/a', fault: 'hang' },
    ],
    wait: true,
  },
  {
    name: 'what is blocked by an unknown outcome',
    rhythm: 0,
    history: [
      [
        {
          name: 'c',
          value: { revision: 0, needs: ['thing/c'], parts: { p: { revision: 0 } }, properties: ['m'] },
          priority: 0,
        },
      ],
      [
        { name: 'b', value: { revision: 0 }, priority: 0 },
        {
          name: 'c',
          value: { revision: 0, needs: ['part/a/p', 'fact/up'], parts: { p: { revision: 0 } } },
          priority: 0,
        },
      ],
      [
        {
          name: 'a',
          value: {
            revision: 0,
            needs: ['fact/lease'],
            anyOf: [['thing/a', 'thing/b']],
            parts: { p: { revision: 0, needs: ['thing/f'] }, q: { revision: 0, needs: ['thing/b'] } },
            claims: ['y'],
          },
          priority: 0,
        },
      ],
    ],
    script: [
      { action: 'create', key: 'part/c/p', fault: 'silent' },
      { action: 'create', key: 'thing/a', fault: 'hang' },
    ],
    wait: true,
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
    name: 'a failure of which the answer comes late',
    rhythm: 0,
    history: [
      [{ name: 'd', value: { revision: 0, fixed: 0 }, priority: 0 }],
      [
        { name: 'c', value: { revision: 0, properties: ['m'], fit: false }, priority: 0 },
        {
          name: 'd',
          value: { revision: 0, fixed: 0, needs: ['thing/c'], watches: ['thing/a'], fit: false },
          priority: 0,
        },
      ],
    ],
    script: [
      { action: 'create', key: 'thing/c', fault: 'half' },
      { action: 'create', key: 'thing/a', fault: 'hang' },
      { action: 'remove', key: 'thing/a', fault: 'mute' },
      { action: 'create', key: 'thing/a', fault: 'hang' },
    ],
    wait: true,
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
    name: 'a creation that was called refused and took place needs what it needs',
    rhythm: 0,
    history: [
      [{ name: 'c', value: { revision: 0, needs: ['thing/e'], fit: false }, priority: 0 }],
      [
        {
          name: 'e',
          value: {
            revision: 0,
            fixed: 0,
            parts: { p: { revision: 0, needs: ['thing/d', 'property/b/m'], fixed: 1, parts: { s: { revision: 0 } } } },
          },
          priority: 0,
        },
        { name: 'a', value: null, priority: 0 },
      ],
      [
        {
          name: 'e',
          value: {
            revision: 0,
            needs: ['thing/f', 'part/a/p'],
            parts: { p: { revision: 0, needs: ['part/c/p/s'] }, q: { revision: 0, needs: ['fact/up'] } },
            fit: false,
          },
          priority: 0,
        },
        { name: 'a', value: { revision: 0, fixed: 0, needs: ['fact/up'] }, priority: 0 },
      ],
    ],
    script: [
      { action: 'create', key: 'thing/a', fault: 'mute' },
      { action: 'create', key: 'thing/c', fault: 'half' },
      { action: 'create', key: 'thing/a', fault: 'hang' },
    ],
    wait: true,
  },
  {
    name: 'a claim that is let go while its next holder is being planned',
    rhythm: 13558254,
    history: [
      [{ name: 'a', value: { revision: 0, anyOf: [['thing/a', 'thing/b']], fit: false }, priority: 0 }],
      [
        { name: 'b', value: { revision: 0, properties: ['m'], claims: ['x', 'y'] }, priority: 0 },
        { name: 'a', value: { revision: 0, properties: ['m'] }, priority: 0 },
        { name: 'f', value: { revision: 0, fixed: 0, needs: ['thing/d'], claims: ['x'] }, priority: 0 },
      ],
      [
        {
          name: 'd',
          value: {
            revision: 0,
            fixed: 0,
            needs: ['property/a/m'],
            parts: { p: { revision: 0, fixed: 1 }, q: { revision: 0 } },
          },
          priority: 0,
        },
        {
          name: 'b',
          value: {
            revision: 0,
            needs: ['part/c/p/s'],
            anyOf: [['fact']],
            parts: { p: { revision: 0 }, q: { revision: 0, needs: ['thing/b'], fixed: 1 } },
            properties: ['m'],
          },
          priority: 0,
        },
      ],
    ],
    script: [{ action: 'create', key: 'thing/a', fault: 'hang' }],
    wait: true,
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
    name: 'a cycle taken down by one transaction while another makes it',
    rhythm: 0,
    history: [
      [{ name: 'a', value: { revision: 0 }, priority: 0 }],
      [{ name: 'a', value: { revision: 0, watches: ['thing/b'] }, priority: 0 }],
      [
        { name: 'b', value: { revision: 0, watches: ['thing/a'] }, priority: 0 },
        {
          name: 'c',
          value: { revision: 0, fixed: 0, watches: ['thing/a'], properties: ['m'], fit: false },
          priority: 0,
        },
      ],
    ],
    script: [
      { action: 'remove', key: 'thing/a', fault: 'hang' },
      { action: 'create', key: 'thing/a', fault: 'half' },
      { action: 'create', key: 'thing/d', fault: 'hang' },
      { action: 'create', key: 'thing/a', fault: 'hang' },
    ],
    wait: true,
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

for (const { name, rhythm, history, script, wait } of worlds) {
  test(name, () =>
    liveThrough(new Trial(makeTrialScheduler()), rhythm, async (subject) => {
      if (wait === undefined) await refusals(subject, history, script);
      else await unknownOutcomes(subject, history, script, wait);
      subject.check();
    }),
  );
}

test('what a part waits for, told by a plan that a younger request has overtaken', () =>
  liveThrough(new Trial(makeTrialScheduler()), 2137558575, async (subject) => {
    const history: readonly (readonly Edit[])[] = [
      [
        {
          name: 'a',
          value: { revision: 0, fixed: 0, watches: ['thing/a'], properties: ['m'], claims: ['y'] },
          priority: 0,
        },
      ],
      [
        { name: 'b', value: { revision: 0, fixed: 0, watches: ['thing/a'], claims: ['y'], fit: false }, priority: 0 },
        {
          name: 'a',
          value: {
            revision: 0,
            fixed: 0,
            anyOf: [['thing/a', 'thing/b']],
            watches: ['thing/a'],
            unsupported: 'not on this plane',
          },
          priority: 0,
        },
      ],
      [
        {
          name: 'c',
          value: { revision: 0, parts: { p: { revision: 0, fixed: 1 } }, properties: ['m'], fit: false },
          priority: 0,
        },
      ],
      [
        {
          name: 'a',
          value: {
            revision: 0,
            anyOf: [['part/a']],
            watches: ['thing/a'],
            parts: {
              p: {
                revision: 0,
                needs: ['thing/b', 'thing/c'],
                fixed: 1,
                parts: { s: { revision: 0, needs: ['thing/c'] } },
              },
            },
            properties: ['m'],
          },
          priority: 0,
        },
        { name: 'c', value: { revision: 0, fixed: 0, properties: ['m'] }, priority: 0 },
      ],
      [
        {
          name: 'c',
          value: {
            revision: 0,
            fixed: 0,
            parts: { p: { revision: 0, needs: ['part/b/p'] }, q: { revision: 0, needs: ['part/a/p', 'property/a/m'] } },
            claims: ['x'],
          },
          priority: 0,
        },
        {
          name: 'a',
          value: { revision: 0, fixed: 0, needs: ['thing/c'], properties: ['m'], claims: ['y'] },
          priority: 0,
        },
      ],
      [{ name: 'a', value: null, priority: 0 }],
    ];
    await together(subject, history, 2137558575, []);
    subject.check();
  }));

test('what goes before the other members of its cycle are made', () =>
  liveThrough(new Trial(makeTrialScheduler()), 1451929599, async (subject) => {
    const history: readonly (readonly Edit[])[] = [
      [
        {
          name: 'a',
          value: { revision: 0, fixed: 0, needs: ['part/b/p'], anyOf: [['thing/a', 'thing/b']] },
          priority: 0,
        },
      ],
      [
        { name: 'b', value: { revision: 0, fixed: 0, needs: ['thing/c'] }, priority: 0 },
        { name: 'a', value: { revision: 0, fixed: 0, claims: ['y'] }, priority: 0 },
        {
          name: 'c',
          value: {
            revision: 0,
            watches: ['thing/b'],
            parts: { p: { revision: 0 }, q: { revision: 0, parts: { s: { revision: 0, needs: ['fact/up'] } } } },
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
            needs: ['part/a/p'],
            parts: {
              p: { revision: 0, needs: ['property/a/m'], fixed: 1 },
              q: { revision: 0, needs: ['fact/up'] },
            },
            claims: ['x'],
            fit: false,
          },
          priority: 0,
        },
      ],
      [{ name: 'b', value: null, priority: 0 }],
    ];
    await together(subject, history, 1451929599, [true, true, false, false, false, false, false]);
    subject.check();
  }));

test('what could provide for itself, if it were fit to', () =>
  liveThrough(new Trial(makeTrialScheduler()), 1474449893, async (subject) => {
    const history: readonly (readonly Edit[])[] = [
      [{ name: 'a', value: { revision: 0, needs: ['thing/c', 'thing/f'] }, priority: 0 }],
      [
        {
          name: 'a',
          value: {
            revision: 0,
            fixed: 0,
            needs: ['property/a/m'],
            watches: ['thing/a'],
            parts: { p: { revision: 0, needs: ['fact/up'] } },
            properties: ['m'],
            claims: ['x'],
          },
          priority: 0,
        },
      ],
      [
        {
          name: 'a',
          value: { revision: 0, anyOf: [['part/a']], parts: { p: { revision: 0 } }, properties: ['m'], fit: false },
          priority: 0,
        },
        {
          name: 'd',
          value: {
            revision: 0,
            needs: ['property/a/m'],
            parts: {
              p: { revision: 0, needs: ['property/a/m'], claims: ['y'] },
              q: { revision: 0, needs: ['thing/a'], claims: ['y'] },
            },
          },
          priority: 0,
        },
        { name: 'c', value: { revision: 0, anyOf: [['thing']], properties: ['m'], fit: false }, priority: 0 },
      ],
      [
        { name: 'd', value: null, priority: 0 },
        { name: 'a', value: null, priority: 0 },
      ],
    ];
    await together(subject, history, 1474449893, [false, true, false, true, false, false, false]);
    subject.check();
  }));
