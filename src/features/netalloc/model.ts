/** Addresses allocated in named networks: `netalloc.ip`, and the references `alloc:NETWORK[/INTERFACE][/GW]` to them. */

import { bitsOf, contains, formatIp, formatPrefix, networkOf, parseIp, parsePrefix } from '../../model/address.ts';
import type { Prefix } from '../../model/address.ts';
import type { IPAllocation } from '../../model/gen/ligato/netalloc/netalloc_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Dependency, Kind, Problem, Value } from '../../scheduler/kind.ts';
import { ipProblem, nameProblem, prefixProblem, quote, report } from '../check.ts';
import type { IpRules } from '../check.ts';
import { equivalence, samePrefixText } from '../equality.ts';

const PREFIX = 'config/netalloc/v1/ip/';
const REFERENCE = 'alloc:';

/** Knowledge only: no engine makes anything of an allocation (see `Feature.virtual`). */
export const ipAllocation: Kind<IPAllocation> = {
  name: 'netalloc.ip',
  prefix: PREFIX,
  validate: (_key, allocation) => validate(allocation),
  equivalent: equivalence<IPAllocation>({ address: samePrefixText, gw: samePrefixText }),
  parts(_key, { networkName, interfaceName, ...value }) {
    if (!gatewayIsNeighbour(value)) return [];
    return [{ key: neighbourGatewayKey(networkName, interfaceName), value: { gateway: value.gw } }];
  },
  claims: (_key, { networkName, address }) => [`address ${hostOf(address)} of network ${networkName}`],
};

function validate({ networkName, interfaceName, address, gw }: IPAllocation): readonly Problem[] {
  const problems: Problem[] = [];
  report(problems, networkNameProblem(networkName), 'network_name');
  report(problems, nameProblem(interfaceName, 'the logical name of an interface'), 'interface_name');
  report(problems, prefixProblem(address), 'address');
  if (gw === '') return problems;
  const family = parsePrefix(address, BARE)?.address.family;
  report(problems, prefixProblem(gw, family && { family }), 'gw');
  return problems;
}

const BARE = { bare: true };

function networkNameProblem(name: string): string | undefined {
  const problem = nameProblem(name, 'the name of a network');
  if (problem !== undefined || !name.includes('/')) return problem;
  return `${quote(name)} contains a slash; a network's name has none`;
}

function hostOf(address: string): string {
  const prefix = parsePrefix(address, BARE);
  return prefix === undefined ? address : formatIp(prefix.address);
}

function gatewayIsNeighbour({ address, gw }: { readonly address: string; readonly gw: string }): boolean {
  const prefix = parsePrefix(address, BARE);
  const gateway = gw === '' ? undefined : parsePrefix(gw, BARE);
  return prefix !== undefined && gateway !== undefined && contains(networkOf(prefix), gateway.address);
}

export function allocationKey(network: string, interfaceName: string): Key {
  return asKey(`${PREFIX}network/${network}/interface/${interfaceName}`);
}

/** Property of an allocation whose gateway is on the subnet of the address. */
export function neighbourGatewayKey(network: string, interfaceName: string): Key {
  return asKey(`netalloc/neigh-gw/network/${network}/interface/${interfaceName}`);
}

export interface AddressReference {
  readonly network: string;
  readonly interfaceName: string;
  /** The gateway of the allocation is meant, not its address. */
  readonly gateway: boolean;
}

export function isReference(text: string): boolean {
  return text.startsWith(REFERENCE);
}

/**
 * Reads `alloc:NETWORK[/INTERFACE][/GW]`; without INTERFACE it is `implied`, the one that the referring object is about.
 * Interface names may contain slashes. Undefined when the text is no reference, or lacks a part.
 */
export function parseReference(text: string, implied = ''): AddressReference | undefined {
  if (!isReference(text)) return undefined;
  const slash = text.indexOf('/');
  const network = text.slice(REFERENCE.length, slash < 0 ? text.length : slash);
  let interfaceName = slash < 0 ? '' : text.slice(slash + 1);
  const gateway = interfaceName === 'GW' || interfaceName.endsWith('/GW');
  if (gateway) interfaceName = interfaceName.slice(0, -3);
  if (interfaceName === '' && slash >= 0 && !gateway) return undefined;
  interfaceName ||= implied;
  return network === '' || interfaceName === '' ? undefined : { network, interfaceName, gateway };
}

/** What may stand in a field: an address or a reference to one, to a gateway, or to either. */
export type ReferenceRule = 'address' | 'gateway' | 'any';

/** What is wrong with a reference in a field. */
export function referenceProblem(text: string, implied: string, rule: ReferenceRule): string | undefined {
  const reference = parseReference(text, implied);
  if (reference === undefined) return `${quote(text)} is not a reference of the form alloc:NETWORK[/INTERFACE][/GW]`;
  if (rule === 'address' && reference.gateway)
    return `${text} refers to a gateway; a reference without /GW is accepted`;
  if (rule === 'gateway' && !reference.gateway)
    return `${text} refers to an address; a reference that ends in /GW is accepted`;
  return undefined;
}

/** An address without a mask, or a reference. */
export function ipOrReferenceProblem(text: string, implied: string, rule: ReferenceRule, ip?: IpRules) {
  return isReference(text) ? referenceProblem(text, implied, rule) : ipProblem(text, ip);
}

/** The allocation has to be there first, and its dependant follows when it changes. */
export function allocationDependency(text: string, implied: string): Dependency | undefined {
  const reference = parseReference(text, implied);
  if (reference === undefined) return undefined;
  const { network, interfaceName } = reference;
  return {
    label: `allocation ${network}/${interfaceName}`,
    key: allocationKey(network, interfaceName),
    watches: 'change',
  };
}

/** `address`: 10.0.0.5; `interface`: 10.0.0.5/24; `network`: 10.0.0.0/24; `host`: 10.0.0.5/32. */
export type AddressForm = 'address' | 'interface' | 'network' | 'host';

/**
 * The canonical address that a field stands for: the text itself, or what its reference is allocated now. Undefined when the
 * text is neither, or nothing is allocated.
 */
export function resolveAddress(
  graph: { applied(key: Key): Value | undefined },
  text: string,
  implied: string,
  form: AddressForm,
): string | undefined {
  if (!isReference(text)) return inForm(parsePrefix(text, BARE), form);
  const reference = parseReference(text, implied);
  if (reference === undefined) return undefined;
  const allocation = graph.applied(allocationKey(reference.network, reference.interfaceName));
  if (allocation === undefined) return undefined;
  return inForm(allocated(allocation as IPAllocation, reference.gateway), form);
}

function allocated({ address, gw }: IPAllocation, gateway: boolean): Prefix | undefined {
  const prefix = parsePrefix(address, BARE);
  if (!gateway || gw.includes('/')) return gateway ? parsePrefix(gw) : prefix;
  const host = parseIp(gw);
  if (host === undefined || prefix === undefined) return undefined;
  return { address: host, length: contains(networkOf(prefix), host) ? prefix.length : bitsOf(host.family) };
}

function inForm(prefix: Prefix | undefined, form: AddressForm): string | undefined {
  if (prefix === undefined) return undefined;
  switch (form) {
    case 'address':
      return formatIp(prefix.address);
    case 'interface':
      return formatPrefix(prefix);
    case 'network':
      return formatPrefix(networkOf(prefix));
    case 'host':
      return formatPrefix({ address: prefix.address, length: bitsOf(prefix.address.family) });
  }
}
