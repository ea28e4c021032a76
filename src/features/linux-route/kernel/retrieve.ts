/** Reads Linux routes back, from the namespaces of the Linux interfaces they leave by. */

import { create } from '@bufbuild/protobuf';
import { formatIp, formatPrefix } from '../../../model/address.ts';
import { RouteSchema } from '../../../model/gen/ligato/linux/l3/route_pb.js';
import type { Route } from '../../../model/gen/ligato/linux/l3/route_pb.js';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import type { Namespace } from '../../../kernel/namespace/namespace.ts';
import type { Route as KernelRouteEntry } from '../../../kernel/netlink/route.ts';
import { routeProtocols } from '../../../kernel/pipeline/numbers.ts';
import type { RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelLinuxInterface } from '../../linux-interface/kernel-metadata.ts';
import { LINUX_INTERFACE_PREFIX } from '../../linux-interface/model.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { routePlace } from '../../kernel/upkeep.ts';
import type { KernelUpkeep } from '../../kernel/upkeep.ts';
import type { KernelLinuxRoute } from '../kernel-metadata.ts';
import { linuxRouteKey } from '../model.ts';
import { IPV6_DEFAULT, leadsThere, scopeName, targetOf } from './target.ts';

type Context = RetrieveContext<Route, KernelLinuxRoute>;
type Item = Retrieved<Route, KernelLinuxRoute>;

interface Wanted {
  readonly key: Key;
  readonly value: Route;
  readonly target: KernelLinuxRoute;
}

/** What to look for in one namespace. */
interface Search {
  readonly namespace: Namespace;
  readonly wanted: Wanted[];
  /** Logical names of interfaces by index of their device. */
  readonly names: Map<number, string>;
}

export async function retrieve(engine: KernelEngine, upkeep: KernelUpkeep, context: Context): Promise<readonly Item[]> {
  const found = await Promise.all(
    [...searches(context).values()].map((search) => inNamespace(engine, context, search)),
  );
  const items = found.flat().filter(({ key }) => !context.keys || context.keys.has(key));
  for (const { key, metadata } of items) upkeep.remember(key, { ...metadata, place: routePlace(metadata) });
  return items;
}

function searches(context: Context): ReadonlyMap<string, Search> {
  const byNamespace = new Map<string, Search>();
  const at = (namespace: Namespace): Search => {
    let search = byNamespace.get(namespace.id);
    if (!search) byNamespace.set(namespace.id, (search = { namespace, wanted: [], names: new Map() }));
    return search;
  };
  for (const [key, { value }] of context.expected) {
    if (context.keys && !context.keys.has(key)) continue;
    try {
      const target = targetOf(context, value);
      at(target.namespace).wanted.push({ key, value, target });
    } catch {
      // What it names is not there, so the kernel cannot have it.
    }
  }
  for (const [key] of context.appliedUnder(LINUX_INTERFACE_PREFIX)) {
    const device = context.metadata<KernelLinuxInterface>(key);
    if (!device || (context.keys && !byNamespace.has(device.namespace.id))) continue;
    at(device.namespace).names.set(device.ifindex, key.slice(LINUX_INTERFACE_PREFIX.length));
  }
  return byNamespace;
}

async function inNamespace(
  engine: KernelEngine,
  context: Context,
  { namespace, wanted, names }: Search,
): Promise<Item[]> {
  let routes: readonly KernelRouteEntry[];
  try {
    routes = await engine.driver.dump(context.session, namespace).routes();
  } catch (error) {
    // The namespace went while we looked.
    if (isKernelError(error, 'ENOENT')) return [];
    throw error;
  }
  const places = new Map<string, KernelRouteEntry>();
  for (const route of routes) places.set(routePlace(route), route);
  const items: Item[] = [];
  const missing: Wanted[] = [];
  const explained = new Set<KernelRouteEntry>();
  for (const wish of wanted) {
    const route = places.get(routePlace(wish.target));
    const isOurs = route?.protocol === routeProtocols.linuxRoute;
    if (!route || (!isOurs && !leadsThere(route, wish.target))) {
      missing.push(wish);
      continue;
    }
    explained.add(route);
    const value = leadsThere(route, wish.target) ? wish.value : valueOf(route, wish.value);
    items.push(item(wish.key, value, { ...wish.target, ...(isOurs ? {} : { borrowed: true }) }));
  }
  for (const route of routes) {
    if (route.protocol !== routeProtocols.linuxRoute || explained.has(route) || route.link === undefined) continue;
    const changed = missing.find(({ target }) => isSameWish(route, target));
    const out = names.get(route.link);
    if (!changed && out === undefined) continue;
    const value = valueOf(route, changed?.value ?? create(RouteSchema, { outgoingInterface: out! }));
    const metadata = { ...pick(route), namespace, link: route.link };
    items.push(item(changed?.key ?? linuxRouteKey(value), value, metadata));
  }
  return items;
}

/** A route of ours to the same destination by the same device, with another metric: the wanted one, changed. */
function isSameWish(route: KernelRouteEntry, target: KernelLinuxRoute): boolean {
  return (
    route.link === target.link &&
    route.table === target.table &&
    formatPrefix(route.destination) === formatPrefix(target.destination)
  );
}

function pick({ destination, gateway, table, metric, scope }: KernelRouteEntry) {
  return { destination, ...(gateway ? { gateway } : {}), table, metric, scope };
}

function item(key: Key, value: Route, metadata: KernelLinuxRoute): Item {
  return { key, value, metadata, origin: 'ours' };
}

function valueOf({ destination, gateway, metric, scope, family }: KernelRouteEntry, wanted: Route): Route {
  const isDefault = family === 6 && metric === IPV6_DEFAULT;
  return {
    ...wanted,
    scope: family === 6 ? wanted.scope : scopeName(scope),
    dstNetwork: wanted.dstNetwork === '' ? formatPrefix(destination) : wanted.dstNetwork,
    gwAddr: gateway ? formatIp(gateway) : '',
    metric: isDefault && wanted.metric !== IPV6_DEFAULT ? 0 : metric,
  };
}
