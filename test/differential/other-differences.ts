/** Differences of the engines that the generator keeps away from: nothing compares them, users have to know them nevertheless. */

export interface OtherDifference {
  readonly name: string;
  readonly text: string;
}

export const otherDifferences: readonly OtherDifference[] = [
  {
    name: 'xconnect-one-way',
    text: 'A cross-connect whose `transmit_interface` neither receives for a cross-connect nor is in a bridge domain carries nothing on VPP, which sends from interfaces in L2 mode only; on the Linux kernel it works.',
  },
  {
    name: 'nat-self-pool',
    text: '`twice_nat: SELF` without a twice-NAT pool takes the external address as source on the Linux kernel; VPP drops what a backend sends to itself.',
  },
  {
    name: 'nat-pool-arp',
    text: 'Of several outside interfaces of a VRF VPP answers ARP for the addresses of a pool on the one that came last alone, and on none once that one is gone; the Linux kernel on all. Where pods are outside, too, let the neighbours have a route to the pool by an address of the router.',
  },
  {
    name: 'nat-output-own',
    text: 'Without a pool VPP drops what the router itself sends (answers to pings, too) by an interface with `output_feature`; the Linux kernel lets it out as it is.',
  },
  {
    name: 'ipv4-by-ipv6-neighbour',
    text: 'IPv4 by an IPv6 next hop (a route or a path of `vpp.abfs.abf`): VPP drops it until the neighbour is known from IPv6 packets or `vpp.arp`, and does not ask for it; the Linux kernel asks.',
  },
  {
    name: 'arp-asker',
    text: 'VPP answers ARP only to askers whose address is in the subnet of the interface, and no probes (RFC 5227); the Linux kernel answers everybody.',
  },
  {
    name: 'route-unreachable-hop',
    text: 'A route with a next hop that cannot be reached yet is CONFIGURED on VPP, and drops; on the Linux kernel it is FAILED with the reason and the next shorter prefix takes the packets, until the next hop can be reached.',
  },
  {
    name: 'route-drop-preference',
    text: 'A DROP route beside others of the same destination drops on the Linux kernel when its preference is the best; on VPP when no other path can be used, whatever the preferences are.',
  },
  {
    name: 'macip-arp',
    text: 'On an interface with addresses of its own VPP holds IP packets alone to a MACIP list, the Linux kernel ARP, too.',
  },
  {
    name: 'teib-shared-address',
    text: 'Entries of `vpp.teib` with the same tunnel and outside address have one way in on VPP: when one of them goes or changes, what comes from there is dropped until another is made anew. On the Linux kernel each stands for itself.',
  },
  {
    name: 'teib-moved-peer',
    text: 'What is sent to a peer whose `vpp.teib` entry has changed carries the new outside address on VPP, but goes to the next hop of the old one (seen with routes by the peer); on the Linux kernel it goes the new way.',
  },
  {
    name: 'span-l2-target',
    text: 'A mirror with `is_l2` copies on VPP to interfaces in L2 mode alone (ports of a bridge domain, of a cross-connect); on the Linux kernel to any, and `is_l2` changes nothing.',
  },
  {
    name: 'dns-cache',
    text: 'The DNS cache of VPP asks for A and AAAA in one message, which most servers refuse, and repeats the name of a question wrongly, so that resolvers do not take its answers; it serves no clients of IPv6. The one of the Linux kernel engine is dnsmasq.',
  },
  {
    name: 'path-preference',
    text: 'Of a policy (`vpp.abfs.abf`) and of a cross-connect of IP packets (`vpp.l3xconnect`) VPP uses all paths that are up by their weights, whatever their preference; on the Linux kernel the best preference takes all.',
  },
  {
    name: 'l3xconnect-ipv6-neighbours',
    text: 'Neighbour advertisements to the router leave by an IPv6 cross-connect on VPP, which then does not find the way to hosts on the link of that interface without `vpp.arp`; on the Linux kernel they stay with the router.',
  },
  {
    name: 'dhcp-proxy-interfaces',
    text: 'A DHCP proxy serves all interfaces of its VRF on VPP and adds option 82; on the Linux kernel it serves the interface that has the source address.',
  },
  {
    name: 'forward-false',
    text: 'A bridge domain with `forward: false` and `unknown_unicast_flood: true` floods unicast frames on VPP, and drops them on the Linux kernel.',
  },
  {
    name: 'srv6-frames',
    text: 'Of steered frames the Linux kernel carries those with IP for a single host, VPP carries all.',
  },
  {
    name: 'tunnel-checksums',
    text: 'Checksums that a pod leaves to its card are not finished by VPP when it puts the packet into an SRv6 header: set `tx_checksum_offloading: CHKSM_OFFLOAD_DISABLED` at the VETH of the pod. The Linux kernel finishes them.',
  },
  {
    name: 'vxlan-addresses',
    text: 'What arrives by a VXLAN tunnel goes to its bridge domain on VPP: addresses of the tunnel itself hear nothing there, those of a BVI do. The Linux kernel takes both.',
  },
  {
    name: 'gre-mac-addresses',
    text: 'GRE tunnels for frames (TEB) of two VPPs have the same MAC address unless they have a `phys_address`: routers do not hear each other. The Linux kernel draws MAC addresses by chance.',
  },
  {
    name: 'ipsec-protected-packets',
    text: 'What an IPsec database has protected needs a rule of the same database on VPP to leave (BYPASS between the two gateways); the Linux kernel asks no more.',
  },
  {
    name: 'ipsec-clear-text',
    text: 'What should come protected (a PROTECT rule matches it, or it comes by a protected IPIP or GRE tunnel) and comes in clear is dropped by the Linux kernel; VPP takes it.',
  },
  {
    name: 'ipsec-udp',
    text: 'Of ESP in UDP an IPsec database takes what comes over IPv4 and IPv6 on the Linux kernel, over IPv4 alone on VPP.',
  },
  {
    name: 'fragments',
    text: 'A fragment that is not the first has no ports: an access list rule with ports does not match it on the Linux kernel, and matches it by its addresses on VPP.',
  },
  {
    name: 'ipv6-protocols-253-254',
    text: 'Protocols 253 and 254 of IPv6 (experiments, RFC 3692) are extension headers to access lists of VPP, which look for a protocol behind them; the Linux kernel takes them as they are.',
  },
];
