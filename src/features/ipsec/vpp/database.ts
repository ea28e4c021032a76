/** `vpp.ipsec.spd` and `vpp.ipsec.spd.interface` in VPP: a database, and the interfaces it decides about. */

import { create } from '@bufbuild/protobuf';
import { SecurityPolicyDatabaseSchema } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { SecurityPolicyDatabase } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { swIfIndexOf } from '../../interface/vpp-metadata.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { spdInterfaceKey, spdKey } from '../model.ts';
import type { SpdInterface } from '../model.ts';

export function databaseHandler(engine: VppEngine): Handler<SecurityPolicyDatabase, undefined> {
  const addOrDelete = ({ signal }: OperationContext, spd_id: number, is_add: boolean) =>
    engine.client.request('ipsec_spd_add_del', { is_add, spd_id }, { signal });
  return {
    kind: 'vpp.ipsec.spd',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['ipsec_spd_add_del'], ['ipsec_spds_dump']),
    async create(context, _key, { index }) {
      await addOrDelete(context, index, true);
      return undefined;
    },
    // Its interfaces are parts.
    update: () => Promise.resolve(undefined),
    remove: (context, _key, { index }) => removed(addOrDelete(context, index, false)),
    async retrieve(context) {
      const retrieved: Retrieved<SecurityPolicyDatabase, undefined>[] = [];
      for (const { spd_id } of await vppDump(engine, context.session).list('ipsec_spds_dump', {})) {
        const key = spdKey(spd_id);
        if (context.keys && !context.keys.has(key)) continue;
        const known = context.expected.get(key)?.value;
        const value = known ?? create(SecurityPolicyDatabaseSchema, { index: spd_id });
        retrieved.push({ key, value, metadata: undefined, origin: known ? 'ours' : 'foreign' });
      }
      return retrieved;
    },
  };
}

interface VppBinding {
  readonly swIfIndex: number;
}

export function databaseInterfaceHandler(engine: VppEngine): Handler<SpdInterface, VppBinding> {
  const bind = ({ signal }: OperationContext, spd_id: number, sw_if_index: number, is_add: boolean) =>
    engine.client.request('ipsec_interface_add_del_spd', { is_add, sw_if_index, spd_id }, { signal });
  return {
    kind: 'vpp.ipsec.spd.interface',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['ipsec_interface_add_del_spd'], ['cli_inband']),
    dependencies: (_key, { spd }) => [{ label: `security policy database ${spd}`, key: spdKey(spd) }],
    async create(context, _key, value) {
      const swIfIndex = swIfIndexOf(context, value.interface);
      await bind(context, value.spd, swIfIndex, true);
      return { swIfIndex };
    },
    // VPP has no such database any more: it took its interfaces with it.
    remove: (context, _key, { spd }, { swIfIndex }) =>
      removed(bind(context, spd, swIfIndex, false), 'SYSCALL_ERROR_1', 'SYSCALL_ERROR_2'),
    retrieve: (context) => retrieveBindings(engine, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.ipsec.spd'],
  };
}

/**
 * By `show ipsec spd bindings`: lines `10 -> loop0`. `ipsec_spd_interface_dump` tells the database by its place in VPP's memory, and no
 * message tells which number is in that place.
 */
async function retrieveBindings(
  engine: VppEngine,
  context: RetrieveContext<SpdInterface, VppBinding>,
): Promise<readonly Retrieved<SpdInterface, VppBinding>[]> {
  const { client } = engine;
  if (!client.has('cli_inband')) return [];
  const dump = vppDump(engine, context.session);
  if ((await dump.list('ipsec_spds_dump', {})).length === 0) return [];
  const interfaces = await dump.interfaces();
  const byVppName = new Map(Array.from(interfaces.all(), (each) => [each.interface_name, each]));
  const { reply } = await client.request('cli_inband', { cmd: 'show ipsec spd bindings' }, { signal: context.signal });
  const retrieved: Retrieved<SpdInterface, VppBinding>[] = [];
  for (const [, number, vppName] of reply.matchAll(/^\s*(\d+) -> (\S+)/gm)) {
    const details = byVppName.get(vppName ?? '');
    if (!details) continue;
    const value = { spd: Number(number), interface: interfaces.nameOf(details.sw_if_index) };
    const key = spdInterfaceKey(value.spd, value.interface);
    if (context.keys && !context.keys.has(key)) continue;
    const isOurs = context.expected.has(key) || details.tag !== '';
    retrieved.push({ key, value, metadata: { swIfIndex: details.sw_if_index }, origin: isOurs ? 'ours' : 'foreign' });
  }
  return retrieved;
}
