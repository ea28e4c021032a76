/** A DNAT44 object taken apart: its mappings by what they do, the addresses of the interfaces they name. Pure. */

import type { DNat44, DNat44_IdentityMapping, DNat44_StaticMapping } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { GraphView } from '../../../scheduler/handler.ts';
import { interfaceAddressPrefix } from '../../interface/model.ts';
import type { InterfaceAddress } from '../../interface/model.ts';
import { resolveAddress } from '../../netalloc/model.ts';
import { identityText, isAddressOnly, isLoadBalanced, staticMappingText } from '../model/mapping.ts';
import { balanceChain } from './balance.ts';
import type { Elements, Placed } from './elements.ts';
import type { Through } from './flows.ts';
import {
  type AddressOf,
  externalAddress,
  identityElements,
  protocolNumber,
  shares,
  staticElements,
} from './mapping.ts';

/** What is remembered of an applied object. */
export interface AppliedDnat {
  /** Addresses of the interfaces that mappings name. */
  readonly interfaces: ReadonlyMap<string, string>;
  /** Where the table is not as the value says: what it really has of it. */
  readonly found?: { readonly elements: Elements; readonly addresses: ReadonlySet<string> };
}

/** Mappings with what is known of their interfaces. */
export interface Parts {
  readonly statics: ReadonlyMap<string, DNat44_StaticMapping>;
  readonly identities: ReadonlyMap<string, DNat44_IdentityMapping>;
  readonly addressOf: AddressOf;
}

export const nothing: Parts = { statics: new Map(), identities: new Map(), addressOf: () => undefined };

/** By texts that are the same for mappings that do the same. */
export function partsOf({ stMappings, idMappings }: DNat44, interfaces: ReadonlyMap<string, string>): Parts {
  const addressOf: AddressOf = (name) => interfaces.get(name);
  return {
    statics: new Map(
      stMappings.map((mapping) => [`${externalAddress(mapping, addressOf)} ${staticMappingText(mapping)}`, mapping]),
    ),
    identities: new Map(
      idMappings.map((mapping) => [`${addressOf(mapping.interface)} ${identityText(mapping)}`, mapping]),
    ),
    addressOf,
  };
}

/** What `other` does not have. */
export function without({ statics, identities, addressOf }: Parts, other: Parts): Parts {
  return { statics: rest(statics, other.statics), identities: rest(identities, other.identities), addressOf };
}

function rest<T>(all: ReadonlyMap<string, T>, known: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  if (known.size === 0) return all;
  return new Map([...all].filter(([text]) => !known.has(text)));
}

export function placedOf(
  statics: readonly DNat44_StaticMapping[],
  identities: readonly DNat44_IdentityMapping[],
  addressOf: AddressOf,
): readonly Placed[] {
  const placed: Placed[] = [];
  for (const mapping of statics) for (const one of staticElements(mapping, addressOf)) placed.push(one);
  for (const mapping of identities) for (const one of identityElements(mapping, addressOf)) placed.push(one);
  return placed;
}

export function localAddresses(statics: readonly DNat44_StaticMapping[]): ReadonlySet<string> {
  return new Set(statics.filter((mapping) => mapping.externalInterface === '').map(({ externalIp }) => externalIp));
}

export function chainOf(mapping: DNat44_StaticMapping): string | undefined {
  if (!isLoadBalanced(mapping)) return undefined;
  return balanceChain({ shares: shares(mapping.localIps).length, affinity: mapping.sessionAffinity });
}

export function throughs({ statics, addressOf }: Parts): readonly Through[] {
  return [...statics.values()].flatMap((mapping) => {
    const address = externalAddress(mapping, addressOf);
    if (address === undefined) return [];
    return mapping.localIps.map(({ localIp: backend, localPort: backendPort, vrfId: vrf }): Through => {
      if (isAddressOnly(mapping)) return { address, backend, vrf };
      const protocol = protocolNumber(mapping.protocol);
      return { address, protocol, port: mapping.externalPort, backend, backendPort, vrf };
    });
  });
}

/** VRFs other than 0 that mappings lead into. */
export function vrfsOf({ stMappings, idMappings }: DNat44): ReadonlySet<number> {
  const vrfs = [
    ...stMappings.flatMap(({ localIps }) => localIps.map(({ vrfId }) => vrfId)),
    ...idMappings.map(({ vrfId }) => vrfId),
  ];
  return new Set(vrfs.filter((vrf) => vrf !== 0));
}

/** The first IPv4 address of each interface that a mapping names, in key order. */
export function interfaceAddresses(graph: GraphView, value: DNat44): ReadonlyMap<string, string> {
  const addresses = new Map<string, string>();
  for (const name of namesOf(value)) {
    const address = firstAddress(graph, name);
    if (address !== undefined) addresses.set(name, address);
  }
  return addresses;
}

/** Interfaces that mappings name. */
export function namesOf({ stMappings, idMappings }: DNat44): ReadonlySet<string> {
  const names = [...stMappings.map((one) => one.externalInterface), ...idMappings.map((one) => one.interface)];
  return new Set(names.filter((name) => name !== ''));
}

function firstAddress(graph: GraphView, name: string): string | undefined {
  for (const [, value] of graph.appliedUnder(interfaceAddressPrefix(name))) {
    const text = resolveAddress(graph, (value as InterfaceAddress).address, name, 'address');
    if (text !== undefined && !text.includes(':')) return text;
  }
  return undefined;
}
