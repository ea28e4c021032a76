/** GTPU_TUNNEL: packets of mobile subscribers between two addresses, or of a multicast group. */

import { GtpuLink_NextNode as Next, Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { GtpuLink, Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { GraphView } from '../../../scheduler/handler.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { carrierName, carrierOf, linkOf, spelledAs } from './maker.ts';
import type { InterfaceMaker } from './maker.ts';

/**
 * The first version only: `gtpu_add_del_tunnel_v2` of VPP 24.02 to 26.06 reads the counters of the tunnel even when it made none, and
 * crashes when it has to refuse.
 */
const ADD = 'gtpu_add_del_tunnel';
const LIST = ['gtpu_tunnel_v2_dump', 'gtpu_tunnel_dump'] as const;
const nextNames = [
  'GTPU_API_DECAP_NEXT_DROP',
  'GTPU_API_DECAP_NEXT_L2',
  'GTPU_API_DECAP_NEXT_IP4',
  'GTPU_API_DECAP_NEXT_IP6',
] as const;

export function gtpuMaker(engine: VppEngine): InterfaceMaker {
  const { client } = engine;
  return {
    type: Interface_Type.GTPU_TUNNEL,
    deviceTypes: ['GTPU'],
    unsupported({ link }) {
      const next = link.case === 'gtpu' ? link.value.decapNextNode : 0;
      // A number outside of VPP's list reaches nothing: VPP 24.02 and later have an enum there.
      if (next >= nextNames.length) {
        return `vpp: gtpu.decap_next_node ${next} is no node of GTP-U; 1 (L2), 2 (IPv4) and 3 (IPv6) are, or 0 for L2`;
      }
      // 23.06: four bytes too many between the headers. Right since there is a second version of the message.
      if (link.case === 'gtpu' && link.value.dstAddr.includes(':') && !client.has('gtpu_add_del_tunnel_v2')) {
        return 'vpp: GTP-U over IPv6: this VPP makes broken packets; 24.02 and later do not';
      }
      return lacking(engine, [ADD], LIST);
    },
    async create(context, value) {
      return (await addOrDelete(context, value, true)).sw_if_index;
    },
    async remove(context, value) {
      await addOrDelete(context, value, false);
    },
    async read({ details, dump, wanted }) {
      const tunnels = await dump.list(client.pick(...LIST), { sw_if_index: NO_INDEX });
      const tunnel = tunnels.find(({ sw_if_index }) => sw_if_index === details.sw_if_index);
      if (!tunnel || wanted.link.case !== 'gtpu') return undefined;
      const { value } = wanted.link;
      const next =
        typeof tunnel.decap_next_index === 'number' ? tunnel.decap_next_index : indexOf(tunnel.decap_next_index);
      if (next !== nextOf(value)) return undefined;
      return {
        case: 'gtpu',
        value: {
          ...value,
          srcAddr: spelledAs(tunnel.src_address, value.srcAddr),
          dstAddr: spelledAs(tunnel.dst_address, value.dstAddr),
          multicast: await carrierName(dump, tunnel.mcast_sw_if_index),
          teid: tunnel.teid,
          remoteTeid: tunnel.tteid === (value.remoteTeid || value.teid) ? value.remoteTeid : tunnel.tteid,
          encapVrfId: tunnel.encap_vrf_id,
        },
      };
    },
  };

  function addOrDelete(context: GraphView & { readonly signal: AbortSignal }, value: Interface, is_add: boolean) {
    const link = linkOf(value, 'gtpu');
    const fields = {
      is_add,
      src_address: link.srcAddr,
      dst_address: link.dstAddr,
      mcast_sw_if_index: carrierOf(context, link.multicast),
      encap_vrf_id: link.encapVrfId,
      teid: link.teid,
      tteid: link.remoteTeid || link.teid,
      decap_next_index: nextOf(link),
    };
    return client.request(ADD, fields, { signal: context.signal });
  }
}

function nextOf({ decapNext, decapNextNode }: GtpuLink): number {
  return decapNextNode || decapNext || Next.L2;
}

function indexOf(name: string): number {
  return nextNames.findIndex((known) => known === name);
}
