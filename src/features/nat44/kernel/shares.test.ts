import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { DNat44_StaticMapping_LocalIPSchema as BackendSchema } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import { shares } from './mapping.ts';
import { layout, rangeText, sizeOf } from './pool-layout.ts';

const weights = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 8 });

test('each backend has shares by its weight, in the fewest', () => {
  fc.assert(
    fc.property(weights, (all) => {
      const backends = all.map((probability, index) =>
        create(BackendSchema, { localIp: `10.0.0.${index}`, localPort: 80, probability }),
      );
      const drawn = shares(backends);
      const count = (index: number) => drawn.filter((one) => one === backends[index]).length;
      const weight = (index: number) => all[index] || 1;
      for (const index of all.keys()) assert.equal(count(index) * weight(0), count(0) * weight(index));
      assert.equal(all.map((_, index) => count(index)).reduce(divisor), 1);
      assert.deepEqual(shares(backends.toReversed()), drawn);
    }),
  );
});

function divisor(one: number, other: number): number {
  return other === 0 ? one : divisor(other, one % other);
}

const ranges = fc
  .array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 5 })
  .map((sizes) => sizes.map((size, index) => rangeOf(index, size)));

function rangeOf(index: number, size: number) {
  const last = size - 1;
  return { first: `10.${index}.0.0`, last: `10.${index}.${last >> 8}.${last & 255}` };
}

test('pools have shares by their sizes, all of them some, and never too many elements', () => {
  fc.assert(
    fc.property(ranges, (all) => {
      const drawn = layout(all);
      const total = all.reduce((sum, range) => sum + sizeOf(range), 0);
      assert.ok(drawn.length <= 1024 + all.length);
      for (const range of all) {
        const count = drawn.filter((one) => rangeText(one) === rangeText(range)).length;
        assert.ok(count > 0);
        assert.ok(Math.abs(count / drawn.length - sizeOf(range) / total) < 0.01);
      }
      assert.deepEqual(layout(all.toReversed()), drawn);
    }),
  );
});
