import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Operation } from './objects.ts';
import { planRules } from './plan-rules.ts';
import type { ListedRule } from './port.ts';

const table = { family: 'ip', name: 't' } as const;

function listed(key: string | undefined, fingerprint: string, handle: number): ListedRule {
  return { chain: 'c', key, fingerprint, handle: BigInt(handle), counter: undefined };
}

/** What the kernel does with the operations. Fingerprints are carried in the rule's only statement. */
function carryOut(
  rules: ListedRule[],
  operations: readonly Operation[],
  fingerprints: Map<string, string>,
): ListedRule[] {
  const result = [...rules];
  const at = (handle: bigint): number => {
    const index = result.findIndex((rule) => rule.handle === handle);
    assert.notEqual(index, -1, `handle ${handle} is not there`);
    return index;
  };
  let next = 1000;
  for (const operation of operations) {
    if (operation.type === 'add-rule') {
      const { place, rule } = operation;
      next += 1;
      const added = listed(rule.key, fingerprints.get(rule.key)!, next);
      if (place === 'last') result.push(added);
      else if (typeof place === 'object' && 'before' in place) result.splice(at(place.before), 0, added);
      else assert.fail('not used');
    } else if (operation.type === 'replace-rule') {
      result[at(operation.handle)] = listed(operation.rule.key, fingerprints.get(operation.rule.key)!, next + 1);
      next += 1;
    } else if (operation.type === 'delete-rule') result.splice(at(operation.handle), 1);
  }
  return result;
}

const keys = fc.uniqueArray(fc.constantFrom(...'abcdefghij'.split('')), { maxLength: 8 });
const foreign = fc.array(fc.constantFrom(...'abcdefghijxyz'.split(''), undefined), { maxLength: 8 });

test('any chain is brought into the wanted order and content', () => {
  fc.assert(
    fc.property(keys, foreign, fc.array(fc.boolean()), (wantedKeys, currentKeys, same) => {
      const wanted = wantedKeys.map((key) => ({ rule: { key, statements: [] }, fingerprint: `new ${key}` }));
      const current = currentKeys.map((key, at) => listed(key, same[at] ? `new ${key}` : `old ${key}`, at + 1));
      const { add, replace, remove } = planRules(table, 'c', wanted, current);
      const fingerprints = new Map(wanted.map(({ rule, fingerprint }) => [rule.key, fingerprint]));
      const after = carryOut(current, [...add, ...replace, ...remove], fingerprints);
      assert.deepEqual(
        after.map(({ key, fingerprint }) => [key, fingerprint]),
        wanted.map(({ rule, fingerprint }) => [rule.key, fingerprint]),
      );
    }),
    { numRuns: 2000 },
  );
});

const wantedAbc = ['a', 'b', 'c', 'd'].map((key) => ({ rule: { key, statements: [] }, fingerprint: key }));
const currentAbc = ['a', 'b', 'c', 'd'].map((key, at) => listed(key, key, at + 1));

function counts(current: readonly ListedRule[]): [number, number, number, string[]] {
  const { add, replace, remove, differences } = planRules(table, 'c', wantedAbc, current);
  return [add.length, replace.length, remove.length, differences.map(({ name, what }) => `${name} ${what}`)];
}

test('nothing is done to what is right', () => {
  assert.deepEqual(counts(currentAbc), [0, 0, 0, []]);
});

test('one damage, one operation', () => {
  assert.deepEqual(counts(currentAbc.toSpliced(1, 1)), [1, 0, 0, ['b missing']]);
  assert.deepEqual(counts(currentAbc.with(2, listed('c', 'other', 3))), [0, 1, 0, ['c changed']]);
  assert.deepEqual(counts([...currentAbc, listed(undefined, 'x', 9)]), [0, 0, 1, ['handle 9 unexpected']]);
  assert.deepEqual(counts([...currentAbc, listed('b', 'b', 9)]), [0, 0, 1, ['b unexpected']]);
});

test('a rule in the wrong place moves alone', () => {
  const [a, b, c, d] = currentAbc as [ListedRule, ListedRule, ListedRule, ListedRule];
  assert.deepEqual(counts([d, a, b, c]), [1, 0, 1, ['d moved']]);
});
