import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { asKey } from '../../model/key.ts';
import type { Source } from '../../scheduler/scheduler.ts';
import { Sources } from './sources.ts';

const file: Source = { name: 'file', priority: 10 };
const rest: Source = { name: 'rest', priority: 30 };
const key = asKey('config/x/v1/y/a');

test('a source that lets go uncovers the next one', () => {
  const sources = new Sources();
  sources.set(file, key, { from: 'file' });
  const covered = sources.set(rest, key, { from: 'rest' });
  assert.deepEqual(covered.after?.value, { from: 'rest' });
  const uncovered = sources.set(rest, key, null);
  assert.deepEqual(uncovered.before?.value, { from: 'rest' });
  assert.deepEqual(uncovered.after?.value, { from: 'file' });
});

test('a lower source changes nothing while a higher one holds the key', () => {
  const sources = new Sources();
  sources.set(rest, key, { from: 'rest' });
  const effect = sources.set(file, key, { from: 'file' });
  assert.equal(effect.before, effect.after);
  assert.deepEqual(sources.held('file', key), { from: 'file' });
});

test('effective value and key sets agree with a simple model, whatever the order', () => {
  const priorities: Record<string, number> = { a: 1, b: 2, c: 2, d: 9 };
  const change = fc.record({
    source: fc.constantFrom('a', 'b', 'c', 'd'),
    key: fc.constantFrom('k/1', 'k/2', 'k/3'),
    value: fc.option(fc.record({ n: fc.nat() })),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const sources = new Sources();
      const model = new Map<string, Map<string, object>>();
      for (const { source, key: name, value } of changes) {
        sources.set({ name: source, priority: priorities[source] ?? 0 }, asKey(name), value);
        const held = model.get(name) ?? new Map<string, object>();
        model.set(name, held);
        if (value) held.set(source, value);
        else held.delete(source);
      }
      for (const [name, held] of model) {
        const winner = [...held.keys()].sort(
          (l, r) => (priorities[r] ?? 0) - (priorities[l] ?? 0) || (l < r ? 1 : -1),
        )[0];
        assert.equal(sources.effective(asKey(name))?.source.name, winner);
        for (const source of Object.keys(priorities)) {
          assert.equal(sources.keysOf(source).has(asKey(name)), held.has(source));
        }
      }
    }),
  );
});
