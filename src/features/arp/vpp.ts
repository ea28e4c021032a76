/** Neighbours in VPP: ARP for IPv4, neighbour discovery for IPv6. */

import { create } from '@bufbuild/protobuf';
import { ARPEntrySchema } from '../../model/gen/ligato/vpp/l3/arp_pb.js';
import type { ARPEntry } from '../../model/gen/ligato/vpp/l3/arp_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import { ipNeighborFlags } from '../../vpp/index.ts';
import { spelledIp } from '../equality.ts';
import { swIfIndexOf } from '../interface/vpp-metadata.ts';
import { vppDump } from '../vpp/dump.ts';
import { lacking, NO_INDEX } from '../vpp/engine.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { removed } from '../vpp/retries.ts';
import { arpKey } from './model.ts';

interface VppNeighbour {
  readonly sw_if_index: number;
  readonly flags: number;
  readonly mac_address: string;
  readonly ip_address: string;
}

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [arpHandler(engine) as Handler];
}

function arpHandler(engine: VppEngine): Handler<ARPEntry, VppNeighbour> {
  const { client } = engine;

  async function put(context: OperationContext, value: ARPEntry): Promise<VppNeighbour> {
    const neighbor = {
      sw_if_index: swIfIndexOf(context, value.interface),
      flags: value.static ? ipNeighborFlags.IP_API_NEIGHBOR_FLAG_STATIC : 0,
      mac_address: value.physAddress,
      ip_address: value.ipAddress,
    };
    await client.request('ip_neighbor_add_del', { is_add: true, neighbor }, { signal: context.signal });
    return neighbor;
  }

  function drop({ signal }: OperationContext, neighbor: VppNeighbour): Promise<void> {
    return removed(client.request('ip_neighbor_add_del', { is_add: false, neighbor }, { signal }));
  }

  return {
    kind: 'vpp.arp',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['ip_neighbor_add_del'], ['ip_neighbor_dump']),
    create: (context, _key, value) => put(context, value),
    // VPP never makes a static entry a dynamic one.
    async update(context, _key, from, to, metadata) {
      const [, neighbour] = await Promise.all([
        from.static && !to.static ? drop(context, metadata) : undefined,
        put(context, to),
      ]);
      return neighbour;
    },
    remove: (context, _key, _value, metadata) => drop(context, metadata),
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

/** Those that VPP has learnt are its own: only static ones, and dynamic ones that were asked for, are told. */
async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<ARPEntry, VppNeighbour>,
): Promise<readonly Retrieved<ARPEntry, VppNeighbour>[]> {
  const dump = vppDump(engine, context.session);
  const [interfaces, ...lists] = await Promise.all([
    dump.interfaces(),
    dump.list('ip_neighbor_dump', { sw_if_index: NO_INDEX, af: 'ADDRESS_IP4' }),
    dump.list('ip_neighbor_dump', { sw_if_index: NO_INDEX, af: 'ADDRESS_IP6' }),
  ]);
  const expected = new Map(
    [...context.expected].map(([key, one]) => [
      `${one.value.interface} ${spelledIp(one.value.ipAddress)}`,
      { key, ...one },
    ]),
  );
  const retrieved: Retrieved<ARPEntry, VppNeighbour>[] = [];
  for (const { neighbor } of lists.flat()) {
    const { sw_if_index, flags, mac_address, ip_address } = neighbor;
    const name = interfaces.nameOf(sw_if_index);
    const isStatic = (flags & ipNeighborFlags.IP_API_NEIGHBOR_FLAG_STATIC) !== 0;
    const known = expected.get(`${name} ${spelledIp(ip_address)}`);
    if (known === undefined && !isStatic) continue;
    const key = known?.key ?? arpKey(name, ip_address);
    if (context.keys && !context.keys.has(key)) continue;
    const address = known?.value.ipAddress ?? ip_address;
    const value = create(ARPEntrySchema, {
      interface: name,
      ipAddress: address,
      physAddress: mac_address,
      static: isStatic,
    });
    const isOurs = known !== undefined || (interfaces.at(sw_if_index)?.tag ?? '') !== '';
    retrieved.push({
      key,
      value,
      metadata: { sw_if_index, flags, mac_address, ip_address },
      origin: isOurs ? 'ours' : 'foreign',
    });
  }
  return retrieved;
}
