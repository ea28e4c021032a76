import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { formatIp, formatMac, formatPrefix, parseIp, parseMac, parsePrefix } from '../../model/address.ts';
import type { Ip, Prefix } from '../../model/address.ts';
import { createKernelDriver } from '../create.ts';
import type { KernelDriver } from '../driver.ts';
import { isKernelError } from '../errors.ts';
import { at, iproute, list } from '../iproute.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { addAddress } from '../netlink/address.ts';
import { changeBridgePort, changeLink, createLink, deleteLink, getLink, listLinks } from '../netlink/link.ts';
import type { Link } from '../netlink/link.ts';
import { appendFdb, listFdb, replaceFdb, replaceNeighbour } from '../netlink/neighbour.ts';
import { addRoute, listRoutes, replaceRoute } from '../netlink/route.ts';
import { addRule } from '../netlink/rule.ts';
import type { Rtnl } from './port.ts';

const PREFIX = `lg-${process.pid}`;
const ip = (text: string): Ip => parseIp(text)!;
const net = (text: string): Prefix => parsePrefix(text, { bare: true })!;
const mac = (text: string): Uint8Array => parseMac(text)!;

let driver: KernelDriver;
let vswitch: Rtnl;
let pod: Namespace;

before(async () => {
  driver = await createKernelDriver({ namespace: `${PREFIX}-v` });
  vswitch = driver.rtnl(driver.vswitch);
  pod = driver.namespaces.create(`${PREFIX}-p`);
});

after(async () => {
  await driver.close();
  for (const name of driver.namespaces.names()) if (name.startsWith(PREFIX)) driver.namespaces.delete(name);
});

async function link(rtnl: Rtnl, name: string): Promise<Link> {
  const found = await rtnl.get(getLink({ name }));
  assert.ok(found, `link ${name}`);
  return found;
}

test('a pod: veth with its end in another namespace, port of a bridge, addresses, routes, neighbour', async () => {
  await vswitch.request(
    createLink({ name: 'br0', kind: { type: 'bridge', ageingTime: 30000 }, up: true, alias: 'ours', group: 7 }),
  );
  const bridge = await link(vswitch, 'br0');
  await vswitch.request(
    createLink({
      name: 'tap1',
      kind: { type: 'veth', peer: { name: 'eth0', address: mac('02:fe:00:00:00:01'), namespace: pod, mtu: 1400 } },
      master: bridge.index,
      up: true,
      mtu: 1400,
      alias: 'lg:tap1',
    }),
  );
  const tap = await link(vswitch, 'tap1');
  await vswitch.request(
    changeBridgePort(tap, { learning: false, flood: false, isolated: true, proxyArpWifi: true, broadcastFlood: false }),
  );
  const inside = driver.rtnl(pod);
  const eth0 = await link(inside, 'eth0');
  await Promise.all([
    inside.request(changeLink(eth0, { up: true })),
    inside.request(addAddress({ link: eth0.index, address: net('10.1.1.2/24') })),
    inside.request(addAddress({ link: eth0.index, address: net('2001:db8::2/64'), flags: 2 })),
    inside.request(addRoute({ destination: net('0.0.0.0/0'), gateway: ip('10.1.1.1'), protocol: 77 })),
    inside.request(replaceNeighbour({ link: eth0.index, address: ip('10.1.1.1'), mac: mac('02:fe:00:00:00:ff') })),
  ]);

  const [seen] = iproute(`${PREFIX}-v`, 'ip', 'link', 'show', 'tap1');
  assert.equal(at(seen, 'mtu'), 1400);
  assert.equal(at(seen, 'ifalias'), 'lg:tap1');
  assert.equal(at(seen, 'master'), 'br0');
  const slave = (name: string): unknown => at(seen, 'linkinfo', 'info_slave_data', name);
  assert.deepEqual(['learning', 'flood', 'isolated', 'proxy_arp_wifi', 'bcast_flood'].map(slave), [
    false,
    false,
    true,
    true,
    false,
  ]);
  const reread = await link(vswitch, 'tap1');
  assert.deepEqual(reread.kind, { type: 'veth' });
  assert.equal(reread.port?.isolated, true);
  assert.equal(reread.port?.learning, false);
  assert.equal(reread.master, bridge.index);
  assert.ok(reread.up && reread.alias === 'lg:tap1');

  const [peer] = iproute(`${PREFIX}-p`, 'ip', 'addr', 'show', 'eth0');
  assert.equal(at(peer, 'address'), '02:fe:00:00:00:01');
  assert.ok(
    list(peer, 'addr_info').some(
      (a) => at(a, 'local') === '10.1.1.2' && at(a, 'prefixlen') === 24 && at(a, 'broadcast') === '10.1.1.255',
    ),
  );
  assert.ok(list(peer, 'addr_info').some((a) => at(a, 'local') === '2001:db8::2' && at(a, 'nodad') === true));
  const [route] = iproute(`${PREFIX}-p`, 'ip', 'route', 'show', 'default');
  assert.equal(at(route, 'gateway'), '10.1.1.1');
  assert.equal(at(route, 'protocol'), '77');
  const [neighbour] = iproute(`${PREFIX}-p`, 'ip', 'neigh');
  assert.deepEqual(
    [at(neighbour, 'dst'), at(neighbour, 'lladdr'), at(neighbour, 'state')],
    ['10.1.1.1', '02:fe:00:00:00:ff', ['PERMANENT']],
  );
});

test('each promise settles with its own outcome, in the middle of a batch', async () => {
  const lo = await link(vswitch, 'lo');
  await vswitch.request(changeLink(lo, { up: true }));
  const good = (n: number) => addRoute({ destination: net(`10.9.${n}.0/24`), link: lo.index, protocol: 77 });
  const outcomes = await Promise.allSettled([
    vswitch.request(good(1)),
    vswitch.request(addRoute({ destination: net('10.9.9.0/24'), gateway: ip('192.0.2.77') })),
    vswitch.request(good(2)),
    vswitch.request(good(2)),
    vswitch.request(addAddress({ link: 99999, address: net('10.0.0.1/24') })),
    vswitch.get(getLink({ name: 'nothing' })),
    vswitch.get(getLink({ name: 'lo' })),
    vswitch.request(good(3)),
  ]);
  assert.deepEqual(
    outcomes.map((o) => (o.status === 'fulfilled' ? 'ok' : (o.reason as { code: string }).code)),
    ['ok', 'ENETUNREACH', 'ok', 'EEXIST', 'ENODEV', 'ok', 'ok', 'ok'],
  );
  const [, unreachable, , , , nothing, found] = outcomes as PromiseSettledResult<Link | undefined>[];
  assert.ok(unreachable!.status === 'rejected' && isKernelError(unreachable!.reason, 'ENETUNREACH'));
  assert.match(
    unreachable!.reason.message,
    /add route 10\.9\.9\.0\/24 via 192\.0\.2\.77 in netns .*Nexthop has invalid gateway/,
  );
  assert.ok(nothing!.status === 'fulfilled' && nothing!.value === undefined);
  assert.ok(found!.status === 'fulfilled' && found!.value!.name === 'lo');
  const routes = await vswitch.dump(listRoutes({ protocol: 77, table: 254, family: 4 }));
  assert.deepEqual(routes.map((r) => formatPrefix(r.destination)).sort(), [
    '10.9.1.0/24',
    '10.9.2.0/24',
    '10.9.3.0/24',
  ]);
});

test('ten thousand at once, errors among them', async () => {
  const lo = await link(vswitch, 'lo');
  const requests = Array.from({ length: 10_000 }, (_, n) => {
    const destination = net(`10.${100 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}/32`);
    return vswitch.request(
      n % 1000 === 7
        ? addRoute({ destination, link: 99999 })
        : replaceRoute({ destination, link: lo.index, protocol: 78, table: 1000 }),
    );
  });
  const outcomes = await Promise.allSettled(requests);
  const failed = outcomes.flatMap((o, n) => (o.status === 'rejected' ? [n] : []));
  assert.deepEqual(
    failed,
    Array.from({ length: 10 }, (_, n) => n * 1000 + 7),
  );
  assert.equal((await vswitch.dump(listRoutes({ table: 1000 }))).length, 9990);
});

test('all of a send failing loses no answer', async () => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 3000 }, (_, n) =>
      vswitch.request(addRoute({ destination: net(`10.${n >> 8}.${n & 255}.0/24`), gateway: ip('198.51.100.1') })),
    ),
  );
  assert.deepEqual(
    new Set(outcomes.map((o) => (o.status === 'rejected' ? at(o.reason, 'code') : 'ok'))),
    new Set(['ENETUNREACH']),
  );
});

test('many questions at once are all answered', async () => {
  const answers = await Promise.all(Array.from({ length: 1000 }, () => vswitch.get(getLink({ name: 'br0' }))));
  assert.ok(answers.every((answer) => answer?.name === 'br0'));
});

test('removing many links goes together, one alone too, and what is missing is told', async () => {
  await Promise.all(
    Array.from({ length: 60 }, (_, n) =>
      vswitch.request(createLink({ name: `v${n}`, kind: { type: 'veth', peer: { name: `w${n}` } } })),
    ),
  );
  const outcomes = await Promise.allSettled([
    ...Array.from({ length: 60 }, (_, n) => vswitch.request(deleteLink({ name: `v${n}` }))),
    vswitch.request(deleteLink({ name: 'nothing' })),
  ]);
  assert.deepEqual(
    outcomes.slice(0, 60).filter((o) => o.status === 'rejected'),
    [],
  );
  assert.ok(
    outcomes[60]!.status === 'rejected' && isKernelError((outcomes[60] as PromiseRejectedResult).reason, 'ENODEV'),
  );
  assert.deepEqual(
    (await vswitch.dump(listLinks({ kind: 'veth' }))).map((l) => l.name),
    ['tap1'],
  );
  await vswitch.request(createLink({ name: 'single', kind: { type: 'ifb' } }));
  await vswitch.request(deleteLink({ name: 'single' }));
  assert.equal(await vswitch.get(getLink({ name: 'single' })), undefined);
});

test('a link that cannot be removed does not spoil the others of its group', async () => {
  await vswitch.request(createLink({ name: 'x0', kind: { type: 'ifb' } }));
  const outcomes = await Promise.allSettled([
    vswitch.request(deleteLink({ name: 'lo' })),
    vswitch.request(deleteLink({ name: 'x0' })),
  ]);
  assert.equal(outcomes[0].status, 'rejected');
  assert.equal(outcomes[1].status, 'fulfilled');
});

test('moving a link to another namespace', async () => {
  await vswitch.request(createLink({ name: 'wander', kind: { type: 'ifb' } }));
  await assert.rejects(vswitch.request(changeLink({ name: 'wander' }, { name: 'other' })), /takes its index/);
  const { index } = await link(vswitch, 'wander');
  await vswitch.request(changeLink({ index }, { namespace: pod, name: 'arrived' }));
  assert.equal(await vswitch.get(getLink({ name: 'wander' })), undefined);
  assert.equal((await link(driver.rtnl(pod), 'arrived')).name, 'arrived');
});

test('forwarding entries, static and of VXLAN remotes', async () => {
  await vswitch.request(
    createLink({
      name: 'vx0',
      kind: { type: 'vxlan', id: 42, port: 4789, local: ip('192.0.2.1'), learning: false },
      up: true,
    }),
  );
  const vx = await link(vswitch, 'vx0');
  assert.deepEqual({ ...vx.kind, id: 42 }.id, 42);
  const zero = mac('00:00:00:00:00:00');
  await vswitch.request(appendFdb({ link: vx.index, mac: zero, remote: ip('192.0.2.2'), flags: 2, state: 0x80 }));
  await vswitch.request(appendFdb({ link: vx.index, mac: zero, remote: ip('192.0.2.3'), flags: 2, state: 0x80 }));
  const tap = await link(vswitch, 'tap1');
  await vswitch.request(replaceFdb({ link: tap.index, mac: mac('02:00:00:00:00:09') }));
  const ours = await vswitch.dump(listFdb());
  const remotes = ours.filter((e) => e.link === vx.index && e.remote).map((e) => formatIp(e.remote!));
  assert.deepEqual(remotes.sort(), ['192.0.2.2', '192.0.2.3']);
  const seen = iproute(`${PREFIX}-v`, 'bridge', 'fdb', 'show');
  assert.ok(
    seen.some((e) => at(e, 'mac') === '02:00:00:00:00:09' && at(e, 'ifname') === 'tap1' && at(e, 'state') === 'static'),
  );
  assert.equal(seen.length, ours.length);
});

test('rules and multipath routes as iproute2 reads them', async () => {
  const bridge = await link(vswitch, 'br0');
  await vswitch.request(addAddress({ link: bridge.index, address: net('198.18.0.1/24') }));
  await vswitch.request(
    replaceRoute({
      destination: net('203.0.113.0/24'),
      nextHops: [
        { gateway: ip('198.18.0.2'), link: bridge.index, weight: 3, onlink: true },
        { gateway: ip('2001:db8:1::1'), link: bridge.index, weight: 1, onlink: true },
      ],
      protocol: 77,
      table: 5000,
      metric: 9,
    }),
  );
  const [route] = iproute(`${PREFIX}-v`, 'ip', 'route', 'show', 'table', '5000');
  assert.deepEqual(
    list(route, 'nexthops').map((h) => [at(h, 'gateway') ?? at(h, 'via', 'host'), at(h, 'weight')]),
    [
      ['198.18.0.2', 3],
      ['2001:db8:1::1', 1],
    ],
  );
  const [read] = await vswitch.dump(listRoutes({ table: 5000 }));
  assert.deepEqual(
    read!.nextHops!.map((h) => [formatIp(h.gateway!), h.weight]),
    [
      ['198.18.0.2', 3],
      ['2001:db8:1::1', 1],
    ],
  );
  assert.equal(read!.metric, 9);
  await vswitch.request(
    addRule({
      family: 4,
      priority: 1234,
      from: net('10.7.0.0/16'),
      inputInterface: 'tap1',
      mark: 0x10,
      mask: 0xf0,
      table: 5000,
      protocol: 77,
    }),
  );
  const rule = iproute(`${PREFIX}-v`, 'ip', 'rule').find((r) => at(r, 'priority') === 1234);
  assert.deepEqual(
    [
      at(rule, 'src'),
      at(rule, 'srclen'),
      at(rule, 'iif'),
      at(rule, 'fwmark'),
      at(rule, 'fwmask'),
      at(rule, 'table'),
      at(rule, 'protocol'),
    ],
    ['10.7.0.0', 16, 'tap1', '0x10', '0xf0', '5000', '77'],
  );
  const session = {};
  const dump = driver.dump(session, driver.vswitch);
  const mine = (await dump.rules()).find((r) => r.priority === 1234)!;
  assert.deepEqual(
    [formatPrefix(mine.from!), mine.table, mine.mark, mine.mask, mine.inputInterface],
    ['10.7.0.0/16', 5000, 0x10, 0xf0, 'tap1'],
  );
  assert.equal(driver.dump(session, driver.vswitch), dump);
  assert.equal(dump.rules(), dump.rules());
});

test('a namespace that is gone: ENOENT, and what went to others is done', async () => {
  const doomed = driver.namespaces.create(`${PREFIX}-d`);
  driver.namespaces.delete(`${PREFIX}-d`);
  const [gone, peerGone, fine] = await Promise.allSettled([
    driver.rtnl(doomed).request(changeLink({ name: 'lo' }, { up: true })),
    vswitch.request(createLink({ name: 'vd', kind: { type: 'veth', peer: { name: 'e', namespace: doomed } } })),
    vswitch.request(createLink({ name: 'vf', kind: { type: 'ifb' } })),
  ]);
  for (const outcome of [gone, peerGone]) {
    assert.ok(outcome.status === 'rejected' && isKernelError(outcome.reason, 'ENOENT') && outcome.reason.retriable);
    assert.match(outcome.reason.message, /the namespace is gone/);
  }
  assert.equal(fine.status, 'fulfilled');
});

test('nothing is left open', async () => {
  const before = readdirSync('/proc/self/fd').length;
  const session = {};
  await Promise.all([
    driver.dump(session, pod).links(),
    driver.dump(session, pod).routes(),
    driver.rtnl(pod).get(getLink({ name: 'lo' })),
  ]);
  await driver.rtnl(pod).request(deleteLink({ name: 'arrived' }));
  await assert.rejects(driver.rtnl(pod).request(deleteLink({ name: 'arrived' })));
  await driver.idle();
  assert.equal(readdirSync('/proc/self/fd').length, before);
  assert.equal(formatMac(mac('02:00:00:00:00:09')), '02:00:00:00:00:09');
});
