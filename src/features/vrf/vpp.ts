/** VRF tables in VPP: one table for each family. Table 0 of both is always there. */

import { create } from '@bufbuild/protobuf';
import { VrfTable_Protocol, VrfTableSchema } from '../../model/gen/ligato/vpp/l3/vrf_pb.js';
import type { VrfTable } from '../../model/gen/ligato/vpp/l3/vrf_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import { vppDump } from '../vpp/dump.ts';
import { lacking, NO_INDEX } from '../vpp/engine.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { isOwnTable } from '../vpp/own-tables.ts';
import { removed } from '../vpp/retries.ts';
import { flowHash, vrfFamily, vrfLabel, vrfTableKey } from './model.ts';

const TABLE = ['ip_table_add_del_v2', 'ip_table_add_del'] as const;
const FLOW_HASH = ['set_ip_flow_hash_v3', 'set_ip_flow_hash_v2'] as const;

/** A table has no run-time data beyond its key. */
type VppVrf = Record<never, never>;

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [vrfHandler(engine) as Handler];
}

function vrfHandler(engine: VppEngine): Handler<VrfTable, VppVrf> {
  const { client } = engine;
  const addOrDelete = (value: VrfTable, is_add: boolean, { signal }: OperationContext) =>
    client.request(client.pick(...TABLE), { is_add, table: tableOf(value) }, { signal });
  return {
    kind: 'vpp.vrf-table',
    engine: 'vpp',
    unsupported: () => lacking(engine, TABLE, FLOW_HASH),
    async create(context, _key, value) {
      await Promise.all([
        ...(value.id === 0 ? [] : [addOrDelete(value, true, context)]),
        ...(value.flowHashSettings === undefined ? [] : [hash(engine, context, value)]),
      ]);
      return {};
    },
    // VPP gives a table its name when it is made.
    recreate: (_key, from, to) => to.id !== 0 && vrfLabel(from) !== vrfLabel(to),
    async update(context, _key, _from, to, metadata) {
      await hash(engine, context, to);
      return metadata;
    },
    async remove(context, _key, value) {
      if (value.id !== 0) await removed(addOrDelete(value, false, context));
      else if (value.flowHashSettings !== undefined) {
        await hash(engine, context, { ...value, flowHashSettings: undefined });
      }
    },
    retrieve: (context) => retrieve(engine, context),
  };
}

function tableOf(value: VrfTable) {
  return { table_id: value.id, is_ip6: vrfFamily(value) === 6, name: vrfLabel(value) };
}

async function hash({ client }: VppEngine, { signal }: OperationContext, value: VrfTable): Promise<void> {
  const fields = {
    table_id: value.id,
    af: vrfFamily(value) === 6 ? 'ADDRESS_IP6' : 'ADDRESS_IP4',
    flow_hash_config: bitsOf(value),
  } as const;
  await client.request(client.pick(...FLOW_HASH), fields, { signal });
}

/** The same bits in both versions of the message. */
function bitsOf({ flowHashSettings }: VrfTable): number {
  const by = flowHash(flowHashSettings);
  const chosen = [
    by.sourceAddress,
    by.destinationAddress,
    by.sourcePort,
    by.destinationPort,
    by.protocol,
    by.reverse,
    by.symmetric,
  ];
  return chosen.reduce((bits, isSet, index) => (isSet ? bits | (1 << index) : bits), 0);
}

/** What flows are hashed by is not told. */
async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<VrfTable, VppVrf>,
): Promise<readonly Retrieved<VrfTable, VppVrf>[]> {
  const retrieved: Retrieved<VrfTable, VppVrf>[] = [];
  for (const { table } of await vppDump(engine, context.session).list('ip_table_dump', {})) {
    const { table_id: id, is_ip6, name } = table;
    // One of VPP's own without a number, in which SRv6 keeps its lists.
    if (id === NO_INDEX || isOwnTable(table)) continue;
    const key = vrfTableKey(id, is_ip6 ? 6 : 4);
    if (context.keys && !context.keys.has(key)) continue;
    const wanted = context.expected.get(key)?.value;
    const protocol = is_ip6 ? VrfTable_Protocol.IPV6 : VrfTable_Protocol.IPV4;
    const bare = create(VrfTableSchema, { id, protocol });
    if (id === 0) {
      if (wanted) retrieved.push({ key, value: wanted, metadata: {}, origin: 'ours' });
      continue;
    }
    const isOurs = wanted !== undefined || name === vrfLabel(bare);
    const label = wanted && vrfLabel(wanted) === name ? wanted.label : name === vrfLabel(bare) ? '' : name;
    retrieved.push({ key, value: { ...(wanted ?? bare), label }, metadata: {}, origin: isOurs ? 'ours' : 'foreign' });
  }
  return retrieved;
}
