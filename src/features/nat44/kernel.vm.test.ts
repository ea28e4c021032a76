// needs-kernel: vrf
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { Interface_Type as LinuxType } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { Interface_Type as Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { VrfTableSchema } from '../../model/gen/ligato/vpp/l3/vrf_pb.js';
import {
  Nat44AddressPoolSchema,
  Nat44VrfRouteSchema,
  Nat44VrfTableSchema,
} from '../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import type { Host } from '../../../test/lab/host.ts';
import { gone, linuxInterface, reaches, Stage, vppInterface } from '../../../test/stage/stage.ts';
import { vrfTableKey } from '../vrf/model.ts';
import { dnat, global, peers, Protocol, side } from './kernel/testing.ts';
import { ANY_VRF, nat44PoolKey, nat44VrfKey, nat44VrfRouteKey } from './model.ts';

/** ms that an answer may take on a slow machine. */
const patience = 10_000;

const table = (id: number): Change => ({ key: vrfTableKey(id, 4), value: create(VrfTableSchema, { id }) });

function pool(name: string, firstIp: string, vrfId: number): Change {
  const value = create(Nat44AddressPoolSchema, { name, firstIp, vrfId });
  return { key: nat44PoolKey(value), value };
}

function leaveBy(srcVrfId: number, ...destVrfIds: number[]): Change {
  return { key: nat44VrfKey(srcVrfId), value: create(Nat44VrfTableSchema, { srcVrfId, destVrfIds }) };
}

function leaveAlsoBy(srcVrfId: number, destVrfId: number): Change {
  const value = create(Nat44VrfRouteSchema, { srcVrfId, destVrfId });
  return { key: nat44VrfRouteKey(srcVrfId, destVrfId), value };
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

async function network() {
  const stage = await Stage.open();
  const red = await place(stage, 'red', 10, '10.0.1');
  const blue = await place(stage, 'blue', 20, '10.0.1');
  const inet = await place(stage, 'inet', 0, '198.51.100');
  const other = await place(stage, 'other', 30, '198.51.100');
  const agent = await stage.agent();
  const base = [
    ...[10, 20, 30].map(table),
    ...[red, blue, inet, other].flatMap(({ changes }) => changes),
    global(),
    side('red', { natInside: true }),
    side('blue', { natInside: true }),
    side('inet', { natOutside: true }),
  ];
  await agent.commit(...base);
  for (const { host, gateway } of [red, blue]) await host.route('default', { via: gateway });
  for (const { host, gateway } of [inet, other]) await host.route('203.0.113.0/24', { via: gateway });
  return { stage, agent, base, red: red.host, blue: blue.host, inet: inet.host, other: other.host };
}

test('clients with the same address in two VRFs, at the same time, by pools of their own', async () => {
  const { stage, agent, base, red, blue, inet } = await network();
  await using _ = stage;
  const pools = [pool('all', '198.51.100.100', ANY_VRF), pool('blue', '198.51.100.120', 20)];
  await agent.commit(...pools);
  const server = await inet.echo({ protocol: 'udp', port: 53, reply: 'inet' });
  const calls = async (from: Host) =>
    (await from.udp({ to: '198.51.100.2', port: 53, timeout: patience })).received === 1;
  // The same five parts of a connection: only the zone tells them apart.
  const call = (from: Host) =>
    from.udp({ to: '198.51.100.2', port: 53, fromPort: 5000, count: 3, interval: 20, timeout: patience });
  const [fromRed, fromBlue] = await Promise.all([call(red), call(blue)]);
  assert.deepEqual([fromRed.received, fromBlue.received], [3, 3]);
  assert.deepEqual(await peers(server), ['198.51.100.100', '198.51.100.120']);
  assert.ok(await reaches(red, '198.51.100.2'));
  assert.deepEqual(await agent.drift(), []);

  // Without a pool for it, a client of a VRF is not translated by that of another one.
  await agent.commit(gone(pools[0]!));
  assert.equal((await red.udp({ to: '198.51.100.2', port: 53, timeout: 300 })).received, 0);
  assert.ok(await calls(blue));
  await agent.commit(pools[0]!);
  assert.ok(await calls(red));

  for (const [what, damage] of [
    ['a rule', ['ip', 'rule', 'delete', 'priority', '480', 'table', '1010']],
    ['an element', ['nft', 'flush', 'map', 'ip', 'ligature-nat44', 'vrf-zones']],
    ['shares', ['nft', 'flush', 'map', 'ip', 'ligature-nat44', 'vrf-pool-shares']],
    ['a chain', ['nft', 'flush', 'chain', 'ip', 'ligature-nat44', 'vrf-out-10']],
  ] as const) {
    await stage.vswitch.run(...damage);
    await agent.healed(`${what} is back`);
    assert.deepEqual([await calls(red), await calls(blue)], [true, true], what);
  }
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...base, ...pools), []);
  assert.ok(await calls(red));
  await next.commit(...[...base, ...pools].map(gone));
  assert.doesNotMatch(await stage.vswitch.run('ip', 'rule'), /fwmark/);
  assert.equal(await stage.vswitch.run('ip', 'route', 'show', 'table', 'all', 'proto', '77'), '');
  assert.equal(await stage.vswitch.run('nft', 'list', 'ruleset'), '');
});

test('mappings lead into VRFs, whatever other VRFs have the same address', async () => {
  const { stage, agent, red, blue, inet } = await network();
  await using _ = stage;
  const backend = (vrfId: number, localPort = 8080) => [{ localIp: '10.0.1.2', localPort, vrfId }];
  const mappings = dnat(
    'shops',
    [
      { externalIp: '203.0.113.10', externalPort: 80, protocol: Protocol.TCP, localIps: backend(10) },
      { externalIp: '203.0.113.10', externalPort: 81, protocol: Protocol.TCP, localIps: backend(20) },
      {
        externalIp: '203.0.113.10',
        externalPort: 82,
        protocol: Protocol.TCP,
        localIps: [...backend(10), ...backend(20)].map((one) => ({ ...one, probability: 1 })),
      },
      { externalIp: '203.0.113.20', externalPort: 0, localIps: backend(20, 0) },
    ],
    [{ vrfId: 10, ipAddress: '10.0.1.2', port: 9000, protocol: Protocol.TCP }],
  );
  await agent.commit(mappings, pool('all', '198.51.100.100', ANY_VRF));
  await red.echo({ protocol: 'tcp', port: 8080, reply: 'red' });
  await blue.echo({ protocol: 'tcp', port: 8080, reply: 'blue' });
  const ask = async (port: number, to = '203.0.113.10') =>
    (await inet.tcpMany({ to, port, count: 12, timeout: patience })).answers;
  assert.deepEqual(await ask(80), { red: 12 });
  assert.deepEqual(await ask(81), { blue: 12 });
  const both = (await inet.tcpMany({ to: '203.0.113.10', port: 82, count: 80, timeout: patience })).answers;
  // One of two, eighty times: all the same once in 2 ** 79 runs.
  assert.ok((both['red'] ?? 0) > 0 && (both['blue'] ?? 0) > 0, JSON.stringify(both));
  assert.deepEqual(await ask(8080, '203.0.113.20'), { blue: 12 });
  // An identity leads into its VRF and is not translated on its way out.
  await red.echo({ protocol: 'tcp', port: 9000, reply: 'itself' });
  await inet.route('10.0.1.0/24', { via: '198.51.100.1' });
  assert.deepEqual(await ask(9000, '10.0.1.2'), { itself: 12 });
  assert.deepEqual(await agent.drift(), []);

  // A backend that goes takes its connections along, and no others.
  const flows = await Promise.all(
    [80, 81].map((port) => inet.flow({ protocol: 'tcp', to: '203.0.113.10', port, interval: 10 })),
  );
  const rest = dnat('shops', [
    { externalIp: '203.0.113.10', externalPort: 81, protocol: Protocol.TCP, localIps: backend(20) },
  ]);
  await agent.commit(rest);
  const received = async (at: number) => (await flows[at]!.report()).received;
  const before = await received(1);
  await agent.until('the other one goes on', async () => (await received(1)) > before + 5, 20_000);
  const stopped = await received(0);
  await agent.until('it still does', async () => (await received(1)) > before + 15, 20_000);
  assert.equal(await received(0), stopped);
  await stage.vswitch.run('ip', 'rule', 'delete', 'priority', '480', 'table', '1020');
  await agent.healed('the rule is back');
  assert.deepEqual(await ask(81), { blue: 12 });
});

test('translated packets leave by the VRFs of a NAT44 VRF table, in their order', async () => {
  const { stage, agent, base, red, blue, inet, other } = await network();
  await using _ = stage;
  const more = [side('other', { natOutside: true }), pool('all', '198.51.100.100', ANY_VRF)];
  await agent.commit(...more, leaveBy(10, 30, 0));
  await inet.echo({ protocol: 'tcp', port: 443, reply: 'inet' });
  const server = await other.echo({ protocol: 'tcp', port: 443, reply: 'other' });
  const ask = async (from: Host, timeout = patience) =>
    (await from.tcpMany({ to: '198.51.100.2', port: 443, count: 3, timeout })).answers;
  assert.deepEqual(await ask(red), { other: 3 });
  assert.deepEqual(await peers(server), ['198.51.100.100']);
  // Without a table of its own: the VRFs with an outside interface, 0 first.
  assert.deepEqual(await ask(blue), { inet: 3 });
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(leaveBy(20), leaveAlsoBy(20, 30));
  assert.deepEqual(await ask(blue), { other: 3 });
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...base, ...more, leaveBy(10, 30, 0), leaveBy(20), leaveAlsoBy(20, 30)), []);
  await next.commit(gone(leaveBy(10)), gone(leaveAlsoBy(20, 30)));
  assert.deepEqual(await ask(red), { inet: 3 });
  // A table without routes: there is no way out.
  assert.deepEqual(await ask(blue, 1_000), {});
  assert.deepEqual(await next.drift(), []);
});
