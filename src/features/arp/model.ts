/** Neighbours: `vpp.arp` (ARP for IPv4, neighbour discovery for IPv6). */

import type { ARPEntry } from '../../model/gen/ligato/vpp/l3/arp_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Kind, Problem } from '../../scheduler/kind.ts';
import { ipProblem, macProblem, nameProblem, report } from '../check.ts';
import { equivalence, sameIpText, sameMacText } from '../equality.ts';
import { interfaceDependency } from '../interface/model.ts';

const PREFIX = 'config/vpp/v2/arp/';

export const arpEntry: Kind<ARPEntry> = {
  name: 'vpp.arp',
  prefix: PREFIX,
  validate(_key, { interface: name, ipAddress, physAddress }) {
    const problems: Problem[] = [];
    report(problems, nameProblem(name, 'the name of an interface'), 'interface');
    report(problems, ipProblem(ipAddress), 'ip_address');
    report(problems, macProblem(physAddress), 'phys_address');
    return problems;
  },
  equivalent: equivalence<ARPEntry>({ ipAddress: sameIpText, physAddress: sameMacText }),
  dependencies: (_key, { interface: name }) => [interfaceDependency(name)],
};

/** `address` as it is configured. */
export function arpKey(interfaceName: string, address: string): Key {
  return asKey(`${PREFIX}${interfaceName}/${address}`);
}
