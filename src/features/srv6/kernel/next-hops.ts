/**
 * Next hops of local segments. The kernel takes an address for that and looks it up like a destination: by which device to send
 * cannot be said, and to a neighbour on a link it sends whatever is for somebody else to somebody else's MAC address. So each segment
 * gets an address that stands for its next hop, with a route that says gateway and device.
 */

import { addToIp, contains, formatIp, ipToBigInt, parsePrefix } from '../../../model/address.ts';
import type { Family, Ip } from '../../../model/address.ts';
import type { Key } from '../../../model/key.ts';
import { isKernelError, unless } from '../../../kernel/errors.ts';
import { deleteRoute, replaceRoute } from '../../../kernel/netlink/route.ts';
import type { Route, RouteSpec } from '../../../kernel/netlink/route.ts';
import { readSeg6Local } from '../../../kernel/netlink/seg6.ts';
import { addRule, deleteRule } from '../../../kernel/netlink/rule.ts';
import type { Rule, RuleSpec } from '../../../kernel/netlink/rule.ts';
import {
  routeProtocols,
  routingTables,
  rulePreferences,
  srv6NextHopPrefixes,
} from '../../../kernel/pipeline/numbers.ts';
import { Users } from '../../../kernel/ownership/users.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { routePlace } from '../../kernel/upkeep.ts';
import type { KernelUpkeep } from '../../kernel/upkeep.ts';

/** A neighbour that a segment sends to. */
export interface NextHop {
  readonly gateway: Ip;
  /** Index of the device. */
  readonly link: number;
}

const TABLE = routingTables.srv6NextHops.first;
const PREFIXES = { 4: parsePrefix(srv6NextHopPrefixes[4])!, 6: parsePrefix(srv6NextHopPrefixes[6])! } as const;
/** As many as the prefix of IPv4 has addresses, less the first. */
const MOST = 0xff_ffff;
const METRIC = 1;

/** The address that stands for the next hop with this number. */
function standIn(family: Family, number: number): Ip {
  return addToIp(PREFIXES[family].address, number)!;
}

/** The number of an address that stands for a next hop; undefined for any other. */
export function numberOf(address: Ip): number | undefined {
  const { address: first, length } = PREFIXES[address.family];
  if (!contains({ address: first, length }, address)) return undefined;
  return Number(ipToBigInt(address) - ipToBigInt(first));
}

export class NextHops {
  readonly #engine: KernelEngine;
  readonly #rtnl: Rtnl;
  readonly #upkeep: KernelUpkeep;
  readonly #numbers = new Map<Key, number>();
  readonly #taken = new Set<number>();
  readonly #users = new Users<Family, Key>();
  #last = 0;

  constructor(engine: KernelEngine, upkeep: KernelUpkeep) {
    this.#engine = engine;
    this.#rtnl = engine.driver.rtnl(engine.driver.vswitch);
    this.#upkeep = upkeep;
  }

  /** The number for the next hop of a segment. */
  numberFor(key: Key): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    for (let tried = 0; tried < MOST; tried++) {
      this.#last = (this.#last % MOST) + 1;
      if (this.#taken.has(this.#last)) continue;
      this.#own(key, this.#last);
      return this.#last;
    }
    throw new SchedulerError('failed', `kernel: more than ${MOST} local segments with a next hop`);
  }

  /** What stands for it, for a segment of the family of its gateway. */
  standIn(family: Family, number: number): Ip {
    return standIn(family, number);
  }

  /** A retrieval found a segment with this number. */
  found(key: Key, family: Family, number: number): void {
    if (this.#numbers.get(key) !== number) this.#own(key, number);
    this.#users.join(family, key);
  }

  /** Leads packets for the number to the next hop. One by a device that is down is left for the moment when it comes up. */
  async set(key: Key, number: number, hop: NextHop): Promise<void> {
    const { family } = hop.gateway;
    this.#users.join(family, key);
    const isUp = await this.#route(number, hop);
    await this.#rtnl.request(addRule(ruleOf(family))).catch(unless('EEXIST'));
    this.watch(key, number, hop, isUp);
  }

  watch(key: Key, number: number, { gateway, link }: NextHop, up: boolean): void {
    const place = routePlace(routeOf(gateway.family, number));
    this.#upkeep.remember(key, { namespace: this.#engine.driver.vswitch, link, place, up });
  }

  /** A segment without next hop, or with one of another family, does not lead there any more. */
  async clear(key: Key, number: number, family: Family): Promise<void> {
    await this.#rtnl.request(deleteRoute(routeOf(family, number))).catch(unless('ESRCH', 'ENOENT'));
    if (this.#users.leave(family, key)) await this.#rtnl.request(deleteRule(ruleOf(family))).catch(unless('ENOENT'));
  }

  /** The segment is gone, and its number free. */
  forget(key: Key): void {
    this.#upkeep.forget(key);
    const number = this.#numbers.get(key);
    if (number === undefined) return;
    this.#numbers.delete(key);
    this.#taken.delete(number);
  }

  #own(key: Key, number: number): void {
    const before = this.#numbers.get(key);
    if (before !== undefined) this.#taken.delete(before);
    this.#numbers.set(key, number);
    this.#taken.add(number);
  }

  /** False: the device is down. */
  async #route(number: number, { gateway, link }: NextHop): Promise<boolean> {
    try {
      await this.#rtnl.request(replaceRoute({ ...routeOf(gateway.family, number), gateway, link, onlink: true }));
      return true;
    } catch (error) {
      if (!isKernelError(error, 'ENETDOWN')) throw error;
      return false;
    }
  }
}

function routeOf(family: Family, number: number): RouteSpec & { readonly table: number; readonly metric: number } {
  const address = standIn(family, number);
  return {
    destination: { address, length: address.bytes.length * 8 },
    table: TABLE,
    metric: METRIC,
    protocol: routeProtocols.srv6,
  };
}

function ruleOf(family: Family): RuleSpec {
  return {
    family,
    priority: rulePreferences.srv6NextHops.first,
    to: PREFIXES[family],
    table: TABLE,
    protocol: routeProtocols.srv6,
  };
}

/** What the kernel has: next hops by family and number, for families whose rule is there. */
export function readNextHops(routes: readonly Route[], rules: readonly Rule[]): ReadonlyMap<string, NextHop> {
  const families = new Set<Family>();
  for (const { family, priority, table } of rules) {
    if (table === TABLE && priority === rulePreferences.srv6NextHops.first) families.add(family);
  }
  const hops = new Map<string, NextHop>();
  for (const { table, protocol, family, destination, gateway, link } of routes) {
    if (table !== TABLE || protocol !== routeProtocols.srv6 || !families.has(family)) continue;
    const number = numberOf(destination.address);
    if (number !== undefined && gateway && link !== undefined) hops.set(hopId(family, number), { gateway, link });
  }
  return hops;
}

/** Removes next hops that no segment leads to: what an agent that died has left. */
export async function removeStrayNextHops(rtnl: Rtnl, routes: readonly Route[]): Promise<void> {
  const used = new Set<string>();
  const strays: RouteSpec[] = [];
  for (const { protocol, encapsulation } of routes) {
    const local = protocol === routeProtocols.srv6 && encapsulation ? readSeg6Local(encapsulation) : undefined;
    for (const standIn of [local?.nextHop4, local?.nextHop6]) if (standIn) used.add(formatIp(standIn));
  }
  for (const { protocol, table, metric, destination } of routes) {
    if (protocol !== routeProtocols.srv6 || table !== TABLE || used.has(formatIp(destination.address))) continue;
    strays.push({ protocol, table, metric, destination });
  }
  await Promise.all(strays.map((stray) => rtnl.request(deleteRoute(stray)).catch(unless('ESRCH', 'ENOENT'))));
}

export function hopId(family: Family, number: number): string {
  return `${family} ${number}`;
}
