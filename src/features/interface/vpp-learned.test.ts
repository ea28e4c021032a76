import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Interface_Type as Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { gone, vppInterface } from '../../../test/vpp/builders.ts';
import { liveVppTest, until, vppTests } from '../../../test/vpp/stage.ts';
import type { VppStage } from '../../../test/vpp/stage.ts';
import type { VppClient } from '../../vpp/index.ts';
import { dhcpClientKey, dhcpLeaseKey, hasIpAddressKey, interfaceAddressKey, ip6ndKey } from './model.ts';
import type { VppInterface } from './vpp-metadata.ts';

const vppTest = vppTests(import.meta.url, 'route');

vppTest('a DHCP client comes, is healed and goes', async (stage) => {
  const agent = await stage.agent();
  const wanted = vppInterface('asks', { type: Type.SOFTWARE_LOOPBACK, setDhcpClient: true });
  await agent.commit(wanted);
  assert.deepEqual(await agent.drift(), []);
  const { client } = agent;
  const [found] = await client.list('dhcp_client_dump', {});
  assert.deepEqual([found?.client.hostname, found?.client.want_dhcp_event], ['test', true]);

  const { swIfIndex: sw_if_index } = agent.metadata<VppInterface>(wanted.key);
  await client.request('dhcp_client_config', { is_add: false, client: { sw_if_index } });
  assert.deepEqual(await agent.drift(), [`missing ${dhcpClientKey('asks')}`]);
  assert.deepEqual(await agent.heal(), [`CREATE ${dhcpClientKey('asks')}`]);
  const next = await stage.restart(agent);
  // What was known before is only found out not to be: nothing gave an address.
  assert.deepEqual(await next.resync(wanted), [`DELETE ${hasIpAddressKey('asks')}`]);

  const silent = vppInterface('asks', { type: Type.SOFTWARE_LOOPBACK });
  assert.ok((await next.commit(silent)).includes(`DELETE ${dhcpClientKey('asks')}`));
  assert.deepEqual(await next.client.list('dhcp_client_dump', {}), []);
  // One that is there already is ours from then on.
  const place = next.metadata<VppInterface>(silent.key).swIfIndex;
  await next.client.request('dhcp_client_config', { is_add: true, client: { sw_if_index: place, hostname: 'hand' } });
  await next.commit(wanted);
  assert.equal((await next.client.list('dhcp_client_dump', {}))[0]?.client.hostname, 'test');
  await next.commit(gone(wanted));
  assert.deepEqual(await next.client.list('dhcp_client_dump', {}), []);
});

/** A DHCP server at the far end of a veth that VPP has by AF_PACKET. Only beside a live VPP. */
async function served(stage: VppStage, work: () => Promise<void>): Promise<void> {
  if (!stage.isLive) {
    await work();
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'lg-dnsmasq-'));
  const ip = (...args: string[]) => execFileSync('ip', args);
  ip('link', 'add', 'lgvd0', 'type', 'veth', 'peer', 'name', 'lgvd1');
  try {
    ip('link', 'set', 'lgvd0', 'up');
    ip('addr', 'add', '192.0.2.1/24', 'dev', 'lgvd1');
    ip('link', 'set', 'lgvd1', 'up');
    const options = [
      '--keep-in-foreground',
      '--conf-file=/dev/null',
      '--port=0',
      '--interface=lgvd1',
      '--bind-interfaces',
    ];
    const server = spawn(
      'dnsmasq',
      [
        ...options,
        '--no-ping',
        `--dhcp-leasefile=${folder}/leases`,
        `--pid-file=${folder}/pid`,
        '--dhcp-range=192.0.2.77,192.0.2.77,1h',
      ],
      { stdio: 'ignore' },
    );
    try {
      await work();
    } finally {
      server.kill('SIGKILL');
    }
  } finally {
    ip('link', 'del', 'lgvd0');
    rmSync(folder, { recursive: true });
  }
}

const asking = vppInterface('asks', {
  type: Type.AF_PACKET,
  setDhcpClient: true,
  physAddress: '02:fe:00:00:00:0d',
  link: { case: 'afpacket', value: { hostIfName: 'lgvd0' } },
});
const leased = interfaceAddressKey('asks', 'from_dhcp', '192.0.2.77/24');

async function isBound(client: VppClient): Promise<boolean> {
  return (await client.list('dhcp_client_dump', {})).some(({ lease }) => lease.host_address === '192.0.2.77');
}

vppTest('the address that a DHCP server gave stays', async (stage) => {
  await served(stage, async () => {
    const agent = await stage.agent();
    await agent.commit(asking);
    await stage.outside((client) => until('there is a lease', () => isBound(client)));
    assert.deepEqual(await agent.drift(), []);
    assert.deepEqual(await agent.heal(), [`CREATE ${hasIpAddressKey('asks')}`]);
    assert.equal(agent.state(leased), 'OBTAINED');
    const next = await stage.restart(agent);
    assert.deepEqual(await next.resync(asking), []);
    await next.commit(gone(asking));
    assert.equal((await next.client.list('sw_interface_dump', {})).length, 1);
  });
});

liveVppTest('what a DHCP server gave is told, also by the next agent', async (stage) => {
  await served(stage, async () => {
    const agent = await stage.agent();
    await agent.commit(asking);
    const isTold = (one: typeof agent) => () =>
      one.state(dhcpLeaseKey('asks')) === 'OBTAINED' && one.state(leased) === 'OBTAINED';
    await agent.until('the lease is told', isTold(agent), 20_000);
    await agent.until('the interface has an address', () => agent.state(hasIpAddressKey('asks')) === 'CONFIGURED');
    const next = await stage.restart(agent);
    await next.resync(asking);
    await next.until('the lease is told again', isTold(next), 20_000);
    await next.commit(gone(asking));
    await next.until('the lease is over', () => next.state(dhcpLeaseKey('asks')) === undefined, 20_000);
  });
});

vppTest('addresses and default routes that routers advertise are left alone', async (stage) => {
  const agent = await stage.agent();
  const physAddress = '02:fe:00:00:00:01';
  const listening = (installDefaultRoutes: boolean) =>
    vppInterface('listens', {
      type: Type.SOFTWARE_LOOPBACK,
      physAddress,
      ip6Nd: { addressAutoconfig: true, installDefaultRoutes },
    });
  await agent.commit(listening(false));
  const { key } = listening(true);
  assert.deepEqual(await agent.commit(listening(true)), [`UPDATE ${key}`, `UPDATE ${ip6ndKey('listens')}`]);
  assert.deepEqual(await agent.drift(), []);
  // As VPP does when a router advertises a network and itself.
  const { swIfIndex: sw_if_index } = agent.metadata<VppInterface>(listening(true).key);
  const { client } = agent;
  const learned = { sw_if_index, is_add: true, prefix: 'fd01::fe:ff:fe00:1/64' };
  await client.request('sw_interface_add_del_address', learned);
  const route = (address: string) => ({
    prefix: '::/0',
    paths: [{ sw_if_index, proto: 1, weight: 1, nh: { address } }],
  });
  await client.request('ip_route_add_del', { is_add: true, is_multipath: true, route: route('fe80::9') });
  assert.deepEqual(await agent.drift(), []);
  // Of somebody else: not of the interface's MAC address.
  const other = { ...learned, prefix: 'fd02::7/64' };
  await client.request('sw_interface_add_del_address', other);
  assert.deepEqual(await agent.drift(), [`unexpected ${interfaceAddressKey('listens', 'static', 'fd02::7/64')}`]);
  await agent.heal();
  assert.deepEqual(await agent.drift(), []);
  await client.request('ip_route_add_del', { is_add: false, is_multipath: true, route: route('fe80::9') });
  await client.request('sw_interface_add_del_address', { ...learned, is_add: false });

  const onlyRoutes = vppInterface('listens', {
    type: Type.SOFTWARE_LOOPBACK,
    physAddress,
    ip6Nd: { addressAutoconfig: false, installDefaultRoutes: true },
  });
  await agent.commit(onlyRoutes);
  assert.equal(agent.state(ip6ndKey('listens')), 'UNIMPLEMENTED');
  await agent.commit(gone(onlyRoutes));
  assert.equal((await client.list('sw_interface_dump', {})).length, 1);
});
