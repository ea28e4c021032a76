import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Content } from './content.ts';

describe('Content', () => {
  it('lists what a sorted map would, whatever was done between listings', () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é'), minLength: 1, maxLength: 3 });
    const step = fc.oneof(
      fc.record({ type: fc.constant('set' as const), key }),
      fc.record({ type: fc.constant('delete' as const), key }),
      fc.record({ type: fc.constant('list' as const), key: fc.oneof(key, fc.constant('')) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const content = new Content();
        const model = new Set<string>();
        for (const { type, key: one } of [...steps, { type: 'list' as const, key: '' }]) {
          if (type === 'set') {
            content.set({ key: one, value: new Uint8Array(1), revision: 1, lease: 0 });
            model.add(one);
          } else if (type === 'delete') {
            content.delete(one);
            model.delete(one);
          } else {
            const expected = [...model].filter((each) => each.startsWith(one)).sort();
            assert.deepEqual(
              content.list(one, false).entries.map((entry) => entry.key),
              expected,
            );
          }
        }
      }),
    );
  });
});
