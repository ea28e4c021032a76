/** `vpp.nat.nat44-vrf` and `vpp.nat.nat44-vrf-route` in VPP: into which VRFs clients of one are translated. */

import type { Nat44VrfRoute, Nat44VrfTable } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Handler, OperationContext } from '../../../scheduler/handler.ts';
import { lacking } from '../../vpp-engine.ts';
import type { VppEngine } from '../../vpp-engine.ts';
import { removed } from '../../vpp-retries.ts';

/**
 * Neither is read back: VPP answers `nat44_ed_vrf_tables_v2_dump` with the details of another message (`nat44_ed_vrf_tables_details`,
 * nat44_ed_api.c), those of the first version have no number of the table, and after a removal both have more routes than there are.
 */
export function vrfHandlers(engine: VppEngine): readonly Handler[] {
  return [tableHandler(engine), routeHandler(engine)] as readonly Handler[];
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
    support: { grade: 'proven', note: 'not read back: no drift is seen, and nothing is found again after a restart' },
    unsupported: () => lacking(engine, ['nat44_ed_add_del_vrf_table'], ['nat44_ed_add_del_vrf_route']),
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
  };
}

function routeHandler(engine: VppEngine): Handler<Nat44VrfRoute> {
  return {
    kind: 'vpp.nat.nat44-vrf-route',
    engine: 'vpp',
    support: { grade: 'proven', note: 'not read back: no drift is seen, and nothing is found again after a restart' },
    unsupported: () => lacking(engine, ['nat44_ed_add_del_vrf_route']),
    async create(context, _key, { srcVrfId, destVrfId }) {
      await route(engine, context, srcVrfId, destVrfId, true);
    },
    remove: (context, _key, { srcVrfId, destVrfId }) => removed(route(engine, context, srcVrfId, destVrfId, false)),
  };
}
