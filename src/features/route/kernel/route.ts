/**
 * `vpp.route` in the Linux kernel. Objects of the same table, destination and preference are the paths of one route of the
 * kernel, which is replaced in place when they change, so that no packet is lost.
 */

import { formatPrefix } from '../../../model/address.ts';
import { Route_RouteType as RouteType } from '../../../model/gen/ligato/vpp/l3/route_pb.js';
import type { Route } from '../../../model/gen/ligato/vpp/l3/route_pb.js';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { getLink } from '../../../kernel/netlink/link.ts';
import { addRoute, deleteRoute, listRoutes, replaceRoute } from '../../../kernel/netlink/route.ts';
import type { NextHop, RouteSpec } from '../../../kernel/netlink/route.ts';
import { routeProtocols } from '../../../kernel/pipeline/numbers.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { AggregateChange, GraphView, Handler, OperationContext } from '../../../scheduler/handler.ts';
import { spelledNetwork } from '../../equality.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { NextHops } from '../../kernel/next-hops.ts';
import { refusedWithoutVrfDevices } from '../../kernel/vrf-devices.ts';
import { isReference } from '../../netalloc/model.ts';
import type { KernelRoute, KernelWay } from '../kernel-metadata.ts';
import { nextHopOf, routeFamily, weightOf } from '../model.ts';
import { directionOf, placeOf, placeText, routeOf, sameWay } from './path.ts';
import type { RoutePlace } from './path.ts';
import { retrieve } from './retrieve.ts';
import type { Upkeep } from './upkeep.ts';

/** A path that can be programmed. */
export interface WeightedWay {
  readonly way: KernelWay;
  readonly weight: number;
}

export function routeHandler(engine: KernelEngine, upkeep: Upkeep): Handler<Route, KernelRoute> {
  const routes = new Routes(engine, upkeep);
  return {
    kind: 'vpp.route',
    engine: 'kernel',
    unsupported: (_key, value) => unsupported(engine, value),
    aggregate: (_key, value) => aggregateOf(value),
    recreate: (_key, from, to) => aggregateOf(from) !== aggregateOf(to),
    reconcile: (context, change) => routes.reconcile(context, change),
    // Never called, as all have an aggregate; that they are there tells that a route need not be made anew.
    create: inAggregate,
    update: inAggregate,
    refresh: inAggregate,
    remove: inAggregate,
    retrieve: (context) => retrieve(engine, upkeep, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.vrf-table', 'netalloc.ip'],
    retriable: (error) => !(error instanceof SchedulerError) || error.retriable,
  };
}

function inAggregate(): Promise<never> {
  return Promise.reject(new SchedulerError('usage', 'paths are made by reconcile'));
}

/** Destinations that are references may turn out to be the same: those are one only when they are spelled alike. */
function aggregateOf({ vrfId, dstNetwork, preference, outgoingInterface }: Route): string {
  if (isReference(dstNetwork)) return `${vrfId} ${preference} ${dstNetwork} ${outgoingInterface}`;
  return `${vrfId} ${preference} ${spelledNetwork(dstNetwork)}`;
}

function unsupported(engine: KernelEngine, value: Route): string | undefined {
  const { type, vrfId, viaVrfId } = value;
  const leak = type === RouteType.INTER_VRF && vrfId !== viaVrfId;
  const refusal = leak ? refusedWithoutVrfDevices(engine, 'routes between VRFs (INTER_VRF) need') : undefined;
  if (refusal !== undefined) return refusal;
  const via = nextHopOf(value);
  const isIpv4 = via !== '' && !isReference(via) && !via.includes(':');
  if (!isIpv4 || routeFamily(value) !== 6 || value.type === RouteType.DROP) return undefined;
  return 'kernel: an IPv6 route has no IPv4 next hop (the other way round it has)';
}

class Routes {
  readonly #rtnl: Rtnl;
  readonly #nextHops: NextHops;
  readonly #upkeep: Upkeep;
  /** Nobody else has routes in a namespace that the agent has for itself. */
  readonly #alone: boolean;

  constructor({ driver }: KernelEngine, upkeep: Upkeep) {
    this.#rtnl = driver.rtnl(driver.vswitch);
    this.#nextHops = new NextHops(this.#rtnl);
    this.#upkeep = upkeep;
    this.#alone = driver.vswitch.id !== driver.own.id;
  }

  reconcile(
    context: OperationContext,
    change: AggregateChange<Route, KernelRoute>,
  ): Promise<ReadonlyMap<Key, KernelRoute | Error>> {
    const { before, after } = change;
    if (before.size === 0 && after.size === 1) {
      for (const [key, value] of after) return this.#makeOne(context, key, value, change);
    }
    return this.#reconcile(context, change);
  }

  /** Most routes have one path and are made once: no more than that is done for them. */
  async #makeOne(
    context: OperationContext,
    key: Key,
    value: Route,
    change: AggregateChange<Route, KernelRoute>,
  ): Promise<ReadonlyMap<Key, KernelRoute | Error>> {
    const direction = attempt(() => directionOf(context, value));
    const place = attempt(() => placeOf(context, value));
    if (!direction || !('way' in direction) || !place) return this.#reconcile(context, change);
    const route = routeOf(place, direction.way);
    try {
      const spec = specOfOne(route);
      await this.#rtnl.request(this.#alone ? replaceRoute(spec) : addRoute(spec));
    } catch {
      return this.#reconcile(context, change);
    }
    this.#upkeep.remember(key, route);
    this.#upkeep.routesChanged();
    return new Map([[key, route]]);
  }

  async #reconcile(
    context: OperationContext,
    { before, after }: AggregateChange<Route, KernelRoute>,
  ): Promise<ReadonlyMap<Key, KernelRoute | Error>> {
    const outcomes = new Map<Key, KernelRoute | Error>();
    const usable: WeightedWay[] = [];
    let place: RoutePlace | undefined;
    for (const [key, value] of after) {
      try {
        const found = placeOf(context, value);
        const { way, isThere } = await this.#wayOf(context, key, value);
        refuseMixture(way, outcomes.values());
        if (isThere) usable.push({ way, weight: weightOf(value) });
        outcomes.set(key, routeOf(found, way));
        place ??= found;
      } catch (error) {
        this.#refuse(outcomes, key, error);
      }
    }
    const old = placesOf(before.values());
    if (place && usable.length > 0) {
      try {
        await this.#install(place, usable, old.has(placeText(place)));
      } catch (error) {
        for (const key of after.keys()) this.#refuse(outcomes, key, explain(error, place));
        return outcomes;
      }
      old.delete(placeText(place));
    }
    for (const stale of old.values()) await this.#delete(stale);
    for (const key of before.keys()) if (!after.has(key)) this.#upkeep.forget(key);
    for (const [key, outcome] of outcomes) if (!(outcome instanceof Error)) this.#upkeep.remember(key, outcome);
    if (old.size > 0 || usable.length > 0) this.#upkeep.routesChanged();
    return outcomes;
  }

  /** `isThere`: false as long as a next hop without interface may still become reachable by what else is being made. */
  async #wayOf(
    graph: GraphView,
    key: Key,
    value: Route,
  ): Promise<{ readonly way: KernelWay; readonly isThere: boolean }> {
    const direction = directionOf(graph, value);
    if ('way' in direction) return { way: direction.way, isThere: true };
    const { recursive } = direction;
    try {
      const way = await this.#nextHops.find(recursive);
      this.#upkeep.follow(key, recursive, way);
      return { way, isThere: true };
    } catch (error) {
      this.#upkeep.follow(key, recursive, undefined);
      if (!this.#upkeep.hasPatience(key)) throw error;
      return { way: { type: 'unicast', gateway: recursive.gateway }, isThere: false };
    }
  }

  #refuse(outcomes: Map<Key, KernelRoute | Error>, key: Key, error: unknown): void {
    outcomes.set(key, error instanceof Error ? error : new Error(String(error)));
    this.#upkeep.failed(key);
  }

  async #install(place: RoutePlace, paths: readonly WeightedWay[], exists: boolean): Promise<void> {
    const spec = specOf(place, paths);
    try {
      await this.#rtnl.request(exists || this.#alone ? replaceRoute(spec) : addRoute(spec));
    } catch (error) {
      if (isKernelError(error, 'EEXIST')) await this.#takeOver(spec);
      else if (isKernelError(error, 'ENETDOWN')) await this.#installAlive(place, paths, exists);
      else throw error;
    }
  }

  /** What a crash left behind is replaced; a route of somebody else is not. */
  async #takeOver(spec: RouteSpec): Promise<void> {
    const found = await this.#rtnl.dump(listRoutes({ family: spec.destination.address.family, table: spec.table! }));
    const place = placeText(spec as RoutePlace);
    const other = found.find((route) => placeText(route) === place && route.protocol !== routeProtocols.route);
    if (other)
      throw new SchedulerError(
        'failed',
        `somebody else has a route to ${formatPrefix(spec.destination)} with metric ${spec.metric}`,
      );
    await this.#rtnl.request(replaceRoute(spec));
  }

  /**
   * The kernel has routes only of devices that are up. As in VPP, a route out of one that is down is there and unused: it
   * is made when the device comes up (`Upkeep`).
   */
  async #installAlive(place: RoutePlace, paths: readonly WeightedWay[], exists: boolean): Promise<void> {
    const links = await Promise.all(paths.map(({ way }) => this.#rtnl.get(getLink({ index: way.link! }))));
    const alive = paths.filter((_path, index) => links[index]?.up === true);
    if (alive.length === paths.length)
      throw new SchedulerError('failed', 'an interface went down meanwhile', { retriable: true });
    if (alive.length > 0) await this.#install(place, alive, exists);
    else if (exists) await this.#delete(place);
  }

  async #delete({ destination, table, metric }: RoutePlace): Promise<void> {
    try {
      await this.#rtnl.request(deleteRoute({ destination, table, metric, protocol: routeProtocols.route }));
    } catch (error) {
      if (!isKernelError(error, 'ESRCH')) throw error;
    }
  }
}

function refuseMixture({ type }: KernelWay, others: Iterable<KernelRoute | Error>): void {
  for (const other of others) {
    if (other instanceof Error || (other.type === 'unicast') === (type === 'unicast')) continue;
    const message = 'kernel: of the paths of one route either all drop packets or none';
    throw new SchedulerError('unimplemented', message, { retriable: false });
  }
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

function placesOf(members: Iterable<{ readonly metadata: KernelRoute | undefined }>): Map<string, RoutePlace> {
  const places = new Map<string, RoutePlace>();
  for (const { metadata } of members) if (metadata) places.set(placeText(metadata), metadata);
  return places;
}

function specOf(place: RoutePlace, paths: readonly WeightedWay[]): RouteSpec {
  const { destination, table, metric } = place;
  const ways = mergeWays(paths);
  if (ways.length === 1) return specOfOne(routeOf(place, ways[0]!.way));
  const nextHops = ways.map(({ way, weight }) => ({ ...hopOf(way), weight }));
  return { destination, table, metric, protocol: routeProtocols.route, nextHops };
}

function specOfOne({ destination, table, metric, type, gateway, link, encapsulation }: KernelRoute): RouteSpec {
  const protocol = routeProtocols.route;
  if (link !== undefined && encapsulation) return { destination, table, metric, protocol, type, link, encapsulation };
  if (link === undefined) return { destination, table, metric, protocol, type };
  if (gateway === undefined) return { destination, table, metric, protocol, type, link };
  return { destination, table, metric, protocol, type, gateway, link, onlink: true };
}

/** A gateway that is given with its interface is asked for by ARP there, whatever the routing table says of it. */
function hopOf({ gateway, link, encapsulation }: KernelWay): NextHop {
  return {
    ...(encapsulation ? { encapsulation } : {}),
    ...(gateway ? { gateway, onlink: true } : {}),
    ...(link === undefined ? {} : { link }),
  };
}

/** Paths that turn out to be the same take the share of both: IPv6 refuses the second. */
export function mergeWays(paths: readonly WeightedWay[]): readonly WeightedWay[] {
  if (paths.length === 1) return paths;
  const merged: WeightedWay[] = [];
  for (const path of paths) {
    const index = merged.findIndex(({ way }) => sameWay(way, path.way));
    const same = merged[index];
    if (same) merged[index] = { way: same.way, weight: Math.min(256, same.weight + path.weight) };
    else merged.push(path);
  }
  return merged;
}

function explain(error: unknown, place: RoutePlace): unknown {
  if (!isKernelError(error, 'EINVAL', 'ENETUNREACH', 'EHOSTUNREACH')) return error;
  const said = error.explanation ?? error.message;
  return new SchedulerError(
    'failed',
    `route to ${formatPrefix(place.destination)}: the kernel refuses its next hop: ${said}`,
    {
      retriable: true,
      cause: error,
    },
  );
}
