/** `vpp.srv6.localsid` in VPP. */

import { create } from '@bufbuild/protobuf';
import { LocalSIDSchema } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { LocalSID } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { Messages } from '../../../vpp/index.ts';
import { spelledIp } from '../../equality.ts';
import { swIfIndexOf } from '../../interface/vpp-metadata.ts';
import { vppDump } from '../../vpp/dump.ts';
import type { InterfaceTable } from '../../vpp/dump.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { localSidKey } from '../model.ts';
import { explained } from './refusal.ts';

const GONE = -2;
const MEANINGS = {
  [-1]: 'there is a segment of this address already',
  [-3]: 'there is no such IPv6 table',
  [-4]: 'there is a route to this address already',
  [-5]: 'the next hop cannot be used',
} as const;

/** No update: VPP refuses a segment that it has. */
export function localSidHandler(engine: VppEngine): Handler<LocalSID, undefined> {
  const { client } = engine;
  return {
    kind: 'vpp.srv6.localsid',
    engine: 'vpp',
    unsupported: (_key, value) => lacking(engine, ['sr_localsid_add_del'], ['sr_localsids_dump']) ?? notHere(value),
    async create(context, _key, value) {
      const fields = { localsid: value.sid, fib_table: value.installationVrfId, ...functionOf(context, value) };
      await explained(client.request('sr_localsid_add_del', fields, { signal: context.signal }), MEANINGS);
      return undefined;
    },
    async remove({ signal }, _key, value) {
      const fields = { is_del: true, localsid: value.sid, fib_table: value.installationVrfId };
      await explained(client.request('sr_localsid_add_del', fields, { signal }), MEANINGS, GONE);
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.vrf-table'],
  };
}

function notHere({ endFunction }: LocalSID): string | undefined {
  if (endFunction.case === 'endFunctionAd') return 'vpp: End.AD has no message, it is made on the command line only';
  if (endFunction.case === 'endFunctionDx2' && endFunction.value.vlanTag !== 0)
    return 'vpp: vlan_tag is ignored by VPP';
  return undefined;
}

function functionOf(graph: GraphView, { endFunction: { case: name, value } }: LocalSID) {
  switch (name) {
    case 'endFunctionX':
      return { behavior: 'SR_BEHAVIOR_API_X', end_psp: value.psp, ...neighbourOf(graph, value) } as const;
    // The table of the look-up travels in the field of the interface.
    case 'endFunctionT':
      return { behavior: 'SR_BEHAVIOR_API_T', end_psp: value.psp, sw_if_index: value.vrfId } as const;
    case 'endFunctionDx2':
      return { behavior: 'SR_BEHAVIOR_API_DX2', sw_if_index: swIfIndexOf(graph, value.outgoingInterface) } as const;
    case 'endFunctionDx4':
      return { behavior: 'SR_BEHAVIOR_API_DX4', ...neighbourOf(graph, value) } as const;
    case 'endFunctionDx6':
      return { behavior: 'SR_BEHAVIOR_API_DX6', ...neighbourOf(graph, value) } as const;
    case 'endFunctionDt4':
      return { behavior: 'SR_BEHAVIOR_API_DT4', sw_if_index: value.vrfId } as const;
    case 'endFunctionDt6':
      return { behavior: 'SR_BEHAVIOR_API_DT6', sw_if_index: value.vrfId } as const;
    default:
      return {
        behavior: 'SR_BEHAVIOR_API_END',
        end_psp: name === 'baseEndFunction' && value.psp,
        sw_if_index: NO_INDEX,
      } as const;
  }
}

function neighbourOf(graph: GraphView, value: { readonly outgoingInterface: string; readonly nextHop: string }) {
  return { sw_if_index: swIfIndexOf(graph, value.outgoingInterface), nh_addr: value.nextHop };
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<LocalSID, undefined>,
): Promise<readonly Retrieved<LocalSID, undefined>[]> {
  const dump = vppDump(engine, context.session);
  const interfaces = await dump.interfaces();
  const expected = new Map([...context.expected].map(([key, { value }]) => [spelledIp(value.sid), { key, value }]));
  const retrieved: Retrieved<LocalSID, undefined>[] = [];
  for (const details of await dump.list('sr_localsids_dump', {})) {
    const known = expected.get(spelledIp(details.addr));
    const key = known?.key ?? localSidKey(details.addr);
    if (context.keys && !context.keys.has(key)) continue;
    const value = create(LocalSIDSchema, {
      sid: known?.value.sid ?? details.addr,
      installationVrfId: details.fib_table,
      endFunction: readFunction(interfaces, details),
    });
    retrieved.push({ key, value, metadata: undefined, origin: known ? 'ours' : 'foreign' });
  }
  return retrieved;
}

function readFunction(interfaces: InterfaceTable, details: Messages['sr_localsids_details']) {
  const { behavior, end_psp: psp, xconnect_nh_addr: nextHop, xconnect_iface_or_vrf_table: place } = details;
  const neighbour = { outgoingInterface: interfaces.nameOf(place), nextHop };
  switch (behavior) {
    case 'SR_BEHAVIOR_API_END':
      return { case: 'baseEndFunction', value: { psp } } as const;
    case 'SR_BEHAVIOR_API_X':
      return { case: 'endFunctionX', value: { psp, ...neighbour } } as const;
    case 'SR_BEHAVIOR_API_T':
      return { case: 'endFunctionT', value: { psp, vrfId: place } } as const;
    case 'SR_BEHAVIOR_API_DX2':
      return { case: 'endFunctionDx2', value: { outgoingInterface: neighbour.outgoingInterface } } as const;
    case 'SR_BEHAVIOR_API_DX4':
      return { case: 'endFunctionDx4', value: neighbour } as const;
    case 'SR_BEHAVIOR_API_DX6':
      return { case: 'endFunctionDx6', value: neighbour } as const;
    case 'SR_BEHAVIOR_API_DT4':
      return { case: 'endFunctionDt4', value: { vrfId: place } } as const;
    case 'SR_BEHAVIOR_API_DT6':
      return { case: 'endFunctionDt6', value: { vrfId: place } } as const;
    default:
      return { case: undefined } as const;
  }
}
