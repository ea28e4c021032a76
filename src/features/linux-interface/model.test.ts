import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { Interface_Type as Type, InterfaceSchema } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { NetNamespace_ReferenceType as Reference } from '../../model/gen/ligato/linux/namespace/namespace_pb.js';
import { asKey } from '../../model/key.ts';
import { assertProblems, keyOf, labelsOf, partKeys } from '../testing.ts';
import { hostIfName, hostVrfKey, linuxInterface, linuxInterfaceKey, linuxInterfaceKinds } from './model.ts';

type Init = MessageInitShape<typeof InterfaceSchema>;
const dummy = (change: Init = {}) => create(InterfaceSchema, { name: 'pod1', type: Type.DUMMY, ...change });
const kindOf = (name: string) => linuxInterfaceKinds.find((kind) => kind.name === name)!;
const KEY = asKey('key');
const veth = (peerIfName: string): Init => ({ type: Type.VETH, link: { case: 'veth', value: { peerIfName } } });
const tap = (vppTapIfName: string): Init => ({ type: Type.TAP_TO_VPP, link: { case: 'tap', value: { vppTapIfName } } });
const vrf = (routingTable: number): Init => ({
  type: Type.VRF_DEVICE,
  link: { case: 'vrfDev', value: { routingTable } },
});

test('keys are those of the model', () => {
  assert.equal(keyOf(dummy()), linuxInterfaceKey('pod1'));
  assert.equal(linuxInterfaceKey('pod1'), 'config/linux/interfaces/v2/interface/pod1');
  assert.equal(hostVrfKey('eth0', 'red'), 'linux/interface/host-name/eth0/vrf-host-name/red');
});

test('wrong values are refused', () => {
  const existing = { type: Type.EXISTING };
  assertProblems(linuxInterface, InterfaceSchema, { name: 'pod1', type: Type.DUMMY }, [
    ['no name', { name: '' }, ['name']],
    ['no type', { type: Type.UNDEFINED }, ['type'], /VETH/],
    ['a logical name that is too long for Linux', { name: 'x'.repeat(20) }, ['host_if_name'], /20 bytes long/],
    ['the same with a host name', { name: 'x'.repeat(20), hostIfName: 'eth0' }, []],
    ['a logical name with a slash', { name: 'pod1/eth0' }, ['host_if_name']],
    ['a host name of 20 bytes', { hostIfName: 'x'.repeat(20) }, ['host_if_name'], /1-15 bytes/],
    ['a host name with a tab', { hostIfName: 'eth\t0' }, ['host_if_name']],
    ['an MTU beyond all', { mtu: 70_000 }, ['mtu'], /0-65535/],
    ['the MTU of a VRF device', { ...vrf(10), mtu: 65_575 }, []],
    ['the MTU of a VRF device elsewhere', { mtu: 65_575 }, ['mtu']],
    ['no MAC address', { physAddress: 'nonsense' }, ['phys_address']],
    ['a bad mask', { ipAddresses: ['fd00::1/129'] }, ['ip_addresses[0]'], /0-128/],
    ['a multicast address', { ipAddresses: ['224.0.0.1/24'] }, ['ip_addresses[0]']],
    ['an address twice', { ipAddresses: ['10.0.0.1', '10.0.0.1/32'] }, ['ip_addresses[1]']],
    ['an allocated address', { ipAddresses: ['alloc:net1'] }, []],
    ['an allocated gateway', { ipAddresses: ['alloc:net1/GW'] }, ['ip_addresses[0]']],
    [
      'a reference that somebody else assigns',
      { ...existing, linkOnly: true, ipAddresses: ['alloc:net1'] },
      ['ip_addresses[0]'],
      /link_only/,
    ],
    ['an existing interface', existing, []],
    [
      'an existing interface elsewhere',
      { ...existing, namespace: { type: Reference.NSID, reference: 'ns1' } },
      ['namespace'],
    ],
    ['an existing interface here', { ...existing, namespace: { type: Reference.FD, reference: '' } }, []],
    ['a VETH', veth('pod2'), []],
    ['a VETH without peer', veth(''), ['veth.peer_if_name']],
    ['a VETH to itself', veth('pod1'), ['veth.peer_if_name']],
    ['a VETH without parameters', { type: Type.VETH }, ['veth'], /VETH needs its parameters/],
    ['parameters of a VETH elsewhere', { ...veth('pod2'), type: Type.DUMMY }, ['veth'], /DUMMY/],
    ['a TAP of nothing', tap(''), ['tap.vpp_tap_if_name']],
    ['a VRF device', vrf(10), []],
    ['a VRF device without table', vrf(0), ['vrf_dev.routing_table']],
    ['a VRF device with a MAC address', { ...vrf(10), physAddress: '02:fe:00:00:00:01' }, ['phys_address']],
    ['a VRF device in another', { ...vrf(10), vrfMasterInterface: 'red' }, ['vrf_master_interface']],
    ['in its own VRF', { vrfMasterInterface: 'pod1' }, ['vrf_master_interface']],
    ['a loopback of another name', { type: Type.LOOPBACK, hostIfName: 'lo0' }, ['host_if_name'], /lo/],
    ['a loopback with a long logical name', { type: Type.LOOPBACK, name: 'x'.repeat(20) }, []],
  ]);
});

test('namespaces are checked', () => {
  const namespace = (type: Reference, reference: string): Init => ({ namespace: { type, reference } });
  assertProblems(linuxInterface, InterfaceSchema, { name: 'pod1', type: Type.DUMMY }, [
    ['a named one', namespace(Reference.NSID, 'ns1'), []],
    ['one without name', namespace(Reference.NSID, ''), ['namespace.reference'], /required/],
    ['a name that is a path', namespace(Reference.NSID, 'a/b'), ['namespace.reference'], /FD/],
    ['a name that leads out', namespace(Reference.NSID, '..'), ['namespace.reference']],
    ['a process', namespace(Reference.PID, '17'), []],
    ['no process', namespace(Reference.PID, '0'), ['namespace.reference'], /1-4194304/],
    ['a process in words', namespace(Reference.PID, 'init'), ['namespace.reference']],
    ['a file', namespace(Reference.FD, '/proc/1/ns/net'), []],
    ['a relative path', namespace(Reference.FD, 'ns/net'), ['namespace.reference'], /absolute/],
    ['a container', namespace(Reference.MICROSERVICE, 'web'), []],
    ['a reference without type', namespace(Reference.UNDEFINED, 'ns1'), ['namespace.reference'], /type/],
    ['an unknown type', namespace(99 as Reference, 'ns1'), ['namespace.type']],
  ]);
});

test('parts have the keys of Ligato', () => {
  const value = dummy({ enabled: true, ipAddresses: ['10.0.0.1/24', 'alloc:net1'], vrfMasterInterface: 'red' });
  assert.deepEqual(partKeys(linuxInterface, value), [
    'linux/interface/state/pod1/UP',
    'linux/interface/pod1/vrf/red',
    'linux/interface/pod1/address/static/10.0.0.1/24',
    'linux/interface/pod1/address/alloc_ref/alloc:net1',
  ]);
  assert.deepEqual(partKeys(linuxInterface, dummy()), ['linux/interface/state/pod1/DOWN']);
});

test('link_only decides who assigns addresses', () => {
  const addresses = (type: Type, linkOnly: boolean) => {
    const value = dummy({
      type,
      linkOnly,
      hostIfName: 'eth0',
      ipAddresses: ['10.0.0.1/24'],
      vrfMasterInterface: 'red',
    });
    return linuxInterface.parts!(KEY, value).flatMap(({ key, kind, value: part }) =>
      kind === undefined ? [] : [[key.slice('linux/interface/pod1/'.length), labelsOf(kindOf(kind), part)]],
    );
  };
  assert.deepEqual(
    addresses(Type.DUMMY, true),
    [['vrf/red', ['Linux interface red']]],
    'left to others, not waited for',
  );
  assert.deepEqual(addresses(Type.EXISTING, false), [
    ['vrf/red', ['Linux interface red']],
    ['address/static/10.0.0.1/24', ['pod1 in VRF red', 'host interface eth0']],
  ]);
  assert.deepEqual(addresses(Type.EXISTING, true), [
    ['vrf/red', ['Linux interface red', 'host interface eth0 in a VRF']],
    ['address/existing/10.0.0.1/24', ['pod1 in VRF red', 'address 10.0.0.1/24 on host interface eth0']],
  ]);
});

test('an interface waits for its namespace, its other end and its device', () => {
  assert.deepEqual(labelsOf(linuxInterface, dummy()), []);
  assert.deepEqual(labelsOf(linuxInterface, dummy(veth('pod2'))), ['VETH peer pod2']);
  assert.deepEqual(labelsOf(linuxInterface, dummy(tap('tap1'))), ['TAP interface tap1']);
  assert.deepEqual(labelsOf(linuxInterface, dummy({ type: Type.EXISTING })), ['host interface pod1']);
  const namespace = { type: Reference.MICROSERVICE, reference: 'web' };
  assert.deepEqual(labelsOf(linuxInterface, dummy({ namespace })), ['microservice web']);
});

test('a host name is taken once in a namespace', () => {
  const claims = (change: Init) => linuxInterface.claims!(KEY, dummy(change));
  const ns1 = { type: Reference.NSID, reference: 'ns1' };
  assert.deepEqual(claims({ name: 'a', hostIfName: 'eth0' }), claims({ name: 'eth0' }));
  assert.notDeepEqual(claims({ hostIfName: 'eth0' }), claims({ hostIfName: 'eth0', namespace: ns1 }));
  assert.deepEqual(claims({ type: Type.LOOPBACK, name: 'a' }), claims({ type: Type.LOOPBACK, name: 'b' }));
  assert.deepEqual(claims({ ...vrf(10) }).slice(1), ["routing table 10 in the agent's namespace"]);
  assert.equal(hostIfName(dummy({ type: Type.LOOPBACK })), 'lo');
});

test('interfaces are the same whatever the spelling and whatever is not wished for', () => {
  const same = (left: Init, right: Init) => linuxInterface.equivalent!(KEY, dummy(left), dummy(right));
  assert.ok(same({ ipAddresses: ['10.0.0.1', 'fd00::1/64'] }, { ipAddresses: ['FD00:0::1/64', '10.0.0.1/32'] }));
  assert.ok(same({ hostIfName: 'pod1' }, {}));
  assert.ok(!same({ hostIfName: 'eth0' }, {}));
  assert.ok(same({ mtu: 9000, physAddress: '02:fe:00:00:00:01' }, {}));
  assert.ok(!same({}, { mtu: 9000 }));
  assert.ok(same({ namespace: { type: Reference.FD, reference: '' } }, {}));
  assert.ok(!same({ namespace: { type: Reference.NSID, reference: 'ns1' } }, {}));
  assert.ok(!same(veth('pod2'), veth('pod3')));
});
