/** VXLAN_TUNNEL with `gpe`: the generic protocol extension, which carries IP packets, too. */

import {
  Interface_Type,
  VxlanLink_Gpe_Protocol as Protocol,
} from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { GraphView } from '../../../scheduler/handler.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { carrierName, carrierOf, linkOf, spelledAs } from './maker.ts';
import type { InterfaceMaker } from './maker.ts';

const ADD = ['vxlan_gpe_add_del_tunnel_v2', 'vxlan_gpe_add_del_tunnel'] as const;
const LIST = ['vxlan_gpe_tunnel_v2_dump', 'vxlan_gpe_tunnel_dump'] as const;

export function gpeMaker(engine: VppEngine): InterfaceMaker {
  const { client } = engine;
  return {
    type: Interface_Type.VXLAN_TUNNEL,
    deviceTypes: ['VXLAN_GPE'],
    unsupported: (value) => misread(value) ?? lacking(engine, ADD, LIST),
    async create(context, value) {
      const fields = { is_add: true, ...tunnelOf(context, value) };
      return (await client.request(client.pick(...ADD), fields, { signal: context.signal })).sw_if_index;
    },
    async remove(context, value) {
      const fields = { is_add: false, ...tunnelOf(context, value) };
      await client.request(client.pick(...ADD), fields, { signal: context.signal });
    },
    async read({ details, dump, wanted }) {
      const tunnels = await dump.list(client.pick(...LIST), { sw_if_index: NO_INDEX });
      const tunnel = tunnels.find(({ sw_if_index }) => sw_if_index === details.sw_if_index);
      if (!tunnel || wanted.link.case !== 'vxlan' || tunnel.encap_vrf_id !== wanted.vrf) return undefined;
      const { value } = wanted.link;
      if (!value.gpe) return undefined;
      return {
        case: 'vxlan',
        value: {
          ...value,
          srcAddress: spelledAs(tunnel.local, value.srcAddress),
          dstAddress: spelledAs(tunnel.remote, value.dstAddress),
          vni: tunnel.vni,
          multicast: await carrierName(dump, tunnel.mcast_sw_if_index),
          gpe: { ...value.gpe, protocol: protocolOf(tunnel.protocol), decapVrfId: tunnel.decap_vrf_id },
        },
      };
    },
  };
}

/**
 * Over IPv6 VPP puts 36 of the 56 bytes of the outer headers before a packet (23.06 to 26.06): nothing arrives. It looks for both VRFs
 * among the IPv4 tables only, and takes that of IPv6 payload for its own internal number of a table.
 */
function misread({ link }: Interface): string | undefined {
  if (link.case !== 'vxlan') return undefined;
  const { srcAddress, gpe } = link.value;
  if (srcAddress.includes(':')) return 'vpp: VXLAN-GPE over IPv6: VPP makes broken packets; over IPv4 it works';
  if (gpe?.protocol === Protocol.IP6 && gpe.decapVrfId !== 0) {
    return `vpp: vxlan.gpe.decap_vrf_id ${gpe.decapVrfId} of IPv6: VPP knows IPv4 tables there only; 0 is accepted`;
  }
  return undefined;
}

/**
 * VPP's own numbers, not those of IP protocols: the field has the type `ip_proto` in its definition, but VPP reads
 * `vxlan_gpe_protocol_t` (1 IPv4, 2 IPv6, 3 Ethernet, 4 NSH), which are ours.
 */
function tunnelOf(graph: GraphView, value: Interface) {
  const link = linkOf(value, 'vxlan');
  return {
    local: link.srcAddress,
    remote: link.dstAddress,
    mcast_sw_if_index: carrierOf(graph, link.multicast),
    encap_vrf_id: value.vrf,
    decap_vrf_id: link.gpe?.decapVrfId ?? 0,
    protocol: link.gpe?.protocol ?? Protocol.UNKNOWN,
    vni: link.vni,
  };
}

function protocolOf(found: string | number): Protocol {
  if (typeof found === 'number') return found in Protocol ? found : Protocol.UNKNOWN;
  // Names of IP protocols that have the same numbers.
  return names[found] ?? Protocol.UNKNOWN;
}

const names: Readonly<Record<string, Protocol>> = {
  IP_API_PROTO_ICMP: Protocol.IP4,
  IP_API_PROTO_IGMP: Protocol.IP6,
};
