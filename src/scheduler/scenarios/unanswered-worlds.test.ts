/** Worlds in which something was missing, or left, after operations were not answered in time: found by the properties, and kept. */

import { test } from 'node:test';
import type { Edit, Trouble } from '../testing/generators.ts';
import { liveThrough, unknownOutcomes } from '../testing/lives.ts';
import { Trial, makeTrialScheduler } from '../testing/trial.ts';

interface World {
  readonly name: string;
  readonly rhythm: number;
  readonly history: readonly (readonly Edit[])[];
  readonly script: readonly Trouble[];
}

const worlds: readonly World[] = [
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
  },
];

for (const { name, rhythm, history, script } of worlds) {
  test(name, () =>
    liveThrough(new Trial(makeTrialScheduler()), rhythm, async (subject) => {
      await unknownOutcomes(subject, history, script, true);
      subject.check();
    }),
  );
}
