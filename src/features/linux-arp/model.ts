/** Permanent neighbours of the Linux kernel: `linux.l3.arp`. */

import type { ARPEntry } from '../../model/gen/ligato/linux/l3/arp_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Kind, Problem } from '../../scheduler/kind.ts';
import { macProblem, nameProblem, report } from '../check.ts';
import { equivalence, sameIpText, sameMacText } from '../equality.ts';
import { linuxAddressDependency, linuxInterfaceUpDependency } from '../linux-interface/model.ts';
import { allocationDependency, ipOrReferenceProblem } from '../netalloc/model.ts';

const PREFIX = 'config/linux/l3/v2/arp/';

export const linuxArp: Kind<ARPEntry> = {
  name: 'linux.l3.arp',
  prefix: PREFIX,
  validate(_key, { interface: name, ipAddress, hwAddress }) {
    const problems: Problem[] = [];
    report(problems, nameProblem(name, 'the name of a Linux interface'), 'interface');
    report(problems, ipOrReferenceProblem(ipAddress, name, 'any'), 'ip_address');
    report(problems, macProblem(hwAddress), 'hw_address');
    return problems;
  },
  equivalent: equivalence<ARPEntry>({ ipAddress: sameIpText, hwAddress: sameMacText }),
  dependencies(_key, { interface: name, ipAddress }) {
    const wanted = [linuxInterfaceUpDependency(name), linuxAddressDependency(name)];
    const allocation = allocationDependency(ipAddress, name);
    return allocation === undefined ? wanted : [...wanted, allocation];
  },
};

/** `address` as it is configured. */
export function linuxArpKey(interfaceName: string, address: string): Key {
  return asKey(`${PREFIX}${interfaceName}/${address}`);
}
