/** Pools of NAT44 in the Linux kernel: `vpp.nat.nat44-pool` and the deprecated list of the global object. */

import { create } from '@bufbuild/protobuf';
import { Nat44AddressPoolSchema } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Nat44AddressPool } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import type { Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { Value } from '../../../scheduler/kind.ts';
import { spelledIp } from '../../equality.ts';
import type { GlobalAddress } from '../model/global.ts';
import { globalAddressKey } from '../model/keys.ts';
import { ANY_VRF, lastIpOf, nat44PoolKey } from '../model/pool.ts';
import { ownAddress, ownVrfAddress } from './addresses.ts';
import type { Nat } from './nat.ts';
import { vrfProblem } from './vrf-marks.ts';
import { addressesIn, contains, type PoolRange, rangeText } from './pool-layout.ts';
import { plainPlace, twicePlace } from './pool-shares.ts';
import { readPools, type ReadPools } from './read-pools.ts';

interface Pool extends PoolRange {
  readonly vrf: number;
  readonly twice: boolean;
}

/** Read after the other kind: what is shared out to VRFs depends on all pools. */
const POOL = 'vpp.nat.nat44-pool';

export function poolHandlers(nat: Nat): readonly Handler[] {
  return [
    handler<Nat44AddressPool>(nat, POOL, poolOf, unexpectedPools),
    handler<GlobalAddress>(nat, 'vpp.nat.nat44-global.address', ({ address, vrf, twiceNat }) => ({
      first: address,
      last: address,
      vrf,
      twice: twiceNat,
    })),
  ] as readonly Handler[];
}

function poolOf(value: Nat44AddressPool): Pool {
  const { firstIp, vrfId: vrf, twiceNat: twice } = value;
  return { first: spelledIp(firstIp), last: spelledIp(lastIpOf(value)), vrf, twice };
}

type Unexpected<V extends Value> = (
  context: RetrieveContext<V, Pool>,
  plain: ReadPools,
  twice: ReadPools,
) => readonly Retrieved<V, Pool>[];

function handler<V extends Value>(
  nat: Nat,
  kind: string,
  read: (value: V) => Pool,
  unexpected?: Unexpected<V>,
): Handler<V, Pool> {
  return {
    kind,
    engine: 'kernel',
    unsupported(_key, value) {
      return vrfProblem(nat.engine, read(value).vrf);
    },
    async create(_context, key, value) {
      const pool = read(value);
      await Promise.all([share(nat, key, pool), nat.addresses.change(key, none, addressesOf(pool))]);
      return pool;
    },
    // A pool that grows or moves keeps the connections of the addresses that stay.
    recreate: (_key, from, to) => read(from).twice !== read(to).twice || read(from).vrf !== read(to).vrf,
    async update(_context, key, from, to) {
      const [before, after] = [read(from), read(to)];
      const moved = nat.addresses.change(key, addressesOf(before), addressesOf(after));
      await Promise.all([share(nat, key, after), moved]);
      await nat.endFrom((address) => contains(before, address) && !contains(after, address));
      return after;
    },
    async remove(_context, key, _value, pool) {
      const left = nat.addresses.change(key, addressesOf(pool), none);
      await Promise.all([removed(unshare(nat, key, pool)), left]);
      await nat.endFrom((address) => contains(pool, address));
    },
    async retrieve(context) {
      if (!(await nat.isThere(context.session))) return [];
      const [plain, twice] = await Promise.all([readPools(nat, plainPlace), readPools(nat, twicePlace)]);
      const routes = await ownRoutes(nat, context.session);
      const retrieved: Retrieved<V, Pool>[] = [];
      for (const [key, { value, metadata }] of context.expected) {
        const pool = read(value);
        if (metadata === undefined && !pool.twice && vrfProblem(nat.engine, pool.vrf) === undefined)
          nat.vrfs.remember(key, { pool });
      }
      const inVrfs = kind !== POOL || (await nat.vrfs.arePoolsRight(context.session));
      for (const [key, { value, metadata }] of context.expected) {
        const pool = read(value);
        const there = isInVrf(pool) || (pool.twice ? twice : plain).isWhole(pool);
        if (!inVrfs && isWritten(nat, pool)) continue;
        if (!there || addressesIn(pool).some((address) => !routes.has(address))) continue;
        if (metadata === undefined) {
          if (!isInVrf(pool)) sharesOf(nat, pool).remember(key, pool);
          nat.addresses.remember(key, addressesOf(pool));
        }
        if (context.keys && !context.keys.has(key)) continue;
        retrieved.push({ key, value, metadata: pool, origin: 'ours' });
      }
      if (context.keys === undefined && unexpected) retrieved.push(...unexpected(context, plain, twice));
      return retrieved;
    },
    retrieveAfter: [
      'vpp.nat.nat44-global',
      'vpp.nat.nat44-interface',
      'vpp.nat.nat44-global.interface',
      ...(kind === POOL ? ['vpp.nat.nat44-global.address'] : []),
    ],
  };
}

const none: ReadonlySet<string> = new Set();

/** Clients of VRF 0 are served by the pools of that VRF and those for all, those of others by the pools of theirs. */
function isInVrf({ vrf, twice }: Pool): boolean {
  return !twice && vrf !== 0 && vrf !== ANY_VRF;
}

/** Its addresses are written with the VRFs: those of other VRFs, and in endpoint-independent mode all. */
function isWritten(nat: Nat, { vrf, twice }: Pool): boolean {
  return !twice && (vrf !== 0 || nat.vrfs.endpointIndependent);
}

async function share(nat: Nat, key: Key, pool: Pool): Promise<void> {
  await Promise.all([
    isInVrf(pool) ? undefined : sharesOf(nat, pool).set(key, pool),
    isWritten(nat, pool) ? nat.vrfs.pool(key, pool) : undefined,
  ]);
}

async function unshare(nat: Nat, key: Key, pool: Pool): Promise<void> {
  await Promise.all([
    isInVrf(pool) ? undefined : sharesOf(nat, pool).delete(key),
    isWritten(nat, pool) ? nat.vrfs.pool(key, undefined) : undefined,
  ]);
}

function sharesOf(nat: Nat, { twice }: Pool) {
  return twice ? nat.twicePools : nat.pools;
}

/** The table may have gone already. */
async function removed(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isKernelError(error, 'ENOENT')) throw error;
  }
}

function addressesOf(pool: PoolRange): ReadonlySet<string> {
  return new Set(addressesIn(pool));
}

export async function ownRoutes(nat: Nat, session: object): Promise<ReadonlySet<string>> {
  const { driver } = nat.engine;
  const routes = await driver.dump(session, driver.vswitch).routes();
  const inVrfs = new Set(routes.map(ownVrfAddress));
  const everywhere = (address: string) => [...nat.addresses.tables].every((table) => inVrfs.has(`${table} ${address}`));
  return new Set(
    routes.map(ownAddress).filter((address) => address !== undefined && everywhere(address)),
  ) as Set<string>;
}

/** Ranges in the table that belong to no pool. */
function unexpectedPools(
  context: RetrieveContext<Nat44AddressPool, Pool>,
  plain: ReadPools,
  twice: ReadPools,
): readonly Retrieved<Nat44AddressPool, Pool>[] {
  const known = new Set(Array.from(context.expected.values(), ({ value }) => poolText(poolOf(value))));
  const retrieved: Retrieved<Nat44AddressPool, Pool>[] = [];
  for (const [ranges, isTwice] of [
    [plain.ranges, false],
    [twice.ranges, true],
  ] as const) {
    for (const range of ranges) {
      const pool = { ...range, vrf: ANY_VRF, twice: isTwice };
      if (known.has(poolText(pool)) || isListed(context, pool)) continue;
      const { first: firstIp, last: lastIp } = range;
      const value = create(Nat44AddressPoolSchema, { firstIp, lastIp, vrfId: ANY_VRF, twiceNat: isTwice });
      const key: Key = nat44PoolKey(value);
      retrieved.push({ key, value, metadata: pool, origin: 'ours' });
    }
  }
  return retrieved;
}

function poolText({ twice, ...range }: Pool): string {
  return `${twice} ${rangeText(range)}`;
}

/** It is an address of the global object. */
function isListed(context: RetrieveContext, { first, last, twice }: Pool): boolean {
  return first === last && context.desired(globalAddressKey(first, twice)) !== undefined;
}
