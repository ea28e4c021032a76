/** The features there are: adding one is a folder and a line here. */

import { acl, aclInterface } from './acl/model.ts';
import { arpEntry } from './arp/model.ts';
import { bridgeDomain, bridgeDomainInterface } from './bridge-domain/model.ts';
import type { Feature } from './feature.ts';
import { fibEntry } from './fib/model.ts';
import { hasIp, interfaceKinds } from './interface/model.ts';
import { linuxArp } from './linux-arp/model.ts';
import { linuxInterfaceKinds } from './linux-interface/model.ts';
import { ruleChain } from './linux-iptables/model.ts';
import { linuxRoute } from './linux-route/model.ts';
import { microservice } from './namespace/model.ts';
import { nat44Kinds } from './nat44/model.ts';
import { ipAllocation } from './netalloc/model.ts';
import { proxyArp, proxyArpInterface } from './proxy-arp/model.ts';
import { route } from './route/model.ts';
import { vrfTable } from './vrf/model.ts';
import { xconnect } from './xconnect/model.ts';

export const features: readonly Feature[] = [
  { name: 'netalloc', kinds: [ipAllocation], virtual: [ipAllocation] },
  { name: 'namespace', kinds: [microservice] },
  { name: 'linux-interface', kinds: linuxInterfaceKinds },
  { name: 'interface', kinds: interfaceKinds, virtual: [hasIp] },
  { name: 'bridge-domain', kinds: [bridgeDomain, bridgeDomainInterface] },
  { name: 'fib', kinds: [fibEntry] },
  { name: 'xconnect', kinds: [xconnect] },
  { name: 'vrf', kinds: [vrfTable] },
  { name: 'route', kinds: [route] },
  { name: 'arp', kinds: [arpEntry] },
  { name: 'proxy-arp', kinds: [proxyArp, proxyArpInterface] },
  { name: 'acl', kinds: [acl, aclInterface] },
  { name: 'nat44', kinds: nat44Kinds },
  { name: 'linux-route', kinds: [linuxRoute] },
  { name: 'linux-arp', kinds: [linuxArp] },
  { name: 'linux-iptables', kinds: [ruleChain] },
];
