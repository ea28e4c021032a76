import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { requires } from '../../../test/requires.ts';
import * as n from './index.ts';
import { openBench } from './testing.ts';

const skip = requires({ netns: true, commands: ['nft'] });
const table = { family: 'ip', name: 'ligature-test' } as const;
const set: n.NftSet = { name: 's', key: [n.types.ipv4_addr] };

/** Collects what is told; `next` waits for something new. */
function collector() {
  const told: (readonly n.ForeignChange[] | undefined)[] = [];
  const next = async (count: number): Promise<void> => {
    for (const deadline = Date.now() + 5000; told.length < count && Date.now() < deadline; ) await delay(2);
    assert.ok(told.length >= count, `${count} reports`);
  };
  return { told, next, changed: (changes: readonly n.ForeignChange[] | undefined) => void told.push(changes) };
}

function words(changes: readonly n.ForeignChange[] | undefined): string[] | undefined {
  return changes?.map(({ object, what, name, key, by }) => `${object} ${name}${key ? `/${key}` : ''} ${what} by ${by}`);
}

test("others' changes of wanted tables are told, own ones and other tables not", { skip }, async () => {
  await using bench = await openBench();
  const { nft } = bench;
  const { told, next, changed } = collector();
  const stop = nft.watch(({ name }) => name === table.name, changed);
  await nft.apply([
    n.addTable(table),
    n.addSet(table, set),
    n.addChain(table, { name: 'c' }),
    n.addRule(table, 'c', { key: 'r', statements: [n.accept] }),
  ]);
  await nft.apply([n.addElements(table, set, [{ key: ['10.0.0.1'] }])]);
  const [rule] = await nft.rules(table);
  await bench.byHand('add table ip else\nadd chain ip else c');
  await bench.byHand('delete element ip ligature-test s { 10.0.0.1 }');
  await bench.byHand(`delete rule ip ligature-test c handle ${rule!.handle}`);
  await bench.byHand('delete table ip ligature-test');
  await next(3);
  assert.deepEqual(words(told[0]), ['element s removed by nft']);
  assert.deepEqual(words(told[1]), ['rule c/r removed by nft']);
  assert.ok(words(told[2])?.includes('table  removed by nft'));
  stop();
  await bench.byHand('add table ip ligature-test');
  await delay(50);
  assert.equal(told.length, 3);
});

test("a large own transaction is not reported, somebody else's during it is", { skip }, async () => {
  await using bench = await openBench();
  const { nft } = bench;
  const { told, next, changed } = collector();
  nft.watch(() => true, changed);
  const elements = Array.from({ length: 30_000 }, (_, at) => ({ key: [`10.0.${at >> 8}.${at & 255}`] }));
  await nft.apply([n.addTable(table), n.addSet(table, set)]);
  await nft.apply([n.addElements(table, set, elements)]);
  await nft.apply([n.deleteElements(table, set, elements)]);
  // A report of ours would be here by now: this one comes after it.
  await bench.byHand('add table ip marker');
  await next(1);
  assert.deepEqual(told.map(words), [['table  added by nft']]);
  const large = nft.apply([n.addElements(table, set, elements)]);
  await Promise.all([large, bench.byHand('add table ip during')]);
  await next(2);
  assert.ok(told[1] === undefined || words(told[1])?.includes('table  added by nft'));
});

test('a deleted element can be healed by its report', { skip }, async () => {
  await using bench = await openBench();
  const { nft } = bench;
  const desired: n.TableContent = {
    table,
    chains: [],
    sets: [{ ...set, elements: [{ key: ['10.0.0.1'] }, { key: ['10.0.0.2'] }] }],
  };
  await nft.reconcile(desired);
  const healed = Promise.withResolvers<readonly n.Difference[]>();
  nft.watch(
    () => true,
    () => void nft.reconcile(desired).then(healed.resolve, healed.reject),
  );
  await bench.byHand('delete element ip ligature-test s { 10.0.0.2 }');
  assert.deepEqual(await healed.promise, [{ object: 'element', name: 's', what: 'missing', element: ['10.0.0.2'] }]);
  assert.deepEqual(await nft.compare(desired), []);
});
