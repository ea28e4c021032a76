/** VXLAN_TUNNEL: an Ethernet segment between two addresses, or of a multicast group, in one VRF. */

import { canonicalIp } from '../../../model/address.ts';
import { Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface, VxlanLink } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { SchedulerError } from '../../../scheduler/errors.ts';
import { structurallyEqual } from '../../../scheduler/equality.ts';
import type { GraphView } from '../../../scheduler/handler.ts';
import { lacking, NO_INDEX } from '../../vpp-engine.ts';
import type { VppEngine } from '../../vpp-engine.ts';
import { swIfIndexOf } from '../vpp-metadata.ts';
import type { InterfaceMaker } from './maker.ts';

const ADD = ['vxlan_add_del_tunnel_v3', 'vxlan_add_del_tunnel_v2', 'vxlan_add_del_tunnel'] as const;
const LIST = ['vxlan_tunnel_v2_dump', 'vxlan_tunnel_dump'] as const;

export function vxlanMaker(engine: VppEngine): InterfaceMaker {
  const { client } = engine;
  return {
    type: Interface_Type.VXLAN_TUNNEL,
    deviceType: 'VXLAN',
    unsupported({ link }) {
      if (link.case === 'vxlan' && link.value.gpe) return 'vpp: VXLAN-GPE is not supported yet';
      return lacking(engine, ADD, LIST);
    },
    async create(context, value) {
      const fields = { is_add: true, ...tunnelOf(context, value) };
      return (await client.request(client.pick(...ADD), fields, { signal: context.signal })).sw_if_index;
    },
    async remove(context, value) {
      await client.request(
        client.pick(...ADD),
        { is_add: false, ...tunnelOf(context, value) },
        { signal: context.signal },
      );
    },
    // The packets of the tunnel itself are routed in the VRF.
    recreate: (from, to) => from.vrf !== to.vrf || !structurallyEqual(from.link, to.link),
    async read({ details, dump, graph, wanted }) {
      const tunnels = await dump.list(client.pick(...LIST), { sw_if_index: NO_INDEX });
      const tunnel = tunnels.find(({ sw_if_index }) => sw_if_index === details.sw_if_index);
      if (!tunnel || wanted.link.case !== 'vxlan' || tunnel.encap_vrf_id !== wanted.vrf) return undefined;
      const { value } = wanted.link;
      return {
        case: 'vxlan',
        value: {
          ...value,
          srcAddress: spelled(tunnel.src_address, value.srcAddress),
          dstAddress: spelled(tunnel.dst_address, value.dstAddress),
          vni: tunnel.vni,
          multicast:
            carrierOf(graph, value) === tunnel.mcast_sw_if_index ? value.multicast : `#${tunnel.mcast_sw_if_index}`,
        },
      };
    },
  };
}

function tunnelOf(graph: GraphView, value: Interface) {
  const link = linkOf(value);
  return {
    instance: NO_INDEX,
    src_address: link.srcAddress,
    dst_address: link.dstAddress,
    mcast_sw_if_index: carrierOf(graph, link),
    encap_vrf_id: value.vrf,
    // Into the bridge domain that the tunnel is in.
    decap_next_index: NO_INDEX,
    vni: link.vni,
  };
}

function carrierOf(graph: GraphView, { multicast }: VxlanLink): number {
  return multicast === '' ? NO_INDEX : swIfIndexOf(graph, multicast);
}

function spelled(found: string, wanted: string): string {
  return canonicalIp(wanted) === found ? wanted : found;
}

function linkOf({ name, link }: Interface): VxlanLink {
  if (link.case !== 'vxlan') throw new SchedulerError('usage', `${name} is no VXLAN tunnel`);
  return link.value;
}
