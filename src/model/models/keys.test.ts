/** The key of every built-in model, against the table of Ligato's models (names, key templates, place in files). */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createModelRegistry } from './index.ts';

/** Model, message, object in JSON, key, place in a configuration file (proto and JSON spelling). */
type Row = readonly [model: string, message: string, json: object, key: string, proto: string, json: string];

const rows: readonly Row[] = [
  [
    'netalloc.ip',
    'netalloc.IPAllocation',
    { networkName: 'net1', interfaceName: 'if1', address: '10.0.0.1/24' },
    'config/netalloc/v1/ip/network/net1/interface/if1',
    'netallocConfig.ip_addresses',
    'netallocConfig.ipAddresses',
  ],
  [
    'linux.interfaces.interface',
    'linux.interfaces.Interface',
    { name: 'veth1', type: 'VETH' },
    'config/linux/interfaces/v2/interface/veth1',
    'linuxConfig.interfaces',
    'linuxConfig.interfaces',
  ],
  [
    'linux.l3.arp',
    'linux.l3.ARPEntry',
    { interface: 'veth1', ipAddress: '10.0.0.2' },
    'config/linux/l3/v2/arp/veth1/10.0.0.2',
    'linuxConfig.arp_entries',
    'linuxConfig.arpEntries',
  ],
  [
    'linux.l3.route',
    'linux.l3.Route',
    { outgoingInterface: 'veth1', dstNetwork: '10.1.2.3/16' },
    'config/linux/l3/v2/route/10.1.0.0/16/veth1',
    'linuxConfig.routes',
    'linuxConfig.routes',
  ],
  [
    'linux.iptables.rulechain',
    'linux.iptables.RuleChain',
    { name: 'chain1' },
    'config/linux/iptables/v2/rulechain/chain1',
    'linuxConfig.RuleChain',
    'linuxConfig.RuleChain',
  ],
  [
    'vpp.interfaces',
    'vpp.interfaces.Interface',
    { name: 'GigabitEthernet0/8/0' },
    'config/vpp/v2/interfaces/GigabitEthernet0/8/0',
    'vppConfig.interfaces',
    'vppConfig.interfaces',
  ],
  [
    'vpp.span',
    'vpp.interfaces.Span',
    { interfaceFrom: 'a', interfaceTo: 'b' },
    'config/vpp/v2/span/a/to/b',
    'vppConfig.spans',
    'vppConfig.spans',
  ],
  ['vpp.acls.acl', 'vpp.acl.ACL', { name: 'acl1' }, 'config/vpp/acls/v2/acl/acl1', 'vppConfig.acls', 'vppConfig.acls'],
  ['vpp.abfs.abf', 'vpp.abf.ABF', { index: 7 }, 'config/vpp/abfs/v2/abf/7', 'vppConfig.abfs', 'vppConfig.abfs'],
  [
    'vpp.l2.bridge-domain',
    'vpp.l2.BridgeDomain',
    { name: 'bd1' },
    'config/vpp/l2/v2/bridge-domain/bd1',
    'vppConfig.bridge_domains',
    'vppConfig.bridgeDomains',
  ],
  [
    'vpp.l2.fib',
    'vpp.l2.FIBEntry',
    { bridgeDomain: 'bd1', physAddress: '02:00:00:00:00:01' },
    'config/vpp/l2/v2/fib/bd1/mac/02:00:00:00:00:01',
    'vppConfig.fibs',
    'vppConfig.fibs',
  ],
  [
    'vpp.l2.xconnect',
    'vpp.l2.XConnectPair',
    { receiveInterface: 'a', transmitInterface: 'b' },
    'config/vpp/l2/v2/xconnect/a',
    'vppConfig.xconnect_pairs',
    'vppConfig.xconnectPairs',
  ],
  [
    'vpp.arp',
    'vpp.l3.ARPEntry',
    { interface: 'tap1', ipAddress: 'fd00::2' },
    'config/vpp/v2/arp/tap1/fd00::2',
    'vppConfig.arps',
    'vppConfig.arps',
  ],
  [
    'vpp.route',
    'vpp.l3.Route',
    { vrfId: 3, dstNetwork: '10.1.2.3/24', outgoingInterface: 'tap1', nextHopAddr: '10.0.0.1' },
    'config/vpp/v2/route/if/tap1/vrf/3/dst/10.1.2.0/24/gw/10.0.0.1',
    'vppConfig.routes',
    'vppConfig.routes',
  ],
  [
    'vpp.proxyarp-global',
    'vpp.l3.ProxyARP',
    {},
    'config/vpp/v2/proxyarp-global',
    'vppConfig.proxy_arp',
    'vppConfig.proxyArp',
  ],
  [
    'vpp.ipscanneigh-global',
    'vpp.l3.IPScanNeighbor',
    { mode: 'BOTH' },
    'config/vpp/v2/ipscanneigh-global',
    'vppConfig.ipscan_neighbor',
    'vppConfig.ipscanNeighbor',
  ],
  [
    'vpp.vrf-table',
    'vpp.l3.VrfTable',
    { id: 5, protocol: 'IPV6' },
    'config/vpp/v2/vrf-table/id/5/protocol/IPV6',
    'vppConfig.vrfs',
    'vppConfig.vrfs',
  ],
  [
    'vpp.dhcp-proxy',
    'vpp.l3.DHCPProxy',
    { sourceIpAddress: '10.0.0.1', rxVrfId: 2 },
    'config/vpp/v2/dhcp-proxy/IPv4/rx-vrf/2',
    'vppConfig.dhcp_proxies',
    'vppConfig.dhcpProxies',
  ],
  [
    'vpp.l3xconnect',
    'vpp.l3.L3XConnect',
    { interface: 'tap1', protocol: 'IPV6' },
    'config/vpp/v2/l3xconnect/tap1/protocol/IPV6',
    'vppConfig.l3xconnects',
    'vppConfig.l3xconnects',
  ],
  [
    'vpp.teib',
    'vpp.l3.TeibEntry',
    { interface: 'ipip1', peerAddr: '10.0.0.9' },
    'config/vpp/v2/teib/ipip1/peer/10.0.0.9',
    'vppConfig.teib_entries',
    'vppConfig.teibEntries',
  ],
  [
    'vpp.vrrp',
    'vpp.l3.VRRPEntry',
    { interface: 'tap1', vrId: 12 },
    'config/vpp/v2/vrrp/tap1/vrid/12',
    'vppConfig.VRRPEntry_list',
    'vppConfig.VRRPEntry_list',
  ],
  [
    'vpp.nat.nat44-global',
    'vpp.nat.Nat44Global',
    {},
    'config/vpp/nat/v2/nat44-global',
    'vppConfig.nat44_global',
    'vppConfig.nat44Global',
  ],
  [
    'vpp.nat.dnat44',
    'vpp.nat.DNat44',
    { label: 'svc' },
    'config/vpp/nat/v2/dnat44/svc',
    'vppConfig.dnat44s',
    'vppConfig.dnat44s',
  ],
  [
    'vpp.nat.nat44-interface',
    'vpp.nat.Nat44Interface',
    { name: 'tap1' },
    'config/vpp/nat/v2/nat44-interface/tap1',
    'vppConfig.nat44_interfaces',
    'vppConfig.nat44Interfaces',
  ],
  [
    'vpp.nat.nat44-pool',
    'vpp.nat.Nat44AddressPool',
    { vrfId: 1, firstIp: '1.1.1.1', lastIp: '1.1.1.9' },
    'config/vpp/nat/v2/nat44-pool/vrf/1/address/1.1.1.1-1.1.1.9',
    'vppConfig.nat44_pools',
    'vppConfig.nat44Pools',
  ],
  [
    'vpp.nat.nat44-vrf',
    'vpp.nat.Nat44VrfTable',
    { srcVrfId: 4, destVrfIds: [5] },
    'config/vpp/nat/v2/nat44-vrf/vrfid/4',
    'vppConfig.Nat44VrfTable_list',
    'vppConfig.Nat44VrfTable_list',
  ],
  [
    'vpp.nat.nat44-vrf-route',
    'vpp.nat.Nat44VrfRoute',
    { srcVrfId: 4, destVrfId: 5 },
    'config/vpp/nat/v2/nat44-vrf-route/vrfid/4/destvrfid/5',
    'vppConfig.Nat44VrfRoute_list',
    'vppConfig.Nat44VrfRoute_list',
  ],
  [
    'vpp.ipsec.spd',
    'vpp.ipsec.SecurityPolicyDatabase',
    { index: 1 },
    'config/vpp/ipsec/v2/spd/1',
    'vppConfig.ipsec_spds',
    'vppConfig.ipsecSpds',
  ],
  [
    'vpp.ipsec.sp',
    'vpp.ipsec.SecurityPolicy',
    {
      spdIndex: 1,
      saIndex: 2,
      isOutbound: true,
      localAddrStart: '10.0.0.1',
      localAddrStop: '10.0.0.2',
      remoteAddrStart: '20.0.0.1',
      remoteAddrStop: '20.0.0.2',
    },
    'config/vpp/ipsec/v2/sp/spd/1/sa/2/outbound/local-addresses/10.0.0.1-10.0.0.2/remote-addresses/20.0.0.1-20.0.0.2',
    'vppConfig.ipsec_sps',
    'vppConfig.ipsecSps',
  ],
  [
    'vpp.ipsec.sa',
    'vpp.ipsec.SecurityAssociation',
    { index: 10 },
    'config/vpp/ipsec/v2/sa/10',
    'vppConfig.ipsec_sas',
    'vppConfig.ipsecSas',
  ],
  [
    'vpp.ipsec.tun-protect',
    'vpp.ipsec.TunnelProtection',
    { interface: 'ipip1', nextHopAddr: '10.0.0.2' },
    'config/vpp/ipsec/v2/tun-protect/ipip1/nh/10.0.0.2',
    'vppConfig.ipsec_tunnel_protections',
    'vppConfig.ipsecTunnelProtections',
  ],
  [
    'vpp.ipredirect',
    'vpp.punt.IPRedirect',
    { l3Protocol: 'IPV4', txInterface: 'tap1' },
    'config/vpp/v2/ipredirect/l3/IPV4/tx/tap1',
    'vppConfig.punt_ipredirects',
    'vppConfig.puntIpredirects',
  ],
  [
    'vpp.tohost',
    'vpp.punt.ToHost',
    { l3Protocol: 'ALL', l4Protocol: 'UDP', port: 9000 },
    'config/vpp/v2/tohost/l3/ALL/l4/UDP/port/9000',
    'vppConfig.punt_tohosts',
    'vppConfig.puntTohosts',
  ],
  [
    'vpp.exception',
    'vpp.punt.Exception',
    { reason: 'ipsec4-spi-0' },
    'config/vpp/v2/exception/reason/ipsec4-spi-0',
    'vppConfig.punt_exceptions',
    'vppConfig.puntExceptions',
  ],
  [
    'vpp.srv6.localsid',
    'vpp.srv6.LocalSID',
    { sid: 'a::1' },
    'config/vpp/srv6/v2/localsid/a::1',
    'vppConfig.srv6_localsids',
    'vppConfig.srv6Localsids',
  ],
  [
    'vpp.srv6.policy',
    'vpp.srv6.Policy',
    { bsid: 'b::1' },
    'config/vpp/srv6/v2/policy/b::1',
    'vppConfig.srv6_policies',
    'vppConfig.srv6Policies',
  ],
  [
    'vpp.srv6.steering',
    'vpp.srv6.Steering',
    { name: 's1' },
    'config/vpp/srv6/v2/steering/s1',
    'vppConfig.srv6_steerings',
    'vppConfig.srv6Steerings',
  ],
  [
    'vpp.srv6.srv6-global',
    'vpp.srv6.SRv6Global',
    { encapSourceAddress: '::1' },
    'config/vpp/srv6/v2/srv6-global',
    'vppConfig.srv6_global',
    'vppConfig.srv6Global',
  ],
  [
    'vpp.stn.rule',
    'vpp.stn.Rule',
    { interface: 'tap1', ipAddress: '10.0.0.1' },
    'config/vpp/stn/v2/rule/tap1/ip/10.0.0.1',
    'vppConfig.Rule_list',
    'vppConfig.Rule_list',
  ],
  [
    'vpp.dns.dnscache',
    'vpp.dns.DNSCache',
    { upstreamDnsServers: ['8.8.8.8'] },
    'config/vpp/dns/v1/dnscache',
    'vppConfig.DNSCache',
    'vppConfig.DNSCache',
  ],
  [
    'vpp.ipfix.ipfix',
    'vpp.ipfix.IPFIX',
    {},
    'config/vpp/ipfix/v2/ipfix',
    'vppConfig.ipfix_global',
    'vppConfig.ipfixGlobal',
  ],
  [
    'vpp.ipfix.flowprobe-params',
    'vpp.ipfix.FlowProbeParams',
    {},
    'config/vpp/ipfix/v2/flowprobe-params',
    'vppConfig.ipfix_flowprobe_params',
    'vppConfig.ipfixFlowprobeParams',
  ],
  [
    'vpp.ipfix.flowprobe-feature',
    'vpp.ipfix.FlowProbeFeature',
    { interface: 'tap1' },
    'config/vpp/ipfix/v2/flowprobe-feature/tap1',
    'vppConfig.ipfix_flowprobes',
    'vppConfig.ipfixFlowprobes',
  ],
  [
    'vpp.wg.peer',
    'vpp.wireguard.Peer',
    { wgIfName: 'wg1', endpoint: '10.0.0.2', port: 51820 },
    'config/vpp/wg/v1/peer/wg1/endpoint/10.0.0.2/51820',
    'vppConfig.Peer_list',
    'vppConfig.Peer_list',
  ],
  ['govppmux.stats', 'govppmux.Metrics', {}, 'metrics/govppmux/v0/stats', '', ''],
];

const registry = createModelRegistry();

test('the table has all models', () => {
  assert.deepEqual(
    rows.map(([model]) => model).sort(),
    registry
      .models()
      .map((model) => model.name)
      .sort(),
  );
  assert.equal(registry.models('config').length, 44);
  assert.equal(registry.models('metrics').length, 1);
});

for (const [name, message, json, key, proto, jsonPlace] of rows) {
  test(`key of ${name}`, () => {
    const model = registry.model(name);
    const value = model.fromJson(json);
    assert.equal(model.message.typeName, `ligato.${message}`);
    assert.equal(model.typeUrl, `models.ligato.io/ligato.${message}`);
    assert.equal(registry.keyOf(value), key);
    assert.equal(registry.modelForKey(key), model);
    assert.deepEqual(registry.parse(key), { model, name: registry.nameOf(value) });
    assert.equal(model.key(registry.nameOf(value)), key);
    const place = model.config;
    assert.equal(place === undefined ? '' : `${place.group}.${place.field}`, proto);
    assert.equal(place === undefined ? '' : `${place.group}.${place.jsonField}`, jsonPlace);
  });
}

/** Spellings and optional parts. */
const variants: readonly (readonly [model: string, json: object, key: string])[] = [
  ['vpp.route', { dstNetwork: '10.1.2.3/24' }, 'config/vpp/v2/route/vrf/0/dst/10.1.2.0/24'],
  [
    'vpp.route',
    { dstNetwork: '0.0.0.0/0', nextHopAddr: '1.1.1.1' },
    'config/vpp/v2/route/vrf/0/dst/0.0.0.0/0/gw/1.1.1.1',
  ],
  ['vpp.route', { dstNetwork: 'FD00:0:0::12/64' }, 'config/vpp/v2/route/vrf/0/dst/fd00::/64'],
  ['vpp.route', { dstNetwork: '2001:db8:0:0:1:0:0:1/128' }, 'config/vpp/v2/route/vrf/0/dst/2001:db8::1:0:0:1/128'],
  ['vpp.route', { dstNetwork: '::ffff:10.0.0.1/128' }, 'config/vpp/v2/route/vrf/0/dst/10.0.0.1/128'],
  ['vpp.route', { dstNetwork: '::/0', outgoingInterface: 'a/b' }, 'config/vpp/v2/route/if/a/b/vrf/0/dst/::/0'],
  ['vpp.route', { dstNetwork: 'alloc:net1/if1' }, 'config/vpp/v2/route/vrf/0/dst/alloc:net1/if1'],
  ['vpp.route', { dstNetwork: '10.0.0.0/33' }, 'config/vpp/v2/route/vrf/0/dst/10.0.0.0/33'],
  ['vpp.route', { dstNetwork: '10.0.0.0/24/' }, 'config/vpp/v2/route/vrf/0/dst/10.0.0.0/24'],
  ['vpp.route', { dstNetwork: '10.0.0.256/24' }, 'config/vpp/v2/route/vrf/0/dst/10.0.0.256/24'],
  ['linux.l3.route', { dstNetwork: 'fd00::1/8', outgoingInterface: 'v' }, 'config/linux/l3/v2/route/fd00::/8/v'],
  ['linux.l3.route', { dstNetwork: 'alloc:n/GW', outgoingInterface: 'v' }, 'config/linux/l3/v2/route/alloc:n/GW/v'],
  ['vpp.dhcp-proxy', { sourceIpAddress: 'fd00::1' }, 'config/vpp/v2/dhcp-proxy/IPv6/rx-vrf/0'],
  ['vpp.dhcp-proxy', { sourceIpAddress: '::ffff:1.2.3.4' }, 'config/vpp/v2/dhcp-proxy/IPv4/rx-vrf/0'],
  ['vpp.dhcp-proxy', { sourceIpAddress: 'nonsense' }, 'config/vpp/v2/dhcp-proxy/<invalid>/rx-vrf/0'],
  ['vpp.vrf-table', {}, 'config/vpp/v2/vrf-table/id/0/protocol/IPV4'],
  ['vpp.nat.nat44-pool', { name: 'pool1', firstIp: '1.1.1.1' }, 'config/vpp/nat/v2/nat44-pool/pool1'],
  ['vpp.nat.nat44-pool', { firstIp: '1.1.1.1' }, 'config/vpp/nat/v2/nat44-pool/vrf/0/address/1.1.1.1'],
  [
    'vpp.nat.nat44-pool',
    { firstIp: '1.1.1.1', lastIp: '1.1.1.1' },
    'config/vpp/nat/v2/nat44-pool/vrf/0/address/1.1.1.1',
  ],
  ['vpp.ipsec.sp', {}, 'config/vpp/ipsec/v2/sp/spd/0/sa/0/inbound/local-addresses/-/remote-addresses/-'],
  ['vpp.ipsec.tun-protect', { interface: 'ipip1' }, 'config/vpp/ipsec/v2/tun-protect/ipip1'],
  ['vpp.tohost', {}, 'config/vpp/v2/tohost/l3/UNDEFINED_L3/l4/UNDEFINED_L4/port/0'],
  ['vpp.l2.fib', { physAddress: '02:00:00:00:00:01' }, 'config/vpp/l2/v2/fib/mac/02:00:00:00:00:01'],
];

for (const [name, json, key] of variants) {
  test(`key of ${name} ${JSON.stringify(json)}`, () => {
    const model = registry.model(name);
    assert.equal(model.keyOf(model.fromJson(json)), key);
  });
}

test('names that would leave the keys of their model are refused', () => {
  const model = registry.model('vpp.interfaces');
  for (const name of ['', '/', '.', '..', 'a/../b', '../x', 'a/..']) {
    assert.throws(() => model.keyOf(model.fromJson({ name })), { name: 'ModelError', code: 'invalid-key' }, name);
  }
  assert.equal(model.keyOf(model.fromJson({ name: '.hidden/..x/' })), 'config/vpp/v2/interfaces/.hidden/..x');
});

test('keys of no model are not found', () => {
  const keys = [
    '',
    'config',
    'config/vpp/v2/interfaces',
    'config/vpp/v2/interfacesX/a',
    'config/vpp/v2/proxyarp-global/x',
  ];
  for (const key of [...keys, 'vpp/interface/a/link-state/UP', '/config/vpp/v2/interfaces/a']) {
    assert.equal(registry.parse(key), undefined, key);
  }
});
