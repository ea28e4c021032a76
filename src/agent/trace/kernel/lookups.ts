/** What the kernel's tables say: routes, neighbours, forwarding entries. */

import type { KernelDriver } from '../../../kernel/driver.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { listFdb, listNeighbours, type FdbEntry, type Neighbour } from '../../../kernel/netlink/neighbour.ts';
import { listRoutes, lookupRoute, type Route, type RouteLookup } from '../../../kernel/netlink/route.ts';
import { listPolicies, type PolicySpec } from '../../../kernel/netlink/xfrm-policy.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';
import { contains, type Ip, sameIp } from '../../../model/address.ts';

/** How a packet is routed: the route of the table that decides, and the way of it that is taken. */
export interface Routing {
  readonly route: Route;
  readonly way: Pick<Route, 'gateway' | 'link'>;
}

export class Lookups {
  readonly #rtnl: Rtnl;
  readonly #xfrm: Rtnl;

  constructor(driver: KernelDriver) {
    this.#rtnl = driver.rtnl(driver.vswitch);
    this.#xfrm = driver.xfrm(driver.vswitch);
  }

  /** The name of the error says why not. */
  async routing(lookup: RouteLookup): Promise<Routing | string> {
    try {
      const [way, route] = await Promise.all([
        this.#rtnl.get(lookupRoute(lookup)),
        this.#rtnl.get(lookupRoute({ ...lookup, match: true })),
      ]);
      if (!way || !route) return 'ENETUNREACH';
      return {
        route,
        way: { ...(way.gateway && { gateway: way.gateway }), ...(way.link !== undefined && { link: way.link }) },
      };
    } catch (error) {
      if (isKernelError(error)) return error.code;
      throw error;
    }
  }

  /** Longest prefix in one table, whatever its type. */
  async match(destination: Ip, table: number): Promise<Route | undefined> {
    const routes = await this.#rtnl.dump(listRoutes({ family: destination.family, table }));
    const fitting = routes.filter((route) => contains(route.destination, destination));
    return fitting.toSorted(
      (left, right) => right.destination.length - left.destination.length || left.metric - right.metric,
    )[0];
  }

  async neighbour(address: Ip, link: number): Promise<Neighbour | undefined> {
    const neighbours = await this.#rtnl.dump(listNeighbours({ family: address.family, link }));
    return neighbours.find((one) => sameIp(one.address, address));
  }

  async neighboursOf(address: Ip): Promise<readonly Neighbour[]> {
    const neighbours = await this.#rtnl.dump(listNeighbours({ family: address.family }));
    return neighbours.filter((one) => sameIp(one.address, address));
  }

  forwarding(bridge: number): Promise<readonly FdbEntry[]> {
    return this.#rtnl.dump(listFdb({ bridge }));
  }

  /** Of IPsec; none where the kernel has no IPsec. */
  async policies(): Promise<readonly PolicySpec[]> {
    try {
      return await this.#xfrm.dump(listPolicies());
    } catch (error) {
      if (isKernelError(error)) return [];
      throw error;
    }
  }
}
