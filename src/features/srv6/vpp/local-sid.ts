/** `vpp.srv6.localsid` in VPP. */

import { create } from '@bufbuild/protobuf';
import { LocalSIDSchema } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { LocalSID } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { GraphView, Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { Messages } from '../../../vpp/index.ts';
import { spelledIp } from '../../equality.ts';
import { swIfIndexOf } from '../../interface/vpp-metadata.ts';
import { vppDump } from '../../vpp/dump.ts';
import type { InterfaceTable, VppDump } from '../../vpp/dump.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { localSidKey } from '../model.ts';
import { explained } from './refusal.ts';
import { makeWay, neighbourOf, readWay, removeWay, WAY_MESSAGES } from './way.ts';
import type { Way } from './way.ts';

const GONE = -2;
const MEANINGS = {
  [-1]: 'there is a segment of this address already',
  [-3]: 'there is no such IPv6 table',
  [-4]: 'there is a route to this address already',
  [-5]: 'the next hop cannot be used',
} as const;

/** No update: VPP refuses a segment that it has. */
export function localSidHandler(engine: VppEngine): Handler<LocalSID, VppSegment> {
  const { client } = engine;
  const add = (context: OperationContext, value: LocalSID, way?: Way) => {
    const fields = { localsid: value.sid, fib_table: value.installationVrfId, ...functionOf(context, value, way) };
    return explained(client.request('sr_localsid_add_del', fields, { signal: context.signal }), MEANINGS);
  };
  return {
    kind: 'vpp.srv6.localsid',
    engine: 'vpp',
    unsupported: (_key, value) => lacking(engine, ...messagesFor(value)) ?? notHere(value),
    async create(context, _key, value) {
      const neighbour = neighbourOf(value);
      const way = neighbour && (await makeWay(engine, context, value.sid, neighbour));
      try {
        await add(context, value, way);
      } catch (error) {
        if (way) await removeWay(engine, context, way).catch(() => undefined);
        throw error;
      }
      return { way };
    },
    async remove(context, _key, value, { way }) {
      const fields = { is_del: true, localsid: value.sid, fib_table: value.installationVrfId };
      await explained(client.request('sr_localsid_add_del', fields, { signal: context.signal }), MEANINGS, GONE);
      if (way) await removeWay(engine, context, way);
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.vrf-table'],
  };
}

interface VppSegment {
  /** Undefined: it sends to no next hop, or past any table (a segment that somebody else made). */
  readonly way: Way | undefined;
}

function messagesFor(value: LocalSID) {
  const segment = [['sr_localsid_add_del'], ['sr_localsids_dump']] as const;
  return neighbourOf(value) ? [...segment, ...WAY_MESSAGES] : segment;
}

function notHere({ endFunction }: LocalSID): string | undefined {
  if (endFunction.case === 'endFunctionAd') return 'vpp: End.AD has no message, it is made on the command line only';
  if (endFunction.case === 'endFunctionDx2' && endFunction.value.vlanTag !== 0)
    return 'vpp: vlan_tag is ignored by VPP';
  return undefined;
}

/** Next hops are found by the table of their way. */
function functionOf(graph: GraphView, { endFunction: { case: name, value } }: LocalSID, way?: Way) {
  switch (name) {
    case 'endFunctionX':
      return { behavior: 'SR_BEHAVIOR_API_T', end_psp: value.psp, sw_if_index: way!.table } as const;
    case 'endFunctionDx4':
      return { behavior: 'SR_BEHAVIOR_API_DT4', sw_if_index: way!.table } as const;
    case 'endFunctionDx6':
      return { behavior: 'SR_BEHAVIOR_API_DT6', sw_if_index: way!.table } as const;
    // The table of the look-up travels in the field of the interface.
    case 'endFunctionT':
      return { behavior: 'SR_BEHAVIOR_API_T', end_psp: value.psp, sw_if_index: value.vrfId } as const;
    case 'endFunctionDx2':
      return { behavior: 'SR_BEHAVIOR_API_DX2', sw_if_index: swIfIndexOf(graph, value.outgoingInterface) } as const;
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

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<LocalSID, VppSegment>,
): Promise<readonly Retrieved<LocalSID, VppSegment>[]> {
  const dump = vppDump(engine, context.session);
  const interfaces = await dump.interfaces();
  const expected = new Map([...context.expected].map(([key, { value }]) => [spelledIp(value.sid), { key, value }]));
  const retrieved: Retrieved<LocalSID, VppSegment>[] = [];
  for (const details of await dump.list('sr_localsids_dump', {})) {
    const known = expected.get(spelledIp(details.addr));
    const key = known?.key ?? localSidKey(details.addr);
    if (context.keys && !context.keys.has(key)) continue;
    const { way, endFunction } = await readSegment(dump, interfaces, details);
    const value = create(LocalSIDSchema, {
      sid: known?.value.sid ?? details.addr,
      installationVrfId: details.fib_table,
      // One that sends to a next hop past a table (of an older agent) is made anew.
      endFunction: known && way === undefined && sendsToNeighbour(details) ? { case: undefined } : endFunction,
    });
    retrieved.push({ key, value, metadata: { way }, origin: known ? 'ours' : 'foreign' });
  }
  return retrieved;
}

type Details = Messages['sr_localsids_details'];

function sendsToNeighbour({ behavior }: Details): boolean {
  return behavior === 'SR_BEHAVIOR_API_X' || behavior === 'SR_BEHAVIOR_API_DX4' || behavior === 'SR_BEHAVIOR_API_DX6';
}

/** What it does, and by which way of ours. */
async function readSegment(dump: VppDump, interfaces: InterfaceTable, details: Details) {
  const { behavior, end_psp: psp, xconnect_iface_or_vrf_table: table } = details;
  const looksUp = { SR_BEHAVIOR_API_T: 6, SR_BEHAVIOR_API_DT4: 4, SR_BEHAVIOR_API_DT6: 6 } as const;
  const family = behavior in looksUp ? looksUp[behavior as keyof typeof looksUp] : undefined;
  const found = family && (await readWay(dump, interfaces, table, family === 6));
  if (!found) return { way: undefined, endFunction: readFunction(interfaces, details) };
  const { way, ...value } = found;
  if (behavior === 'SR_BEHAVIOR_API_T')
    return { way, endFunction: { case: 'endFunctionX', value: { psp, ...value } } as const };
  return { way, endFunction: { case: way.isSix ? 'endFunctionDx6' : 'endFunctionDx4', value } as const };
}

function readFunction(interfaces: InterfaceTable, details: Details) {
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
