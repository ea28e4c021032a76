/**
 * What the kernel makes of an address by itself, made in the table of a VRF without a device: the route to its subnet (which it is kept
 * from making in the main table), and the address as one of the router's own.
 */

import { bitsOf, formatPrefix, networkOf } from '../../../model/address.ts';
import type { Prefix } from '../../../model/address.ts';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { deleteRoute, listRoutes, replaceRoute } from '../../../kernel/netlink/route.ts';
import type { Route, RouteSpec } from '../../../kernel/netlink/route.ts';
import { routeProtocols, tableOfVrf } from '../../../kernel/pipeline/numbers.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';

/** An address of a device in a VRF. */
export interface PlacedAddress {
  readonly vrf: number;
  /** Index of the device. */
  readonly link: number;
  readonly prefix: Prefix;
}

const protocol = routeProtocols.vrf;

/** The router's own address. */
export function ownRoute({ vrf, link, prefix: { address } }: PlacedAddress): RouteSpec {
  const destination = { address, length: bitsOf(address.family) };
  return { type: 'local', destination, table: tableOfVrf(vrf), link, protocol, metric: metricOf(address.family) };
}

/** The route to the subnet; undefined: it is the address alone. */
export function subnetRoute({ vrf, link, prefix }: PlacedAddress): RouteSpec | undefined {
  const { address, length } = prefix;
  if (length === bitsOf(address.family)) return undefined;
  const route = {
    destination: networkOf(prefix),
    table: tableOfVrf(vrf),
    link,
    protocol,
    metric: metricOf(address.family),
  };
  return address.family === 4 ? { ...route, source: address } : route;
}

/** Those of the kernel itself: they win over configured ones. */
function metricOf(family: 4 | 6): number {
  return family === 4 ? 0 : 256;
}

/** Tells a route of a table from others; what is made by others does not count. */
export function routeText({ type = 'unicast', destination, table, metric }: RouteSpec): string {
  return `${type} ${formatPrefix(destination)} ${table} ${metric}`;
}

/** Routes by `routeText`, of ours alone. */
export function ownRoutes(routes: readonly Route[]): ReadonlyMap<string, Route> {
  return new Map(routes.filter((route) => route.protocol === protocol).map((route) => [routeText(route), route]));
}

/** Several addresses may be in one subnet: it has one route, by the first of them. */
export class SubnetRoutes {
  readonly #rtnl: Rtnl;
  readonly #members = new Map<string, Map<Key, PlacedAddress>>();

  constructor(rtnl: Rtnl) {
    this.#rtnl = rtnl;
  }

  /** It is known to be there. */
  remember(key: Key, placed: PlacedAddress): void {
    const route = subnetRoute(placed);
    if (!route) return;
    const members = this.#members.get(routeText(route)) ?? new Map<Key, PlacedAddress>();
    this.#members.set(routeText(route), members.set(key, placed));
  }

  /** False: its device is down, so that there can be no route now. */
  async add(key: Key, placed: PlacedAddress): Promise<boolean> {
    this.remember(key, placed);
    const own = await this.#put(ownRoute(placed));
    const route = subnetRoute(placed);
    return route === undefined ? own : await this.#settle(routeText(route));
  }

  async remove(key: Key, placed: PlacedAddress): Promise<void> {
    const route = subnetRoute(placed);
    await this.#delete(ownRoute(placed));
    if (!route) return;
    const text = routeText(route);
    const members = this.#members.get(text);
    members?.delete(key);
    if (members && members.size > 0) await this.#settle(text);
    else {
      this.#members.delete(text);
      await this.#delete(route);
    }
  }

  /** Whatever is left in a table that nobody wants. */
  async sweep(table: number): Promise<void> {
    for (const route of await this.#rtnl.dump(listRoutes())) {
      if (route.table === table && route.protocol === protocol && route.type !== 'blackhole') await this.#delete(route);
    }
  }

  /** Whether the routes are there, as far as they can be. */
  hold(placed: PlacedAddress, routes: ReadonlyMap<string, Route>, isUp: boolean): boolean {
    const own = routes.get(routeText(ownRoute(placed)));
    const route = subnetRoute(placed);
    if (own === undefined ? isUp : own.link !== placed.link) return false;
    if (route === undefined) return true;
    const found = routes.get(routeText(route));
    if (found === undefined) return !isUp;
    const members = this.#members.get(routeText(route));
    return found.link === placed.link || [...(members?.values() ?? [])].some(({ link }) => link === found.link);
  }

  #settle(text: string): Promise<boolean> {
    const [first] = this.#members.get(text)!.values();
    return this.#put(subnetRoute(first!)!);
  }

  async #put(route: RouteSpec): Promise<boolean> {
    try {
      await this.#rtnl.request(replaceRoute(route));
      return true;
    } catch (error) {
      if (!isKernelError(error, 'ENETDOWN')) throw error;
      return false;
    }
  }

  async #delete(route: RouteSpec): Promise<void> {
    try {
      await this.#rtnl.request(deleteRoute(route));
    } catch (error) {
      if (!isKernelError(error, 'ESRCH', 'ENODEV')) throw error;
    }
  }
}
