/** VXLAN_TUNNEL: an Ethernet segment between two addresses, or of a multicast group, in one VRF. */

import { Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { structurallyEqual } from '../../../scheduler/equality.ts';
import type { GraphView } from '../../../scheduler/handler.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { carrierName, carrierOf, linkOf, spelledAs } from './maker.ts';
import type { InterfaceMaker } from './maker.ts';
import type { VppInterface } from '../vpp-metadata.ts';
import { gpeMaker } from './vxlan-gpe.ts';

const ADD = ['vxlan_add_del_tunnel_v3', 'vxlan_add_del_tunnel_v2', 'vxlan_add_del_tunnel'] as const;
const LIST = ['vxlan_tunnel_v2_dump', 'vxlan_tunnel_dump'] as const;

export function vxlanMaker(engine: VppEngine): InterfaceMaker {
  const { client } = engine;
  const gpe = gpeMaker(engine);
  return {
    type: Interface_Type.VXLAN_TUNNEL,
    deviceTypes: ['VXLAN', ...gpe.deviceTypes],
    unsupported: (value) => (isGpe(value) ? gpe.unsupported(value) : lacking(engine, ADD, LIST)),
    async create(context, value) {
      if (isGpe(value)) return gpe.create(context, value);
      const fields = { is_add: true, ...tunnelOf(context, value) };
      return (await client.request(client.pick(...ADD), fields, { signal: context.signal })).sw_if_index;
    },
    async remove(context, value, metadata) {
      const { signal } = context;
      if (isGpe(value)) return gpe.remove(context, value, metadata);
      const fields = value.link.case === 'vxlan' ? tunnelOf(context, value) : await find(metadata, signal);
      if (!fields) return gpe.remove(context, value, metadata);
      await client.request(client.pick(...ADD), { is_add: false, ...fields }, { signal });
    },
    // The packets of the tunnel itself are routed in the VRF.
    recreate: (from, to) => from.vrf !== to.vrf || !structurallyEqual(from.link, to.link),
    async read(found) {
      const { details, dump, wanted } = found;
      if (isGpe(wanted) || details.interface_dev_type !== 'VXLAN') return gpe.read(found);
      const tunnels = await dump.list(client.pick(...LIST), { sw_if_index: NO_INDEX });
      const tunnel = tunnels.find(({ sw_if_index }) => sw_if_index === details.sw_if_index);
      if (!tunnel || wanted.link.case !== 'vxlan' || tunnel.encap_vrf_id !== wanted.vrf) return undefined;
      const { value } = wanted.link;
      return {
        case: 'vxlan',
        value: {
          ...value,
          srcAddress: spelledAs(tunnel.src_address, value.srcAddress),
          dstAddress: spelledAs(tunnel.dst_address, value.dstAddress),
          vni: tunnel.vni,
          multicast: await carrierName(dump, tunnel.mcast_sw_if_index),
        },
      };
    },
  };

  /** One that is not as wanted, which may be anything. */
  async function find({ swIfIndex }: VppInterface, signal: AbortSignal) {
    const tunnels = await client.list(client.pick(...LIST), { sw_if_index: NO_INDEX }, { signal });
    const tunnel = tunnels.find((one) => one.sw_if_index === swIfIndex);
    if (!tunnel) return undefined;
    const { src_address, dst_address, mcast_sw_if_index, encap_vrf_id, decap_next_index, vni } = tunnel;
    return { src_address, dst_address, mcast_sw_if_index, encap_vrf_id, decap_next_index, vni, instance: NO_INDEX };
  }
}

function isGpe({ link }: Interface): boolean {
  return link.case === 'vxlan' && link.value.gpe !== undefined;
}

function tunnelOf(graph: GraphView, value: Interface) {
  const link = linkOf(value, 'vxlan');
  return {
    instance: NO_INDEX,
    src_address: link.srcAddress,
    dst_address: link.dstAddress,
    mcast_sw_if_index: carrierOf(graph, link.multicast),
    encap_vrf_id: value.vrf,
    // Into the bridge domain that the tunnel is in.
    decap_next_index: NO_INDEX,
    vni: link.vni,
  };
}
