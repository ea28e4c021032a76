/** Cross-connects of IP packets in VPP (plugin l3xc): one object for each interface and family, replaced as a whole. */

import { create } from '@bufbuild/protobuf';
import {
  L3XConnect_PathSchema,
  L3XConnect_Protocol as Protocol,
  L3XConnectSchema,
} from '../../model/gen/ligato/vpp/l3/l3xc_pb.js';
import type { L3XConnect, L3XConnect_Path } from '../../model/gen/ligato/vpp/l3/l3xc_pb.js';
import type { GraphView, Handler, OperationContext, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import type { FibPath } from '../../vpp/index.ts';
import { spelledIp } from '../equality.ts';
import { swIfIndexOf } from '../interface/vpp-metadata.ts';
import { vppDump } from '../vpp/dump.ts';
import type { InterfaceTable } from '../vpp/dump.ts';
import { lacking, NO_INDEX } from '../vpp/engine.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { removed } from '../vpp/retries.ts';
import { l3xconnectKey } from './model.ts';

interface VppL3xconnect {
  readonly sw_if_index: number;
  readonly is_ip6: boolean;
}

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [l3xconnectHandler(engine) as Handler];
}

function l3xconnectHandler(engine: VppEngine): Handler<L3XConnect, VppL3xconnect> {
  const { client } = engine;

  async function put(context: OperationContext, value: L3XConnect): Promise<VppL3xconnect> {
    const place = { sw_if_index: swIfIndexOf(context, value.interface), is_ip6: value.protocol === Protocol.IPV6 };
    const paths = value.paths.map((path) => pathOf(context, path, place.is_ip6));
    await client.request('l3xc_update', { l3xc: { ...place, paths } }, { signal: context.signal });
    return place;
  }

  return {
    kind: 'vpp.l3xconnect',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['l3xc_update'], ['l3xc_del'], ['l3xc_dump']),
    create: (context, _key, value) => put(context, value),
    update: (context, _key, _from, to) => put(context, to),
    remove: ({ signal }, _key, _value, place) => removed(client.request('l3xc_del', place, { signal })),
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

function pathOf(
  graph: GraphView,
  { outgoingInterface, nextHopAddr, weight, preference }: L3XConnect_Path,
  isSix: boolean,
) {
  return {
    type: 'FIB_API_PATH_TYPE_NORMAL',
    proto: isSix ? 'FIB_API_PATH_NH_PROTO_IP6' : 'FIB_API_PATH_NH_PROTO_IP4',
    sw_if_index: outgoingInterface === '' ? NO_INDEX : swIfIndexOf(graph, outgoingInterface),
    table_id: 0,
    weight: weight || 1,
    preference,
    nh: nextHopAddr === '' ? {} : { address: nextHopAddr },
  } as const;
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<L3XConnect, VppL3xconnect>,
): Promise<readonly Retrieved<L3XConnect, VppL3xconnect>[]> {
  const dump = vppDump(engine, context.session);
  const interfaces = await dump.interfaces();
  const retrieved: Retrieved<L3XConnect, VppL3xconnect>[] = [];
  for (const { l3xc } of await dump.list('l3xc_dump', { sw_if_index: NO_INDEX })) {
    const { sw_if_index, paths } = l3xc;
    // VPP leaves the flag of the family out of what it tells.
    const is_ip6 = paths.some(({ proto }) => proto === 'FIB_API_PATH_NH_PROTO_IP6');
    const name = interfaces.nameOf(sw_if_index);
    const key = l3xconnectKey(name, is_ip6 ? 6 : 4);
    if (context.keys && !context.keys.has(key)) continue;
    const wanted = context.expected.get(key)?.value;
    const value = create(L3XConnectSchema, {
      interface: name,
      protocol: is_ip6 ? Protocol.IPV6 : Protocol.IPV4,
      paths: paths.map((path) => readPath(interfaces, path, wanted)),
    });
    const isOurs = wanted !== undefined || (interfaces.at(sw_if_index)?.tag ?? '') !== '';
    retrieved.push({ key, value, metadata: { sw_if_index, is_ip6 }, origin: isOurs ? 'ours' : 'foreign' });
  }
  return retrieved;
}

/** In the spelling of the wish: an address that is not expressed, and a weight of 0, which means 1. */
function readPath(
  interfaces: InterfaceTable,
  { sw_if_index, nh, weight, preference }: FibPath,
  wanted: L3XConnect | undefined,
): L3XConnect_Path {
  const outgoingInterface = sw_if_index === NO_INDEX ? '' : interfaces.nameOf(sw_if_index);
  const address = nh.address === '0.0.0.0' || nh.address === '::' ? '' : nh.address;
  const same = wanted?.paths.find(
    (path) =>
      path.outgoingInterface === outgoingInterface && unspecifiedAsEmpty(path.nextHopAddr) === spelledIp(address || ''),
  );
  return create(L3XConnect_PathSchema, {
    outgoingInterface,
    nextHopAddr: same?.nextHopAddr ?? address,
    weight: same?.weight === 0 && weight === 1 ? 0 : weight,
    preference,
  });
}

function unspecifiedAsEmpty(address: string): string {
  const spelled = spelledIp(address);
  return spelled === '0.0.0.0' || spelled === '::' ? '' : spelled;
}
