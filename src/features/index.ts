/** The features there are: adding one is a folder and a line here. */

import { abf, abfInterface } from './abf/model.ts';
import { acl, aclInterface } from './acl/model.ts';
import { arpEntry } from './arp/model.ts';
import { bridgeDomain, bridgeDomainArpEntry, bridgeDomainInterface } from './bridge-domain/model.ts';
import { dhcpProxy } from './dhcp-proxy/model.ts';
import { dnsCache } from './dns/model.ts';
import type { Feature } from './feature.ts';
import { fibEntry } from './fib/model.ts';
import { hasIp, interfaceKinds } from './interface/model.ts';
import { ipScanNeighbor } from './ip-scan-neighbor/model.ts';
import { flowProbeFeature, flowProbeParams, ipfix } from './ipfix/model.ts';
import { ipsecKinds } from './ipsec/model.ts';
import { l3xconnect } from './l3xconnect/model.ts';
import { linuxArp } from './linux-arp/model.ts';
import { linuxInterfaceKinds } from './linux-interface/model.ts';
import { ruleChain } from './linux-iptables/model.ts';
import { linuxRoute } from './linux-route/model.ts';
import { hostNamespaces, microservice } from './namespace/model.ts';
import { nat44Kinds } from './nat44/model.ts';
import { ipAllocation } from './netalloc/model.ts';
import { proxyArp, proxyArpInterface } from './proxy-arp/model.ts';
import { exception, ipRedirect, toHost } from './punt/model.ts';
import { route } from './route/model.ts';
import { span } from './span/model.ts';
import { srv6Kinds } from './srv6/model.ts';
import { stnRule } from './stn/model.ts';
import { teibEntry } from './teib/model.ts';
import { vrfTable } from './vrf/model.ts';
import { vrrpEntry, vrrpState } from './vrrp/model.ts';
import { wireguardPeer } from './wireguard/model.ts';
import { xconnect } from './xconnect/model.ts';

export const features: readonly Feature[] = [
  { name: 'netalloc', kinds: [ipAllocation], virtual: [ipAllocation] },
  { name: 'namespace', kinds: [microservice, hostNamespaces] },
  {
    name: 'linux-interface',
    kinds: linuxInterfaceKinds,
    engines: { host: () => import('./linux-interface/kernel.ts') },
  },
  {
    name: 'interface',
    kinds: interfaceKinds,
    virtual: [hasIp],
    engines: { kernel: () => import('./interface/kernel.ts'), vpp: () => import('./interface/vpp.ts') },
  },
  {
    name: 'bridge-domain',
    kinds: [bridgeDomain, bridgeDomainInterface, bridgeDomainArpEntry],
    engines: { kernel: () => import('./bridge-domain/kernel.ts'), vpp: () => import('./bridge-domain/vpp.ts') },
  },
  {
    name: 'fib',
    kinds: [fibEntry],
    engines: { kernel: () => import('./fib/kernel.ts'), vpp: () => import('./fib/vpp.ts') },
  },
  {
    name: 'xconnect',
    kinds: [xconnect],
    engines: { kernel: () => import('./xconnect/kernel.ts'), vpp: () => import('./xconnect/vpp.ts') },
  },
  {
    name: 'vrf',
    kinds: [vrfTable],
    engines: { kernel: () => import('./vrf/kernel.ts'), vpp: () => import('./vrf/vpp.ts') },
  },
  {
    name: 'route',
    kinds: [route],
    engines: { kernel: () => import('./route/kernel.ts'), vpp: () => import('./route/vpp.ts') },
  },
  {
    name: 'arp',
    kinds: [arpEntry],
    engines: { kernel: () => import('./arp/kernel.ts'), vpp: () => import('./arp/vpp.ts') },
  },
  {
    name: 'proxy-arp',
    kinds: [proxyArp, proxyArpInterface],
    engines: { kernel: () => import('./proxy-arp/kernel.ts'), vpp: () => import('./proxy-arp/vpp.ts') },
  },
  {
    name: 'acl',
    kinds: [acl, aclInterface],
    engines: { kernel: () => import('./acl/kernel.ts'), vpp: () => import('./acl/vpp.ts') },
  },
  {
    name: 'nat44',
    kinds: nat44Kinds,
    engines: { kernel: () => import('./nat44/kernel.ts'), vpp: () => import('./nat44/vpp.ts') },
  },
  { name: 'linux-route', kinds: [linuxRoute], engines: { host: () => import('./linux-route/kernel.ts') } },
  { name: 'linux-arp', kinds: [linuxArp], engines: { host: () => import('./linux-arp/kernel.ts') } },
  { name: 'linux-iptables', kinds: [ruleChain], engines: { host: () => import('./linux-iptables/kernel.ts') } },
  {
    name: 'span',
    kinds: [span],
    engines: { kernel: () => import('./span/kernel.ts'), vpp: () => import('./span/vpp.ts') },
  },
  {
    name: 'abf',
    kinds: [abf, abfInterface],
    engines: { kernel: () => import('./abf/kernel.ts'), vpp: () => import('./abf/vpp.ts') },
  },
  {
    name: 'l3xconnect',
    kinds: [l3xconnect],
    engines: { kernel: () => import('./l3xconnect/kernel.ts'), vpp: () => import('./l3xconnect/vpp.ts') },
  },
  {
    name: 'teib',
    kinds: [teibEntry],
    engines: { kernel: () => import('./teib/kernel.ts'), vpp: () => import('./teib/vpp.ts') },
  },
  {
    name: 'vrrp',
    kinds: [vrrpEntry, vrrpState],
    engines: { kernel: () => import('./vrrp/kernel.ts'), vpp: () => import('./vrrp/vpp.ts') },
  },
  {
    name: 'dhcp-proxy',
    kinds: [dhcpProxy],
    engines: { kernel: () => import('./dhcp-proxy/kernel.ts'), vpp: () => import('./dhcp-proxy/vpp.ts') },
  },
  {
    name: 'ip-scan-neighbor',
    kinds: [ipScanNeighbor],
    engines: { kernel: () => import('./ip-scan-neighbor/kernel.ts'), vpp: () => import('./ip-scan-neighbor/vpp.ts') },
  },
  {
    name: 'ipsec',
    kinds: ipsecKinds,
    engines: { kernel: () => import('./ipsec/kernel.ts'), vpp: () => import('./ipsec/vpp.ts') },
  },
  {
    name: 'punt',
    kinds: [ipRedirect, toHost, exception],
    engines: { kernel: () => import('./punt/kernel.ts'), vpp: () => import('./punt/vpp.ts') },
  },
  {
    name: 'srv6',
    kinds: srv6Kinds,
    engines: { kernel: () => import('./srv6/kernel.ts'), vpp: () => import('./srv6/vpp.ts') },
  },
  {
    name: 'stn',
    kinds: [stnRule],
    engines: { kernel: () => import('./stn/kernel.ts'), vpp: () => import('./stn/vpp.ts') },
  },
  {
    name: 'dns',
    kinds: [dnsCache],
    engines: { kernel: () => import('./dns/kernel.ts'), vpp: () => import('./dns/vpp.ts') },
  },
  {
    name: 'ipfix',
    kinds: [ipfix, flowProbeParams, flowProbeFeature],
    engines: { kernel: () => import('./ipfix/kernel.ts'), vpp: () => import('./ipfix/vpp.ts') },
  },
  {
    name: 'wireguard',
    kinds: [wireguardPeer],
    engines: { kernel: () => import('./wireguard/kernel.ts'), vpp: () => import('./wireguard/vpp.ts') },
  },
];
