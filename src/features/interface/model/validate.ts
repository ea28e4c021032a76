/** What has to hold of any VPP interface, whatever its type. */

import { parsePrefix } from '../../../model/address.ts';
import {
  Interface_RxMode_Type as RxModeType,
  Interface_Type as Type,
} from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Problem } from '../../../scheduler/kind.ts';
import {
  enumProblem,
  ipProblem,
  macProblem,
  nameProblem,
  prefixProblem,
  rangeProblem,
  report,
  reportDuplicates,
} from '../../check.ts';
import { spelledPrefix } from '../../equality.ts';
import { isReference, referenceProblem } from '../../netalloc/model.ts';
import { reportLink } from './validate-link.ts';

/** The largest MTU an interface can have, in bytes. */
export const LARGEST_MTU = 9216;

export function validateInterface(value: Interface): readonly Problem[] {
  const problems: Problem[] = [];
  report(problems, nameProblem(value.name), 'name');
  report(problems, enumProblem(value.type, Type, { zero: false }), 'type');
  if (value.physAddress !== '') report(problems, macProblem(value.physAddress), 'phys_address');
  report(problems, rangeProblem(value.mtu, 0, LARGEST_MTU, 'bytes'), 'mtu');
  reportAddresses(problems, value.ipAddresses, value.name);
  reportUnnumbered(problems, value);
  reportRxModes(problems, value);
  reportDuplicates(problems, value.rxPlacements, ({ queue }) => `queue ${queue}`, 'rx_placements', 'queue');
  reportLink(problems, value);
  return problems;
}

/** Addresses of an interface: with a mask length (bare: one host), or references; each once. */
export function reportAddresses(problems: Problem[], addresses: readonly string[], interfaceName: string): void {
  for (let index = 0; index < addresses.length; index++) {
    report(problems, interfaceAddressProblem(addresses[index]!, interfaceName), 'ip_addresses', index);
  }
  reportDuplicates(problems, addresses, spelledPrefix, 'ip_addresses');
}

function interfaceAddressProblem(text: string, interfaceName: string): string | undefined {
  if (isReference(text)) return referenceProblem(text, interfaceName, 'address');
  const problem = prefixProblem(text);
  if (problem !== undefined) return problem;
  // The group address of a multicast tunnel is an address of its interface, too.
  const { address } = parsePrefix(text, { bare: true })!;
  return address.bytes.every((byte) => byte === 0) ? ipProblem(text.split('/', 1)[0]!) : undefined;
}

function reportUnnumbered(problems: Problem[], { name, unnumbered, ipAddresses, setDhcpClient }: Interface): void {
  if (unnumbered === undefined) return;
  const lender = unnumbered.interfaceWithIp;
  const own = lender === name ? 'is the interface itself; another one that has an address is accepted' : undefined;
  report(problems, nameProblem(lender, 'the interface whose address is used') ?? own, 'unnumbered.interface_with_ip');
  if (ipAddresses.length > 0) {
    report(problems, 'an unnumbered interface uses the addresses of another one and has none itself', 'ip_addresses');
  }
  if (setDhcpClient) report(problems, 'an unnumbered interface asks no DHCP server for an address', 'set_dhcp_client');
}

function reportRxModes(problems: Problem[], { type, rxModes }: Interface): void {
  for (let index = 0; index < rxModes.length; index++) {
    const { mode } = rxModes[index]!;
    report(problems, enumProblem(mode, RxModeType, { zero: false }), 'rx_modes', index, 'mode');
    if (type === Type.DPDK && (mode === RxModeType.INTERRUPT || mode === RxModeType.ADAPTIVE)) {
      report(problems, `${RxModeType[mode]} is not possible for DPDK; POLLING is`, 'rx_modes', index, 'mode');
    }
  }
  const identity = (mode: Interface['rxModes'][number]) =>
    mode.defaultMode ? 'the default mode' : `queue ${mode.queue}`;
  reportDuplicates(problems, rxModes, identity, 'rx_modes');
}
