/** Peers of multipoint tunnels in VPP: from the address of a peer in the overlay to the end of its tunnel. */

import { create } from '@bufbuild/protobuf';
import { TeibEntrySchema } from '../../model/gen/ligato/vpp/l3/teib_pb.js';
import type { TeibEntry } from '../../model/gen/ligato/vpp/l3/teib_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import { spelledIp } from '../equality.ts';
import { swIfIndexOf } from '../interface/vpp-metadata.ts';
import { vppDump } from '../vpp/dump.ts';
import { lacking } from '../vpp/engine.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { removed } from '../vpp/retries.ts';
import { teibKey } from './model.ts';

interface VppTeib {
  readonly sw_if_index: number;
  readonly peer: string;
  readonly nh: string;
  readonly nh_table_id: number;
}

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [teibHandler(engine) as Handler];
}

/** No update: VPP refuses a second entry of a peer. */
function teibHandler(engine: VppEngine): Handler<TeibEntry, VppTeib> {
  const addOrDelete = ({ signal }: OperationContext, entry: VppTeib, isAdd: boolean) =>
    engine.client.request('teib_entry_add_del', { is_add: isAdd ? 1 : 0, entry }, { signal });
  return {
    kind: 'vpp.teib',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['teib_entry_add_del'], ['teib_dump']),
    async create(context, _key, value) {
      const entry = {
        sw_if_index: swIfIndexOf(context, value.interface),
        peer: value.peerAddr,
        nh: value.nextHopAddr,
        nh_table_id: value.vrfId,
      };
      await addOrDelete(context, entry, true);
      return entry;
    },
    remove: (context, _key, _value, entry) => removed(addOrDelete(context, entry, false)),
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.vrf-table'],
  };
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<TeibEntry, VppTeib>,
): Promise<readonly Retrieved<TeibEntry, VppTeib>[]> {
  const dump = vppDump(engine, context.session);
  const interfaces = await dump.interfaces();
  const expected = new Map(
    [...context.expected].map(([key, one]) => [
      `${one.value.interface} ${spelledIp(one.value.peerAddr)}`,
      { key, ...one },
    ]),
  );
  const retrieved: Retrieved<TeibEntry, VppTeib>[] = [];
  for (const { entry } of await dump.list('teib_dump', {})) {
    const { sw_if_index, peer, nh, nh_table_id } = entry;
    const name = interfaces.nameOf(sw_if_index);
    const known = expected.get(`${name} ${spelledIp(peer)}`);
    const key = known?.key ?? teibKey(name, peer);
    if (context.keys && !context.keys.has(key)) continue;
    const value = create(TeibEntrySchema, {
      interface: name,
      peerAddr: known?.value.peerAddr ?? peer,
      nextHopAddr: nh,
      vrfId: nh_table_id,
    });
    const isOurs = known !== undefined || (interfaces.at(sw_if_index)?.tag ?? '') !== '';
    retrieved.push({
      key,
      value,
      metadata: { sw_if_index, peer, nh, nh_table_id },
      origin: isOurs ? 'ours' : 'foreign',
    });
  }
  return retrieved;
}
