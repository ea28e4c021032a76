import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatIp } from '../../model/address.ts';
import { isKernelError } from '../errors.ts';
import { at, list } from '../iproute.ts';
import { addAddress, deleteAddress, listAddresses, replaceAddress } from './address.ts';
import { addNeighbour, deleteNeighbour, listNeighbours, NTF_PROXY } from './neighbour.ts';
import { deleteNexthop, listNexthops, replaceNexthop } from './nexthop.ts';
import { addRoute, deleteRoute, listRoutes, lookupRoute, replaceRoute } from './route.ts';
import type { RouteSpec } from './route.ts';
import { addRule, deleteRule, listRules } from './rule.ts';
import { ip, net, openBench } from './testing.ts';

const { rtnl, port, oracle } = await openBench();

test('addresses: peers, labels, flags, metric, replacing and deleting', async () => {
  await rtnl.request(
    addAddress({ link: port.index, address: net('10.5.0.1/32'), peer: ip('10.5.0.2'), label: 'p0:x' }),
  );
  await rtnl.request(replaceAddress({ link: port.index, address: net('10.6.0.1/24'), flags: 0x200, scope: 253 }));
  await assert.rejects(rtnl.request(addAddress({ link: port.index, address: net('10.6.0.1/24') })), (e) =>
    isKernelError(e, 'EEXIST'),
  );
  const theirs = list(oracle('addr', 'show', 'p0')[0], 'addr_info');
  const ours = (await rtnl.dump(listAddresses())).filter((a) => a.link === port.index);
  assert.deepEqual(
    ours.map((a) => formatIp(a.address.address)).sort(),
    theirs.map((a) => String(at(a, 'local'))).sort(),
  );
  const pointToPoint = ours.find((a) => a.peer)!;
  assert.deepEqual([formatIp(pointToPoint.peer!), pointToPoint.label], ['10.5.0.2', 'p0:x']);
  const link = ours.find((a) => formatIp(a.address.address) === '10.6.0.1')!;
  assert.ok((link.flags & 0x200) !== 0 && link.scope === 253);
  await rtnl.request(deleteAddress({ link: port.index, address: net('10.6.0.1/24') }));
  await assert.rejects(rtnl.request(deleteAddress({ link: port.index, address: net('10.6.0.1/24') })), (e) =>
    isKernelError(e, 'EADDRNOTAVAIL'),
  );
});

test('routes of every type, read back as they were made', async () => {
  const specs: RouteSpec[] = [
    {
      destination: net('10.10.0.0/16'),
      gateway: ip('10.0.0.2'),
      link: port.index,
      source: ip('10.0.0.1'),
      mtu: 1300,
      advertisedMss: 1200,
    },
    { destination: net('10.11.0.0/16'), link: port.index, scope: 253 },
    { destination: net('10.12.0.0/16'), type: 'blackhole', table: 1234 },
    { destination: net('10.13.0.0/16'), type: 'unreachable', metric: 7 },
    { destination: net('10.14.0.0/16'), type: 'prohibit' },
    { destination: net('10.15.0.0/16'), type: 'throw', table: 99 },
    { destination: net('10.16.0.9/32'), type: 'local', link: 1, scope: 254, table: 255 },
    { destination: net('10.17.0.0/16'), gateway: ip('2001:db8::2'), link: port.index },
    { destination: net('10.18.0.0/16'), gateway: ip('203.0.113.1'), link: port.index, onlink: true },
    { destination: net('0.0.0.0/0'), gateway: ip('10.0.0.254'), link: port.index, table: 500 },
    {
      destination: net('2001:db8:1::/48'),
      gateway: ip('2001:db8::2'),
      link: port.index,
      metric: 5,
      mtu: 1400,
      mtuLocked: true,
    },
    { destination: net('2001:db8:2::/48'), type: 'blackhole', table: 70000, metric: 1024 },
    { destination: net('::/0'), gateway: ip('2001:db8::9'), link: port.index, table: 500, metric: 1 },
    {
      destination: net('2001:db8:3::/48'),
      metric: 1024,
      nextHops: [
        { gateway: ip('2001:db8::2'), link: port.index, weight: 2 },
        { gateway: ip('2001:db8::3'), link: port.index, weight: 5 },
      ],
    },
  ];
  for (const spec of specs) await rtnl.request(addRoute({ ...spec, protocol: 199 }));
  const read = await rtnl.dump(listRoutes({ protocol: 199 }));
  assert.equal(read.length, specs.length);
  for (const spec of specs) {
    const found = read.find(
      (r) =>
        formatIp(r.destination.address) === formatIp(spec.destination.address) &&
        r.destination.length === spec.destination.length,
    )!;
    assert.ok(found, formatIp(spec.destination.address));
    for (const [field, value] of Object.entries(spec))
      assert.deepEqual(at(found, field), value, `${formatIp(spec.destination.address)} ${field}`);
  }
  const seen = oracle('route', 'show', 'table', '500')[0]!;
  assert.deepEqual([at(seen, 'dst'), at(seen, 'gateway'), at(seen, 'protocol')], ['default', '10.0.0.254', '199']);
  for (const spec of specs) await rtnl.request(deleteRoute(spec));
  assert.deepEqual(await rtnl.dump(listRoutes({ protocol: 199 })), []);
});

test('the lists of routes are those of iproute2, and a lookup takes the same way', async () => {
  await rtnl.request(replaceRoute({ destination: net('10.30.0.0/16'), gateway: ip('10.0.0.7'), link: port.index }));
  await rtnl.request(replaceRoute({ destination: net('10.30.0.0/16'), gateway: ip('10.0.0.8'), link: port.index }));
  for (const family of [4, 6] as const) {
    const theirs = oracle(`-${family}`, 'route', 'show', 'table', 'all').map((r) => at(r, 'dst'));
    assert.equal((await rtnl.dump(listRoutes({ family }))).length, theirs.length);
  }
  const found = (await rtnl.get(lookupRoute({ destination: ip('10.30.1.1') })))!;
  assert.equal(formatIp(found.gateway!), '10.0.0.8');
  await assert.rejects(rtnl.get(lookupRoute({ destination: ip('198.51.100.1') })), (e) =>
    isKernelError(e, 'ENETUNREACH'),
  );
});

test('nexthop objects and groups, and routes that use them', async () => {
  await rtnl.request(replaceNexthop({ id: 10, gateway: ip('10.0.0.2'), link: port.index, protocol: 199 }));
  await rtnl.request(replaceNexthop({ id: 11, gateway: ip('10.0.0.3'), link: port.index, protocol: 199 }));
  await rtnl.request(
    replaceNexthop({
      id: 12,
      group: [
        { id: 10, weight: 7 },
        { id: 11, weight: 3 },
      ],
      protocol: 199,
    }),
  );
  await rtnl.request(addRoute({ destination: net('10.40.0.0/16'), nextHopId: 12 }));
  const route = oracle('route', 'show', '10.40.0.0/16')[0]!;
  assert.equal(at(route, 'nhid'), 12);
  assert.deepEqual(
    list(route, 'nexthops').map((h) => [at(h, 'gateway'), at(h, 'weight')]),
    [
      ['10.0.0.2', 7],
      ['10.0.0.3', 3],
    ],
  );
  const group = (await rtnl.dump(listNexthops())).find((n) => n.id === 12)!;
  assert.deepEqual(group.group, [
    { id: 10, weight: 7 },
    { id: 11, weight: 3 },
  ]);
  await rtnl.request(deleteNexthop(12));
  assert.deepEqual(
    (await rtnl.dump(listNexthops())).map((n) => n.id),
    [10, 11],
  );
});

test('rules with everything, read back and deleted', async () => {
  const spec = {
    family: 6,
    priority: 777,
    action: 'table',
    table: 90_000,
    from: net('2001:db8:1::/48'),
    to: net('2001:db8:2::/48'),
    inputInterface: 'not-there',
    mark: 5,
    mask: 255,
    ipProtocol: 6,
    destinationPorts: { first: 80, last: 90 },
    suppressPrefixLength: 0,
    protocol: 199,
    invert: true,
  } as const;
  await rtnl.request(addRule(spec));
  await assert.rejects(rtnl.request(addRule(spec)), (e) => isKernelError(e, 'EEXIST'));
  const found = (await rtnl.dump(listRules({ family: 6 }))).find((r) => r.priority === 777)!;
  for (const [field, value] of Object.entries(spec)) assert.deepEqual(at(found, field), value, field);
  const seen = oracle('-6', 'rule').find((r) => at(r, 'priority') === 777);
  assert.deepEqual(
    ['dport_start', 'dport_end', 'ipproto', 'table'].map((name) => at(seen, name)),
    [80, 90, 'tcp', '90000'],
  );
  await rtnl.request(deleteRule(spec));
  for (const action of ['blackhole', 'unreachable', 'prohibit'] as const) {
    await rtnl.request(addRule({ family: 4, priority: 800, action }));
    assert.equal((await rtnl.dump(listRules({ family: 4 }))).find((r) => r.priority === 800)!.action, action);
    await rtnl.request(deleteRule({ family: 4, priority: 800, action }));
  }
});

test('neighbours and proxies', async () => {
  await rtnl.request(
    addNeighbour({
      link: port.index,
      address: ip('2001:db8::77'),
      mac: Uint8Array.of(2, 0, 0, 0, 0, 77),
      protocol: 199,
    }),
  );
  await rtnl.request(addNeighbour({ link: port.index, address: ip('10.0.0.99'), flags: NTF_PROXY }));
  const found = (await rtnl.dump(listNeighbours({ link: port.index }))).find((n) => n.protocol === 199)!;
  assert.deepEqual([formatIp(found.address), found.mac?.[5], found.state], ['2001:db8::77', 77, 0x80]);
  const proxies = await rtnl.dump(listNeighbours({ proxies: true }));
  assert.deepEqual(
    proxies.map((n) => [formatIp(n.address), n.link]),
    [['10.0.0.99', port.index]],
  );
  assert.equal(at(oracle('neigh', 'show', 'proxy')[0], 'dst'), '10.0.0.99');
  await rtnl.request(deleteNeighbour({ link: port.index, address: ip('10.0.0.99'), flags: NTF_PROXY }));
  assert.deepEqual(await rtnl.dump(listNeighbours({ proxies: true })), []);
});
