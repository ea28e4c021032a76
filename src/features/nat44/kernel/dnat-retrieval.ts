/** Compares mappings with the maps of the kernel, element by element, and says of each object what is left of it. */

import { create } from '@bufbuild/protobuf';
import { DNat44Schema } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { DNat44, DNat44_StaticMapping } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Difference, NftSet } from '../../../kernel/nftables/index.ts';
import type { Key } from '../../../model/key.ts';
import type { RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { dnat44Key, globalAddressKey } from '../model/keys.ts';
import { balanceOf, balanceRules } from './balance.ts';
import type { AppliedDnat } from './dnat-parts.ts';
import { chainOf, interfaceAddresses, localAddresses, partsOf, placedOf, throughs, vrfsOf } from './dnat-parts.ts';
import { collect, placeOf, type Elements, type Placed } from './elements.ts';
import { identityElements, staticElements, type AddressOf } from './mapping.ts';
import type { Nat } from './nat.ts';
import { ownRoutes } from './pool.ts';
import { contains, type PoolRange } from './pool-layout.ts';
import { plainPlace, twicePlace } from './pool-shares.ts';
import { readPools } from './read-pools.ts';
import { natTable, sets } from './table.ts';

/** The sets that mappings have elements in. */
const mappingSets: readonly NftSet[] = [
  sets.services,
  sets.backends,
  sets.ports,
  sets.addresses,
  sets.addressVrfs,
  sets.vrfIdentities,
  sets.vrfIdentityAddresses,
  sets.identities,
  sets.identityAddresses,
  sets.twice,
  sets.twicePinned,
  sets.self,
];
const setsByName = new Map(mappingSets.map((set) => [set.name, set]));

interface ExpectedDnat {
  readonly key: Key;
  readonly value: DNat44;
  readonly interfaces: ReadonlyMap<string, string>;
  readonly placed: readonly Placed[];
  readonly fresh: boolean;
}

export async function retrieveDnat(
  nat: Nat,
  context: RetrieveContext<DNat44, AppliedDnat>,
): Promise<readonly Retrieved<DNat44, AppliedDnat>[]> {
  if (!(await nat.isThere(context.session))) return [];
  const expected = expectedOf(context);
  const [damage, routes] = await Promise.all([damageOf(nat, expected), ownRoutes(nat, context.session)]);
  if (damage.chains.size > 0) nat.chains.forget();
  const retrieved: Retrieved<DNat44, AppliedDnat>[] = [];
  for (const one of expected) {
    if (one.fresh) nat.vrfs.remember(one.key, { backends: vrfsOf(one.value) });
    if (context.keys && !context.keys.has(one.key)) continue;
    const found = foundOf(one, damage, routes);
    if (!found) continue;
    if (!(await nat.vrfs.areBackendsRight(context.session, vrfsOf(one.value)))) {
      retrieved.push(withoutVrfs(one, damage, routes));
      continue;
    }
    retrieved.push(found);
    if (!one.fresh) continue;
    nat.addresses.remember(one.key, addressesIn(one.value, routes));
    nat.flows.use(throughs(partsOf(one.value, one.interfaces)));
  }
  if (context.keys === undefined) {
    retrieved.push(...unexpectedElements(damage.unexpected));
    retrieved.push(...(await unexpectedAddresses(nat, context, expected, routes)));
  }
  return retrieved;
}

function expectedOf(context: RetrieveContext<DNat44, AppliedDnat>): readonly ExpectedDnat[] {
  return Array.from(context.expected, ([key, { value, metadata }]) => {
    const interfaces = metadata?.interfaces ?? interfaceAddresses(context, value);
    const placed = placedOf(value.stMappings, value.idMappings, (name) => interfaces.get(name));
    return { key, value, interfaces, placed, fresh: metadata === undefined };
  });
}

interface Damage {
  /** Places of elements that are not there. */
  readonly missing: ReadonlySet<string>;
  /** Places of elements that hold something else. */
  readonly changed: ReadonlySet<string>;
  /** Balancing chains whose rules are not right. */
  readonly chains: ReadonlySet<string>;
  readonly unexpected: readonly Placed[];
}

async function damageOf(nat: Nat, expected: readonly ExpectedDnat[]): Promise<Damage> {
  const elements = new Map<NftSet, Placed['element'][]>(mappingSets.map((set) => [set, []]));
  for (const { placed } of expected) for (const { set, element } of placed) elements.get(set)!.push(element);
  const chains = chainsOf(expected);
  const differences = await nat.nft.compare({
    table: natTable,
    sets: Array.from(elements, ([set, own]) => ({ ...set, elements: own })),
    chains: Array.from(chains, (name) => ({ name, rules: balanceRules(balanceOf(name)!) })),
  });
  return sortOut(differences, chains);
}

function chainsOf(expected: readonly ExpectedDnat[]): ReadonlySet<string> {
  const chains = new Set<string>();
  for (const { value } of expected) {
    for (const mapping of value.stMappings) {
      const chain = chainOf(mapping);
      if (chain !== undefined) chains.add(chain);
    }
  }
  return chains;
}

function sortOut(differences: readonly Difference[], chains: ReadonlySet<string>): Damage {
  const damage = {
    missing: new Set<string>(),
    changed: new Set<string>(),
    chains: new Set<string>(),
    unexpected: [] as Placed[],
  };
  for (const { object, name, what, element } of differences) {
    const set = setsByName.get(name);
    if (object === 'element' && set && element) {
      if (what === 'unexpected') damage.unexpected.push({ set, element: { key: element } });
      else damage[what === 'changed' ? 'changed' : 'missing'].add(placeOf(name, element));
    } else if (object === 'set' && set && what !== 'unexpected') {
      damage.missing.add(wholeSet(set));
    } else if (object === 'chain' && chains.has(name)) {
      damage.chains.add(name);
    } else if (object === 'rule') {
      // A rule's name is its key; which chain it is in is not told: all are written again.
      for (const chain of chains) damage.chains.add(chain);
    }
  }
  return damage;
}

function wholeSet({ name }: NftSet): string {
  return `${name} *`;
}

/** What is left of an object; undefined when it is nothing. */
function foundOf(
  { key, value, interfaces, placed }: ExpectedDnat,
  damage: Damage,
  routes: ReadonlySet<string>,
): Retrieved<DNat44, AppliedDnat> | undefined {
  // Its interfaces have no address: there is nothing that could be there.
  if (placed.length === 0 && value.stMappings.length + value.idMappings.length > 0) return undefined;
  const addressOf: AddressOf = (name) => interfaces.get(name);
  const isRight = (one: Placed): boolean => {
    const place = placeOf(one.set.name, one.element.key);
    return !damage.missing.has(place) && !damage.changed.has(place) && !damage.missing.has(wholeSet(one.set));
  };
  const stMappings = value.stMappings
    .map((mapping) => remaining(mapping, staticElements(mapping, addressOf), isRight, damage, routes))
    .filter((mapping) => mapping !== undefined);
  const idMappings = value.idMappings.filter((mapping) => identityElements(mapping, addressOf).every(isRight));
  const whole =
    stMappings.length === value.stMappings.length &&
    idMappings.length === value.idMappings.length &&
    stMappings.every((mapping, index) => mapping === value.stMappings[index]);
  if (whole) return { key, value, metadata: { interfaces }, origin: 'ours' };
  const elements = foundElements(placed, damage);
  const addresses = addressesIn(value, routes);
  if (elements.size === 0 && addresses.size === 0) return undefined;
  const metadata = { interfaces, found: { elements, addresses } };
  return { key, value: { ...value, stMappings, idMappings }, metadata, origin: 'ours' };
}

/** Its elements are there, but what they lead to is not routed into its VRF. */
function withoutVrfs(
  { key, value, interfaces, placed }: ExpectedDnat,
  damage: Damage,
  routes: ReadonlySet<string>,
): Retrieved<DNat44, AppliedDnat> {
  const found = { elements: foundElements(placed, damage), addresses: addressesIn(value, routes) };
  const stMappings = value.stMappings.filter(({ localIps }) => localIps.every(({ vrfId }) => vrfId === 0));
  const idMappings = value.idMappings.filter(({ vrfId }) => vrfId === 0);
  return { key, value: { ...value, stMappings, idMappings }, metadata: { interfaces, found }, origin: 'ours' };
}

/** The mapping itself when nothing is wrong with it, without the backends that are not reached, or undefined. */
function remaining(
  mapping: DNat44_StaticMapping,
  placed: readonly Placed[],
  isRight: (one: Placed) => boolean,
  damage: Damage,
  routes: ReadonlySet<string>,
): DNat44_StaticMapping | undefined {
  if (mapping.externalInterface === '' && !routes.has(mapping.externalIp)) return undefined;
  const chain = chainOf(mapping);
  if (chain !== undefined && damage.chains.has(chain)) return undefined;
  const wrong = placed.filter((one) => !isRight(one));
  if (wrong.length === 0) return mapping;
  if (wrong.some(({ set }) => set !== sets.backends)) return undefined;
  const unreached = new Set(wrong.map(({ element }) => (element.data as readonly unknown[]).slice(0, 2).join(' ')));
  const localIps = mapping.localIps.filter(({ localIp, localPort }) => !unreached.has(`${localIp} ${localPort}`));
  return localIps.length > 0 ? { ...mapping, localIps } : undefined;
}

/** Of what is changed only the key counts: it has to be replaced. */
function foundElements(placed: readonly Placed[], { missing, changed }: Damage): Elements {
  const found = new Map(collect(placed));
  for (const [place, { set, element }] of found) {
    if (missing.has(place) || missing.has(wholeSet(set))) found.delete(place);
    else if (changed.has(place)) found.set(place, { set, element: { key: element.key } });
  }
  return found;
}

function addressesIn({ stMappings }: DNat44, routes: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...localAddresses(stMappings)].filter((address) => routes.has(address)));
}

/** Elements of no object, as objects that nobody wants: one for each external address. */
function unexpectedElements(unexpected: readonly Placed[]): readonly Retrieved<DNat44, AppliedDnat>[] {
  const byAddress = Map.groupBy(unexpected, ({ element }) => String(element.key[0]));
  return Array.from(byAddress, ([address, placed]) => stray(`unexpected-${address}`, collect(placed), new Set()));
}

/** Routes of ours to addresses that nobody needs. */
async function unexpectedAddresses(
  nat: Nat,
  context: RetrieveContext<DNat44, AppliedDnat>,
  expected: readonly ExpectedDnat[],
  routes: ReadonlySet<string>,
): Promise<readonly Retrieved<DNat44, AppliedDnat>[]> {
  const left = new Set(routes);
  for (const { value } of expected) for (const address of localAddresses(value.stMappings)) left.delete(address);
  if (left.size === 0) return [];
  const pools = await Promise.all([readPools(nat, plainPlace), readPools(nat, twicePlace)]);
  const ranges: readonly PoolRange[] = pools.flatMap((pool) => pool.ranges);
  const isPool = (address: string): boolean =>
    ranges.some((range) => contains(range, address)) ||
    nat.vrfs.hasPoolOf(address) ||
    [true, false].some((twice) => context.desired(globalAddressKey(address, twice)) !== undefined);
  const stale = [...left].filter((address) => !isPool(address));
  return stale.map((address) => stray(`unexpected-route-${address}`, collect([]), new Set([address])));
}

function stray(label: string, elements: Elements, addresses: ReadonlySet<string>): Retrieved<DNat44, AppliedDnat> {
  const metadata: AppliedDnat = { interfaces: new Map(), found: { elements, addresses } };
  return { key: dnat44Key(label), value: create(DNat44Schema, { label }), metadata, origin: 'ours' };
}
