import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { formatIp, parseIp, parsePrefix } from '../../model/address.ts';
import type { Ip, Prefix } from '../../model/address.ts';
import { createKernelDriver } from '../create.ts';
import type { KernelDriver } from '../driver.ts';
import { isKernelError } from '../errors.ts';
import { at, iproute, list } from '../iproute.ts';
import { readChecksumOffload, setChecksumOffload } from '../syscall/ethtool.ts';
import { createTunTap } from '../syscall/tuntap.ts';
import type { Rtnl } from '../rtnl/port.ts';
import { addAddress, deleteAddress, listAddresses, replaceAddress } from './address.ts';
import {
  addAlternativeName,
  changeLink,
  createLink,
  deleteLink,
  getLink,
  listLinks,
  removeAlternativeName,
} from './link.ts';
import type { Link } from './link.ts';
import type { LinkKind } from './link-kinds.ts';
import { addNeighbour, deleteNeighbour, listNeighbours, NTF_PROXY } from './neighbour.ts';
import { listNetconf } from './netconf.ts';
import { deleteNexthop, listNexthops, replaceNexthop } from './nexthop.ts';
import { addRoute, deleteRoute, listRoutes, lookupRoute, replaceRoute } from './route.ts';
import type { RouteSpec } from './route.ts';
import { addRule, deleteRule, listRules } from './rule.ts';
import { getFamily } from './generic-family.ts';
import { readSeg6, readSeg6Local, seg6, seg6Actions, seg6Local } from './seg6.ts';
import type { Seg6Local } from './seg6.ts';
import { getSegmentSource, SEG6_FAMILY, setSegmentSource } from './seg6-source.ts';
import { addClsact, addMirror, deleteClsact, deleteFilters, listFilters, listQdiscs } from './tc.ts';
import { addVni, deleteVni, listVnis } from './vxlan-vni.ts';

const NAME = `lg-${process.pid}k`;
const ip = (text: string): Ip => parseIp(text)!;
const net = (text: string): Prefix => parsePrefix(text, { bare: true })!;
let driver: KernelDriver;
let rtnl: Rtnl;
let port: Link;

before(async () => {
  driver = await createKernelDriver({ namespace: NAME });
  rtnl = driver.rtnl(driver.vswitch);
  await rtnl.request(createLink({ name: 'p0', kind: { type: 'veth', peer: { name: 'p1' } }, up: true }));
  await rtnl.request(changeLink({ name: 'p1' }, { up: true }));
  port = (await rtnl.get(getLink({ name: 'p0' })))!;
  await rtnl.request(addAddress({ link: port.index, address: net('10.0.0.1/24') }));
  await rtnl.request(addAddress({ link: port.index, address: net('2001:db8::1/64'), flags: 2 }));
});

after(async () => {
  await driver.close();
  driver.namespaces.delete(NAME);
});

const oracle = (...args: string[]): unknown[] => iproute(NAME, 'ip', ...args);

test('every type of link that this kernel has is read back as it was made', async () => {
  const kinds: [LinkKind, number?][] = [
    [
      {
        type: 'bridge',
        ageingTime: 12300,
        stp: 0,
        priority: 100,
        groupForwardMask: 8,
        multicastSnooping: false,
        callIptables: false,
      },
    ],
    [
      {
        type: 'vxlan',
        id: 77,
        local: ip('192.0.2.1'),
        remote: ip('192.0.2.2'),
        port: 4789,
        ttl: 9,
        learning: false,
        ageing: 50,
      },
    ],
    [{ type: 'vxlan', id: 78, local: ip('2001:db8::1'), remote: ip('2001:db8::2'), port: 4790 }],
    [{ type: 'vxlan', id: 79, remote: ip('239.1.1.1'), link: 0, port: 4791 }],
    [{ type: 'vxlan', port: 4792, collectMetadata: true, vniFilter: true }],
    [{ type: 'macvlan', mode: 4 }, 0],
    [{ type: 'ifb' }],
    [{ type: 'dummy' }],
    [{ type: 'vrf', table: 100_000 }],
    [{ type: 'vlan', id: 100, protocol: 0x88a8 }, 0],
    [{ type: 'bond', mode: 1, miimon: 100 }],
    [{ type: 'gre', local: ip('192.0.2.1'), remote: ip('192.0.2.2'), ttl: 64, inputKey: 5, inputFlags: 0x2000 }],
    [{ type: 'ipip', local: ip('192.0.2.1'), remote: ip('192.0.2.2'), ttl: 64 }],
    [{ type: 'wireguard' }],
  ];
  const capabilities = await driver.capabilities();
  let tried = 0;
  for (const [given, below] of kinds) {
    if (!capabilities.has(given.type)) continue;
    tried++;
    const kind = 'link' in given ? { ...given, link: port.index } : given;
    await rtnl.request(createLink({ name: 'k0', kind, ...(below !== undefined && { link: port.index }) }));
    const link = (await rtnl.get(getLink({ name: 'k0' })))!;
    const seen = oracle('link', 'show', 'k0')[0]!;
    assert.equal(at(seen, 'linkinfo', 'info_kind'), kind.type);
    for (const [field, value] of Object.entries(kind))
      assert.deepEqual(at(link.kind, field), value, `${kind.type} ${field}`);
    if (kind.type === 'vxlan') assert.equal(at(seen, 'linkinfo', 'info_data', 'port'), kind.port);
    if (kind.type === 'bridge') assert.equal(at(seen, 'linkinfo', 'info_data', 'ageing_time'), 12300);
    await rtnl.request(deleteLink({ name: 'k0' }));
  }
  assert.ok(tried >= 6);
});

test('links: what can be changed, and what iproute2 sees of it', async () => {
  await rtnl.request(
    createLink({ name: 'c0', kind: { type: 'bridge' }, addressGeneration: 1, up: true, alias: 'an alias ✓' }),
  );
  const made = (await rtnl.get(getLink({ name: 'c0' })))!;
  assert.deepEqual([made.alias, made.addressGeneration, made.up], ['an alias ✓', 1, true]);
  assert.equal(list(oracle('addr', 'show', 'c0')[0], 'addr_info').length, 0);
  await rtnl.request(
    changeLink(made, {
      mtu: 1300,
      group: 5,
      txQueueLength: 7,
      promiscuous: true,
      arp: false,
      address: Uint8Array.of(2, 0, 0, 0, 0, 7),
      kind: { type: 'bridge', ageingTime: 0 },
    }),
  );
  const seen = oracle('link', 'show', 'c0')[0]!;
  assert.deepEqual(
    [at(seen, 'mtu'), at(seen, 'group'), at(seen, 'txqlen'), at(seen, 'address'), at(seen, 'promiscuity')],
    [1300, '5', 7, '02:00:00:00:00:07', 1],
  );
  assert.ok(list(seen, 'flags').includes('NOARP'));
  assert.equal(at(seen, 'linkinfo', 'info_data', 'ageing_time'), 0);
  await rtnl.request(addAlternativeName(made, 'a-name-longer-than-fifteen-bytes'));
  const byName = (await rtnl.get(getLink({ name: 'a-name-longer-than-fifteen-bytes' })))!;
  assert.deepEqual([byName.index, byName.alternativeNames], [made.index, ['a-name-longer-than-fifteen-bytes']]);
  await rtnl.request(removeAlternativeName(made, 'a-name-longer-than-fifteen-bytes'));
  await rtnl.request(changeLink(made, { up: false }));
  assert.equal((await rtnl.get(getLink(made)))!.up, false);
  // Before Linux 6.2 only a link that is down can be renamed.
  await rtnl.request(changeLink(made, { name: 'c1' }));
  assert.equal((await rtnl.get(getLink({ index: made.index })))!.name, 'c1');
  await rtnl.request(deleteLink({ name: 'c1' }));
});

test('lists of links are what iproute2 lists', async () => {
  const ours = await rtnl.dump(listLinks());
  const theirs = oracle('link', 'show');
  assert.deepEqual(
    ours.map((l) => [l.index, l.name, l.mtu]),
    theirs.map((l) => [at(l, 'ifindex'), at(l, 'ifname'), at(l, 'mtu')]),
  );
  const [counted] = await rtnl.dump(listLinks({ kind: 'veth', statistics: true }));
  assert.equal(typeof counted!.statistics!.rxPackets, 'bigint');
  assert.equal((await rtnl.dump(listLinks({ kind: 'veth' })))[0]!.statistics, undefined);
});

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

test('mirrors and redirections hang on clsact', async () => {
  const target = (await rtnl.get(getLink({ name: 'p1' })))!;
  await rtnl.request(addClsact(port.index));
  assert.ok((await rtnl.dump(listQdiscs({ link: port.index }))).some((q) => q.kind === 'clsact'));
  await rtnl.request(
    addMirror({
      link: port.index,
      direction: 'ingress',
      priority: 5,
      classifier: 'u32',
      action: 'mirror',
      target: target.index,
    }),
  );
  await rtnl.request(
    addMirror({
      link: port.index,
      direction: 'egress',
      priority: 6,
      classifier: 'u32',
      action: 'redirect',
      target: target.index,
    }),
  );
  const seen = execFileSync('tc', ['-n', NAME, 'filter', 'show', 'dev', 'p0', 'ingress'], { encoding: 'utf8' });
  assert.match(seen, /protocol all pref 5 u32[^]*Egress Mirror to device p1/);
  const read = await rtnl.dump(listFilters({ link: port.index, direction: 'egress' }));
  assert.deepEqual(
    read.map((f) => [f.kind, f.direction, f.priority, f.action, f.target]),
    [['u32', 'egress', 6, 'redirect', target.index]],
  );
  await rtnl.request(deleteFilters({ link: port.index, direction: 'ingress', priority: 5 }));
  assert.deepEqual(await rtnl.dump(listFilters({ link: port.index, direction: 'ingress' })), []);
  await rtnl.request(deleteClsact(port.index));
  assert.ok(!(await rtnl.dump(listQdiscs({ link: port.index }))).some((q) => q.kind === 'clsact'));
});

test('segment routing as iproute2 prints it', async () => {
  if (!(await driver.capabilities()).has('seg6')) return;
  const segments = [ip('2001:db8:a::1'), ip('2001:db8:b::1')];
  for (const mode of ['encap', 'inline', 'l2encap', 'encap.red'] as const) {
    await rtnl.request(
      replaceRoute({
        destination: net('2001:db8:9::/64'),
        link: port.index,
        metric: 3,
        encapsulation: seg6({ mode, segments }),
      }),
    );
    const text = execFileSync('ip', ['-6', '-n', NAME, 'route', 'show', '2001:db8:9::/64'], { encoding: 'utf8' });
    assert.match(text, /segs 2 \[ 2001:db8:a::1 2001:db8:b::1 \]|segs 3 \[ 2001:db8:a::1 2001:db8:b::1 :: \]/);
    const found = (await rtnl.dump(listRoutes({ family: 6 }))).find((r) => r.encapsulation)!;
    assert.deepEqual(readSeg6(found.encapsulation!), { mode, segments });
  }
  await rtnl.request(
    replaceRoute({
      destination: net('2001:db8:8::1/128'),
      link: port.index,
      metric: 3,
      encapsulation: seg6Local({ action: 6, nextHop4: ip('10.0.0.2') }),
    }),
  );
  const local = (await rtnl.dump(listRoutes({ family: 6 }))).find((r) => r.encapsulation?.type === 7)!;
  assert.deepEqual(readSeg6Local(local.encapsulation!), { action: 6, nextHop4: ip('10.0.0.2') });
  const psp = (await driver.capabilities()).has('seg6local-psp');
  const shown: readonly (readonly [Seg6Local, RegExp])[] = [
    [{ action: seg6Actions['End.B6'], segments }, /End\.B6 segs 3 \[ 2001:db8:a::1 2001:db8:b::1 :: \]/],
    [{ action: seg6Actions['End.B6.Encaps'], segments }, /End\.B6\.Encaps segs 2 \[ 2001:db8:a::1 2001:db8:b::1 \]/],
    [{ action: seg6Actions['End.T'], table: 5000 }, /End\.T table 5000/],
    ...(psp ? ([[{ action: seg6Actions.End, psp: true }, /End flavors psp/]] as const) : []),
  ];
  for (const [spec, text] of shown) {
    const destination = net('2001:db8:8::2/128');
    await rtnl.request(replaceRoute({ destination, link: port.index, metric: 3, encapsulation: seg6Local(spec) }));
    assert.match(execFileSync('ip', ['-6', '-n', NAME, 'route', 'show', '2001:db8:8::2'], { encoding: 'utf8' }), text);
    const found = (await rtnl.dump(listRoutes({ family: 6 }))).find((one) => one.destination.address.bytes[15] === 2);
    assert.deepEqual(readSeg6Local(found!.encapsulation!), spec);
  }
});

test('the source of segment routing is that of iproute2', async () => {
  if (!(await driver.capabilities()).has('seg6')) return;
  const generic = driver.generic(driver.vswitch);
  assert.equal(await generic.get(getFamily('no such family')), undefined);
  const family = (await generic.get(getFamily(SEG6_FAMILY)))!;
  assert.deepEqual(await generic.get(getSegmentSource(family)), ip('::'));
  await generic.request(setSegmentSource(family, ip('2001:db8::7')));
  assert.match(execFileSync('ip', ['-n', NAME, 'sr', 'tunsrc', 'show'], { encoding: 'utf8' }), /addr 2001:db8::7$/m);
  execFileSync('ip', ['-n', NAME, 'sr', 'tunsrc', 'set', '2001:db8::8']);
  assert.deepEqual(await generic.get(getSegmentSource(family)), ip('2001:db8::8'));
  await generic.request(setSegmentSource(family, ip('::')));
});

test('VNI filter of a collect-metadata device', async () => {
  await rtnl.request(
    createLink({ name: 'vf', kind: { type: 'vxlan', port: 4799, collectMetadata: true, vniFilter: true }, up: true }),
  );
  const { index } = (await rtnl.get(getLink({ name: 'vf' })))!;
  await rtnl.request(addVni({ link: index, first: 100, remote: ip('192.0.2.9') }));
  await rtnl.request(addVni({ link: index, first: 200, last: 209 }));
  assert.deepEqual((await rtnl.dump(listVnis(index))).flat(), [
    { link: index, first: 100, remote: ip('192.0.2.9') },
    { link: index, first: 200, last: 209 },
  ]);
  await rtnl.request(deleteVni({ link: index, first: 100 }));
  assert.equal((await rtnl.dump(listVnis(index))).flat().length, 1);
});

const noTun = existsSync('/dev/net/tun') ? false : '/dev/net/tun is missing';

test('tap devices', { skip: noTun }, async () => {
  driver.within(driver.vswitch, () => createTunTap('tap9', 'tap'));
  assert.throws(
    () => driver.within(driver.vswitch, () => createTunTap('tap9', 'tap')),
    (e) => isKernelError(e, 'EBUSY'),
  );
  const tap = (await rtnl.get(getLink({ name: 'tap9' })))!;
  assert.ok(tap.kind?.type === 'tun' && tap.kind.tunType === 2 && tap.kind.persist);
  await rtnl.request(deleteLink(tap));
});

test('checksum offload, parameters of interfaces', async () => {
  assert.deepEqual(
    driver.within(driver.vswitch, () => readChecksumOffload('p0')),
    { rx: true, tx: true },
  );
  driver.within(driver.vswitch, () => setChecksumOffload('p0', { tx: false }));
  assert.deepEqual(
    driver.within(driver.vswitch, () => readChecksumOffload('p0')),
    { rx: true, tx: false },
  );
  assert.throws(
    () => driver.within(driver.vswitch, () => readChecksumOffload('nothing')),
    (e) => isKernelError(e, 'ENODEV'),
  );
  await driver.sysctl(driver.vswitch).write('net/ipv4/conf/p0/rp_filter', 2);
  const parameters = await rtnl.dump(listNetconf(4));
  assert.equal(parameters.find((n) => n.link === port.index)!.reversePathFilter, 2);
});

test('what cannot be written is an error of that request alone', async () => {
  const [tooLong, fine] = await Promise.allSettled([
    rtnl.request(createLink({ name: 'a-name-of-twenty-chars', kind: { type: 'ifb' } })),
    rtnl.request(createLink({ name: 'ok0', kind: { type: 'ifb' } })),
  ]);
  assert.ok(tooLong.status === 'rejected' && isKernelError(tooLong.reason));
  assert.equal(fine.status, 'fulfilled');
});
