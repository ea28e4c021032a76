/**
 * Models whose effect packets show on a real VPP, and the test that does. A test says so of a line whose test does not configure the
 * model, and of a model that a behaviour test configures without a line here.
 */

export interface Proof {
  /** A feature, by its `behaviour.test.ts`, or the folder of the test under `test/`. */
  readonly by: `src/features/${string}` | `test/${string}`;
  /** What of the model it is, where it is not all. */
  readonly note?: string;
}

const differential: Proof = { by: 'test/differential' };

export const provenOnVpp: ReadonlyMap<string, Proof> = new Map<string, Proof>([
  ['linux.interfaces.interface', { by: 'src/features/abf', note: 'by the kernel beside VPP' }],
  [
    'vpp.interfaces',
    {
      by: 'test/differential',
      note: 'AF_PACKET, SOFTWARE_LOOPBACK, MEMIF, VXLAN_TUNNEL, GRE_TUNNEL, IPIP_TUNNEL, GTPU_TUNNEL, IPSEC_TUNNEL, WIREGUARD_TUNNEL, BOND_INTERFACE, SUB_INTERFACE with its tags; TAP where the machine has vhost-net. Other types are programmed',
    },
  ],
  ['vpp.l2.bridge-domain', differential],
  ['vpp.l2.fib', differential],
  ['vpp.l2.xconnect', differential],
  ['vpp.route', { by: 'src/features/route' }],
  ['vpp.arp', { by: 'src/features/arp' }],
  ['vpp.proxyarp-global', { by: 'src/features/proxy-arp' }],
  ['vpp.acls.acl', { by: 'src/features/acl' }],
  ['vpp.nat.nat44-global', { by: 'src/features/nat44' }],
  ['vpp.nat.nat44-interface', { by: 'src/features/nat44' }],
  ['vpp.nat.nat44-pool', { by: 'src/features/nat44' }],
  ['vpp.nat.nat44-vrf', { by: 'src/features/nat44' }],
  ['vpp.nat.nat44-vrf-route', { by: 'src/features/nat44' }],
  ['vpp.nat.dnat44', { by: 'src/features/nat44' }],
  ['linux.l3.arp', { by: 'src/features/arp', note: 'by the kernel beside VPP' }],
  ['linux.l3.route', { by: 'src/features/linux-route', note: 'by the kernel beside VPP' }],
  ['vpp.span', { by: 'src/features/span' }],
  ['vpp.vrf-table', { by: 'src/features/vrf' }],
  ['vpp.vrrp', { by: 'src/features/vrrp' }],
  ['vpp.ipredirect', { by: 'src/features/punt' }],
  ['vpp.tohost', { by: 'src/features/punt' }],
  ['vpp.exception', { by: 'src/features/punt' }],
  ['vpp.ipfix.ipfix', { by: 'src/features/ipfix' }],
  ['vpp.ipfix.flowprobe-params', { by: 'src/features/ipfix' }],
  ['vpp.ipfix.flowprobe-feature', { by: 'src/features/ipfix' }],
  ['vpp.stn.rule', { by: 'src/features/stn' }],
  [
    'vpp.dns.dnscache',
    {
      by: 'src/features/dns',
      note: 'it asks, keeps and answers, but [resolvers refuse its answers](engine-differences.md)',
    },
  ],
  ['vpp.l3xconnect', { by: 'src/features/l3xconnect', note: 'all paths are used, whatever their preference' }],
  ['vpp.dhcp-proxy', { by: 'src/features/dhcp-proxy' }],
  ['vpp.abfs.abf', { by: 'src/features/abf', note: 'all paths are used, whatever their preference' }],
  ['vpp.ipsec.sa', { by: 'src/features/ipsec' }],
  ['vpp.ipsec.spd', { by: 'src/features/ipsec' }],
  ['vpp.ipsec.sp', { by: 'src/features/ipsec' }],
  ['vpp.ipsec.tun-protect', { by: 'src/features/ipsec' }],
  ['vpp.srv6.localsid', { by: 'src/features/srv6' }],
  ['vpp.srv6.policy', { by: 'src/features/srv6' }],
  ['vpp.srv6.steering', { by: 'src/features/srv6' }],
  ['vpp.srv6.srv6-global', { by: 'src/features/srv6' }],
  ['vpp.teib', { by: 'src/features/teib' }],
  ['vpp.wg.peer', { by: 'src/features/interface' }],
]);
