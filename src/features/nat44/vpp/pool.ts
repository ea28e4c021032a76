/** Outside addresses of NAT44 in VPP: `vpp.nat.nat44-pool`, and addresses of the global object. */

import { create } from '@bufbuild/protobuf';
import { Nat44AddressPoolSchema } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Nat44AddressPool } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Key } from '../../../model/key.ts';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { isVppError, natConfigFlags } from '../../../vpp/index.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { spelledIp } from '../../equality.ts';
import { globalAddressKey, lastIpOf, nat44PoolKey, poolAddresses } from '../model.ts';
import type { GlobalAddress } from '../model.ts';
import { natEnabled } from '../model/mode.ts';

interface Range {
  readonly first: string;
  readonly last: string;
  readonly vrf: number;
  readonly twiceNat: boolean;
}

export function poolHandlers(engine: VppEngine): readonly Handler[] {
  return [poolHandler(engine), addressHandler(engine)] as readonly Handler[];
}

const missing = (engine: VppEngine) => lacking(engine, ['nat44_add_del_address_range'], ['nat44_address_dump']);

function request({ client }: VppEngine, { signal }: OperationContext, range: Range, is_add: boolean) {
  const { first, last, vrf, twiceNat } = range;
  const flags = twiceNat ? natConfigFlags.NAT_IS_TWICE_NAT : 0;
  const fields = { first_ip_address: first, last_ip_address: last, vrf_id: vrf, is_add, flags };
  return client.request('nat44_add_del_address_range', fields, { signal });
}

/** VPP stops at an address that it has or lacks, and keeps what it did before that. */
async function add(engine: VppEngine, context: OperationContext, range: Range, addresses: readonly string[]) {
  try {
    await request(engine, context, range, true);
  } catch (error) {
    if (!isVppError(error, 'VALUE_EXIST')) throw error;
    const had = await addressesOf(engine, {}, range);
    if (addresses.some((address) => had.has(address) && had.get(address) !== range.vrf)) throw error;
    const lost = addresses.filter((address) => !had.has(address));
    await Promise.all(lost.map((one) => request(engine, context, { ...range, first: one, last: one }, true)));
  }
}

async function addressesOf(
  engine: VppEngine,
  session: object,
  { twiceNat }: Pick<Range, 'twiceNat'>,
): Promise<ReadonlyMap<string, number>> {
  const rows = await vppDump(engine, session).list('nat44_address_dump');
  const isTwice = (flags: number) => (flags & natConfigFlags.NAT_IS_TWICE_NAT) !== 0;
  const matching = rows.filter(({ flags }) => isTwice(flags as number) === twiceNat);
  return new Map(matching.map(({ ip_address, vrf_id }) => [ip_address, vrf_id]));
}

function rangeOf(value: Nat44AddressPool): Range {
  const { firstIp, vrfId: vrf, twiceNat } = value;
  return { first: spelledIp(firstIp), last: spelledIp(lastIpOf(value)), vrf, twiceNat };
}

function poolHandler(engine: VppEngine): Handler<Nat44AddressPool> {
  return {
    kind: 'vpp.nat.nat44-pool',
    engine: 'vpp',
    unsupported: () => missing(engine),
    create: (context, _key, value) => add(engine, context, rangeOf(value), poolAddresses(value)),
    // Each address by itself: one that is gone already would keep those behind it.
    async remove(context, _key, value) {
      const range = rangeOf(value);
      const one = (address: string) => request(engine, context, { ...range, first: address, last: address }, false);
      await Promise.all(poolAddresses(value).map((address) => removed(one(address))));
    },
    retrieve: (context) => retrievePools(engine, context),
  };
}

/** VPP knows addresses, no pools: of a pool with holes the first run of addresses is told. */
async function retrievePools(
  engine: VppEngine,
  context: RetrieveContext<Nat44AddressPool>,
): Promise<readonly Retrieved<Nat44AddressPool>[]> {
  const retrieved: Retrieved<Nat44AddressPool>[] = [];
  for (const [key, { value }] of context.expected) {
    if (context.keys && !context.keys.has(key)) continue;
    const had = await addressesOf(engine, context.session, value);
    const wanted = poolAddresses(value);
    const found = wanted.filter((address) => had.has(address));
    if (found.length === 0) continue;
    const vrfs = new Set(found.map((address) => had.get(address)!));
    const vrfId = vrfs.size === 1 ? [...vrfs][0]! : value.vrfId;
    const run = wanted.slice(wanted.indexOf(found[0]!));
    const end = run.findIndex((address) => !had.has(address));
    const isWhole = found.length === wanted.length && vrfs.size === 1;
    const lastIp = run.at(end < 0 ? -1 : end - 1)!;
    const read = isWhole ? { ...value, vrfId } : { ...value, firstIp: found[0]!, lastIp, vrfId };
    retrieved.push({ key, value: read, metadata: undefined, origin: 'ours' });
  }
  return [...retrieved, ...(context.keys ? [] : await leftovers(engine, context))];
}

/** Addresses of no pool and not of the global object: VPP has no mark that tells whose they are. Each is a pool of its own. */
async function leftovers(
  engine: VppEngine,
  context: RetrieveContext<Nat44AddressPool>,
): Promise<readonly Retrieved<Nat44AddressPool>[]> {
  const textOf = (address: string, twiceNat: boolean) => `${twiceNat} ${address}`;
  const known = new Set(
    [...context.expected.values()].flatMap(({ value }) =>
      poolAddresses(value).map((address) => textOf(address, value.twiceNat)),
    ),
  );
  const retrieved = new Map<Key, Retrieved<Nat44AddressPool>>();
  for (const twiceNat of [false, true]) {
    for (const [firstIp, vrfId] of await addressesOf(engine, context.session, { twiceNat })) {
      if (known.has(textOf(firstIp, twiceNat)) || context.desired(globalAddressKey(firstIp, twiceNat))) continue;
      const value = create(Nat44AddressPoolSchema, { vrfId, firstIp, twiceNat });
      const key = nat44PoolKey(value);
      // Keys do not tell twice-NAT: one of the two is enough to be seen.
      if (!context.expected.has(key)) retrieved.set(key, { key, value, metadata: undefined, origin: 'foreign' });
    }
  }
  return [...retrieved.values()];
}

function addressHandler(engine: VppEngine): Handler<GlobalAddress> {
  const rangeFor = ({ address, vrf, twiceNat }: GlobalAddress) => ({ first: address, last: address, vrf, twiceNat });
  return {
    kind: 'vpp.nat.nat44-global.address',
    engine: 'vpp',
    unsupported: () => missing(engine),
    dependencies: () => [natEnabled],
    create: (context, _key, value) => add(engine, context, rangeFor(value), [value.address]),
    remove: (context, _key, value) => removed(request(engine, context, rangeFor(value), false)),
    async retrieve(context) {
      const retrieved: Retrieved<GlobalAddress>[] = [];
      for (const [key, { value }] of context.expected) {
        if (context.keys && !context.keys.has(key)) continue;
        const vrf = (await addressesOf(engine, context.session, value)).get(value.address);
        if (vrf === undefined) continue;
        retrieved.push({ key, value: { ...value, vrf }, metadata: undefined, origin: 'ours' });
      }
      return retrieved;
    },
  };
}
