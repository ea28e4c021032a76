import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { DHCPLeaseSchema } from '../../model/gen/ligato/vpp/interfaces/dhcp_pb.js';
import {
  BondLink_LoadBalance as LoadBalance,
  BondLink_Mode as BondMode,
  GreLink_Type as GreType,
  Interface_RxMode_Type as RxMode,
  Interface_Type as Type,
  InterfaceSchema,
  IPIPLink_Mode as IpipMode,
  SubInterface_TagRewriteOptions as TagRewrite,
  VxlanLink_Gpe_Protocol as Gpe,
} from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { asKey } from '../../model/key.ts';
import { assertProblems, keyOf, labelsOf, partAt, partKeys } from '../testing.ts';
import { interfaceKey, interfaceKinds, vppInterface } from './model.ts';

type Init = MessageInitShape<typeof InterfaceSchema>;
const tap = (change: Init = {}) => create(InterfaceSchema, { name: 'tap1', type: Type.TAP, ...change });
const kindOf = (name: string) => interfaceKinds.find((kind) => kind.name === name)!;
const KEY = asKey('key');

test('the key of an interface is its name behind the prefix', () => {
  for (const name of ['tap1', 'GigabitEthernet0/8/0']) assert.equal(keyOf(tap({ name })), interfaceKey(name));
  assert.equal(interfaceKey('tap1'), 'config/vpp/v2/interfaces/tap1');
});

test('fields that all types share are checked', () => {
  assertProblems(vppInterface, InterfaceSchema, { name: 'tap1', type: Type.TAP }, [
    ['no name', { name: '' }, ['name'], /required/],
    ['the longest name', { name: 'x'.repeat(63) }, []],
    ['a name too long', { name: 'x'.repeat(64) }, ['name'], /at most 63/],
    ['a name too long in bytes', { name: 'ü'.repeat(32) }, ['name'], /64 bytes/],
    ['a name that leads out of its key', { name: '../tap1' }, ['name']],
    ['a name with a line break', { name: 'tap\n1' }, ['name']],
    ['no type', { type: Type.UNDEFINED_TYPE }, ['type'], /TAP/],
    ['an unknown type', { type: 99 as Type }, ['type'], /99/],
    ['an MTU beyond jumbo frames', { mtu: 70_000 }, ['mtu'], /70000 is not in 0-9216 \(bytes\)/],
    ['the largest MTU', { mtu: 9216 }, []],
    ['a MAC address', { physAddress: '02:FE:00:00:00:01' }, []],
    ['a MAC address that is too short', { physAddress: '02:fe:00:00:00' }, ['phys_address']],
    ['a multicast MAC address', { physAddress: '01:00:5e:00:00:01' }, ['phys_address'], /multicast/],
    ['no MAC address of a device', { physAddress: '00:00:00:00:00:00' }, ['phys_address']],
    ['addresses of both families', { ipAddresses: ['10.0.0.1/24', '2001:db8::1/64', '10.0.1.1'] }, []],
    ['a mask that is too long', { ipAddresses: ['10.0.0.1/24', '10.0.1.1/33'] }, ['ip_addresses[1]'], /0-32/],
    ['no address', { ipAddresses: ['10.0.0'] }, ['ip_addresses[0]'], /192\.0\.2\.0\/24/],
    ['the unspecified address', { ipAddresses: ['0.0.0.0/8'] }, ['ip_addresses[0]']],
    ['an address twice', { ipAddresses: ['2001:db8::1/64', '2001:DB8:0::1/64'] }, ['ip_addresses[1]'], /\[0\]/],
    ['a reference to an allocation', { ipAddresses: ['alloc:net1', 'alloc:net2/tap2'] }, []],
    ['a reference to a gateway', { ipAddresses: ['alloc:net1/GW'] }, ['ip_addresses[0]'], /gateway/],
    ['half a reference', { ipAddresses: ['alloc:'] }, ['ip_addresses[0]'], /alloc:NETWORK/],
    [
      'addresses on an unnumbered interface',
      { unnumbered: { interfaceWithIp: 'lo' }, ipAddresses: ['10.0.0.1/24'] },
      ['ip_addresses'],
    ],
    ['unnumbered and DHCP', { unnumbered: { interfaceWithIp: 'lo' }, setDhcpClient: true }, ['set_dhcp_client']],
    ['unnumbered by itself', { unnumbered: { interfaceWithIp: 'tap1' } }, ['unnumbered.interface_with_ip']],
    ['a queue placed twice', { rxPlacements: [{ queue: 1 }, { queue: 1, worker: 1 }] }, ['rx_placements[1].queue']],
    ['an unknown receive mode', { rxModes: [{ mode: RxMode.UNKNOWN }] }, ['rx_modes[0].mode'], /POLLING/],
    [
      'a receive mode twice',
      {
        rxModes: [
          { queue: 1, mode: RxMode.POLLING },
          { queue: 1, mode: RxMode.ADAPTIVE },
        ],
      },
      ['rx_modes[1]'],
    ],
    ['interrupts of DPDK', { type: Type.DPDK, rxModes: [{ mode: RxMode.INTERRUPT }] }, ['rx_modes[0].mode'], /POLLING/],
  ]);
});

test('parameters have to fit the type', () => {
  const loopback = { name: 'if1', type: Type.SOFTWARE_LOOPBACK };
  assertProblems(vppInterface, InterfaceSchema, loopback, [
    ['parameters of a loopback', { link: { case: 'tap', value: {} } }, ['tap'], /no parameters/],
    ['parameters of another type', { type: Type.MEMIF, link: { case: 'vmxNet3', value: {} } }, ['vmx_net3'], /memif/],
    ['no parameters of a tunnel', { type: Type.VXLAN_TUNNEL }, ['vxlan'], /needs its parameters/],
    ['no parameters of a TAP', { type: Type.TAP }, []],
    ['a PCI address', { type: Type.VMXNET3_INTERFACE, name: 'vmxnet3-0/3/1f/7' }, []],
    ['no PCI address', { type: Type.VMXNET3_INTERFACE, name: 'vmxnet3-0/3/20/0' }, ['name'], /hexadecimal/],
  ]);
});

test('parameters of links are checked', () => {
  const sub = (value: object): Init => ({
    type: Type.SUB_INTERFACE,
    link: { case: 'sub', value: { parentName: 'eth0', subId: 10, ...value } },
  });
  const memif = (value: object): Init => ({ type: Type.MEMIF, link: { case: 'memif', value } });
  const tapLink = (value: object): Init => ({ type: Type.TAP, link: { case: 'tap', value } });
  const afpacket = (value: object): Init => ({ type: Type.AF_PACKET, link: { case: 'afpacket', value } });
  const bond = (value: object): Init => ({
    type: Type.BOND_INTERFACE,
    link: { case: 'bond', value: { mode: BondMode.XOR, ...value } },
  });
  const rdma = (value: object): Init => ({
    type: Type.RDMA,
    link: { case: 'rdma', value: { hostIfName: 'eth0', ...value } },
  });
  assertProblems(vppInterface, InterfaceSchema, { name: 'if1', type: Type.TAP }, [
    ['a VLAN', sub({}), []],
    ['VLAN 4095', sub({ subId: 4095 }), ['sub.sub_id'], /1-4094/],
    ['no parent', sub({ parentName: '' }), ['sub.parent_name']],
    ['its own parent', sub({ parentName: 'if1' }), ['sub.parent_name']],
    ['a tag that is too large', sub({ tagRwOption: TagRewrite.PUSH2, tag1: 1, tag2: 4095 }), ['sub.tag2']],
    ['a tag that is not used', sub({ tagRwOption: TagRewrite.POP1, tag1: 5000 }), []],
    ['a ring of 1000', memif({ ringSize: 1000 }), ['memif.ring_size'], /power of two/],
    ['256 queues', memif({ rxQueues: 256 }), ['memif.rx_queues'], /1-255/],
    ['a long secret', memif({ secret: 'x'.repeat(25) }), ['memif.secret'], /24/],
    ['a long socket path', memif({ socketFilename: `/${'x'.repeat(107)}` }), ['memif.socket_filename'], /107/],
    ['TAP version 0', tapLink({ version: 0 }), []],
    ['TAP version 2', tapLink({ version: 2 }), []],
    ['TAP version 1', tapLink({ version: 1 }), ['tap.version'], /2 is/],
    ['a host name of 15 bytes', tapLink({ hostIfName: 'x'.repeat(15) }), []],
    ['a host name of 20 bytes', tapLink({ hostIfName: 'x'.repeat(20) }), ['tap.host_if_name'], /1-15 bytes/],
    ['a host name with a slash', tapLink({ hostIfName: 'eth0/1' }), ['tap.host_if_name']],
    ['a host name with a blank', tapLink({ hostIfName: 'eth 0' }), ['tap.host_if_name']],
    ['a host name with a colon', tapLink({ hostIfName: 'eth0:1' }), ['tap.host_if_name']],
    ['no host interface', afpacket({}), ['afpacket.host_if_name'], /required/],
    ['a Linux interface', afpacket({ linuxInterface: 'a-long-logical-name' }), []],
    ['no mode of a bond', bond({ mode: BondMode.UNKNOWN }), ['bond.mode']],
    ['a hash for round robin', bond({ mode: BondMode.ROUND_ROBIN, lb: LoadBalance.L34 }), ['bond.lb'], /XOR and LACP/],
    ['round robin for XOR', bond({ lb: LoadBalance.RR }), ['bond.lb'], /L2, L34, L23/],
    ['the number that lets VPP choose', bond({ id: 0xffff_ffff }), ['bond.id'], /not in 0-4294967294/],
    ['a member twice', bond({ bondedInterfaces: [{ name: 'a' }, { name: 'a' }] }), ['bond.bonded_interfaces[1].name']],
    ['the bond as its member', bond({ bondedInterfaces: [{ name: 'if1' }] }), ['bond.bonded_interfaces[0].name']],
    ['queues of 65536', rdma({ rxqSize: 65_536, txqSize: 100 }), ['rdma.rxq_size', 'rdma.txq_size']],
    ['no card', rdma({ hostIfName: '' }), ['rdma.host_if_name']],
  ]);
});

test('parameters of tunnels are checked', () => {
  const ends = { srcAddr: '10.0.0.1', dstAddr: '10.0.0.2' };
  const vxlan = (value: object): Init => ({
    type: Type.VXLAN_TUNNEL,
    link: { case: 'vxlan', value: { srcAddress: '10.0.0.1', dstAddress: '10.0.0.2', vni: 5, ...value } },
  });
  const gre = (value: object): Init => ({
    type: Type.GRE_TUNNEL,
    link: { case: 'gre', value: { ...ends, tunnelType: GreType.L3, ...value } },
  });
  const gtpu = (value: object): Init => ({
    type: Type.GTPU_TUNNEL,
    link: { case: 'gtpu', value: { ...ends, ...value } },
  });
  const ipip = (value: object): Init => ({
    type: Type.IPIP_TUNNEL,
    link: { case: 'ipip', value: { ...ends, ...value } },
  });
  const wireguard = (value: object): Init => ({
    type: Type.WIREGUARD_TUNNEL,
    link: {
      case: 'wireguard',
      value: { privateKey: `${'A'.repeat(43)}=`, port: 51_820, srcAddr: '10.0.0.1', ...value },
    },
  });
  assertProblems(vppInterface, InterfaceSchema, { name: 'if1', type: Type.TAP }, [
    ['a VXLAN', vxlan({}), []],
    ['the largest VNI', vxlan({ vni: 16_777_215 }), []],
    ['a VNI of 25 bits', vxlan({ vni: 16_777_216 }), ['vxlan.vni'], /0-16777215/],
    ['ends of two families', vxlan({ dstAddress: '2001:db8::1' }), ['vxlan.dst_address'], /IPv6.*IPv4/],
    ['both ends the same', vxlan({ dstAddress: '10.0.0.1' }), ['vxlan.dst_address']],
    ['no far end', vxlan({ dstAddress: '' }), ['vxlan.dst_address']],
    ['a group without a carrier', vxlan({ dstAddress: '239.0.0.1' }), ['vxlan.multicast'], /239\.0\.0\.1 is required/],
    ['a group', vxlan({ dstAddress: '239.0.0.1', multicast: 'eth0' }), []],
    ['a carrier without a group', vxlan({ multicast: 'eth0' }), ['vxlan.multicast'], /not a multicast group/],
    ['GPE of no protocol', vxlan({ gpe: {} }), ['vxlan.gpe.protocol']],
    ['a VRF for frames', vxlan({ gpe: { protocol: Gpe.ETHERNET, decapVrfId: 1 } }), ['vxlan.gpe.decap_vrf_id']],
    ['a VRF for packets', vxlan({ gpe: { protocol: Gpe.IP6, decapVrfId: 1 } }), []],
    ['no type of GRE', gre({ tunnelType: GreType.UNKNOWN }), ['gre.tunnel_type'], /L3, TEB, ERSPAN/],
    ['a session of ERSPAN', gre({ tunnelType: GreType.ERSPAN, sessionId: 1023 }), []],
    ['a session that is too large', gre({ tunnelType: GreType.ERSPAN, sessionId: 1024 }), ['gre.session_id']],
    ['a session of L3', gre({ sessionId: 1 }), ['gre.session_id'], /ERSPAN/],
    ['a GTP-U group', gtpu({ dstAddr: '239.0.0.1', multicast: 'if1' }), ['gtpu.multicast'], /itself/],
    ['an IPIP without far end', ipip({ dstAddr: '' }), ['ipip.dst_addr']],
    ['several peers and a far end', ipip({ tunnelMode: IpipMode.POINT_TO_MULTIPOINT }), ['ipip.dst_addr']],
    ['several peers', ipip({ tunnelMode: IpipMode.POINT_TO_MULTIPOINT, dstAddr: '' }), []],
    ['a WireGuard', wireguard({}), []],
    ['a short key', wireguard({ privateKey: 'short' }), ['wireguard.private_key'], /44 characters/],
    ['a port beyond UDP', wireguard({ port: 70_000 }), ['wireguard.port']],
  ]);
});

test('no problem repeats a secret', () => {
  const link = { case: 'wireguard' as const, value: { privateKey: 'not-the-right-length', srcAddr: '10.0.0.1' } };
  const value = create(InterfaceSchema, { name: 'wg1', type: Type.WIREGUARD_TUNNEL, link });
  assert.doesNotMatch(JSON.stringify(vppInterface.validate!(KEY, value)), /not-the-right-length/);
  const memif = { case: 'memif' as const, value: { secret: 'a-secret-that-is-far-too-long' } };
  const wrong = create(InterfaceSchema, { name: 'm1', type: Type.MEMIF, link: memif });
  assert.doesNotMatch(JSON.stringify(vppInterface.validate!(KEY, wrong)), /a-secret/);
});

test('an interface has parts with the keys of Ligato', () => {
  const ipAddresses = ['10.0.0.1/24', '2001:DB8::1/64', 'alloc:net1'];
  assert.deepEqual(partKeys(vppInterface, tap({ ipAddresses, vrf: 3 })), [
    'vpp/interface/tap1/vrf/3/ip-version/both',
    'vpp/interface/tap1/address/static/10.0.0.1/24',
    'vpp/interface/tap1/address/static/2001:db8::1/64',
    'vpp/interface/tap1/address/alloc_ref/alloc:net1',
    'vpp/interface/tap1/has-IP-address',
  ]);
  assert.deepEqual(partKeys(vppInterface, tap()), []);
  assert.deepEqual(partKeys(vppInterface, tap({ unnumbered: { interfaceWithIp: 'lo1' }, vrf: 3 })), [
    'vpp/interface/tap1/vrf/from-interface/lo1',
    'vpp/interface/unnumbered/tap1',
  ]);
  const features: Init = {
    setDhcpClient: true,
    ip6Nd: { addressAutoconfig: true },
    rxModes: [{ defaultMode: true, mode: RxMode.POLLING }],
    rxPlacements: [{ queue: 2, worker: 1 }],
  };
  assert.deepEqual(partKeys(vppInterface, tap(features)).toSorted(), [
    'vpp/interface/dhcp-client/tap1',
    'vpp/interface/ip6nd/tap1',
    'vpp/interface/tap1/has-IP-address',
    'vpp/interface/tap1/rx-modes',
    'vpp/interface/tap1/rx-placement/queue/2',
    'vpp/interface/tap1/vrf/0/ip-version/both',
  ]);
  const bonded = { case: 'bond' as const, value: { bondedInterfaces: [{ name: 'eth0', isPassive: true }] } };
  assert.deepEqual(partKeys(vppInterface, tap({ name: 'bond1', link: bonded })), ['vpp/bond/bond1/interface/eth0/']);
});

test('an interface is in its VRF for the families it has', () => {
  const vrfOf = (change: Init) =>
    vppInterface.parts!(KEY, tap(change)).flatMap(({ kind, key, value }) =>
      kind === 'vpp.interfaces.vrf'
        ? [[key.slice('vpp/interface/tap1/vrf/'.length), labelsOf(kindOf(kind), value)]]
        : [],
    );
  assert.deepEqual(vrfOf({ ipAddresses: ['10.0.0.1/24'] }), [['0/ip-version/v4', []]]);
  assert.deepEqual(vrfOf({ ipAddresses: ['fd00::1/64'], vrf: 2 }), [['2/ip-version/v6', ['VRF 2 (IPv6)']]]);
  assert.deepEqual(vrfOf({ setDhcpClient: true, vrf: 2 }), [['2/ip-version/v4', ['VRF 2 (IPv4)']]]);
  assert.deepEqual(vrfOf({ vrf: 2 }), [['2/ip-version/both', ['VRF 2']]]);
  assert.deepEqual(vrfOf({ ipAddresses: ['alloc:net1'], vrf: 2 }), [['2/ip-version/both', ['VRF 2']]]);
  assert.deepEqual(vrfOf({ ipAddresses: ['alloc:net1', '10.0.0.1/24'], vrf: 2 }), [
    ['2/ip-version/both', ['VRF 2 (IPv4)']],
  ]);
  const link = { case: 'vxlan' as const, value: { srcAddress: 'fd00::1', dstAddress: 'fd00::2' } };
  assert.deepEqual(vrfOf({ link, vrf: 2 }), [['2/ip-version/v6', ['VRF 2 (IPv6)']]]);
  const outer = partAt(vppInterface, tap({ link, vrf: 2 }), 'vpp/interface/tap1/vrf/2/ip-version/v6');
  assert.equal((outer as { outerOnly: boolean }).outerOnly, true);
});

test('parts wait for what they need', () => {
  const value = tap({ ipAddresses: ['10.0.0.1/24', 'alloc:net1'], unnumbered: undefined });
  const labels = Object.fromEntries(
    vppInterface.parts!(KEY, value).map((part) => [part.key, labelsOf(kindOf(part.kind!), part.value)]),
  );
  assert.deepEqual(labels, {
    'vpp/interface/tap1/vrf/0/ip-version/both': [],
    'vpp/interface/tap1/address/static/10.0.0.1/24': ['VRF of interface tap1'],
    'vpp/interface/tap1/address/alloc_ref/alloc:net1': ['VRF of interface tap1', 'allocation net1/tap1'],
    'vpp/interface/tap1/has-IP-address': ['an address on tap1'],
  });
  const borrower = tap({ unnumbered: { interfaceWithIp: 'lo1' } });
  assert.deepEqual(
    vppInterface.parts!(KEY, borrower).map((part) => labelsOf(kindOf(part.kind!), part.value)),
    [['VRF of interface lo1'], ['an address on lo1', 'VRF of interface tap1']],
  );
});

test('a DHCP lease is an address of its interface', () => {
  const lease = create(DHCPLeaseSchema, { interfaceName: 'tap1', hostIpAddress: '10.0.0.7/24' });
  const kind = kindOf('vpp.interfaces.dhcp-lease');
  assert.deepEqual(partKeys(kind, lease), ['vpp/interface/tap1/address/from_dhcp/10.0.0.7/24']);
});

test('an interface waits for what its parameters refer to', () => {
  const labels = (link: Init['link']) => labelsOf(vppInterface, tap({ link }));
  assert.deepEqual(labels({ case: 'sub', value: { parentName: 'eth0' } }), ['interface eth0']);
  assert.deepEqual(labels({ case: 'tap', value: { toMicroservice: 'web' } }), ['microservice web']);
  assert.deepEqual(labels({ case: 'afpacket', value: { linuxInterface: 'veth1' } }), ['Linux interface veth1']);
  assert.deepEqual(labels({ case: 'afpacket', value: { hostIfName: 'eth0' } }), []);
  const gpe = { protocol: Gpe.IP6, decapVrfId: 7 };
  assert.deepEqual(labels({ case: 'vxlan', value: { multicast: 'eth0', gpe } }), ['interface eth0', 'VRF 7 (IPv6)']);
  assert.deepEqual(labels({ case: 'gtpu', value: { srcAddr: '10.0.0.1', encapVrfId: 7 } }), ['VRF 7 (IPv4)']);
  assert.deepEqual(labels({ case: 'gre', value: { srcAddr: 'fd00::1', outerFibId: 7 } }), ['VRF 7 (IPv6)']);
});

test('what no two interfaces can have is claimed', () => {
  const claims = (link: Init['link']) => vppInterface.claims!(KEY, tap({ link }));
  const vxlan = { srcAddress: '10.0.0.1', dstAddress: '10.0.0.2', vni: 5 };
  assert.deepEqual(
    claims({ case: 'vxlan', value: vxlan }),
    claims({ case: 'vxlan', value: { ...vxlan, multicast: 'x' } }),
  );
  assert.notDeepEqual(claims({ case: 'vxlan', value: vxlan }), claims({ case: 'vxlan', value: { ...vxlan, vni: 6 } }));
  assert.deepEqual(claims({ case: 'bond', value: { id: 3 } }), ['bond number 3']);
  assert.deepEqual(claims({ case: 'sub', value: { parentName: 'eth0', subId: 3 } }), ['VLAN 3 of interface eth0']);
  assert.deepEqual(kindOf('vpp.interfaces.bond-member').claims!(KEY, { interface: 'eth0' }), [
    'interface eth0 in a bond',
  ]);
});

test('interfaces are the same whatever the spelling and whatever is not wished for', () => {
  const same = (left: Init, right: Init) => vppInterface.equivalent!(KEY, tap(left), tap(right));
  assert.ok(same({ ipAddresses: ['10.0.0.1/24', 'fd00::1/64'] }, { ipAddresses: ['FD00:0::1/64', '10.0.0.1/24'] }));
  assert.ok(!same({ ipAddresses: ['10.0.0.1/24'] }, { ipAddresses: ['10.0.0.1/25'] }));
  assert.ok(!same({ ipAddresses: ['10.0.0.1/24'] }, { ipAddresses: [] }));
  assert.ok(same({ physAddress: '02:FE:00:00:00:01' }, { physAddress: '02:fe:00:00:00:01' }));
  assert.ok(same({ physAddress: '02:fe:00:00:00:01', mtu: 1400 }, {}), 'nothing is wished for');
  assert.ok(!same({}, { physAddress: '02:fe:00:00:00:01' }));
  assert.ok(!same({}, { mtu: 1400 }));
  assert.ok(!same({ enabled: true }, {}));
  const vxlan = (dstAddress: string): Init => ({
    link: { case: 'vxlan', value: { srcAddress: 'fd00::1', dstAddress } },
  });
  assert.ok(same(vxlan('fd00::2'), vxlan('FD00:0:0::2')));
  assert.ok(!same(vxlan('fd00::2'), vxlan('fd00::3')));
  assert.ok(!same(vxlan('fd00::2'), {}));
});
