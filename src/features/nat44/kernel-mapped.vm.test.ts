// needs-kernel: vrf
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { Interface_Type as LinuxType } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { Interface_Type as Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { VrfTableSchema } from '../../model/gen/ligato/vpp/l3/vrf_pb.js';
import { Nat44AddressPoolSchema } from '../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import type { EchoHandle, Host } from '../../../test/lab/host.ts';
import { gone, linuxInterface, Stage, vppInterface } from '../../../test/stage/stage.ts';
import { vrfTableKey } from '../vrf/model.ts';
import { global, side } from './kernel/testing.ts';
import { ANY_VRF, nat44PoolKey } from './model.ts';

/** ms that an answer may take on a slow machine. */
const patience = 10_000;

const table = (id: number): Change => ({ key: vrfTableKey(id, 4), value: create(VrfTableSchema, { id }) });

function pool(name: string, firstIp: string, vrfId: number): Change {
  const value = create(Nat44AddressPoolSchema, { name, firstIp, vrfId });
  return { key: nat44PoolKey(value), value };
}

/** A pod with its interface in a VRF. */
async function place(stage: Stage, name: string, vrf: number, subnet: string) {
  const { host, namespace } = await stage.pod(name);
  const changes = [
    vppInterface(name, {
      type: Type.TAP,
      vrf,
      ipAddresses: [`${subnet}.1/24`],
      link: { case: 'tap', value: { version: 2 } },
    }),
    linuxInterface(`${name}-eth`, {
      type: LinuxType.TAP_TO_VPP,
      namespace,
      hostIfName: 'eth0',
      ipAddresses: [`${subnet}.2/24`],
      link: { case: 'tap', value: { vppTapIfName: name } },
    }),
  ];
  return { host, changes, gateway: `${subnet}.1` };
}

async function ends(servers: readonly EchoHandle[]): Promise<readonly string[]> {
  const reports = await Promise.all(servers.map((server) => server.report()));
  return [...new Set(reports.flatMap(({ ports }) => Object.keys(ports)))].sort();
}

test('ends of clients with the same address in two VRFs, and the way back into the right one', async () => {
  const stage = await Stage.open();
  await using _ = stage;
  const red = await place(stage, 'red', 10, '10.0.1');
  const blue = await place(stage, 'blue', 20, '10.0.1');
  const inet = await place(stage, 'inet', 0, '198.51.100');
  const agent = await stage.agent();
  const base = [
    ...[10, 20].map(table),
    ...[red, blue, inet].flatMap(({ changes }) => changes),
    global({ forwarding: false, endpointIndependent: true }),
    side('red', { natInside: true }),
    side('blue', { natInside: true }),
    side('inet', { natOutside: true }),
    pool('all', '198.51.100.100', ANY_VRF),
  ];
  await agent.commit(...base);
  for (const { host, gateway } of [red, blue]) await host.route('default', { via: gateway });
  await inet.host.address('eth0', '198.51.100.3/24', '198.51.100.4/24');
  const addresses = ['198.51.100.2', '198.51.100.3'];
  const servers = await Promise.all(addresses.map((address) => inet.host.echo({ protocol: 'udp', port: 53, address })));
  const call = async (from: Host, to: string) =>
    (await from.udp({ to, port: 53, fromPort: 5000, timeout: patience })).received === 1;
  for (const to of addresses) assert.ok(await call(red.host, to));
  assert.deepEqual(await ends(servers), ['198.51.100.100 5000']);
  for (const to of addresses) assert.ok(await call(blue.host, to));
  const two = await ends(servers);
  assert.equal(two.length, 2, two.join());
  const other = Number(two.find((end) => end !== '198.51.100.100 5000')!.split(' ')[1]);

  const answering = await red.host.echo({ protocol: 'udp', port: 5000, reply: 'red' });
  await blue.host.echo({ protocol: 'udp', port: 5000, reply: 'blue' });
  const reach = async (from: Host, port: number, more = {}) =>
    Object.keys((await from.udp({ to: '198.51.100.100', port, timeout: patience, ...more })).answers).join();
  assert.equal(await reach(inet.host, 5000, { from: '198.51.100.4' }), 'red');
  assert.equal(await reach(inet.host, other, { from: '198.51.100.4' }), 'blue');
  assert.equal(await reach(inet.host, other === 5001 ? 5002 : 5001, { from: '198.51.100.4', timeout: 1_000 }), '');
  // From one VRF to the end of a host in the other.
  assert.equal(await reach(red.host, other, { fromPort: 6000 }), 'blue');
  assert.deepEqual(await agent.drift(), []);

  // A pool of its own: another end, and the old one is nobody's.
  const own = pool('blue', '198.51.100.120', 20);
  await agent.commit(own);
  await stage.vswitch.run('nft', 'flush', 'map', 'ip', 'ligature-nat44', 'mapped-addresses');
  await agent.healed('addresses are back');
  assert.ok((await blue.host.udp({ to: addresses[0]!, port: 53, fromPort: 5001, timeout: patience })).received === 1);
  assert.ok((await ends(servers)).includes('198.51.100.120 5001'));
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...base, own), []);
  await answering.close();
  assert.ok(await call(red.host, addresses[1]!));
  assert.equal((await ends(servers)).filter((end) => end.startsWith('198.51.100.100 ')).length, 2);
  await next.commit(...[...base, own].map(gone));
  assert.equal(await stage.vswitch.run('nft', 'list', 'ruleset'), '');
});
