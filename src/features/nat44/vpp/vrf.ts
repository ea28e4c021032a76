/** `vpp.nat.nat44-vrf` and `vpp.nat.nat44-vrf-route` in VPP: into which VRFs clients of one are translated. */

import { create } from '@bufbuild/protobuf';
import { Nat44VrfTableSchema } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Nat44VrfRoute, Nat44VrfTable } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { nat44VrfKey, nat44VrfRouteKey } from '../model.ts';

/** The first version of this list (22.06 to 23.02) does not tell which table is which. */
const LIST = 'nat44_ed_vrf_tables_v2_dump';

export function vrfHandlers(engine: VppEngine): readonly Handler[] {
  return [tableHandler(engine), routeHandler(engine)] as readonly Handler[];
}

function missing(engine: VppEngine): string | undefined {
  return lacking(engine, [LIST], ['nat44_ed_add_del_vrf_table'], ['nat44_ed_add_del_vrf_route']);
}

function route({ client }: VppEngine, { signal }: OperationContext, table: number, vrf: number, is_add: boolean) {
  return client.request('nat44_ed_add_del_vrf_route', { table_vrf_id: table, vrf_id: vrf, is_add }, { signal });
}

function tableHandler(engine: VppEngine): Handler<Nat44VrfTable> {
  const table = ({ signal }: OperationContext, table_vrf_id: number, is_add: boolean) =>
    engine.client.request('nat44_ed_add_del_vrf_table', { table_vrf_id, is_add }, { signal });
  return {
    kind: 'vpp.nat.nat44-vrf',
    engine: 'vpp',
    unsupported: () => missing(engine),
    async create(context, _key, { srcVrfId, destVrfIds }) {
      await Promise.all([
        table(context, srcVrfId, true),
        ...destVrfIds.map((vrf) => route(engine, context, srcVrfId, vrf, true)),
      ]);
    },
    async update(context, _key, { destVrfIds: before }, { srcVrfId, destVrfIds: after }) {
      const added = after.filter((vrf) => !before.includes(vrf));
      const gone = before.filter((vrf) => !after.includes(vrf));
      await Promise.all([
        ...added.map((vrf) => route(engine, context, srcVrfId, vrf, true)),
        ...gone.map((vrf) => removed(route(engine, context, srcVrfId, vrf, false))),
      ]);
    },
    remove: (context, _key, { srcVrfId }) => removed(table(context, srcVrfId, false)),
    retrieve: (context) => retrieveTables(engine, context),
  };
}

/** Routes that are objects of their own are not the table's. */
async function retrieveTables(
  engine: VppEngine,
  context: RetrieveContext<Nat44VrfTable>,
): Promise<readonly Retrieved<Nat44VrfTable>[]> {
  const retrieved: Retrieved<Nat44VrfTable>[] = [];
  for (const { srcVrfId, routes } of await tablesOf(engine, context)) {
    const key = nat44VrfKey(srcVrfId);
    if (context.keys && !context.keys.has(key)) continue;
    const wanted = context.expected.get(key)?.value;
    const isOwn = (vrf: number) => wanted?.destVrfIds.includes(vrf) === true || !hasRouteObject(context, srcVrfId, vrf);
    const value = create(Nat44VrfTableSchema, { srcVrfId, destVrfIds: routes.filter(isOwn) });
    retrieved.push({ key, value, metadata: undefined, origin: wanted === undefined ? 'foreign' : 'ours' });
  }
  return retrieved;
}

function routeHandler(engine: VppEngine): Handler<Nat44VrfRoute> {
  return {
    kind: 'vpp.nat.nat44-vrf-route',
    engine: 'vpp',
    unsupported: () => missing(engine),
    async create(context, _key, { srcVrfId, destVrfId }) {
      await route(engine, context, srcVrfId, destVrfId, true);
    },
    remove: (context, _key, { srcVrfId, destVrfId }) => removed(route(engine, context, srcVrfId, destVrfId, false)),
    retrieve: (context) => retrieveRoutes(engine, context),
  };
}

/** Those that are wanted: others are of their table. */
async function retrieveRoutes(
  engine: VppEngine,
  context: RetrieveContext<Nat44VrfRoute>,
): Promise<readonly Retrieved<Nat44VrfRoute>[]> {
  if (context.expected.size === 0) return [];
  const tables = await tablesOf(engine, context);
  return [...context.expected]
    .filter(([key]) => context.keys?.has(key) !== false)
    .filter(([, { value }]) =>
      tables.some(({ srcVrfId, routes }) => srcVrfId === value.srcVrfId && routes.includes(value.destVrfId)),
    )
    .map(([key, { value }]) => ({ key, value, metadata: undefined, origin: 'ours' }));
}

interface Table {
  readonly srcVrfId: number;
  readonly routes: readonly number[];
}

/**
 * A table from which routes were taken is told with as many entries as it had at most (the length of VPP's pool, not what is in it):
 * what there is comes first, then zeros. So VRF 0 in the last places counts only where it is wanted.
 */
async function tablesOf(engine: VppEngine, context: RetrieveContext): Promise<readonly Table[]> {
  const rows = await vppDump(engine, context.session).list(LIST);
  return rows.map(({ table_vrf_id: srcVrfId, vrf_ids }) => {
    const end = vrf_ids.findLastIndex((vrf) => vrf !== 0) + 1;
    const tail = end < vrf_ids.length && isWanted(context, srcVrfId, 0) ? [0] : [];
    return { srcVrfId, routes: [...new Set([...vrf_ids.slice(0, end), ...tail])] };
  });
}

function isWanted(context: RetrieveContext, table: number, vrf: number): boolean {
  const wanted = context.desired(nat44VrfKey(table)) as Nat44VrfTable | undefined;
  return wanted?.destVrfIds.includes(vrf) === true || hasRouteObject(context, table, vrf);
}

function hasRouteObject(context: RetrieveContext, table: number, vrf: number): boolean {
  return context.desired(nat44VrfRouteKey(table, vrf)) !== undefined;
}
