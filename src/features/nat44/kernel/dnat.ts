/** `vpp.nat.dnat44` in the Linux kernel: elements of the shared maps, local routes for external addresses. */

import type { DNat44 } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import { DNat44_Protocol as Protocol } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import { parsePrefix } from '../../../model/address.ts';
import type { Key } from '../../../model/key.ts';
import type { GraphView, Handler } from '../../../scheduler/handler.ts';
import type { Dependency } from '../../../scheduler/kind.ts';
import { interfaceAddressPrefix } from '../../interface/model.ts';
import type { InterfaceAddress } from '../../interface/model.ts';
import { isReference } from '../../netalloc/model.ts';
import { isAddressOnly } from '../model/mapping.ts';
import { forgetAffinity } from './affinity.ts';
import { collect, type Elements } from './elements.ts';
import { throughText } from './flows.ts';
import { externalAddress, protocolNumber, unsupportedDnat } from './mapping.ts';
import type { Nat } from './nat.ts';
import {
  type AppliedDnat,
  chainOf,
  interfaceAddresses,
  localAddresses,
  namesOf,
  nothing,
  type Parts,
  partsOf,
  placedOf,
  throughs,
  vrfsOf,
  without,
} from './dnat-parts.ts';
import { retrieveDnat } from './dnat-retrieval.ts';

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
      nat.vrfs.backends(key, vrfsOf(to)),
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
    unsupported: (_key, value) => unsupportedDnat(nat.engine, value),
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
      await Promise.all([
        nat.change(elements, collect([])),
        nat.addresses.change(key, addresses, new Set()),
        nat.vrfs.backends(key, new Set()),
      ]);
      nat.flows.release(throughs(before));
      await endGone(nat, before, nothing);
    },
    retrieve: (context) => retrieveDnat(nat, context),
    retrieveAfter: [
      'vpp.interfaces',
      'vpp.interfaces.address',
      'netalloc.ip',
      'vpp.nat.nat44-interface',
      'vpp.nat.nat44-pool',
    ],
  };
}

function elementsOf({ statics, identities, addressOf }: Parts): Elements {
  return collect(placedOf([...statics.values()], [...identities.values()], addressOf));
}

/** Addresses that need a route of ours: an interface's own is local anyway. */
function addressesOf({ statics }: Parts): ReadonlySet<string> {
  return localAddresses([...statics.values()]);
}

function chainsOf({ statics }: Parts): ReadonlySet<string> {
  const chains = new Set<string>();
  for (const mapping of statics.values()) {
    const chain = chainOf(mapping);
    if (chain !== undefined) chains.add(chain);
  }
  return chains;
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

function isIpv4(text: string): boolean {
  return isReference(text) || parsePrefix(text)?.address.family === 4;
}

function sameMap(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean {
  return left.size === right.size && [...left].every(([name, address]) => right.get(name) === address);
}
