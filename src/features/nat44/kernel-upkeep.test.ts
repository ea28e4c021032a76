import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { natTable, sets } from './kernel/table.ts';
import { Bench, devices, dnat, global, pool, Protocol, service, sides, VIP } from './kernel/testing.ts';

const skip = requires({ netns: true });
const base = [...devices, ...sides, global(), pool('out', '198.51.100.100')];

test('damage is found by key and field, and mended by one operation', { skip }, async () => {
  await using bench = await Bench.open();
  await bench.serve();
  const agent = await bench.agent();
  const shop = dnat('shop', [service([3, 2, 1]), service([1, 0, 0], { externalPort: 81 })]);
  await agent.commit(...base, shop);
  const nft = (text: string) => bench.router.run('nft', ...text.split(' '));
  const table = 'ip ligature-nat44';
  const cases: readonly [damage: () => Promise<unknown>, drift: string, healed: string][] = [
    [
      () => nft(`delete element ${table} backends { ${VIP} . tcp . 80 . 2 }`),
      'different config/vpp/nat/v2/dnat44/shop st_mappings[0].local_ips',
      'UPDATE config/vpp/nat/v2/dnat44/shop',
    ],
    [
      () => nft(`delete element ${table} ports { ${VIP} . tcp . 81 }`),
      'different config/vpp/nat/v2/dnat44/shop st_mappings',
      'UPDATE config/vpp/nat/v2/dnat44/shop',
    ],
    [
      () => bench.router.run('ip', 'route', 'del', 'local', VIP, 'table', 'local'),
      'different config/vpp/nat/v2/dnat44/shop st_mappings',
      'UPDATE config/vpp/nat/v2/dnat44/shop',
    ],
    [
      () => nft(`flush chain ${table} balance-6`),
      'different config/vpp/nat/v2/dnat44/shop st_mappings',
      'UPDATE config/vpp/nat/v2/dnat44/shop',
    ],
    [
      () => nft(`delete element ${table} outside { web1 }`),
      'different config/vpp/nat/v2/nat44-interface/web1 nat_outside',
      'UPDATE config/vpp/nat/v2/nat44-interface/web1',
    ],
    [
      () => nft(`delete element ${table} inside { lan }`),
      'missing config/vpp/nat/v2/nat44-interface/lan',
      'CREATE config/vpp/nat/v2/nat44-interface/lan',
    ],
    [
      () => nft(`delete element ${table} pool-shares { 0 }`),
      'missing config/vpp/nat/v2/nat44-pool/out',
      'CREATE config/vpp/nat/v2/nat44-pool/out',
    ],
    [
      () => nft(`add element ${table} ports { 203.0.113.99 . tcp . 1 : 10.0.0.1 . 1 . 7 }`),
      'unexpected config/vpp/nat/v2/dnat44/unexpected-203.0.113.99',
      'DELETE config/vpp/nat/v2/dnat44/unexpected-203.0.113.99',
    ],
    [
      () => bench.router.run(...'ip route add local 203.0.113.77 dev lo table local proto 77 metric 77'.split(' ')),
      'unexpected config/vpp/nat/v2/dnat44/unexpected-route-203.0.113.77',
      'DELETE config/vpp/nat/v2/dnat44/unexpected-route-203.0.113.77',
    ],
    [
      () => nft(`flush chain ${table} source`),
      'different config/vpp/nat/v2/nat44-global table',
      'UPDATE config/vpp/nat/v2/nat44-global',
    ],
    [
      () => nft(`add rule ${table} gate drop`),
      'different config/vpp/nat/v2/nat44-global table',
      'UPDATE config/vpp/nat/v2/nat44-global',
    ],
  ];
  for (const [damage, drift, healed] of cases) {
    await damage();
    assert.deepEqual(await agent.drift(), [drift]);
    assert.deepEqual(await agent.heal(), [healed]);
    assert.deepEqual(await agent.drift(), []);
  }
  const all = await bench.out.tcpMany({ to: VIP, port: 80, count: 30 });
  assert.equal(all.connected, 30, JSON.stringify(all.errors));
  await nft(`delete table ${table}`);
  assert.ok((await agent.heal()).length > 0);
  assert.deepEqual(await agent.drift(), []);
  assert.equal((await bench.out.tcpMany({ to: VIP, port: 80, count: 30 })).connected, 30);
});

test('damage is mended at once while somebody watches', { skip }, async () => {
  await using bench = await Bench.open();
  await bench.serve();
  const agent = await bench.agent({ watches: true });
  await agent.commit(...base, dnat('shop', [service([3, 2, 1])]));
  const before = agent.scheduler.history().length;
  await bench.router.run('nft', 'delete', 'element', 'ip', 'ligature-nat44', 'backends', `{ ${VIP} . tcp . 80 . 2 }`);
  const healed = () =>
    agent.scheduler
      .history()
      .slice(before)
      .flatMap(({ executed }) => executed)
      .filter(({ noop }) => !noop);
  const deadline = performance.now() + 5000;
  while (healed().length === 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
  await agent.scheduler.idle();
  assert.deepEqual(
    healed().map(({ operation, key }) => `${operation} ${key}`),
    ['UPDATE config/vpp/nat/v2/dnat44/shop'],
  );
  assert.deepEqual(await agent.drift(), []);
  // Somebody flushes the whole rule set.
  const count = healed().length;
  await bench.router.run('nft', 'flush', 'ruleset');
  const again = performance.now() + 5000;
  while (healed().length === count && performance.now() < again)
    await new Promise((resolve) => setTimeout(resolve, 10));
  await agent.scheduler.idle();
  assert.deepEqual(await agent.drift(), []);
  assert.equal((await bench.out.tcpMany({ to: VIP, port: 80, count: 12 })).connected, 12);
});

test('what this engine cannot do it says', { skip }, async () => {
  await using bench = await Bench.open();
  const agent = await bench.agent();
  const icmp = dnat('icmp', [
    { externalIp: VIP, externalPort: 7, protocol: Protocol.ICMP, localIps: [{ localIp: '10.0.0.1', localPort: 7 }] },
  ]);
  await agent.commit(...base, icmp);
  assert.match(agent.state(icmp), /^UNIMPLEMENTED .*ICMP/);
});

test('one element more for one backend more; connections and elements of others stay', { skip }, async () => {
  await using bench = await Bench.open();
  const agent = await bench.agent();
  const many = Array.from({ length: 200 }, (_, index) =>
    dnat(`svc-${index}`, [service([1, 1, 1], { externalIp: `203.0.114.${index}` })]),
  );
  await agent.commit(...base, ...many);
  const nft = agent.driver.nft(agent.driver.vswitch);
  const before = new Map((await nft.elements(natTable, sets.backends)).map(({ id, content }) => [id, content]));
  assert.equal(before.size, 600);
  await agent.commit(dnat('svc-7', [service([1, 1, 0], { externalIp: '203.0.114.7' })]));
  const after = new Map((await nft.elements(natTable, sets.backends)).map(({ id, content }) => [id, content]));
  const touched = [...before].filter(([id, content]) => after.get(id) !== content);
  assert.equal(touched.length, 1);
  // A table of an older version is made anew.
  await bench.router.run('nft', 'delete', 'table', 'ip', natTable.name);
  await bench.router.run('nft', 'add', 'table', 'ip', natTable.name);
  await bench.router.run('nft', 'add', 'map', 'ip', natTable.name, 'ports', '{ type ipv4_addr : ipv4_addr ; }');
  await agent.heal();
  assert.equal((await nft.elements(natTable, sets.backends)).length, 599);
  assert.deepEqual(await agent.drift(), []);
});
