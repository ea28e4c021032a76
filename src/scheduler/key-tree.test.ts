import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { asKey, isUnder } from '../model/key.ts';
import { KeyTree } from './key-tree.ts';

const segment = fc.constantFrom('a', 'b', 'ab', 'c', '', 'long-segment-of-a-key');
const key = fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => segments.join('/'));
const step = fc.record({ type: fc.constantFrom('set', 'set', 'delete', 'under'), key, value: fc.nat() });

function byText([left]: readonly [string, number], [right]: readonly [string, number]): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

test('a tree of keys finds what lies under a prefix, as a search through all keys does', () => {
  let found = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const tree = new KeyTree<number>();
      const all = new Map<string, number>();
      for (const { type, key: path, value } of steps) {
        if (type === 'set') {
          tree.set(asKey(path), value);
          all.set(path, value);
        } else if (type === 'delete') {
          tree.delete(asKey(path));
          all.delete(path);
        } else if (path !== '' && path !== '/') {
          const prefix = value % 2 === 0 ? path : path.split('/', 1)[0] || path;
          const expected = [...all].filter(([one]) => isUnder(prefix, one)).sort(byText);
          assert.deepEqual([...tree.under(prefix)].sort(byText), expected, `under ${prefix}`);
          found += expected.length;
        }
      }
    }),
    { numRuns: 3000 },
  );
  assert.ok(found > 200, `only ${found} keys were looked for and found`);
});
