/**
 * Names of nftables tables. Whatever starts with the prefix is the agent's and may be removed by it; nothing else is.
 * One table per feature: reconciling one feature never touches another's. Sets cannot be shared between tables.
 */

export const tablePrefix = 'ligature-';

export const tables = {
  /** netdev: ACL, REFLECT sessions; these two are spread (features/kernel/spread-tables.ts). */
  acl: 'ligature-acl',
  macip: 'ligature-macip',
  policer: 'ligature-policer',
  /** netdev: one-way `fwd` of cross-connects. */
  crossConnect: 'ligature-xconnect',
  /** bridge: split horizon, FDB drops, `forward: false`. */
  bridgeDomain: 'ligature-bridge',
  /** netdev: proxy ARP. */
  proxyArp: 'ligature-proxyarp',
  /** inet: marks of VRFs that are made of rules, and who may reach which address of this router. */
  vrf: 'ligature-vrf',
  /** ip and ip6: UDP ports of VXLAN tunnels that share a VNI. */
  vxlan: 'ligature-vxlan',
  /** ip: NAT44. */
  nat44: 'ligature-nat44',
  /** inet: marks of cross-connects of IP packets. */
  l3CrossConnect: 'ligature-l3xc',
  /** inet: ABF marks. */
  abf: 'ligature-abf',
  span: 'ligature-span',
  srv6: 'ligature-srv6',
  ipsec: 'ligature-ipsec',
  punt: 'ligature-punt',
  dhcp: 'ligature-dhcp',
  /** In pods' namespaces: rule chains of the Linux iptables model. */
  iptables: 'ligature-iptables',
  /** While a packet is traced (`ligature trace`): marks it, and tells where it passes. */
  trace: 'ligature-trace',
  /** Where a capability probe tries things; removed at once. */
  probe: 'ligature-probe',
} as const satisfies Record<string, `${typeof tablePrefix}${string}`>;

/** True for a table that the agent made, whichever version of it. */
export function isOwnTable(name: string): boolean {
  return name.startsWith(tablePrefix);
}
