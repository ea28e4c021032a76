/** `vpp.srv6.policy` in VPP: made with its first list; the others come, and all go, by themselves. */

import { create } from '@bufbuild/protobuf';
import { PolicySchema } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { Policy } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { spelledIp } from '../../equality.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { srPolicyKey } from '../model.ts';
import { explained } from './refusal.ts';

type List = Policy['segmentLists'][number];

const ROOM = 16;
const GONE = -1;
const MEANINGS = {
  [-12]: 'there is a policy of this binding segment, or a route to it, already',
  [-13]: 'there is no such IPv6 table',
} as const;

export function policyHandler(engine: VppEngine): Handler<Policy, undefined> {
  const { client } = engine;

  const addList = ({ signal }: OperationContext, { bsid, installationVrfId }: Policy, list: List) => {
    const sids = sidsOf(list);
    const fields = {
      bsid_addr: bsid,
      sr_policy_index: NO_INDEX,
      fib_table: installationVrfId,
      weight: sids.weight,
      sids,
    };
    return client.request('sr_policy_mod', { ...fields, operation: 'SR_POLICY_OP_API_ADD' }, { signal });
  };

  return {
    kind: 'vpp.srv6.policy',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['sr_policy_add'], ['sr_policies_with_sl_index_dump'], ['sr_policy_mod']),
    async create(context, _key, value) {
      const [first, ...rest] = value.segmentLists;
      const sids = sidsOf(first!);
      const fields = {
        bsid_addr: value.bsid,
        weight: sids.weight,
        is_encap: value.srhEncapsulation,
        is_spray: value.sprayBehaviour,
        fib_table: value.installationVrfId,
        sids,
      };
      await explained(client.request('sr_policy_add', fields, { signal: context.signal }), MEANINGS);
      await Promise.all(rest.map((list) => addList(context, value, list)));
      return undefined;
    },
    recreate: (_key, from, to) =>
      from.srhEncapsulation !== to.srhEncapsulation ||
      from.sprayBehaviour !== to.sprayBehaviour ||
      from.installationVrfId !== to.installationVrfId,
    async update(context, _key, _from, to) {
      const { signal } = context;
      const all = await client.list('sr_policies_with_sl_index_dump', {}, { signal });
      const there = all.find(({ bsid }) => spelledIp(bsid) === spelledIp(to.bsid))?.sid_lists ?? [];
      const wanted = new Map(to.segmentLists.map((list) => [textOf(list.weight, list.segments), list]));
      const surplus: number[] = [];
      for (const { weight, sids, num_sids, sl_index } of there) {
        if (!wanted.delete(textOf(weight, sids.slice(0, num_sids)))) surplus.push(sl_index);
      }
      // New lists first: a policy without any drops its packets, and VPP refuses to take the last one.
      await Promise.all([
        ...Array.from(wanted.values(), (list) => addList(context, to, list)),
        ...surplus.map((sl_index) => {
          const fields = { bsid_addr: to.bsid, sr_policy_index: NO_INDEX, fib_table: to.installationVrfId, sl_index };
          return client.request('sr_policy_mod', { ...fields, operation: 'SR_POLICY_OP_API_DEL' }, { signal });
        }),
      ]);
      return undefined;
    },
    async remove({ signal }, _key, { bsid }) {
      const fields = { bsid_addr: bsid, sr_policy_index: NO_INDEX };
      await explained(client.request('sr_policy_del', fields, { signal }), MEANINGS, GONE);
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.vrf-table'],
  };
}

function sidsOf({ weight, segments }: List) {
  const sids = Array.from({ length: ROOM }, (_none, at) => segments[at] ?? '::');
  return { num_sids: segments.length, weight: weight || 1, sids };
}

function textOf(weight: number, segments: readonly string[]): string {
  return `${weight || 1} ${segments.map(spelledIp).join(' ')}`;
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<Policy, undefined>,
): Promise<readonly Retrieved<Policy, undefined>[]> {
  const expected = new Map([...context.expected].map(([key, { value }]) => [spelledIp(value.bsid), { key, value }]));
  const retrieved: Retrieved<Policy, undefined>[] = [];
  for (const found of await vppDump(engine, context.session).list('sr_policies_with_sl_index_dump', {})) {
    const known = expected.get(spelledIp(found.bsid));
    const key = known?.key ?? srPolicyKey(found.bsid);
    if (context.keys && !context.keys.has(key)) continue;
    const value = create(PolicySchema, {
      bsid: known?.value.bsid ?? found.bsid,
      installationVrfId: found.fib_table,
      srhEncapsulation: found.is_encap,
      sprayBehaviour: found.is_spray,
      segmentLists: found.sid_lists.map(({ weight, num_sids, sids }) => ({
        weight,
        segments: sids.slice(0, num_sids),
      })),
    });
    retrieved.push({ key, value, metadata: undefined, origin: known ? 'ours' : 'foreign' });
  }
  return retrieved;
}
