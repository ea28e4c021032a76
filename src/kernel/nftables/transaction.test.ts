import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { requires } from '../../../test/requires.ts';
import * as n from './index.ts';
import { openBench } from './testing.ts';

const skip = requires({ netns: true });
const table = { family: 'ip', name: 'ligature-test' } as const;
const set: n.NftSet = { name: 's', key: [n.types.ipv4_addr, n.types.inet_service] };

function addresses(count: number, offset = 0): n.Element[] {
  return Array.from({ length: count }, (_, at) => ({
    key: [`10.${(at + offset) >> 16}.${((at + offset) >> 8) & 255}.${(at + offset) & 255}`, 80],
  }));
}

function outcome(results: readonly PromiseSettledResult<void>[]): string[] {
  return results.map((result) =>
    result.status === 'fulfilled' ? 'done' : String((result.reason as n.NftablesError).code),
  );
}

test('what is asked for before the loop is idle is one transaction', { skip }, async () => {
  await using bench = await openBench();
  const { nft } = bench;
  await nft.apply([n.addTable(table), n.addSet(table, set)]);
  const before = await nft.generation();
  const late = Promise.resolve().then(() => nft.apply([n.addElements(table, set, addresses(1, 5000))]));
  await Promise.all([...addresses(300).map((element) => nft.apply([n.addElements(table, set, [element])])), late]);
  assert.equal(await nft.generation(), before + 1);
  assert.equal((await nft.elements(table, set)).length, 301);
});

test("one caller's failure is that caller's alone", { skip }, async () => {
  await using bench = await openBench();
  const { nft } = bench;
  await nft.apply([n.addTable(table), n.addSet(table, set)]);
  const results = await Promise.allSettled([
    nft.apply([n.addChain(table, { name: 'first' })]),
    nft.apply([n.addChain(table, { name: 'half' }), n.deleteChain(table, 'nowhere')]),
    nft.apply([n.addElements(table, set, [{ key: ['10.0.0.300', 1] }])]),
    nft.apply([n.deleteElements(table, set, addresses(2)), n.addChain(table, { name: 'other half' })]),
    nft.apply([n.addChain(table, { name: 'last' })]),
    nft.apply([]),
  ]);
  assert.deepEqual(outcome(results), ['done', 'ENOENT', 'EINVAL', 'ENOENT', 'done', 'done']);
  const content = await nft.list(table);
  assert.deepEqual(
    content?.chains.map(({ name }) => name),
    ['first', 'last'],
  );
  const [, , , refused] = results;
  assert.ok(refused?.status === 'rejected' && refused.reason instanceof n.NftablesError);
  assert.equal(refused.reason.index, 0);
  assert.match(refused.reason.message, /delete 2 elements of set s of table ip ligature-test: ENOENT/);
});

test("who fails only because of another's change succeeds without it", { skip }, async () => {
  await using bench = await openBench();
  const { nft } = bench;
  await nft.apply([n.addTable(table), n.addChain(table, { name: 'c' })]);
  const results = await Promise.allSettled([
    nft.apply([n.deleteChain(table, 'c'), n.deleteChain(table, 'nowhere')]),
    nft.apply([n.addRule(table, 'c', { key: 'r', statements: [n.accept] })]),
    nft.apply([n.addChain(table, { name: 'd' })]),
  ]);
  assert.deepEqual(outcome(results), ['ENOENT', 'done', 'done']);
  assert.deepEqual(
    (await nft.rules(table)).map(({ key }) => key),
    ['r'],
  );
});

test('fifty failing callers among two hundred', { skip }, async () => {
  await using bench = await openBench();
  const { nft } = bench;
  await nft.apply([n.addTable(table), n.addSet(table, set)]);
  const calls = addresses(200).map((element, at) =>
    nft.apply([at % 4 === 0 ? n.deleteElements(table, set, [element]) : n.addElements(table, set, [element])]),
  );
  const results = outcome(await Promise.allSettled(calls));
  assert.deepEqual(new Set(results.filter((_, at) => at % 4 === 0)), new Set(['ENOENT']));
  assert.deepEqual(new Set(results.filter((_, at) => at % 4 !== 0)), new Set(['done']));
  assert.equal((await nft.elements(table, set)).length, 150);
});

test('a transaction of many messages is applied as a whole or not at all', { skip }, async () => {
  await using bench = await openBench();
  const { nft } = bench;
  await nft.apply([n.addTable(table), n.addSet(table, set)]);
  const large = n.addElements(table, set, addresses(20_000));
  await assert.rejects(nft.apply([large, n.deleteChain(table, 'nowhere')]), { code: 'ENOENT', index: 1 });
  assert.equal((await nft.elements(table, set)).length, 0);
  await nft.apply([large]);
  assert.equal((await nft.elements(table, set)).length, 20_000);
});

test('an own namespace that is gone is an error of the callers', { skip }, async () => {
  const bench = await openBench();
  const { nft } = bench;
  await bench.lab.close();
  while (existsSync(bench.host.netns)) await delay(5);
  await assert.rejects(nft.apply([n.addTable(table)]), { code: 'ENOENT' });
  await assert.rejects(nft.list(table), { code: 'ENOENT' });
  bench.driver.close();
});

test('after close nothing is taken any more', { skip }, async () => {
  await using bench = await openBench();
  const under = bench.nft.apply([n.addTable(table)]);
  bench.driver.close();
  await under;
  await assert.rejects(bench.nft.apply([n.addTable(table)]), { code: 'EBADF' });
});

test('a rule that cannot be expressed says why', { skip }, async () => {
  await using bench = await openBench();
  const { nft } = bench;
  await nft.apply([n.addTable(table), n.addChain(table, { name: 'c' })]);
  const add = (...statements: n.Statement[]): Promise<void> =>
    nft.apply([n.addRule(table, 'c', { key: 'r', statements })]);
  await assert.rejects(add(n.ip6.saddr.eq('::1')), /an ip6 match cannot follow ip/);
  await assert.rejects(add(n.tcp.dport.eq(1), n.udp.dport.eq(1)), /a udp match cannot follow protocol 6/);
  await assert.rejects(
    add(
      n
        .concat(n.ct.original.saddr6, n.ct.original.saddr6, n.ct.original.saddr6, n.ct.original.saddr6, n.meta.mark)
        .in(set),
    ),
    /64 bytes/,
  );
  await assert.rejects(
    nft.apply([n.addChain(table, { name: 'x', base: { type: 'filter', hook: 'egress', priority: 0 } })]),
    /no hook egress/,
  );
  await assert.rejects(
    nft.apply([n.addRule(table, 'c', { key: 'x'.repeat(128), statements: [] })]),
    /longer than 127 bytes/,
  );
});
