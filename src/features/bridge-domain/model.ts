/** Bridge domains: `vpp.l2.bridge-domain` and its ports. */

import type {
  BridgeDomain,
  BridgeDomain_ArpTerminationEntry,
  BridgeDomain_Interface,
} from '../../model/gen/ligato/vpp/l2/bridge_domain_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Dependency, Kind, Part, Problem } from '../../scheduler/kind.ts';
import { ipProblem, macProblem, nameProblem, rangeProblem, report, reportDuplicates } from '../check.ts';
import { equivalence, sameIpText, sameMacText, sameSet, spelledIp, spelledMac } from '../equality.ts';
import { interfaceDependency } from '../interface/model.ts';

export const BRIDGE_DOMAIN_PREFIX = 'config/vpp/l2/v2/bridge-domain/';

/** A port of a bridge domain (`vpp.l2.bridge-domain.interface`). */
export interface BridgeDomainInterface {
  readonly bridgeDomain: string;
  readonly interface: string;
  /** The router's own port. */
  readonly bridgedVirtualInterface: boolean;
  /** 0: no group. */
  readonly splitHorizonGroup: number;
  /** As in the bridge domain. */
  readonly flood: boolean;
  readonly unknownUnicastFlood: boolean;
  readonly forward: boolean;
  readonly learn: boolean;
}

/** An address that the bridge domain answers for (`vpp.l2.bridge-domain.arp-entry`). */
export interface BridgeDomainArpEntry {
  readonly bridgeDomain: string;
  readonly ipAddress: string;
  readonly physAddress: string;
}

export const bridgeDomain: Kind<BridgeDomain> = {
  name: 'vpp.l2.bridge-domain',
  prefix: BRIDGE_DOMAIN_PREFIX,
  validate: (_key, value) => validate(value),
  equivalent: equivalence<BridgeDomain>({
    interfaces: (left, right) => sameSet(left, right, portText),
    arpTerminationTable: (left, right) => sameSet(left, right, entryText),
  }),
  parts: (_key, value) => [
    ...value.interfaces.map((port) => portPart(value, port)),
    ...(value.arpTermination ? value.arpTerminationTable.map((entry) => arpEntryPart(value.name, entry)) : []),
  ],
};

export const bridgeDomainInterface: Kind<BridgeDomainInterface> = {
  name: 'vpp.l2.bridge-domain.interface',
  dependencies: (_key, { interface: name }) => [interfaceDependency(name)],
  claims: (_key, { interface: name }) => [layer2Claim(name)],
};

export const bridgeDomainArpEntry: Kind<BridgeDomainArpEntry> = {
  name: 'vpp.l2.bridge-domain.arp-entry',
  equivalent: equivalence<BridgeDomainArpEntry>({ ipAddress: sameIpText, physAddress: sameMacText }),
};

function validate({ name, macAge, interfaces, arpTerminationTable }: BridgeDomain): readonly Problem[] {
  const problems: Problem[] = [];
  report(problems, nameProblem(name), 'name');
  report(problems, rangeProblem(macAge, 0, 255, 'minutes'), 'mac_age');
  reportPorts(problems, interfaces);
  for (let index = 0; index < arpTerminationTable.length; index++) {
    const { ipAddress, physAddress } = arpTerminationTable[index]!;
    report(problems, ipProblem(ipAddress), 'arp_termination_table', index, 'ip_address');
    report(problems, macProblem(physAddress), 'arp_termination_table', index, 'phys_address');
  }
  const address = (entry: BridgeDomain_ArpTerminationEntry) => spelledIp(entry.ipAddress);
  reportDuplicates(problems, arpTerminationTable, address, 'arp_termination_table', 'ip_address');
  return problems;
}

function reportPorts(problems: Problem[], ports: readonly BridgeDomain_Interface[]): void {
  let router: string | undefined;
  for (let index = 0; index < ports.length; index++) {
    const { name, bridgedVirtualInterface, splitHorizonGroup } = ports[index]!;
    report(problems, nameProblem(name, 'the name of an interface'), 'interfaces', index, 'name');
    report(problems, rangeProblem(splitHorizonGroup, 0, 255), 'interfaces', index, 'split_horizon_group');
    if (!bridgedVirtualInterface) continue;
    if (router === undefined) router = name;
    else {
      const problem = `${router} is the BVI already; a bridge domain has at most one`;
      report(problems, problem, 'interfaces', index, 'bridged_virtual_interface');
    }
  }
  reportDuplicates(problems, ports, (port) => port.name, 'interfaces', 'name');
}

function portPart(domain: BridgeDomain, port: BridgeDomain_Interface): Part {
  const { name, bridgedVirtualInterface, splitHorizonGroup } = port;
  const { flood, unknownUnicastFlood, forward, learn } = domain;
  const value: BridgeDomainInterface = {
    bridgeDomain: domain.name,
    interface: name,
    bridgedVirtualInterface,
    splitHorizonGroup,
    flood,
    unknownUnicastFlood,
    forward,
    learn,
  };
  return { key: bridgeDomainInterfaceKey(domain.name, name), kind: bridgeDomainInterface.name, value };
}

function arpEntryPart(bridgeDomainName: string, { ipAddress, physAddress }: BridgeDomain_ArpTerminationEntry): Part {
  const value: BridgeDomainArpEntry = { bridgeDomain: bridgeDomainName, ipAddress, physAddress };
  return { key: bridgeDomainArpEntryKey(bridgeDomainName, ipAddress), kind: bridgeDomainArpEntry.name, value };
}

function portText({ name, bridgedVirtualInterface, splitHorizonGroup }: BridgeDomain_Interface): string {
  return `${splitHorizonGroup} ${bridgedVirtualInterface} ${name}`;
}

function entryText({ ipAddress, physAddress }: BridgeDomain_ArpTerminationEntry): string {
  return `${spelledIp(ipAddress)} ${spelledMac(physAddress)}`;
}

export function bridgeDomainKey(name: string): Key {
  return asKey(BRIDGE_DOMAIN_PREFIX + name);
}

/** Prefix of the keys of all ports of a bridge domain. */
export function bridgeDomainInterfacePrefix(bridgeDomainName: string): string {
  return `vpp/bd/${bridgeDomainName}/interface`;
}

export function bridgeDomainInterfaceKey(bridgeDomainName: string, interfaceName: string): Key {
  return asKey(`vpp/bd/${bridgeDomainName}/interface/${interfaceName}`);
}

/** `address` in any spelling. */
export function bridgeDomainArpEntryKey(bridgeDomainName: string, address: string): Key {
  return asKey(`vpp/bd/${bridgeDomainName}/arp/${spelledIp(address)}`);
}

export function bridgeDomainDependency(name: string): Dependency {
  return { label: `bridge domain ${name}`, key: bridgeDomainKey(name) };
}

/** What an interface receives is switched by one bridge domain or one cross-connect. */
export function layer2Claim(interfaceName: string): string {
  return `layer 2 of interface ${interfaceName}`;
}
