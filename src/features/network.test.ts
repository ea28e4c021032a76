/** Whole networks through the scheduler, on an engine that makes anything: the kinds fit together. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type Message } from '@bufbuild/protobuf';
import { parseConfiguration } from '../model/config/index.ts';
import { asKey, createModelRegistry } from '../model/index.ts';
import { DHCPLeaseSchema } from '../model/gen/ligato/vpp/interfaces/dhcp_pb.js';
import { createScheduler } from '../scheduler/index.ts';
import type { Change, Handler, Notification, Scheduler } from '../scheduler/index.ts';
import type { Feature } from './feature.ts';
import { features } from './index.ts';
import { dhcpLeaseKey, linkStateKey } from './interface/model.ts';
import type { KernelEngine } from './kernel/engine.ts';
import { hostAddressKey, hostNameKey } from './linux-interface/model.ts';
import { microserviceKey } from './namespace/model.ts';
import { register } from './register.ts';

const registry = createModelRegistry();

const NETWORK = `
netallocConfig:
  ipAddresses:
    - { networkName: blue, interfaceName: pod2, address: 10.2.0.5/24, gw: 10.2.0.1 }
linuxConfig:
  interfaces:
    - { name: pod1, type: TAP_TO_VPP, enabled: true, hostIfName: eth0, namespace: { type: NSID, reference: pod1 }, ipAddresses: [10.1.0.5/24], tap: { vppTapIfName: tap1 } }
    - { name: pod2, type: VETH, enabled: true, vrfMasterInterface: red, ipAddresses: ["alloc:blue"], veth: { peerIfName: pod2-switch } }
    - { name: pod2-switch, type: VETH, enabled: true, veth: { peerIfName: pod2 } }
    - { name: red, type: VRF_DEVICE, enabled: true, vrfDev: { routingTable: 10 } }
    - { name: card, type: EXISTING, hostIfName: eth9, linkOnly: true, ipAddresses: [192.0.2.2/24] }
    - { name: web, type: DUMMY, namespace: { type: MICROSERVICE, reference: web } }
  routes:
    - { outgoingInterface: pod1, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 169.254.1.1 }
    - { outgoingInterface: pod1, scope: LINK, dstNetwork: 169.254.1.1/32 }
    - { outgoingInterface: pod1, scope: GLOBAL, dstNetwork: 10.8.0.0/16, gwAddr: 10.1.0.1 }
    - { outgoingInterface: pod2, scope: GLOBAL, dstNetwork: 10.9.0.0/16, gwAddr: "alloc:blue/GW" }
  arpEntries:
    - { interface: pod1, ipAddress: 169.254.1.1, hwAddress: "02:fe:00:00:00:01" }
  RuleChain:
    - { name: drop, chainType: INPUT, defaultPolicy: DROP, interfaces: [card], rules: ["-i eth9 -j ACCEPT"] }
vppConfig:
  interfaces:
    - { name: tap1, type: TAP, enabled: true, unnumbered: { interfaceWithIp: loop1 }, rxModes: [{ mode: POLLING, defaultMode: true }] }
    - { name: loop1, type: SOFTWARE_LOOPBACK, enabled: true, vrf: 5, ipAddresses: [10.1.0.1/24, "fd00:1::1/64"] }
    - { name: bvi1, type: SOFTWARE_LOOPBACK, enabled: true, ipAddresses: [10.3.0.1/24] }
    - { name: afp2, type: AF_PACKET, enabled: true, afpacket: { linuxInterface: pod2-switch } }
    - { name: vxlan1, type: VXLAN_TUNNEL, enabled: true, vrf: 5, vxlan: { srcAddress: 10.1.0.1, dstAddress: 10.1.0.9, vni: 5 } }
    - { name: dhcp1, type: TAP, enabled: true, setDhcpClient: true, tap: { toMicroservice: web } }
    - { name: vlan1, type: SUB_INTERFACE, sub: { parentName: dhcp1, subId: 10 } }
    - { name: bond1, type: BOND_INTERFACE, bond: { id: 1, mode: LACP, bondedInterfaces: [{ name: dhcp1 }] } }
  bridgeDomains:
    - { name: bd1, learn: true, flood: true, forward: true, interfaces: [{ name: bvi1, bridgedVirtualInterface: true }, { name: afp2 }, { name: vxlan1, splitHorizonGroup: 1 }] }
  fibs:
    - { bridgeDomain: bd1, physAddress: "02:fe:00:00:00:02", outgoingInterface: vxlan1, staticConfig: true }
    - { bridgeDomain: bd1, physAddress: "02:fe:00:00:00:03", action: DROP }
  xconnectPairs:
    - { receiveInterface: vlan1, transmitInterface: dhcp1 }
  vrfs:
    - { id: 5, protocol: IPV4 }
    - { id: 5, protocol: IPV6 }
  routes:
    - { vrfId: 5, dstNetwork: 10.4.0.0/16, nextHopAddr: 10.1.0.9, outgoingInterface: loop1 }
    - { type: INTER_VRF, vrfId: 0, viaVrfId: 5, dstNetwork: 10.1.0.0/24 }
    - { type: DROP, vrfId: 5, dstNetwork: "fd00:9::/64" }
  arps:
    - { interface: loop1, ipAddress: 10.1.0.9, physAddress: "02:fe:00:00:00:09", static: true }
  proxyArp:
    interfaces: [{ name: tap1 }]
    ranges: [{ firstIpAddr: 10.7.0.1, lastIpAddr: 10.7.0.9, vrfId: 5 }]
  acls:
    - { name: web, rules: [{ action: PERMIT, ipRule: { tcp: { destinationPortRange: { lowerPort: 80, upperPort: 80 } } } }], interfaces: { ingress: [tap1], egress: [afp2] } }
  nat44Global: { forwarding: true }
  nat44Interfaces:
    - { name: tap1, natInside: true }
    - { name: loop1, natOutside: true }
  nat44Pools:
    - { firstIp: 192.0.2.10, lastIp: 192.0.2.12, vrfId: 4294967295 }
    - { firstIp: 192.0.2.20, twiceNat: true }
  dnat44s:
    - label: web
      stMappings:
        - { externalIp: 10.96.0.1, externalPort: 80, twiceNat: SELF, localIps: [{ vrfId: 5, localIp: 10.1.0.5, localPort: 80 }, { localIp: 10.3.0.5, localPort: 80 }] }
        - { externalIp: 10.96.0.1, externalPort: 81, twiceNat: ENABLED, twiceNatPoolIp: 192.0.2.20, localIps: [{ localIp: 10.3.0.5, localPort: 80 }] }
`;

/** What an engine would tell of this network. */
const TOLD: readonly Notification[] = [
  { key: hostNameKey('eth9'), kind: 'linux.interfaces.interface.host-name', value: {} },
  { key: hostAddressKey('eth9', '192.0.2.2/24'), kind: 'linux.interfaces.interface.host-address', value: {} },
  { key: microserviceKey('web'), kind: 'linux.microservice', value: {} },
  { key: linkStateKey('tap1', 'UP'), kind: 'vpp.interfaces.link-state', value: {} },
  {
    key: dhcpLeaseKey('dhcp1'),
    kind: 'vpp.interfaces.dhcp-lease',
    value: create(DHCPLeaseSchema, { interfaceName: 'dhcp1', hostIpAddress: '10.5.0.7/24' }),
  },
];

const changes: readonly Change[] = parseConfiguration(NETWORK, { registry }).values;

/** Every kind has a handler that does nothing and always succeeds. */
async function everything(): Promise<Scheduler> {
  const scheduler = createScheduler({ engines: [{ name: 'kernel', concurrency: 64, deadline: 10_000 }] });
  const able = features.map((feature): Feature => {
    const kernelHandlers = () =>
      feature.kinds.filter((kind) => feature.virtual?.includes(kind) !== true).map(({ name }) => handlerOf(name));
    return { ...feature, engines: { kernel: () => Promise.resolve({ kernelHandlers }) } };
  });
  await register(scheduler, able, { kernel: {} as KernelEngine }, new AbortController().signal);
  return scheduler;
}

function handlerOf(kind: string): Handler {
  return {
    kind,
    engine: 'kernel',
    create: () => Promise.resolve({}),
    update: (_context, _key, _from, _to, metadata) => Promise.resolve(metadata),
    remove: () => Promise.resolve(),
  };
}

async function tell(scheduler: Scheduler): Promise<void> {
  scheduler.notify(TOLD);
  await scheduler.idle();
}

/** Keys of values and parts that are not as they should be, with what they wait for. */
function unfinished(scheduler: Scheduler): readonly string[] {
  return [...scheduler.snapshot().statuses()]
    .flatMap((status) => [status, ...status.parts])
    .filter(({ state }) => state !== 'CONFIGURED' && state !== 'OBTAINED')
    .map(({ key, state, details }) => `${key} ${state} ${details.join(', ')}`)
    .sort();
}

test('a network with something of everything becomes configured, in any order', async (t) => {
  const scheduler = await everything();
  t.after(() => scheduler.close());
  for (const change of changes.toReversed()) await scheduler.commit([change]);
  assert.deepEqual(
    unfinished(scheduler).filter((line) => !line.includes('PENDING')),
    [],
  );
  assert.deepEqual(
    unfinished(scheduler).filter((line) => line.startsWith('config/linux/interfaces/v2/interface/')),
    [
      'config/linux/interfaces/v2/interface/card PENDING host interface eth9',
      'config/linux/interfaces/v2/interface/web PENDING microservice web',
    ],
  );
  await tell(scheduler);
  assert.deepEqual(unfinished(scheduler), []);
});

test('in one transaction nothing is done twice', async (t) => {
  const scheduler = await everything();
  t.after(() => scheduler.close());
  await tell(scheduler);
  const { failures, record } = await scheduler.commit(changes);
  assert.deepEqual(failures, []);
  assert.deepEqual(unfinished(scheduler), []);
  const keys = record.executed.map(({ key, operation }) => `${operation} ${key}`);
  assert.equal(new Set(keys).size, keys.length);
  const again = await scheduler.commit(changes.map((change) => ({ ...change, value: structuredClone(change.value) })));
  assert.deepEqual(
    again.record.executed.filter(({ noop }) => !noop),
    [],
  );
});

test('an interface taken away makes pending what needs it, with the reason, and nothing else', async (t) => {
  const scheduler = await everything();
  t.after(() => scheduler.close());
  await tell(scheduler);
  await scheduler.commit(changes);
  const key = registry.model('vpp.interfaces').key('afp2');
  const afp2 = changes.find((change) => change.key === key)!;
  await scheduler.commit([{ key, value: null }]);
  assert.deepEqual(unfinished(scheduler), [
    'vpp/acl/web/interface/egress/afp2 PENDING interface afp2',
    'vpp/bd/bd1/interface/afp2 PENDING interface afp2',
  ]);
  await scheduler.commit([afp2]);
  assert.deepEqual(unfinished(scheduler), []);
});

test('an interface is in one bridge domain: the second says who has it, and takes over', async (t) => {
  const scheduler = await everything();
  t.after(() => scheduler.close());
  await tell(scheduler);
  await scheduler.commit(changes);
  const model = registry.model('vpp.l2.bridge-domain');
  const second = model.create({ name: 'bd2', interfaces: [{ name: 'afp2' }] } as never);
  await scheduler.commit([{ key: model.key('bd2'), value: second }]);
  const [line] = unfinished(scheduler);
  assert.match(line!, /^vpp\/bd\/bd2\/interface\/afp2 INVALID/);
  const part = asKey('vpp/bd/bd2/interface/afp2');
  assert.match(scheduler.status(part)?.error ?? '', /conflicts with vpp\/bd\/bd1\/interface\/afp2/);
  await scheduler.commit([{ key: model.key('bd1'), value: null }]);
  assert.equal(scheduler.status(part)?.state, 'CONFIGURED');
});

test('an unnumbered interface follows its lender into another VRF, and loses the address with it', async (t) => {
  const scheduler = await everything();
  t.after(() => scheduler.close());
  await tell(scheduler);
  await scheduler.commit(changes);
  const key = registry.model('vpp.interfaces').key('loop1');
  const loop1 = changes.find((change) => change.key === key)!.value as Message;
  const touched = async (change: object) => {
    const { record } = await scheduler.commit([{ key, value: { ...loop1, ...change } }]);
    return record.executed
      .filter((done) => done.key.includes('/tap1') && !done.noop)
      .map((done) => `${done.operation} ${done.key}`);
  };
  const moved = await touched({ vrf: 0 });
  assert.ok(moved.includes('CREATE vpp/interface/tap1/vrf/from-interface/loop1'), moved.join('\n'));
  await touched({ ipAddresses: [] });
  assert.ok(unfinished(scheduler).includes('vpp/interface/unnumbered/tap1 PENDING an address on loop1'));
  await touched({});
  assert.deepEqual(unfinished(scheduler), []);
});
