/** Random worlds: values that need, consist of and claim each other, and sequences of what may happen to them. */

import * as fc from 'fast-check';
import type { Action, Fault } from './data-plane.ts';
import type { Thing } from './world.ts';

export const names = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
export const factNames = ['up', 'lease'] as const;

/** What values speak of: the fewer words, the more they have to do with each other. */
interface Vocabulary {
  readonly names: readonly string[];
  readonly targets: readonly string[];
  readonly prefixes: readonly (readonly string[])[];
}

const wide: Vocabulary = {
  names,
  targets: [
    ...names.map((name) => `thing/${name}`),
    'part/a/p',
    'part/b/p',
    'part/c/p/s',
    'property/a/m',
    'property/b/m',
    'fact/up',
    'fact/lease',
  ],
  prefixes: [
    ['thing/a', 'thing/b'],
    ['thing/c', 'thing/d'],
    ['thing'],
    ['part/a'],
    ['part', 'thing/e'],
    ['fact'],
    ['property/b'],
  ],
};
const narrow: Vocabulary = {
  names: ['a', 'b', 'c'],
  targets: ['thing/a', 'thing/b', 'thing/c', 'part/a/p', 'part/b/p', 'property/a/m'],
  prefixes: [['thing/a', 'thing/b'], ['thing/b', 'thing/c'], ['part/a'], ['part', 'thing/c']],
};

const rarely = <T>(arbitrary: fc.Arbitrary<T>, weight = 1): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight, arbitrary });

function compact(thing: Record<string, unknown>): Thing {
  return Object.fromEntries(
    Object.entries(thing).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  ) as Thing;
}

export interface Edit {
  readonly name: string;
  readonly value: Thing | null;
  readonly priority: number;
}

function thingOf({ targets, prefixes }: Vocabulary): fc.Arbitrary<Thing> {
  /** Short lists of exact needs: long ones leave everything pending. */
  const needs = fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 5, arbitrary: fc.subarray([...targets], { minLength: 1, maxLength: 1 }) },
    { weight: 2, arbitrary: fc.subarray([...targets], { minLength: 2, maxLength: 2 }) },
  );
  const anyOf = rarely(fc.constantFrom(...prefixes).map((chosen) => [chosen]));
  const claims = rarely(fc.subarray(['x', 'y'], { minLength: 1 }));
  const leaf = fc.record({ revision: fc.nat(1), needs, fixed: rarely(fc.constant(1)), claims }).map(compact);
  const part = fc
    .record({
      revision: fc.nat(1),
      needs,
      fixed: rarely(fc.constant(1)),
      anyOf,
      parts: rarely(leaf.map((s) => ({ s }))),
      claims,
    })
    .map(compact);
  return fc
    .record({
      revision: fc.nat(2),
      fixed: rarely(fc.nat(1), 2),
      needs,
      anyOf,
      watches: rarely(
        fc
          .constantFrom('thing/a', 'thing/b', 'fact/up')
          .filter((key) => targets.includes(key))
          .map((key) => [key]),
      ),
      parts: rarely(
        fc.oneof(
          part.map((p) => ({ p })),
          fc.tuple(part, part).map(([p, q]) => ({ p, q })),
        ),
        3,
      ),
      properties: rarely(fc.constant(['m']), 2),
      claims,
      fit: rarely(fc.boolean()),
      unsupported: fc.oneof(
        { weight: 25, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.constant('not on this plane') },
      ),
    })
    .map(compact);
}

function editsOf(vocabulary: Vocabulary): fc.Arbitrary<Edit[]> {
  const edit: fc.Arbitrary<Edit> = fc.record({
    name: fc.constantFrom(...vocabulary.names),
    value: fc.oneof({ weight: 4, arbitrary: thingOf(vocabulary) }, { weight: 1, arbitrary: fc.constant(null) }),
    priority: fc.nat(1),
  });
  return fc.uniqueArray(edit, {
    minLength: 1,
    maxLength: Math.min(5, vocabulary.names.length),
    selector: ({ name }) => name,
  });
}

export const edits = fc.oneof(editsOf(wide), editsOf(narrow));

/** What is asked for one after the other, at most `maxLength` times: in a wide world, or in one where everything hangs together. */
export function histories(minLength: number, maxLength: number): fc.Arbitrary<Edit[][]> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.array(editsOf(wide), { minLength, maxLength }) },
    { weight: 3, arbitrary: fc.array(editsOf(narrow), { minLength, maxLength: maxLength + 1 }) },
  );
}

export type Step =
  | {
      readonly do: 'commit';
      readonly edits: readonly Edit[];
      readonly resync: 'NotResync' | 'FullResync' | 'UpstreamResync';
    }
  | { readonly do: 'fact'; readonly name: string; readonly value: Thing | null }
  | { readonly do: 'resync' }
  | {
      readonly do: 'damage';
      readonly name: string;
      readonly how: 'delete' | 'change';
      readonly heal: 'recheck' | 'resync';
    }
  | { readonly do: 'restart' };

const fact = fc.record({
  do: fc.constant('fact' as const),
  name: fc.constantFrom(...factNames),
  value: fc.oneof(fc.constant(null), fc.record({ revision: fc.nat(2) }) as fc.Arbitrary<Thing>),
});

function stepsIn(vocabulary: Vocabulary): fc.Arbitrary<Step[]> {
  const commit = fc.record({
    do: fc.constant('commit' as const),
    edits: editsOf(vocabulary),
    resync: fc.oneof(
      { weight: 8, arbitrary: fc.constant('NotResync' as const) },
      { weight: 1, arbitrary: fc.constantFrom('FullResync' as const, 'UpstreamResync' as const) },
    ),
  });
  const damage = fc.record({
    do: fc.constant('damage' as const),
    name: fc.constantFrom(...vocabulary.names),
    how: fc.constantFrom('delete' as const, 'change' as const),
    heal: fc.constantFrom('recheck' as const, 'resync' as const),
  });
  return fc.array(
    fc.oneof(
      { weight: 8, arbitrary: commit },
      { weight: 2, arbitrary: fact },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('resync' as const) }) },
      { weight: 7, arbitrary: damage },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
    ),
    { minLength: 1, maxLength: 7 },
  );
}

export const calmSteps: fc.Arbitrary<Step[]> = fc.oneof(stepsIn(wide), stepsIn(narrow));

export interface Trouble {
  readonly action: Action;
  readonly key: string;
  readonly fault: Fault;
}

const keysOfObjects = [...names.map((name) => `thing/${name}`), 'part/a/p', 'part/b/p', 'part/c/p', 'part/a/q'];

export const troubles = (...faults: Fault[]): fc.Arbitrary<Trouble[]> =>
  fc.array(
    fc.record({
      action: fc.constantFrom<Action>('create', 'create', 'update', 'remove'),
      key: fc.constantFrom(...keysOfObjects),
      fault: fc.constantFrom(...faults),
    }),
    { minLength: 1, maxLength: 6 },
  );
