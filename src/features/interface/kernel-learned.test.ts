import '../../../test/stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLink, deleteLink, getLink } from '../../kernel/netlink/link.ts';
import { Interface_Type as LinuxType } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import {
  Interface_RxMode_Type as RxMode,
  Interface_Type as Type,
} from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { DHCPLease } from '../../model/gen/ligato/vpp/interfaces/dhcp_pb.js';
import { ethernet, ip } from '../../../test/lab/frame.ts';
import { gone, linuxInterface, reaches, Stage, vppInterface } from '../../../test/stage/stage.ts';
import {
  dhcpClientKey,
  dhcpLeaseKey,
  interfaceAddressKey,
  interfaceKey,
  ip6ndKey,
  rxModesKey,
  rxPlacementKey,
} from './model.ts';

const skip = process.getuid?.() === 0 ? false : 'needs root';
type Namespace = Awaited<ReturnType<Stage['pod']>>['namespace'];

function wire(namespace: Namespace, init: object, ipAddresses: string[] = []) {
  const tap = (more: object) =>
    vppInterface('tap1', { type: Type.TAP, link: { case: 'tap', value: { version: 2 } }, ...more });
  const far = linuxInterface('far', {
    type: LinuxType.TAP_TO_VPP,
    namespace,
    hostIfName: 'eth0',
    ipAddresses,
    link: { case: 'tap', value: { vppTapIfName: 'tap1' } },
  });
  return { tap: tap(init), plain: tap({}), far };
}

test('a DHCP server gives an interface its address and default route, also to the next agent', { skip }, async () => {
  await using stage = await Stage.open();
  const { host, namespace } = await stage.pod('pod');
  const agent = await stage.agent();
  const { tap, plain, far } = wire(namespace, { setDhcpClient: true }, ['10.1.0.1/24']);
  const directory = mkdtempSync(join(tmpdir(), 'udhcpd-'));
  try {
    const file = join(directory, 'udhcpd.conf');
    const server = (from: string, seconds: number) =>
      writeFileSync(
        file,
        `interface eth0\nstart ${from}\nend ${from}\nlease_file ${join(directory, 'leases')}\npidfile ${join(directory, 'pid')}\n` +
          `min_lease 2\noption subnet 255.255.255.0\noption router 10.1.0.1\noption lease ${seconds}\n`,
      );
    writeFileSync(join(directory, 'leases'), '');
    server('10.1.0.7', 4);
    await agent.commit(tap, far);
    assert.equal(agent.state(dhcpClientKey('tap1')), 'CONFIGURED');
    // Nobody answers yet: the rest of the interface works, and there is no address.
    assert.equal(agent.state(interfaceKey('tap1')), 'CONFIGURED');
    const first = await host.start(['busybox', 'udhcpd', '-f', file]);
    await agent.until(
      'a lease',
      () => agent.state(interfaceAddressKey('tap1', 'from_dhcp', '10.1.0.7/24')) === 'OBTAINED',
      30_000,
    );
    const lease = agent.scheduler.snapshot().node(dhcpLeaseKey('tap1'))?.applied as DHCPLease;
    assert.deepEqual(
      [lease.interfaceName, lease.hostIpAddress, lease.routerIpAddress],
      ['tap1', '10.1.0.7/24', '10.1.0.1/24'],
    );
    assert.equal(lease.hostPhysAddress, (await stage.vswitch.link('tap1'))?.mac);
    assert.ok(await reaches(host, '10.1.0.7'));
    const defaultRoute = async () => String(await stage.vswitch.run('ip', 'route', 'show', 'default'));
    await agent.until('a default route', async () => (await defaultRoute()).includes('via 10.1.0.1'));
    assert.deepEqual(await agent.drift(), []);

    // The server has another address at the next renewal, and the old one is refused.
    await first.stop();
    server('10.1.0.8', 600);
    writeFileSync(join(directory, 'leases'), '');
    await host.start(['busybox', 'udhcpd', '-f', file]);
    await agent.until(
      'the new address',
      () => agent.state(interfaceAddressKey('tap1', 'from_dhcp', '10.1.0.8/24')) === 'OBTAINED',
      30_000,
    );
    assert.equal(agent.state(interfaceAddressKey('tap1', 'from_dhcp', '10.1.0.7/24')), undefined);
    const addresses = String(await stage.vswitch.run('ip', '-4', '-o', 'addr', 'show', 'tap1'));
    assert.ok(addresses.includes('10.1.0.8/24') && !addresses.includes('10.1.0.7'), addresses);

    const next = await stage.restart(agent);
    await next.resync(tap, far);
    await next.until('a lease of its own', () => next.state(dhcpLeaseKey('tap1')) === 'OBTAINED', 30_000);
    await next.until(
      'the lease again',
      () => next.state(interfaceAddressKey('tap1', 'from_dhcp', '10.1.0.8/24')) === 'OBTAINED',
      30_000,
    );
    assert.ok(await reaches(host, '10.1.0.8'));

    await next.commit(plain);
    await next.until(
      'all of it gone',
      async () => !String(await stage.vswitch.run('ip', '-4', '-o', 'addr', 'show', 'tap1')).includes('10.1.0'),
    );
    assert.equal((await defaultRoute()).trim(), '');
    assert.equal(next.state(dhcpLeaseKey('tap1')), undefined);
    assert.deepEqual(await next.drift(), []);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('without its program the DHCP client fails alone, and says what to install', { skip }, async () => {
  await using stage = await Stage.open();
  const { namespace } = await stage.pod('pod');
  const agent = await stage.agent();
  const { tap, plain, far } = wire(namespace, { setDhcpClient: true });
  const path = process.env['PATH'];
  process.env['PATH'] = '/nowhere';
  try {
    await agent.scheduler.commit([tap, far], { retry: false });
  } finally {
    process.env['PATH'] = path;
  }
  const status = agent.scheduler.status(dhcpClientKey('tap1'));
  assert.equal(status?.state, 'UNIMPLEMENTED');
  assert.match(status.error ?? '', /no program busybox; install the package busybox and apply again/);
  assert.equal(agent.state(interfaceKey('tap1')), 'CONFIGURED');
  await agent.commit(plain);
  await agent.commit(tap);
  assert.equal(agent.state(dhcpClientKey('tap1')), 'CONFIGURED');
});

/** RFC 4861, 4.2 and 4.6.2: a router that lives for half an hour, and a prefix to make addresses of. */
function advertisement(): Buffer {
  const header = Buffer.from([134, 0, 0, 0, 64, 0, 0x07, 0x08, 0, 0, 0, 0, 0, 0, 0, 0]);
  const prefix = Buffer.from([
    3,
    4,
    64,
    0xc0,
    0,
    0,
    0x0e,
    0x10,
    0,
    0,
    0x0e,
    0x10,
    0,
    0,
    0,
    0,
    0xfd,
    5,
    ...Array<number>(14).fill(0),
  ]);
  const packet = ip(
    { source: 'fe80::1', destination: 'ff02::1', protocol: 58, ttl: 255 },
    Buffer.concat([header, prefix]),
  );
  return ethernet({ destination: '33:33:00:00:00:01', source: '02:00:00:00:00:99', etherType: 0x86dd }, packet);
}

test('addresses and default routes are learned from routers only where that is wanted', { skip }, async () => {
  await using stage = await Stage.open();
  const { host, namespace } = await stage.pod('pod');
  const agent = await stage.agent();
  const both = { ip6Nd: { addressAutoconfig: true, installDefaultRoutes: true } };
  const { tap, plain, far } = wire(namespace, both);
  const address = async () => String(await stage.vswitch.run('ip', '-6', 'addr', 'show', 'tap1')).includes('fd05:');
  const route = async () =>
    String(await stage.vswitch.run('ip', '-6', 'route', 'show', 'default')).includes('via fe80::1');
  await agent.commit(tap, far);
  assert.equal(agent.state(ip6ndKey('tap1')), 'CONFIGURED');
  // Routers are asked, again and again until one answers, and not only listened to.
  const solicitations = await host.capture('eth0', { direction: 'in', ip: { destination: 'ff02::2', protocol: 58 } });
  const [solicitation] = await solicitations.wait({ icmp: { type: 133 } }, { timeout: 30_000 });
  assert.ok(solicitation, 'no router was asked');
  await solicitations.close();
  await agent.until('an address and a route', async () => {
    await host.send('eth0', advertisement());
    return (await address()) && (await route());
  });
  assert.deepEqual(await agent.drift(), []);

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(tap, far), []);
  await stage.vswitch.run('sysctl', '-w', 'net.ipv6.conf.tap1.accept_ra=0');
  assert.equal((await next.drift()).length, 1);
  await next.heal();
  assert.deepEqual(await next.drift(), []);

  // Only routes: what was learned of addresses stays until it ends, new ones are not made.
  await next.commit(gone(tap), gone(far));
  const routes = wire(namespace, {
    ip6Nd: { addressAutoconfig: false, installDefaultRoutes: true },
    ipAddresses: ['fd07::1/64'],
  });
  await next.commit(routes.tap, routes.far);
  await next.until('a route alone', async () => {
    await host.send('eth0', advertisement());
    return route();
  });
  assert.equal(await address(), false);
  await next.commit(plain);
  assert.equal(next.state(ip6ndKey('tap1')), undefined);
  assert.equal((await stage.vswitch.sysctl('net.ipv6.conf.tap1.accept_ra')).trim(), '0');
});

test('what the kernel does with receive queues anyway is accepted, all else refused with the reason', {
  skip,
}, async () => {
  await using stage = await Stage.open();
  const { namespace } = await stage.pod('pod');
  const agent = await stage.agent();
  const of = (mode: RxMode) =>
    wire(namespace, { rxModes: [{ queue: 0, mode }], rxPlacements: [{ queue: 0, worker: 1 }] });
  const { tap, far } = of(RxMode.ADAPTIVE);
  await agent.commit(tap, far);
  await agent.until(
    'accepted',
    () => agent.state(rxModesKey('tap1')) === 'CONFIGURED' && agent.state(rxPlacementKey('tap1', 0)) === 'CONFIGURED',
  );
  assert.deepEqual(await agent.drift(), []);
  assert.match(agent.scheduler.status(rxModesKey('tap1'))!.details.join(), /woken by interrupts/);
  await agent.scheduler.commit([of(RxMode.POLLING).tap], { retry: false });
  const status = agent.scheduler.status(rxModesKey('tap1'));
  assert.equal(status?.state, 'UNIMPLEMENTED');
  assert.match(status.error ?? status.details.join(), /polled/);
  assert.equal(agent.state(interfaceKey('tap1')), 'CONFIGURED');
});

test('cards of DPDK and RDMA are devices of the host for the time', { skip }, async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  const own = agent.driver.rtnl(agent.driver.own);
  for (const name of ['dpdk0', 'rdma0'])
    await own.request(createLink({ name, kind: { type: 'veth', peer: { name: `${name}p` } } }));
  const dpdk = vppInterface('dpdk0', { type: Type.DPDK, ipAddresses: ['10.5.0.1/24'] });
  const rdma = vppInterface('fast', {
    type: Type.RDMA,
    mtu: 1400,
    link: { case: 'rdma', value: { hostIfName: 'rdma0' } },
  });
  const absent = vppInterface('vmxnet3-ffff/ff/1f/7', { type: Type.VMXNET3_INTERFACE });
  const later = vppInterface('later0', { type: Type.DPDK });
  await agent.scheduler.commit([dpdk, rdma, absent, later], { retry: false });
  const waits = (key: typeof later.key) => agent.scheduler.status(key);
  assert.equal(waits(absent.key)?.state, 'PENDING');
  assert.match(
    waits(absent.key)!.details.join(),
    /^network card at PCI address ffff:ff:1f\.7, bound to its kernel driver/,
  );
  assert.equal(waits(later.key)?.state, 'PENDING');
  assert.match(waits(later.key)!.details.join(), /^network card later0 of the host/);
  await agent.until('taken', () => [dpdk, rdma].every(({ key }) => agent.state(key) === 'CONFIGURED'));
  assert.equal((await stage.vswitch.link('dpdk0'))?.up, true);
  assert.equal((await stage.vswitch.link('rdma0'))?.mtu, 1400);
  // It is taken when it appears, waited for when it vanishes, and taken again.
  for (let time = 0; time < 2; time++) {
    await own.request(createLink({ name: 'later0', kind: { type: 'veth', peer: { name: 'later0p' } } }));
    await agent.until('taken', () => agent.state(later.key) === 'CONFIGURED');
    assert.equal((await stage.vswitch.link('later0'))?.up, true);
    assert.deepEqual(await agent.drift(), []);
    await stage.vswitch.run('ip', 'link', 'delete', 'dev', 'later0');
    await agent.until('waited for', () => agent.state(later.key) === 'PENDING');
  }
  await agent.commit(gone(absent), gone(later));
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(dpdk, rdma), []);
  await next.commit(gone(dpdk), gone(rdma));
  const home = next.driver.rtnl(next.driver.own);
  for (const name of ['dpdk0', 'rdma0']) {
    const link = await home.get(getLink({ name }));
    assert.deepEqual([link?.up, link?.mtu], [false, 1500]);
    await home.request(deleteLink({ name }));
  }
});
