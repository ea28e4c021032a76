/** Routes in VPP. Objects of the same table and destination are the paths of one route, which VPP adds and takes away one by one. */

import { create } from '@bufbuild/protobuf';
import { Route_RouteType as RouteType, RouteSchema } from '../../model/gen/ligato/vpp/l3/route_pb.js';
import type { Route } from '../../model/gen/ligato/vpp/l3/route_pb.js';
import { isLinkLocal, parseIp } from '../../model/address.ts';
import type { Key } from '../../model/key.ts';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import type { FibPath } from '../../vpp/index.ts';
import { ip6ndKey } from '../interface/model.ts';
import type { Ip6Nd } from '../interface/model.ts';
import { vppDump } from '../vpp/dump.ts';
import type { InterfaceTable } from '../vpp/dump.ts';
import { lacking, NO_INDEX } from '../vpp/engine.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { isOwnTable } from '../vpp/own-tables.ts';
import { removed } from '../vpp/retries.ts';
import { routeKey } from './model.ts';
import { fieldsOf, identityOf, readPath, vppRouteOf } from './vpp/path.ts';
import type { VppPath, VppRoute } from './vpp/path.ts';

const ADD = ['ip_route_add_del_v2', 'ip_route_add_del'] as const;

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [routeHandler(engine) as Handler];
}

function routeHandler(engine: VppEngine): Handler<Route, VppRoute> {
  const { client } = engine;
  const addOrDelete = (route: VppRoute, is_add: boolean, { signal }: OperationContext) =>
    client.request(client.pick(...ADD), { is_add, is_multipath: true, route: fieldsOf(route) }, { signal });

  return {
    kind: 'vpp.route',
    engine: 'vpp',
    unsupported: () => lacking(engine, ADD, ['ip_route_v2_dump', 'ip_route_dump']),
    async create(context, _key, value) {
      const route = vppRouteOf(context, value);
      await addOrDelete(route, true, context);
      return route;
    },
    // Weight or preference: VPP keeps a path that it has as it is, so it goes and comes in the same breath.
    async update(context, _key, _from, to, metadata) {
      const route = vppRouteOf(context, to);
      await Promise.all([removed(addOrDelete(metadata, false, context)), addOrDelete(route, true, context)]);
      return route;
    },
    async refresh(context, _key, value, metadata) {
      const route = vppRouteOf(context, value);
      if (route.prefix === metadata.prefix && identityOf(route.path) === identityOf(metadata.path)) return metadata;
      await Promise.all([addOrDelete(route, true, context), removed(addOrDelete(metadata, false, context))]);
      return route;
    },
    async remove(context, _key, _value, metadata) {
      await removed(addOrDelete(metadata, false, context), 'NO_MATCHING_INTERFACE');
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.vrf-table', 'netalloc.ip'],
  };
}

type Item = Retrieved<Route, VppRoute>;

interface Expected {
  readonly key: Key;
  readonly value: Route;
  readonly route: VppRoute;
}

async function retrieve(engine: VppEngine, context: RetrieveContext<Route, VppRoute>): Promise<readonly Item[]> {
  const dump = vppDump(engine, context.session);
  const expected = expectedRoutes(context);
  const [interfaces, tables, source] = await Promise.all([
    dump.interfaces(),
    dump.list('ip_table_dump', {}),
    apiSource(engine, context),
  ]);
  const items: Item[] = [];
  const reads = tables.map(async ({ table }) => {
    if (isOwnTable(table)) return;
    const routes =
      source === undefined
        ? await dump.list('ip_route_dump', { table })
        : await dump.list('ip_route_v2_dump', { src: source, table });
    for (const { route } of routes) {
      for (const path of route.paths) {
        const item = itemOf(context, interfaces, expected, route.table_id, route.prefix, path, source !== undefined);
        if (item && (!context.keys || context.keys.has(item.key))) items.push(item);
      }
    }
  });
  await Promise.all(reads);
  return items;
}

/** VPP numbers who made a route; the numbers differ between releases. Undefined where VPP does not tell. */
async function apiSource(
  { client }: VppEngine,
  { signal }: { readonly signal: AbortSignal },
): Promise<number | undefined> {
  if (!client.has('ip_route_v2_dump') || !client.has('fib_source_dump')) return undefined;
  const sources = await client.list('fib_source_dump', {}, { signal });
  return sources.find(({ src }) => src.name === 'API')?.src.id;
}

function expectedRoutes(context: RetrieveContext<Route, VppRoute>): ReadonlyMap<string, Expected> {
  const routes = new Map<string, Expected>();
  for (const [key, { value }] of context.expected) {
    try {
      const route = vppRouteOf(context, value);
      routes.set(placeOf(route), { key, value, route });
    } catch {
      // What it names is not there, so VPP cannot have it.
    }
  }
  return routes;
}

function placeOf({ table, prefix, path }: VppRoute): string {
  return `${table} ${prefix} ${identityOf(path)}`;
}

/** Without the source only what is expected is ours: tables have routes of addresses, neighbours and VPP's own, too. */
function itemOf(
  context: RetrieveContext<Route, VppRoute>,
  interfaces: InterfaceTable,
  expected: ReadonlyMap<string, Expected>,
  table: number,
  prefix: string,
  raw: FibPath,
  isOurs: boolean,
): Item | undefined {
  const path = readPath(raw);
  const route: VppRoute = { table, prefix, path };
  const known = expected.get(placeOf(route));
  if (known) {
    const { weight, preference } = path;
    return { key: known.key, value: { ...known.value, weight, preference }, metadata: route, origin: 'ours' };
  }
  if (!isOurs) return undefined;
  const value = valueOf(interfaces, route, path);
  if (isLearned(context, value)) return undefined;
  return { key: routeKey(value), value, metadata: route, origin: 'ours' };
}

function valueOf(interfaces: InterfaceTable, { table, prefix }: VppRoute, path: VppPath): Route {
  const isDrop = path.type === 'FIB_API_PATH_TYPE_DROP';
  const isInterVrf = !isDrop && path.sw_if_index === NO_INDEX && path.table_id !== table;
  return create(RouteSchema, {
    type: isDrop ? RouteType.DROP : isInterVrf ? RouteType.INTER_VRF : RouteType.INTRA_VRF,
    vrfId: table,
    dstNetwork: prefix,
    nextHopAddr: path.via ?? '',
    outgoingInterface: path.sw_if_index === NO_INDEX ? '' : interfaces.nameOf(path.sw_if_index),
    weight: path.weight,
    preference: path.preference,
    viaVrfId: isInterVrf ? path.table_id : 0,
  });
}

/** VPP makes the default route to a router that advertises itself as if somebody had asked for it by the API. */
function isLearned(
  context: RetrieveContext<Route, VppRoute>,
  { dstNetwork, nextHopAddr, outgoingInterface }: Route,
): boolean {
  const via = parseIp(nextHopAddr);
  if (dstNetwork !== '::/0' || via?.family !== 6 || !isLinkLocal(via)) return false;
  const discovery = context.desired(ip6ndKey(outgoingInterface)) as Ip6Nd | undefined;
  return discovery?.installDefaultRoutes === true;
}
