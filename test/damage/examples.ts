import type { Example, Scene } from './example.ts';

const vpp = (more: string) => `vppConfig: { ${more} }`;
const noVrf = (name: string, version: 'v4' | 'v6' | 'both') => `vpp/interface/${name}/vrf/0/ip-version/${version}`;
const interfaces = (...all: readonly string[]) => vpp(`interfaces: [${all.join(', ')}]`);
const loopback = (name: string, addresses: string, more = '') =>
  `{ name: ${name}, type: SOFTWARE_LOOPBACK, enabled: true, ipAddresses: [${addresses}] ${more} }`;
const host = (scene: Scene, name: string, subnet: number) => ({
  tap: scene.tap(name, `10.${subnet}.0.1/24, "fd0${subnet}::1/64"`),
  end: scene.end(name, `10.${subnet}.0.2/24, "fd0${subnet}::2/64"`),
});
/** TAPs in subnets 1, 2, ... with a host at the other end of each. */
const wired = (...names: readonly string[]) => wiredWith('', ...names);
const wiredWith = (more: string, ...names: readonly string[]) => ({
  hosts: names,
  around(scene: Scene): string {
    const all = names.map((name, index) => host(scene, name, index + 1));
    return `
vppConfig: { interfaces: [${all.map(({ tap }) => tap).join(', ')}]${more} }
linuxConfig: { interfaces: [${all.map(({ end }) => end).join(', ')}] }
`;
  },
});
const translated = `
  interfaces: [${loopback('out', '198.51.100.1/24')}, ${loopback('in', '10.1.0.1/24')}]
  nat44Global: { forwarding: true }`;

const association = (index: number, spi: number, ...ends: readonly string[]) =>
  `{ index: ${index}, spi: ${spi}, protocol: ESP, cryptoAlg: AES_GCM_128, cryptoKey: "000102030405060708090a0b0c0d0e0f", cryptoSalt: 7${
    ends.length === 0 ? '' : `, tunnelSrcAddr: ${ends[0]}, tunnelDstAddr: ${ends[1]}`
  } }`;
const networks =
  'localAddrStart: 10.1.0.0, localAddrStop: 10.1.0.255, remoteAddrStart: 10.9.0.0, remoteAddrStop: 10.9.0.255';

/** By the order of the models in the table of what is supported. */
export const examples: readonly Example[] = [
  {
    title: 'a Linux interface on a TAP, with addresses',
    hosts: ['a'],
    around: (scene) => interfaces(scene.tap('a', '10.1.0.1/24')),
    object: (scene) => `linuxConfig: { interfaces: [${scene.end('a', '10.1.0.2/24, "fd01::2/64"')}] }`,
  },
  {
    title: 'a VETH pair',
    hosts: ['a', 'b'],
    object: (scene) => `linuxConfig:
  interfaces:
    - { name: one, type: VETH, enabled: true, namespace: ${scene.placeOf('a')}, hostIfName: eth1, ipAddresses: [10.1.0.1/24], veth: { peerIfName: two } }
    - { name: two, type: VETH, enabled: true, namespace: ${scene.placeOf('b')}, hostIfName: eth1, veth: { peerIfName: one } }`,
  },
  {
    title: 'a Linux interface in a VRF',
    kernel: ['vrf', 'dummy'],
    hosts: ['a'],
    object: (scene) => `linuxConfig:
  interfaces:
    - { name: red, type: VRF_DEVICE, enabled: true, namespace: ${scene.placeOf('a')}, vrfDev: { routingTable: 10 } }
    - { name: two, type: DUMMY, enabled: true, namespace: ${scene.placeOf('a')}, vrfMasterInterface: red, ipAddresses: [10.1.0.1/24] }`,
  },
  {
    title: 'a loopback with addresses and IPv6 router advertisements',
    object: () => interfaces(loopback('loop', '10.1.0.1/24, "fd01::1/64"', ', ip6Nd: { addressAutoconfig: true }')),
    nothing: [noVrf('loop', 'both')],
    unseen: ['vpp/interface/ip6nd/loop'],
  },
  {
    title: 'an interface with a borrowed address',
    hosts: ['a'],
    around: () => interfaces(loopback('loop', '10.1.0.1/24')),
    object: (scene) => interfaces(scene.tap('a', '', ', unnumbered: { interfaceWithIp: loop }')),
    nothing: ['vpp/interface/a/vrf/from-interface/loop'],
  },
  {
    title: 'a VXLAN tunnel',
    around: () => interfaces(loopback('loop', '192.0.2.1/24')),
    object: () =>
      interfaces(
        '{ name: vxlan, type: VXLAN_TUNNEL, enabled: true, vxlan: { srcAddress: 192.0.2.1, dstAddress: 192.0.2.2, vni: 5 } }',
      ),
    nothing: [noVrf('vxlan', 'v4')],
  },
  {
    title: 'an interface that asks for its address',
    commands: ['busybox'],
    hosts: ['a'],
    object: (scene) => interfaces(scene.tap('a', '', ', setDhcpClient: true')),
    program: 'udhcpc',
  },
  {
    title: 'interfaces in a VRF, their own and a borrowed one',
    kernel: ['vrf'],
    hosts: ['a'],
    around: () => vpp('vrfs: [{ id: 10 }]'),
    object: (scene) =>
      interfaces(
        loopback('loop', '10.1.0.1/24', ', vrf: 10'),
        scene.tap('a', '', ', unnumbered: { interfaceWithIp: loop }'),
      ),
  },
  {
    title: 'a bond of two interfaces',
    kernel: ['bond'],
    hosts: ['a', 'b'],
    around: (scene) => interfaces(scene.tap('a', ''), scene.tap('b', '')),
    object: () =>
      interfaces(
        '{ name: bond, type: BOND_INTERFACE, enabled: true, bond: { id: 1, mode: ROUND_ROBIN, bondedInterfaces: [{ name: a }, { name: b }] } }',
      ),
  },
  {
    title: 'VLANs and tunnels',
    kernel: ['vlan', 'gre', 'ipip'],
    around: () => interfaces(loopback('loop', '192.0.2.1/24')),
    object: () =>
      interfaces(
        '{ name: vlan, type: SUB_INTERFACE, enabled: true, sub: { parentName: loop, subId: 10 } }',
        '{ name: gre, type: GRE_TUNNEL, enabled: true, gre: { tunnelType: L3, srcAddr: 192.0.2.1, dstAddr: 192.0.2.2 } }',
        '{ name: ipip, type: IPIP_TUNNEL, enabled: true, ipip: { srcAddr: 192.0.2.1, dstAddr: 192.0.2.3 } }',
      ),
    nothing: [noVrf('ipip', 'v4')],
  },
  {
    title: 'a bridge domain with ports and ARP termination',
    hosts: ['a'],
    around: (scene) => interfaces(loopback('bvi', '10.1.0.1/24'), scene.tap('a', '')),
    object: () =>
      vpp(`bridgeDomains: [{ name: lan, learn: true, flood: true, forward: true, arpTermination: true,
        interfaces: [{ name: bvi, bridgedVirtualInterface: true }, { name: a, splitHorizonGroup: 1 }],
        arpTerminationTable: [{ ipAddress: 10.1.0.9, physAddress: "02:00:00:00:00:09" },
          { ipAddress: "fd01::9", physAddress: "02:00:00:00:00:09" }] }]`),
  },
  {
    title: 'entries of a forwarding table',
    hosts: ['a'],
    around: (scene) =>
      `${interfaces(scene.tap('a', ''))}
`.replace(
        '] }',
        '], bridgeDomains: [{ name: lan, learn: true, flood: true, forward: true, interfaces: [{ name: a }] }] }',
      ),
    object: () =>
      vpp(`fibs: [{ bridgeDomain: lan, physAddress: "02:00:00:00:00:09", outgoingInterface: a, staticConfig: true },
        { bridgeDomain: lan, physAddress: "02:00:00:00:00:0a", action: DROP }]`),
  },
  {
    title: 'a cross-connect',
    hosts: ['a', 'b'],
    around: (scene) => interfaces(scene.tap('a', ''), scene.tap('b', '')),
    object: () => vpp('xconnectPairs: [{ receiveInterface: a, transmitInterface: b }]'),
  },
  {
    title: 'tables of VRFs',
    kernel: ['vrf'],
    object: () => vpp('vrfs: [{ id: 10, protocol: IPV4 }, { id: 20, protocol: IPV6 }]'),
  },
  {
    title: 'routes, one of them with two next hops',
    ...wired('a', 'b'),
    object: () =>
      vpp(`routes: [{ dstNetwork: 10.9.0.0/16, nextHopAddr: 10.1.0.2 }, { dstNetwork: 10.9.0.0/16, nextHopAddr: 10.2.0.2 },
        { type: DROP, dstNetwork: "fd09::/64" }]`),
  },
  {
    title: 'a neighbour',
    ...wired('a'),
    object: () => vpp('arps: [{ interface: a, ipAddress: 10.1.0.9, physAddress: "02:00:00:00:00:09", static: true }]'),
  },
  {
    title: 'proxy ARP',
    ...wired('a', 'b'),
    object: () =>
      vpp('proxyArp: { interfaces: [{ name: a }], ranges: [{ firstIpAddr: 10.2.0.8, lastIpAddr: 10.2.0.9 }] }'),
  },
  {
    title: 'access lists of both sorts',
    ...wired('a', 'b'),
    object: () =>
      vpp(`acls: [{ name: web, rules: [{ action: REFLECT, ipRule: { ip: { sourceNetwork: 10.0.0.0/8, destinationNetwork: 0.0.0.0/0 } } }],
          interfaces: { ingress: [a], egress: [b] } },
        { name: cards, rules: [{ action: PERMIT, macipRule: { sourceAddress: 10.0.0.0, sourceAddressPrefix: 8,
          sourceMacAddress: "02:00:00:00:00:00", sourceMacAddressMask: "ff:00:00:00:00:00" } }], interfaces: { ingress: [a] } }]`),
    // Lists of MAC addresses are on their interfaces only.
    shownBy: { 'config/vpp/acls/v2/acl/cards': 'vpp/acl/cards/interface/ingress/a' },
  },
  {
    title: 'NAT44',
    around: () => `vppConfig:${translated}`,
    object: () =>
      vpp(`nat44Interfaces: [{ name: out, natOutside: true }, { name: in, natInside: true }],
        nat44Pools: [{ firstIp: 198.51.100.10, lastIp: 198.51.100.12, vrfId: 4294967295 }],
        dnat44s: [{ label: web, stMappings: [{ externalIp: 198.51.100.80, externalPort: 80, protocol: TCP, localIps: [
          { localIp: 10.1.0.2, localPort: 80, probability: 1 }, { localIp: 10.1.0.3, localPort: 80, probability: 2 }] }] }]`),
  },
  {
    title: 'NAT44 in endpoint-independent mode',
    around: () => `vppConfig:${translated.replace('forwarding: true', 'forwarding: true, endpointIndependent: true')}`,
    object: () =>
      vpp(`nat44Interfaces: [{ name: out, natOutside: true }, { name: in, natInside: true }],
        nat44Pools: [{ name: all, firstIp: 198.51.100.10, lastIp: 198.51.100.12, vrfId: 4294967295 }]`),
  },
  {
    title: 'NAT44 by the deprecated fields of its global object',
    around: () => interfaces(loopback('out', '198.51.100.1/24'), loopback('in', '10.1.0.1/24')),
    object: () =>
      vpp(`nat44Global: { forwarding: true, natInterfaces: [{ name: out }, { name: in, isInside: true }],
        addressPool: [{ address: 198.51.100.10, vrfId: 4294967295 }] }`),
  },
  {
    title: 'NAT44 in VRFs',
    kernel: ['vrf'],
    around: () =>
      vpp(`vrfs: [{ id: 10 }, { id: 20 }], nat44Global: { forwarding: true },
        interfaces: [${loopback('in', '10.1.0.1/24', ', vrf: 10')}, ${loopback('out', '198.51.100.1/24', ', vrf: 20')}],
        nat44Interfaces: [{ name: out, natOutside: true }, { name: in, natInside: true }]`),
    object: () =>
      vpp('nat44VrfTables: [{ srcVrfId: 10, destVrfIds: [20] }], nat44VrfRoutes: [{ srcVrfId: 10, destVrfId: 0 }]'),
    // Where packets may leave by is looked at with the interfaces that they come from.
    shownBy: {
      'config/vpp/nat/v2/nat44-vrf/vrfid/10': 'config/vpp/nat/v2/nat44-interface/in',
      'config/vpp/nat/v2/nat44-vrf-route/vrfid/10/destvrfid/0': 'config/vpp/nat/v2/nat44-interface/in',
    },
  },
  {
    title: 'routes and neighbours of a host',
    ...wired('a'),
    object: () => `linuxConfig:
  routes:
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.1.0.1 }
  arpEntries:
    - { interface: a-end, ipAddress: 10.1.0.9, hwAddress: "02:00:00:00:00:09" }`,
  },
  {
    title: 'chains of iptables',
    commands: ['iptables', 'iptables-restore'],
    ...wired('a'),
    object: (scene) => `linuxConfig:
  RuleChain:
    - { name: drop, namespace: ${scene.placeOf('a')}, interfaces: [a-end], chainType: INPUT, defaultPolicy: DROP, rules: ["-i lo -j ACCEPT"] }`,
  },
  {
    title: 'a mirror',
    commands: ['tc'],
    ...wired('a', 'b'),
    object: () => vpp('spans: [{ interfaceFrom: a, interfaceTo: b, direction: BOTH }]'),
    unseen: ['config/vpp/v2/span/a/to/b'],
  },
  {
    title: 'access list based forwarding',
    ...wiredWith(
      ', acls: [{ name: some, rules: [{ action: PERMIT, ipRule: { ip: { sourceNetwork: 10.1.0.0/24, destinationNetwork: 10.9.0.0/16 } } }] }]',
      'a',
      'b',
    ),
    object: () =>
      vpp(`abfs: [{ index: 1, aclName: some, attachedInterfaces: [{ inputInterface: a, priority: 1 }],
          forwardingPaths: [{ nextHopIp: 10.2.0.2, interfaceName: b, weight: 1 }] }]`),
  },
  {
    title: 'an IP cross-connect',
    ...wired('a', 'b'),
    object: () =>
      vpp(`l3xconnects: [{ interface: a, protocol: IPV4, paths: [{ outgoingInterface: b, nextHopAddr: 10.2.0.2 }] }]`),
  },
  {
    title: 'IP cross-connects of an interface in a VRF',
    kernel: ['vrf'],
    hosts: ['b'],
    // The interface is around: made anew it gets another number in the mark, and the picture is another one.
    around(scene): string {
      const { tap, end } = host(scene, 'b', 1);
      const red = scene.tap('red', '10.5.0.1/24, "fd05::1/64"', ', vrf: 10');
      return `
vppConfig: { interfaces: [${tap}, ${red}], vrfs: [{ id: 10 }, { id: 10, protocol: IPV6 }] }
linuxConfig: { interfaces: [${end}] }
`;
    },
    object: () =>
      vpp(`l3xconnects: [
        { interface: red, protocol: IPV4, paths: [{ outgoingInterface: b, nextHopAddr: 10.1.0.2 }] },
        { interface: red, protocol: IPV6, paths: [{ outgoingInterface: b, nextHopAddr: "fd01::2" }] }]`),
  },
  {
    title: 'a peer of a tunnel to several',
    kernel: ['ipip'],
    around: () =>
      interfaces(
        loopback('loop', '192.0.2.1/24'),
        '{ name: tunnel, type: IPIP_TUNNEL, enabled: true, ipAddresses: [10.9.0.1/24], ipip: { tunnelMode: POINT_TO_MULTIPOINT, srcAddr: 192.0.2.1 } }',
      ),
    object: () => vpp('teibEntries: [{ interface: tunnel, peerAddr: 10.9.0.2, nextHopAddr: 192.0.2.2 }]'),
  },
  {
    title: 'a virtual router',
    commands: ['keepalived'],
    ...wired('a'),
    object: () =>
      vpp('vrrps: [{ interface: a, vrId: 7, priority: 200, interval: 100, enabled: true, ipAddresses: [10.1.0.254] }]'),
    until: '"elem":["10.1.0.254"]',
  },
  {
    title: 'a DHCP proxy',
    privileged: true,
    commands: ['dnsmasq'],
    ...wired('a', 'b'),
    object: () => vpp('dhcpProxies: [{ sourceIpAddress: 10.1.0.1, servers: [{ ipAddress: 10.2.0.2 }] }]'),
    unseen: ['config/vpp/v2/dhcp-proxy/IPv4/rx-vrf/0'],
  },
  {
    title: 'SRv6',
    privileged: true,
    ...wired('a'),
    object: () =>
      vpp(`srv6Global: { encapSourceAddress: "fc00::1" },
        srv6Localsids: [{ sid: "fc00:1::4", endFunctionDx4: { outgoingInterface: a, nextHop: 10.1.0.2 } }],
        srv6Policies: [{ bsid: "fc00:1::b4", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:2::1"] }] }],
        srv6Steerings: [{ name: v4, policyBsid: "fc00:1::b4", l3Traffic: { prefixAddress: 10.9.0.0/24 } }]`),
    unseen: ['config/vpp/srv6/v2/srv6-global'],
  },
  {
    title: 'a DNS cache',
    privileged: true,
    commands: ['dnsmasq'],
    ...wired('a'),
    object: () => vpp('dnsCache: { upstreamDnsServers: [10.1.0.2] }'),
    unseen: ['config/vpp/dns/v1/dnscache'],
  },
  {
    title: 'IPsec by the rules of a database',
    kernel: ['esp'],
    ...wired('a', 'b'),
    object: () =>
      vpp(`ipsecSas: [${association(10, 1001, '10.2.0.1', '10.2.0.2')}, ${association(20, 1002, '10.2.0.2', '10.2.0.1')}],
        ipsecSpds: [{ index: 1, interfaces: [{ name: b }] }],
        ipsecSps: [
          { spdIndex: 1, saIndex: 10, priority: 10, isOutbound: true, action: PROTECT, ${networks} },
          { spdIndex: 1, saIndex: 20, priority: 10, isOutbound: false, action: PROTECT, ${networks} }]`),
    // A number, which its rules and interfaces have in them.
    nothing: ['config/vpp/ipsec/v2/spd/1'],
  },
  {
    title: 'a tunnel that IPsec protects',
    kernel: ['esp', 'ipip'],
    around: () =>
      vpp(`interfaces: [${loopback('loop', '192.0.2.1/24')}, { name: tunnel, type: IPIP_TUNNEL, enabled: true,
          ipAddresses: [10.9.0.1/24], ipip: { srcAddr: 192.0.2.1, dstAddr: 192.0.2.2 } }],
        ipsecSas: [${association(10, 1001)}, ${association(20, 1002)}]`),
    object: () => vpp('ipsecTunnelProtections: [{ interface: tunnel, saOut: [10], saIn: [20] }]'),
  },
  {
    title: 'a WireGuard tunnel and its peer',
    kernel: ['wireguard'],
    around: () => interfaces(loopback('loop', '192.0.2.1/24')),
    object: () =>
      vpp(`interfaces: [{ name: wg, type: WIREGUARD_TUNNEL, enabled: true, ipAddresses: [10.9.0.1/24],
          wireguard: { privateKey: "gI6EdUSYvn8ugXOt8QQD6Yc+JyiZxIhp3GInSWRfWGE=", port: 51820, srcAddr: 192.0.2.1 } }],
        wgPeers: [{ wgIfName: wg, publicKey: "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=", endpoint: 192.0.2.2, port: 51820,
          allowedIps: [10.9.0.2/32] }]`),
    nothing: [noVrf('wg', 'v4')],
    unseen: ['config/vpp/wg/v1/peer/wg/endpoint/192.0.2.2/51820'],
  },
];
