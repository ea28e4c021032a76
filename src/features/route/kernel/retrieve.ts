/** Reads the configured routes back from the kernel's tables. */

import { create } from '@bufbuild/protobuf';
import { formatIp, formatPrefix } from '../../../model/address.ts';
import { Route_RouteType as RouteType, RouteSchema } from '../../../model/gen/ligato/vpp/l3/route_pb.js';
import type { Route } from '../../../model/gen/ligato/vpp/l3/route_pb.js';
import type { Key } from '../../../model/key.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import type { Route as KernelRouteEntry } from '../../../kernel/netlink/route.ts';
import { routeProtocols, vrfOfTable } from '../../../kernel/pipeline/numbers.ts';
import { Pace } from '../../../app/pace.ts';
import type { GraphView, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { NextHops } from '../../kernel/next-hops.ts';
import type { Recursive } from '../../kernel/next-hops.ts';
import type { KernelInterface } from '../../interface/kernel-metadata.ts';
import { INTERFACE_PREFIX } from '../../interface/model.ts';
import type { KernelRoute, KernelWay } from '../kernel-metadata.ts';
import { routeKey, weightOf } from '../model.ts';
import { directionOf, placeOf, placeText, routeOf, sameWay } from './path.ts';
import type { RoutePlace } from './path.ts';
import type { Upkeep } from './upkeep.ts';

type Item = Retrieved<Route, KernelRoute>;

/** A path that is expected to be there. */
interface ExpectedPath {
  readonly key: Key;
  readonly value: Route;
  readonly place: RoutePlace;
  readonly way: KernelWay;
}

interface Expected {
  readonly byPlace: Map<string, ExpectedPath[]>;
  /** Next hops without an interface. */
  readonly recursive: ReadonlyMap<Key, Recursive>;
}

interface FoundPath {
  readonly way: KernelWay;
  /** Undefined: the only path. */
  readonly weight: number | undefined;
  /** One of several, and not used. */
  readonly dead?: boolean;
}

export async function retrieve(
  engine: KernelEngine,
  upkeep: Upkeep,
  context: RetrieveContext<Route, KernelRoute>,
): Promise<readonly Item[]> {
  const { driver } = engine;
  const dump = driver.dump(context.session, driver.vswitch);
  const [routes, links, { byPlace, recursive }] = await Promise.all([
    dump.routes(),
    dump.linksByIndex(),
    expectedPaths(engine, upkeep, context),
  ]);
  const reading = new Reading(context, links);
  const pace = new Pace();
  for (const route of routes) {
    if (pace.due()) await pace.rest();
    if (route.protocol !== routeProtocols.route) continue;
    const place = placeText(route);
    reading.compare(route, byPlace.get(place) ?? []);
    byPlace.delete(place);
  }
  for (const paths of byPlace.values()) reading.dormant(paths);
  const ways = new Map<Key, KernelWay>();
  for (const { key, metadata } of reading.items) {
    if (pace.due()) await pace.rest();
    upkeep.remember(key, metadata);
    if (metadata.link !== undefined) ways.set(key, metadata);
  }
  // What the kernel has counts, not what was looked up: a next hop that is reachable now still has to be told to it.
  for (const [key, next] of recursive) if (context.keys?.has(key) !== false) upkeep.follow(key, next, ways.get(key));
  return reading.items;
}

/** By place. Paths whose way is not known now are not there. */
async function expectedPaths(
  { driver }: KernelEngine,
  upkeep: Upkeep,
  context: RetrieveContext<Route, KernelRoute>,
): Promise<Expected> {
  const nextHops = new NextHops(driver.rtnl(driver.vswitch));
  const byPlace = new Map<string, ExpectedPath[]>();
  const followed = new Map<Key, Recursive>();
  const put = (path: ExpectedPath): void => {
    const place = placeText(path.place);
    const others = byPlace.get(place);
    if (others) others.push(path);
    else byPlace.set(place, [path]);
  };
  const searches: Promise<void>[] = [];
  const pace = new Pace();
  for (const [key, { value }] of context.expected) {
    if (pace.due()) await pace.rest();
    try {
      const place = placeOf(context, value);
      const direction = directionOf(context, value);
      if ('way' in direction) {
        put({ key, value, place, way: direction.way });
        continue;
      }
      const { recursive } = direction;
      followed.set(key, recursive);
      const search = nextHops.find(recursive).then((way) => put({ key, value, place, way }));
      const unreachable: KernelWay = { type: 'unicast', gateway: recursive.gateway };
      searches.push(
        search.catch(() => {
          if (upkeep.hasPatience(key)) put({ key, value, place, way: unreachable });
        }),
      );
    } catch {
      // What it names is not there, so the kernel cannot have it.
    }
  }
  await Promise.all(searches);
  return { byPlace, recursive: followed };
}

class Reading {
  readonly items: Item[] = [];
  readonly #context: RetrieveContext<Route, KernelRoute>;
  readonly #links: ReadonlyMap<number, Link>;
  #names: ReadonlyMap<number, string> | undefined;

  constructor(context: RetrieveContext<Route, KernelRoute>, links: ReadonlyMap<number, Link>) {
    this.#context = context;
    this.#links = links;
  }

  /** Paths that are found where they are expected; what is left over on both sides is taken for changed, then for unexpected. */
  compare(route: KernelRouteEntry, expected: readonly ExpectedPath[]): void {
    const found = pathsOf(route);
    const missing: ExpectedPath[] = [];
    for (const path of expected) {
      const match = found.find(({ way }) => sameWay(way, path.way));
      // A way whose device lost its last address stays dead when there is one again.
      if (match && (match.dead !== true || this.#isDormant(path)))
        this.#put(path.key, this.#weighed(path, match, expected), routeOf(route, path.way));
      else if (this.#isDormant(path)) this.#put(path.key, path.value, routeOf(route, path.way));
      else missing.push(path);
    }
    const strange = found.filter(({ way }) => !expected.some((path) => sameWay(way, path.way)));
    for (const [index, path] of strange.entries()) {
      const changed = missing[index];
      const value = this.#valueOf(route, path, changed?.value);
      this.#put(changed?.key ?? routeKey(value), value, routeOf(route, path.way));
    }
  }

  /** Nothing of a route is in the kernel: right if its devices are down. */
  dormant(paths: readonly ExpectedPath[]): void {
    for (const path of paths) {
      if (this.#isDormant(path)) this.#put(path.key, path.value, routeOf(path.place, path.way));
    }
  }

  #isDormant({ way }: ExpectedPath): boolean {
    // Not looked up yet.
    if (way.gateway && way.link === undefined) return true;
    const link = way.link === undefined ? undefined : this.#links.get(way.link);
    return link !== undefined && !link.up;
  }

  #put(key: Key, value: Route, metadata: KernelRoute): void {
    const { keys } = this.#context;
    if (!keys || keys.has(key)) this.items.push({ key, value, metadata, origin: 'ours' });
  }

  /** The value with the share that it has: paths that turned out to be the same have theirs together. */
  #weighed(path: ExpectedPath, found: FoundPath, expected: readonly ExpectedPath[]): Route {
    if (found.weight === undefined) return path.value;
    const same = expected.filter(({ way }) => sameWay(way, path.way));
    const share = same.reduce((sum, { value }) => sum + weightOf(value), 0);
    if (Math.min(256, share) === found.weight) return path.value;
    return { ...path.value, weight: Math.max(1, found.weight - share + weightOf(path.value)) };
  }

  #valueOf(route: KernelRouteEntry, { way, weight }: FoundPath, expected: Route | undefined): Route {
    const family = route.family;
    const link = way.link === undefined ? undefined : this.#links.get(way.link);
    const leak = link?.kind?.type === 'vrf' ? vrfOfTable(link.kind.table) : way.type === 'throw' ? 0 : undefined;
    const out = leak === undefined && way.link !== undefined ? this.#nameOf(way.link) : '';
    const type =
      way.type === 'blackhole' ? RouteType.DROP : leak === undefined ? RouteType.INTRA_VRF : RouteType.INTER_VRF;
    return create(RouteSchema, {
      type,
      vrfId: vrfOfTable(route.table) ?? 0,
      dstNetwork: expected?.dstNetwork ?? formatPrefix(route.destination),
      nextHopAddr: way.gateway ? formatIp(way.gateway) : '',
      outgoingInterface: out,
      weight: weight ?? 1,
      preference: route.metric - (family === 4 ? 1 : 1024),
      viaVrfId: leak ?? 0,
    });
  }

  #nameOf(link: number): string {
    this.#names ??= namesOf(this.#context);
    return this.#names.get(link) ?? this.#links.get(link)?.name ?? `#${link}`;
  }
}

function namesOf(graph: GraphView): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const [key] of graph.appliedUnder(INTERFACE_PREFIX)) {
    const device = graph.metadata<KernelInterface>(key);
    if (device) names.set(device.ifindex, key.slice(INTERFACE_PREFIX.length));
  }
  return names;
}

function pathsOf(route: KernelRouteEntry): readonly FoundPath[] {
  const { type, gateway, link, encapsulation, nextHops } = route;
  if (nextHops)
    return nextHops.map((hop) => ({ way: wayOf('unicast', hop), weight: hop.weight ?? 1, dead: hop.dead === true }));
  if (type === 'blackhole') return [{ way: { type }, weight: undefined }];
  if (type === 'throw') return [{ way: { type }, weight: undefined }];
  return [{ way: wayOf('unicast', { gateway, link, encapsulation }), weight: undefined }];
}

function wayOf(
  type: 'unicast',
  {
    gateway,
    link,
    encapsulation,
  }: { readonly [Field in 'gateway' | 'link' | 'encapsulation']?: KernelWay[Field] | undefined },
): KernelWay {
  return {
    type,
    ...(gateway ? { gateway } : {}),
    ...(link === undefined ? {} : { link }),
    ...(encapsulation ? { encapsulation } : {}),
  };
}
