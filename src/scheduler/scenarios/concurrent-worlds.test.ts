/** Worlds in which transactions at the same time left something otherwise than one after the other: found by the properties, and kept. */

import { test } from 'node:test';
import type { Edit } from '../testing/generators.ts';
import { liveThrough, together } from '../testing/lives.ts';
import { Trial, makeTrialScheduler } from '../testing/trial.ts';

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

test('what one transaction makes relies on a value that another one is about to change into one that will not do', () =>
  liveThrough(new Trial(makeTrialScheduler()), 498787143, async (subject) => {
    const history: readonly (readonly Edit[])[] = [
      [
        { name: 'b', value: { revision: 0, needs: ['thing/b'] }, priority: 0 },
        { name: 'a', value: { revision: 0, needs: ['thing/c'] }, priority: 0 },
      ],
      [
        {
          name: 'a',
          value: {
            revision: 0,
            fixed: 0,
            anyOf: [['thing/a', 'thing/b']],
            watches: ['thing/a'],
            parts: { p: { revision: 0, claims: ['y'] }, q: { revision: 0 } },
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
            parts: { p: { revision: 0, needs: ['thing/b', 'part/b/p'], parts: { s: { revision: 0 } } } },
            fit: false,
          },
          priority: 0,
        },
      ],
      [{ name: 'c', value: { revision: 0, needs: ['thing/a', 'thing/b'], watches: ['thing/a'] }, priority: 0 }],
      [
        {
          name: 'c',
          value: { revision: 0, needs: ['part/b/p'], watches: ['thing/a'], properties: ['m'], claims: ['y'] },
          priority: 0,
        },
      ],
    ];
    await together(subject, history, 498787143, []);
    subject.check();
  }));
