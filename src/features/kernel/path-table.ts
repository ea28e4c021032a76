/**
 * A routing table in which every packet takes given paths: what cross-connects of IP packets and forwarding by access list send
 * packets to. One default route for each preference, the best first; below them one that drops, as VPP drops what none of the
 * paths takes; and ways back to the other tables for what never leaves its link.
 */

import { formatPrefix, parseIp, parsePrefix } from '../../model/address.ts';
import type { Family, Ip, Prefix } from '../../model/address.ts';
import type { Key } from '../../model/key.ts';
import { isKernelError } from '../../kernel/errors.ts';
import { getLink } from '../../kernel/netlink/link.ts';
import { deleteRoute, listRoutes, replaceRoute } from '../../kernel/netlink/route.ts';
import type { NextHop, Route, RouteSpec } from '../../kernel/netlink/route.ts';
import type { Rtnl } from '../../kernel/rtnl/port.ts';
import { SchedulerError } from '../../scheduler/errors.ts';
import type { GraphView } from '../../scheduler/handler.ts';
import type { KernelInterface } from '../interface/kernel-metadata.ts';
import { interfaceKey } from '../interface/model.ts';
import type { KernelEngine } from './engine.ts';
import { NextHops, wayText } from './next-hops.ts';
import type { PathUpkeep } from './path-upkeep.ts';

/** One of the paths; a next hop, an interface or both are not empty. */
export interface ForwardingPath {
  readonly nextHop: string;
  readonly interface: string;
  /** 0 is 1. */
  readonly weight: number;
  /** Lower is better; the next is used when no path of this one can be. */
  readonly preference: number;
}

/** The table of one object and family. */
export interface PathTable {
  readonly family: Family;
  readonly table: number;
}

/** A path as the kernel can take it now. */
interface Way {
  readonly gateway: Ip | undefined;
  readonly link: number;
  readonly weight: number;
  readonly preference: number;
}

export class PathTables {
  readonly #rtnl: Rtnl;
  readonly #nextHops: NextHops;
  readonly #protocol: number;
  readonly #upkeep: PathUpkeep;

  /** `protocol`: whose routes they are. */
  constructor({ driver }: KernelEngine, protocol: number, upkeep: PathUpkeep) {
    this.#rtnl = driver.rtnl(driver.vswitch);
    this.#nextHops = new NextHops(this.#rtnl);
    this.#protocol = protocol;
    this.#upkeep = upkeep;
  }

  /** Makes the table just these paths, whatever is in it, without a moment in which it has none. */
  async write(graph: GraphView, key: Key, at: PathTable, paths: readonly ForwardingPath[]): Promise<void> {
    const [wanted, found] = await Promise.all([this.#wanted(graph, key, at, paths), this.#read(at)]);
    const there = new Map(found.map((route) => [placeOf(route), route]));
    for (const spec of wanted) {
      const route = there.get(placeOf(spec));
      if (!route || textOf(route) !== textOf(spec)) await this.#rtnl.request(replaceRoute(spec));
      there.delete(placeOf(spec));
    }
    for (const { destination, table, metric } of there.values()) await this.#delete({ destination, table, metric });
  }

  async clear(key: Key, at: PathTable): Promise<void> {
    this.#upkeep.forget(key, at.table);
    await this.clearUnused(at);
  }

  /** Removes whatever is in the table, which is not that of an object now. */
  async clearUnused(at: PathTable): Promise<void> {
    for (const { destination, table, metric } of await this.#read(at)) {
      await this.#delete({ destination, table, metric });
    }
  }

  /** Whether the table is what these paths make of it now. `routes`: of all tables. */
  async holds(
    graph: GraphView,
    key: Key,
    at: PathTable,
    paths: readonly ForwardingPath[],
    routes: readonly Route[],
  ): Promise<boolean> {
    const wanted = (await this.#wanted(graph, key, at, paths)).map(lineOf).sort();
    const found = routes.filter(({ family, table }) => family === at.family && table === at.table);
    return wanted.join('\n') === found.map(lineOf).sort().join('\n');
  }

  async #read({ family, table }: PathTable): Promise<readonly Route[]> {
    try {
      return await this.#rtnl.dump(listRoutes({ family, table }));
    } catch (error) {
      // A table is there with its first route.
      if (isKernelError(error, 'ENOENT')) return [];
      throw error;
    }
  }

  async #wanted(
    graph: GraphView,
    key: Key,
    at: PathTable,
    paths: readonly ForwardingPath[],
  ): Promise<readonly RouteSpec[]> {
    const all = await Promise.all(paths.map((path) => this.#wayOf(graph, path)));
    const ways = all.filter((way) => way !== undefined);
    const used = new Set(ways.map(({ link }) => link));
    const nextHops = paths.flatMap((path, index) => {
      if (path.interface !== '') return [];
      const way = all[index];
      return [{ gateway: parseIp(path.nextHop)!, way: way && wayText(wayOf(way)) }];
    });
    this.#upkeep.remember(key, at.table, { links: used, nextHops });
    const links = await Promise.all(Array.from(used, (index) => this.#rtnl.get(getLink({ index }))));
    const up = new Set(links.filter((link) => link?.up).map((link) => link!.index));
    const common = { table: at.table, protocol: this.#protocol };
    return [
      ...routesOf(
        at.family,
        ways.filter(({ link }) => up.has(link)),
      ).map((route) => ({ ...route, ...common })),
      ...staying[at.family].map((destination) => ({ destination, metric: 1, type: 'throw' as const, ...common })),
      { destination: everything[at.family], metric: LAST, type: 'blackhole', ...common },
    ];
  }

  /** Undefined: nothing leads there now. */
  async #wayOf(graph: GraphView, path: ForwardingPath): Promise<Way | undefined> {
    const gateway = isUnspecified(path.nextHop) ? undefined : parseIp(path.nextHop);
    const { preference } = path;
    const weight = path.weight || 1;
    if (path.interface !== '') {
      const device = graph.metadata<KernelInterface>(interfaceKey(path.interface));
      if (!device) throw new SchedulerError('failed', `interface ${path.interface} has no device`);
      return { gateway, link: device.ifindex, weight, preference };
    }
    if (!gateway) return undefined;
    try {
      const way = await this.#nextHops.find({ gateway, vrf: undefined, vrfId: 0 });
      return way.link === undefined ? undefined : { gateway: way.gateway, link: way.link, weight, preference };
    } catch (error) {
      if (error instanceof SchedulerError) return undefined;
      throw error;
    }
  }

  async #delete(spec: Pick<RouteSpec, 'destination' | 'table' | 'metric'>): Promise<void> {
    try {
      await this.#rtnl.request(deleteRoute(spec as RouteSpec));
    } catch (error) {
      if (!isKernelError(error, 'ESRCH')) throw error;
    }
  }
}

const everything: Readonly<Record<Family, Prefix>> = { 4: parsePrefix('0.0.0.0/0')!, 6: parsePrefix('::/0')! };
/** What is no business of a router's paths: link-local addresses, and the multicast that neighbour discovery lives on. */
const staying: Readonly<Record<Family, readonly Prefix[]>> = {
  4: [],
  6: [parsePrefix('fe80::/10')!, parsePrefix('ff00::/8')!],
};
/** Metric of the route that drops; those of paths are 1 + preference. */
const LAST = 1_000;

function isUnspecified(text: string): boolean {
  return text === '' || /^[0:.]+$/.test(text);
}

/** The default route of each preference. */
function routesOf(family: Family, ways: readonly Way[]): readonly RouteSpec[] {
  const byPreference = new Map<number, Way[]>();
  for (const way of ways) {
    const others = byPreference.get(way.preference) ?? [];
    byPreference.set(way.preference, merge(others, way));
  }
  return Array.from(byPreference, ([preference, list]) => {
    const place = { destination: everything[family], metric: 1 + preference };
    const [first] = list;
    if (list.length === 1 && first) return { ...place, type: 'unicast' as const, ...hopOf(first) };
    return { ...place, type: 'unicast' as const, nextHops: list.map((way) => ({ ...hopOf(way), weight: way.weight })) };
  });
}

/** Paths that turn out to be the same take the share of both: IPv6 refuses the second. */
function merge(list: readonly Way[], way: Way): Way[] {
  const index = list.findIndex((other) => wayText(wayOf(other)) === wayText(wayOf(way)));
  const same = list[index];
  if (!same) return [...list, way];
  return list.with(index, { ...same, weight: Math.min(256, same.weight + way.weight) });
}

/** A gateway that is given with its interface is asked for there, whatever the routing table says of it. */
function hopOf({ gateway, link }: Way): NextHop {
  return { link, ...(gateway ? { gateway, onlink: true } : {}) };
}

function wayOf({ gateway, link }: Pick<NextHop, 'gateway' | 'link'>): {
  readonly gateway?: Ip;
  readonly link?: number;
} {
  return { ...(gateway ? { gateway } : {}), ...(link === undefined ? {} : { link }) };
}

function placeOf({ destination, metric }: RouteSpec): string {
  return `${formatPrefix(destination)} ${metric}`;
}

/** What a route does; legs that are dead do nothing. */
function textOf(route: RouteSpec): string {
  if (route.type !== undefined && route.type !== 'unicast') return route.type;
  const hops = (route.nextHops ?? [route]).filter(({ dead }) => dead !== true);
  const [only] = hops;
  if (hops.length === 1 && only) return wayText(wayOf(only));
  return hops
    .map((hop) => `${wayText(wayOf(hop))} ${hop.weight ?? 1}`)
    .sort()
    .join();
}

function lineOf(route: RouteSpec): string {
  return `${placeOf(route)} ${textOf(route)}`;
}
