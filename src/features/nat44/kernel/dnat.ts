/** `vpp.nat.dnat44` in the Linux kernel: elements of the shared maps, local routes for external addresses. */

import type { DNat44, DNat44_IdentityMapping, DNat44_StaticMapping } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import { DNat44_Protocol as Protocol } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import { parsePrefix } from '../../../model/address.ts';
import type { Key } from '../../../model/key.ts';
import type { GraphView, Handler } from '../../../scheduler/handler.ts';
import type { Dependency } from '../../../scheduler/kind.ts';
import { interfaceAddressPrefix } from '../../interface/model.ts';
import type { InterfaceAddress } from '../../interface/model.ts';
import { isReference, resolveAddress } from '../../netalloc/model.ts';
import { identityText, isAddressOnly, isLoadBalanced, staticMappingText } from '../model/mapping.ts';
import { forgetAffinity } from './affinity.ts';
import { balanceChain } from './balance.ts';
import { collect, type Elements, type Placed } from './elements.ts';
import { type Through, throughText } from './flows.ts';
import {
  externalAddress,
  identityElements,
  protocolNumber,
  shares,
  staticElements,
  unsupportedDnat,
  type AddressOf,
} from './mapping.ts';
import type { Nat } from './nat.ts';
import { retrieveDnat } from './dnat-retrieval.ts';

/** What is remembered of an applied object. */
export interface AppliedDnat {
  /** Addresses of the interfaces that mappings name. */
  readonly interfaces: ReadonlyMap<string, string>;
  /** Where the table is not as the value says: what it really has of it. */
  readonly found?: { readonly elements: Elements; readonly addresses: ReadonlySet<string> };
}

export function dnatHandler(nat: Nat): Handler<DNat44, AppliedDnat> {
  async function change(
    context: GraphView,
    key: Key,
    from: DNat44 | undefined,
    applied: AppliedDnat | undefined,
    to: DNat44,
  ): Promise<AppliedDnat> {
    const interfaces = interfaceAddresses(context, to);
    const before = applied?.found ? undefined : from && partsOf(from, applied!.interfaces);
    const after = partsOf(to, interfaces);
    const left = without(before ?? nothing, after);
    const added = without(after, before ?? nothing);
    // What is counted too often makes endings slower, what is counted too seldom would end others' connections.
    nat.flows.use(throughs(added));
    await Promise.all([
      nat.chains.ensure(chainsOf(added)),
      nat.change(applied?.found?.elements ?? elementsOf(left), elementsOf(added)),
      nat.addresses.change(key, applied?.found?.addresses ?? addressesOf(left), addressesOf(added)),
    ]);
    nat.flows.release(throughs(left));
    await Promise.all([endGone(nat, from && partsOf(from, applied!.interfaces), after), ...takeOver(nat, added)]);
    return { interfaces };
  }

  return {
    kind: 'vpp.nat.dnat44',
    engine: 'kernel',
    unsupported: (_key, value) => unsupportedDnat(value),
    dependencies: (_key, value) => addressDependencies(value),
    create: (context, key, value) => change(context, key, undefined, undefined, value),
    update: (context, key, from, to, applied) => change(context, key, from, applied, to),
    async refresh(context, key, value, applied) {
      const now = interfaceAddresses(context, value);
      if (sameMap(now, applied.interfaces)) return applied;
      return await change(context, key, value, applied, value);
    },
    async remove(_context, key, value, applied) {
      const before = partsOf(value, applied.interfaces);
      const elements = applied.found?.elements ?? elementsOf(before);
      const addresses = applied.found?.addresses ?? addressesOf(before);
      await Promise.all([nat.change(elements, collect([])), nat.addresses.change(key, addresses, new Set())]);
      nat.flows.release(throughs(before));
      await endGone(nat, before, nothing);
    },
    retrieve: (context) => retrieveDnat(nat, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.interfaces.address', 'netalloc.ip'],
  };
}

/** Mappings with what is known of their interfaces. */
interface Parts {
  readonly statics: ReadonlyMap<string, DNat44_StaticMapping>;
  readonly identities: ReadonlyMap<string, DNat44_IdentityMapping>;
  readonly addressOf: AddressOf;
}

const nothing: Parts = { statics: new Map(), identities: new Map(), addressOf: () => undefined };

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
function without({ statics, identities, addressOf }: Parts, other: Parts): Parts {
  return { statics: rest(statics, other.statics), identities: rest(identities, other.identities), addressOf };
}

function rest<T>(all: ReadonlyMap<string, T>, known: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  if (known.size === 0) return all;
  return new Map([...all].filter(([text]) => !known.has(text)));
}

function elementsOf({ statics, identities, addressOf }: Parts): Elements {
  return collect(placedOf([...statics.values()], [...identities.values()], addressOf));
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

/** Addresses that need a route of ours: an interface's own is local anyway. */
function addressesOf({ statics }: Parts): ReadonlySet<string> {
  return localAddresses([...statics.values()]);
}

export function localAddresses(statics: readonly DNat44_StaticMapping[]): ReadonlySet<string> {
  return new Set(statics.filter((mapping) => mapping.externalInterface === '').map(({ externalIp }) => externalIp));
}

function chainsOf({ statics }: Parts): ReadonlySet<string> {
  const chains = new Set<string>();
  for (const mapping of statics.values()) {
    const chain = chainOf(mapping);
    if (chain !== undefined) chains.add(chain);
  }
  return chains;
}

export function chainOf(mapping: DNat44_StaticMapping): string | undefined {
  if (!isLoadBalanced(mapping)) return undefined;
  return balanceChain({ shares: shares(mapping.localIps).length, affinity: mapping.sessionAffinity });
}

/** Ends the connections to backends that are not there any more, and only those. */
async function endGone(nat: Nat, before: Parts | undefined, after: Parts): Promise<void> {
  if (!before) return;
  const gone = without(before, after);
  const kept = new Set(throughs(without(after, before)).map(throughText));
  const ended = throughs(gone).filter((one) => !kept.has(throughText(one)));
  if ([...gone.statics.values()].some(({ sessionAffinity }) => sessionAffinity > 0)) await forgetAffinity(nat, ended);
  await nat.flows.endThrough(ended);
}

export function throughs({ statics, addressOf }: Parts): readonly Through[] {
  return [...statics.values()].flatMap((mapping) => {
    const address = externalAddress(mapping, addressOf);
    if (address === undefined) return [];
    return mapping.localIps.map(({ localIp: backend, localPort: backendPort }): Through => {
      if (isAddressOnly(mapping)) return { address, backend };
      return { address, protocol: protocolNumber(mapping.protocol), port: mapping.externalPort, backend, backendPort };
    });
  });
}

/** Datagrams that are on their way past a mapping find it now. */
function takeOver(nat: Nat, { statics, addressOf }: Parts): Promise<void>[] {
  return [...statics.values()].flatMap((mapping) => {
    const address = externalAddress(mapping, addressOf);
    if (address === undefined || mapping.protocol !== Protocol.UDP || isAddressOnly(mapping)) return [];
    return nat.flows.endUntranslated(address, protocolNumber(mapping.protocol), mapping.externalPort);
  });
}

/** A mapping of an interface follows its IPv4 address. */
function addressDependencies(value: DNat44): readonly Dependency[] {
  return Array.from(namesOf(value), (name) => ({
    label: `IPv4 address of interface ${name}`,
    anyOf: {
      prefixes: [interfaceAddressPrefix(name)],
      where: (_key: unknown, address: object) => isIpv4((address as InterfaceAddress).address),
    },
    watches: 'change' as const,
  }));
}

function namesOf({ stMappings, idMappings }: DNat44): ReadonlySet<string> {
  const names = [...stMappings.map((one) => one.externalInterface), ...idMappings.map((one) => one.interface)];
  return new Set(names.filter((name) => name !== ''));
}

function isIpv4(text: string): boolean {
  return isReference(text) || parsePrefix(text)?.address.family === 4;
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

function firstAddress(graph: GraphView, name: string): string | undefined {
  for (const [, value] of graph.appliedUnder(interfaceAddressPrefix(name))) {
    const text = resolveAddress(graph, (value as InterfaceAddress).address, name, 'address');
    if (text !== undefined && !text.includes(':')) return text;
  }
  return undefined;
}

function sameMap(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean {
  return left.size === right.size && [...left].every(([name, address]) => right.get(name) === address);
}
