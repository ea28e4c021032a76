import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import * as n from './index.ts';
import { openBench, type Bench } from './testing.ts';

const skip = requires({ netns: true, commands: ['nft'] });
const { types: t } = n;
const table = { family: 'ip', name: 'ligature-test' } as const;
const svc: n.DesiredSet = {
  name: 'svc',
  key: [t.ipv4_addr, t.inet_service],
  data: 'verdict',
  elements: [
    { key: ['10.0.0.1', 80], data: { verdict: 'goto', chain: 'lb' } },
    { key: ['10.0.0.2', 80], data: { verdict: 'goto', chain: 'lb' }, comment: 'two' },
  ],
};
const nets: n.DesiredSet = {
  name: 'nets',
  key: [t.ipv4_addr],
  interval: true,
  elements: [{ key: ['10.0.0.0/24'] }, { key: ['10.0.1.0/24'] }],
};
const seen: n.DesiredSet = { name: 'seen', key: [t.ipv4_addr], dynamic: true, timeout: 10_000 };
const desired: n.TableContent = {
  table,
  sets: [svc, nets, seen],
  chains: [
    { name: 'lb', rules: [{ key: 'to', statements: [n.dnat({ address: '10.9.9.9' })] }] },
    {
      name: 'pre',
      base: { type: 'nat', hook: 'prerouting', priority: -100 },
      rules: [
        { key: 'a', statements: [n.ip.saddr.in(nets), n.goBack] },
        { key: 'b', statements: [n.concat(n.ip.daddr, n.th.dport).verdictFrom(svc)] },
        { key: 'c', statements: [n.counter, n.dynamic('update', seen, n.ip.saddr)] },
      ],
    },
    { name: 'filter', base: { type: 'filter', hook: 'forward', priority: 0, policy: 'drop' }, rules: [] },
  ],
};

/** Each damage with what is noticed. */
const damages: readonly (readonly [string, string, readonly string[]])[] = [
  ['a rule deleted', 'delete rule ip ligature-test pre handle HANDLE(b)', ['rule b missing']],
  [
    'a rule changed',
    'replace rule ip ligature-test pre handle HANDLE(a) ip saddr @nets accept comment "a"',
    ['rule a changed'],
  ],
  ['a rule added', 'add rule ip ligature-test pre drop', ['rule handle # unexpected']],
  ['a rule of the same key added', 'insert rule ip ligature-test pre drop comment "b"', ['rule b unexpected']],
  [
    'rules in another order',
    'delete rule ip ligature-test pre handle HANDLE(a); add rule ip ligature-test pre ip saddr @nets return comment "a"',
    ['rule a moved'],
  ],
  ['a chain flushed', 'flush chain ip ligature-test pre', ['rule c missing', 'rule b missing', 'rule a missing']],
  [
    'a chain deleted',
    'flush chain ip ligature-test filter; delete chain ip ligature-test filter',
    ['chain filter missing'],
  ],
  [
    'a chain added',
    'add chain ip ligature-test more; add rule ip ligature-test more jump lb',
    ['chain more unexpected'],
  ],
  ['a policy changed', 'add chain ip ligature-test filter { policy accept; }', ['chain filter changed']],
  ['an element deleted', 'delete element ip ligature-test svc { 10.0.0.1 . 80 }', ['element svc missing']],
  ['an element added', 'add element ip ligature-test svc { 10.0.0.3 . 80 : drop }', ['element svc unexpected']],
  [
    'an element changed',
    'delete element ip ligature-test svc { 10.0.0.1 . 80 }; add element ip ligature-test svc { 10.0.0.1 . 80 : drop }',
    ['element svc changed'],
  ],
  ['an interval deleted', 'delete element ip ligature-test nets { 10.0.0.0/24 }', ['element nets missing']],
  ['a set flushed', 'flush set ip ligature-test nets', ['element nets missing', 'element nets missing']],
  ['a set added', 'add set ip ligature-test other { type ipv4_addr; }', ['set other unexpected']],
  [
    'a table flushed of rules',
    'flush table ip ligature-test',
    ['rule to missing', 'rule c missing', 'rule b missing', 'rule a missing'],
  ],
  ['the table deleted', 'delete table ip ligature-test', ['table ligature-test missing']],
  ['everything deleted', 'flush ruleset', ['table ligature-test missing']],
];

async function handles(bench: Bench): Promise<Map<string | undefined, bigint>> {
  return new Map((await bench.nft.rules(table)).map(({ key, handle }) => [key, handle]));
}

for (const [name, script, expected] of damages) {
  test(`${name} is noticed and healed`, { skip }, async () => {
    await using bench = await openBench();
    const { nft } = bench;
    await nft.reconcile(desired);
    assert.deepEqual(await nft.compare(desired), []);
    const before = await bench.listing(table);
    const byKey = await handles(bench);
    await bench.byHand(
      script.replace(/HANDLE\((.)\)/g, (_, key: string) => String(byKey.get(key))).replaceAll(/; (?!})/g, '\n'),
    );
    const found = (await nft.compare(desired)).map(
      (one) => `${one.object} ${one.name.replace(/\d+$/, '#')} ${one.what}`,
    );
    assert.deepEqual(found, expected);
    assert.equal((await nft.reconcile(desired)).length, expected.length);
    assert.deepEqual(await nft.compare(desired), []);
    assert.equal(sortedListing(await bench.listing(table)), sortedListing(before));
  });
}

/** A chain or set made again is listed in another place. */
function sortedListing(listing: string): string {
  return listing
    .split('\n\n')
    .map((part) =>
      part
        .trim()
        .replace(/^table.*\n\s*/, '')
        .replace(/\}\s*\}$/, '}'),
    )
    .sort()
    .join('\n');
}

test('a change of the declaration changes only what it says', { skip }, async () => {
  await using bench = await openBench();
  const { nft } = bench;
  await nft.reconcile(desired);
  const before = await handles(bench);
  const [lb, pre, filter] = desired.chains as [
    n.TableContent['chains'][0],
    n.TableContent['chains'][0],
    n.TableContent['chains'][0],
  ];
  const added = { key: 'new', statements: [n.udp.dport.eq(53), n.drop] };
  const next = { ...desired, chains: [lb, { ...pre, rules: [pre.rules[0]!, added, ...pre.rules.slice(1)] }, filter] };
  assert.deepEqual(
    (await nft.reconcile(next)).map(({ name, what }) => `${name} ${what}`),
    ['new missing'],
  );
  const after = await handles(bench);
  assert.deepEqual(
    (await nft.rules(table, 'pre')).map(({ key }) => key),
    ['a', 'new', 'b', 'c'],
  );
  for (const [key, handle] of before) assert.equal(after.get(key), handle, `${key} was left alone`);
});

test('what a rule learned stays when the table is healed', { skip }, async () => {
  await using bench = await openBench();
  const { nft } = bench;
  await nft.reconcile(desired);
  await bench.byHand(
    'add element ip ligature-test seen { 10.7.7.7 }\nadd element ip ligature-test svc { 10.0.0.3 . 80 : drop }',
  );
  await nft.reconcile(desired);
  assert.deepEqual(
    (await nft.elements(table, seen)).map(({ key }) => key),
    [['10.7.7.7']],
  );
});

test('a set of another type makes the table anew, in one transaction', { skip }, async () => {
  await using bench = await openBench();
  const { nft } = bench;
  await nft.reconcile(desired);
  const generation = await nft.generation();
  const other = { ...desired, sets: [svc, { ...nets, counter: true }, seen] };
  assert.deepEqual(
    (await nft.reconcile(other)).map(({ name, what }) => `${name} ${what}`),
    ['nets changed'],
  );
  assert.equal(await nft.generation(), generation + 1);
  assert.deepEqual(await nft.compare(other), []);
});

test('a base chain moves to another place', { skip }, async () => {
  await using bench = await openBench();
  const { nft } = bench;
  await nft.reconcile(desired);
  const chains = desired.chains.map((chain) =>
    chain.name === 'pre' ? { ...chain, base: { ...chain.base!, priority: -110 } } : chain,
  );
  assert.deepEqual(
    (await nft.reconcile({ ...desired, chains })).map(({ name, what }) => `${name} ${what}`),
    ['pre changed'],
  );
  assert.deepEqual(await nft.compare({ ...desired, chains }), []);
});

test('two healers at a time do no harm', { skip }, async () => {
  await using bench = await openBench();
  const { nft } = bench;
  await nft.reconcile(desired);
  await bench.byHand(
    'delete element ip ligature-test svc { 10.0.0.1 . 80 }\nadd element ip ligature-test svc { 10.0.0.3 . 80 : drop }',
  );
  await Promise.all([nft.reconcile(desired), nft.reconcile(desired), nft.reconcile(desired)]);
  assert.deepEqual(await nft.compare(desired), []);
});

test('what is added while tables are compared is not taken for unexpected', { skip }, async () => {
  await using bench = await openBench();
  const { nft } = bench;
  const large = Array.from(
    { length: 20_000 },
    (_, at): n.Element => ({ key: [`10.1.${at >> 8}.${at & 255}`, 1], data: { verdict: 'drop' } }),
  );
  let elements = large;
  const declared = (): n.TableContent => ({ ...desired, sets: [{ ...svc, elements }, nets, seen] });
  await nft.reconcile(declared);
  await bench.byHand('delete element ip ligature-test nets { 10.0.0.0/24 }');
  const healing = nft.reconcile(declared);
  for (let round = 0; round < 3; round += 1) {
    const added: n.Element = { key: [`10.9.0.${round}`, 1], data: { verdict: 'drop' } };
    elements = [...elements, added];
    await nft.apply([n.addElements(table, svc, [added])]);
  }
  await healing;
  assert.equal((await nft.elements(table, svc)).length, 20_003);
  assert.deepEqual(await nft.compare(declared()), []);
});

test('a change is refused when the rule set is not the one it was made for', { skip }, async () => {
  await using bench = await openBench();
  const { nft } = bench;
  await nft.reconcile(desired);
  const generation = await nft.generation();
  await nft.apply([n.addChain(table, { name: 'one' })], { generation });
  await assert.rejects(nft.apply([n.addChain(table, { name: 'two' })], { generation }), {
    code: 'ERESTART',
    retriable: true,
  });
  assert.ok((await nft.list(table))?.chains.every(({ name }) => name !== 'two'));
});

test('two rules of one key are refused', { skip }, async () => {
  await using bench = await openBench();
  const twice = { key: 'x', statements: [n.accept] };
  const wrong = { ...desired, chains: [{ name: 'lb', rules: [twice, twice] }] };
  await assert.rejects(bench.nft.reconcile(wrong), { code: 'EINVAL' });
});
