/** Outside addresses of NAT44: `vpp.nat.nat44-pool`. */

import { compareIp, formatIp, ipToBigInt, parseIp } from '../../../model/address.ts';
import type { Ip } from '../../../model/address.ts';
import type { Nat44AddressPool } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import { asKey } from '../../../model/key.ts';
import type { Key } from '../../../model/key.ts';
import type { Dependency, Kind, Problem } from '../../../scheduler/kind.ts';
import { ipProblem, nameProblem, report } from '../../check.ts';
import { equivalence, sameIpText, spelledIp } from '../../equality.ts';
import { vrfDependency } from '../../vrf/model.ts';
import { endpointDependent, natEnabled } from './mode.ts';
import { NAT44_POOL_PREFIX, TWICE_NAT_POOL_PREFIX, twiceNatPoolKey } from './keys.ts';

/** The VRF id that stands for clients of any VRF. */
export const ANY_VRF = 0xffff_ffff;
/** Each address of a pool is known by name, so that no two pools share one. */
const LARGEST_POOL = 65_536;

/** Property of a twice-NAT pool. Addresses are canonical. */
export interface TwiceNatPool {
  readonly vrf: number;
  readonly first: string;
  readonly last: string;
}

export const nat44Pool: Kind<Nat44AddressPool> = {
  name: 'vpp.nat.nat44-pool',
  prefix: NAT44_POOL_PREFIX,
  validate: (_key, value) => validate(value),
  equivalent(key, left, right) {
    return sameIpText(lastIpOf(left), lastIpOf(right)) && sameButLast(key, left, right);
  },
  parts(_key, value) {
    if (!value.twiceNat) return [];
    const { vrfId: vrf, firstIp } = value;
    const property: TwiceNatPool = { vrf, first: spelledIp(firstIp), last: spelledIp(lastIpOf(value)) };
    return [{ key: twiceNatPoolKey(vrf, property.first, property.last), value: property }];
  },
  dependencies(_key, { vrfId, twiceNat }) {
    const table = poolVrfDependency(vrfId);
    return [natEnabled, ...(table ? [table] : []), ...(twiceNat ? [endpointDependent] : [])];
  },
  claims: (_key, value) => poolAddresses(value).map((address) => poolAddressClaim(address, value.twiceNat)),
};

const sameButLast = equivalence<Nat44AddressPool>({ firstIp: sameIpText, lastIp: () => true });

/** The last address; a pool without one is a single address. */
export function lastIpOf({ firstIp, lastIp }: Nat44AddressPool): string {
  return lastIp === '' ? firstIp : lastIp;
}

/** Every address of a right pool, canonical, in order. */
export function poolAddresses(pool: Nat44AddressPool): readonly string[] {
  const first = parseIp(pool.firstIp);
  const last = parseIp(lastIpOf(pool));
  if (first === undefined || last === undefined) return [];
  const start = Number(ipToBigInt(first));
  return Array.from({ length: sizeOf(first, last) }, (_, offset) => quad(start + offset));
}

function quad(number: number): string {
  return formatIp(Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number));
}

function sizeOf(first: Ip, last: Ip): number {
  return Number(ipToBigInt(last) - ipToBigInt(first)) + 1;
}

/** An address serves in one pool, apart from twice-NAT pools, which are a world of their own. */
export function poolAddressClaim(address: string, twiceNat: boolean): string {
  return `address ${address} in a ${twiceNat ? 'twice-NAT' : 'NAT44'} pool`;
}

export function poolVrfDependency(vrf: number): Dependency | undefined {
  return vrf === ANY_VRF ? undefined : vrfDependency(vrf, 4);
}

/** A twice-NAT pool that has this address. */
export function twiceNatPoolDependency(text: string): Dependency {
  const address = parseIp(text);
  const where = (_key: unknown, pool: object): boolean => {
    const { first, last } = pool as TwiceNatPool;
    const [low, high] = [parseIp(first), parseIp(last)];
    if (address === undefined || low === undefined || high === undefined) return false;
    return compareIp(low, address) <= 0 && compareIp(address, high) <= 0;
  };
  return { label: `twice-NAT pool with ${text}`, anyOf: { prefixes: [TWICE_NAT_POOL_PREFIX], where } };
}

function validate(pool: Nat44AddressPool): readonly Problem[] {
  const problems: Problem[] = [];
  if (pool.name !== '') report(problems, nameProblem(pool.name), 'name');
  report(problems, ipProblem(pool.firstIp, { family: 4 }), 'first_ip');
  if (pool.lastIp === '') return problems;
  report(problems, ipProblem(pool.lastIp, { family: 4 }) ?? sizeProblem(pool), 'last_ip');
  return problems;
}

function sizeProblem({ firstIp, lastIp }: Nat44AddressPool): string | undefined {
  const first = parseIp(firstIp);
  const last = parseIp(lastIp);
  if (first === undefined || last === undefined || first.family !== 4) return undefined;
  const size = sizeOf(first, last);
  if (size < 1) return `${lastIp} is before first_ip ${firstIp}`;
  return size > LARGEST_POOL ? `makes a pool of ${size} addresses; up to ${LARGEST_POOL} are accepted` : undefined;
}

/** The key of a pool, as the model makes it: by name, or by table and addresses as they are configured. */
export function nat44PoolKey({ name, vrfId, firstIp, lastIp }: Pick<Nat44AddressPool, KeyField>): Key {
  if (name !== '') return asKey(NAT44_POOL_PREFIX + name);
  return asKey(
    `${NAT44_POOL_PREFIX}vrf/${vrfId}/address/${lastIp === '' || lastIp === firstIp ? firstIp : `${firstIp}-${lastIp}`}`,
  );
}

type KeyField = 'name' | 'vrfId' | 'firstIp' | 'lastIp';
