/** Entries of the MAC tables of bridge domains in VPP. */

import { create } from '@bufbuild/protobuf';
import { FIBEntry_Action as Action, FIBEntrySchema } from '../../model/gen/ligato/vpp/l2/fib_pb.js';
import type { FIBEntry } from '../../model/gen/ligato/vpp/l2/fib_pb.js';
import type { GraphView, Handler, OperationContext, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import { bdIdOf } from '../bridge-domain/vpp-metadata.ts';
import { spelledMac } from '../equality.ts';
import { swIfIndexOf } from '../interface/vpp-metadata.ts';
import { vppDump } from '../vpp/dump.ts';
import { lacking, NO_INDEX } from '../vpp/engine.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { removed } from '../vpp/retries.ts';
import { fibKey } from './model.ts';

interface VppFibEntry {
  readonly bd_id: number;
  readonly mac: string;
  /** 2^32 - 1 for entries that drop. */
  readonly sw_if_index: number;
  readonly static_mac: boolean;
  readonly filter_mac: boolean;
  readonly bvi_mac: boolean;
}

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [fibHandler(engine) as Handler];
}

function fibHandler(engine: VppEngine): Handler<FIBEntry, VppFibEntry> {
  const { client } = engine;

  async function put(context: OperationContext, value: FIBEntry): Promise<VppFibEntry> {
    const entry = entryOf(context, value);
    await client.request('l2fib_add_del', { ...entry, is_add: true }, { signal: context.signal });
    return entry;
  }

  return {
    kind: 'vpp.l2.fib',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['l2fib_add_del'], ['l2_fib_table_dump']),
    create: (context, _key, value) => put(context, value),
    // A MAC address has one entry: a new one takes the place of the old.
    update: (context, _key, _from, to) => put(context, to),
    async remove({ signal }, _key, _value, { bd_id, mac }) {
      await removed(client.request('l2fib_add_del', { mac, bd_id, is_add: false }, { signal }), 'NO_SUCH_ENTRY3');
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.l2.bridge-domain', 'vpp.l2.bridge-domain.interface'],
  };
}

function entryOf(graph: GraphView, value: FIBEntry): VppFibEntry {
  const drops = value.action === Action.DROP;
  return {
    bd_id: bdIdOf(graph, value.bridgeDomain),
    mac: value.physAddress,
    sw_if_index: drops ? NO_INDEX : swIfIndexOf(graph, value.outgoingInterface),
    // VPP makes entries that drop static by itself.
    static_mac: value.staticConfig || drops,
    filter_mac: drops,
    bvi_mac: value.bridgedVirtualInterface,
  };
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<FIBEntry, VppFibEntry>,
): Promise<readonly Retrieved<FIBEntry, VppFibEntry>[]> {
  const dump = vppDump(engine, context.session);
  const [interfaces, domains, entries] = await Promise.all([
    dump.interfaces(),
    dump.list('bridge_domain_dump', { bd_id: NO_INDEX, sw_if_index: NO_INDEX }),
    dump.list('l2_fib_table_dump', { bd_id: NO_INDEX }),
  ]);
  const names = new Map(domains.map(({ bd_id, bd_tag }) => [bd_id, bd_tag]));
  const expected = new Map(
    [...context.expected].map(([key, one]) => [
      `${one.value.bridgeDomain} ${spelledMac(one.value.physAddress)}`,
      { key, ...one },
    ]),
  );
  const retrieved: Retrieved<FIBEntry, VppFibEntry>[] = [];
  for (const { bd_id, mac, sw_if_index, static_mac, filter_mac, bvi_mac } of entries) {
    const bridgeDomain = names.get(bd_id) ?? '';
    const known = expected.get(`${bridgeDomain} ${spelledMac(mac)}`);
    // Learnt ones come and go, and the BVI's own comes with the BVI.
    if (bridgeDomain === '' || (known === undefined && (!static_mac || (bvi_mac && !filter_mac)))) continue;
    const key = known?.key ?? fibKey(bridgeDomain, mac);
    if (context.keys && !context.keys.has(key)) continue;
    const value = create(FIBEntrySchema, {
      physAddress: known?.value.physAddress ?? mac,
      bridgeDomain,
      action: filter_mac ? Action.DROP : Action.FORWARD,
      outgoingInterface: filter_mac ? (known?.value.outgoingInterface ?? '') : interfaces.nameOf(sw_if_index),
      staticConfig: filter_mac ? (known?.value.staticConfig ?? true) : static_mac,
      bridgedVirtualInterface: bvi_mac,
    });
    const metadata = { bd_id, mac, sw_if_index, static_mac, filter_mac, bvi_mac };
    retrieved.push({ key, value, metadata, origin: 'ours' });
  }
  return retrieved;
}
