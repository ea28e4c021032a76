import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { isKernelError } from '../errors.ts';
import { at, list } from '../iproute.ts';
import { readChecksumOffload, setChecksumOffload } from '../syscall/ethtool.ts';
import { createTunTap } from '../syscall/tuntap.ts';
import {
  addAlternativeName,
  changeLink,
  createLink,
  deleteLink,
  getLink,
  listLinks,
  removeAlternativeName,
} from './link.ts';
import type { LinkKind } from './link-kinds.ts';
import { listNetconf } from './netconf.ts';
import { addVni, deleteVni, listVnis } from './vxlan-vni.ts';
import { ip, openBench } from './testing.ts';

const { driver, rtnl, port, oracle } = await openBench();

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
