/** VXLAN_TUNNEL with `gpe`: the generic protocol extension, which carries IP packets, too. */

import {
  Interface_Type,
  VxlanLink_Gpe_Protocol as Protocol,
} from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, OperationContext } from '../../../scheduler/handler.ts';
import type { VppClient } from '../../../vpp/index.ts';
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
    unsupported: (value) =>
      misread(value) ?? lacking(engine, ADD, LIST, ['sw_interface_set_flags'], ['cli_inband'], [CLASS_IS_THERE]),
    async create(context, value) {
      const { sw_if_index } = await addOrDelete(context, value, true);
      try {
        await leadToOnePeer(client, sw_if_index, context);
      } catch (error) {
        await addOrDelete(context, value, false).catch(() => undefined);
        throw error;
      }
      return sw_if_index;
    },
    async remove(context, value, { swIfIndex }) {
      await (value.link.case === 'vxlan' ? addOrDelete(context, value, false) : removeFound(context, swIfIndex));
    },
    async read({ details, dump, wanted }) {
      if (!(await leadsToOnePeer(client, details.interface_name))) return undefined;
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

  function addOrDelete(context: OperationContext, value: Interface, is_add: boolean) {
    const fields = { is_add, ...tunnelOf(context, value) };
    return client.request(client.pick(...ADD), fields, { signal: context.signal });
  }

  /** One that is not as wanted, which may be anything. */
  async function removeFound({ signal }: OperationContext, swIfIndex: number): Promise<void> {
    const tunnels = await client.list(client.pick(...LIST), { sw_if_index: NO_INDEX }, { signal });
    const tunnel = tunnels.find((one) => one.sw_if_index === swIfIndex);
    if (!tunnel) return;
    const { local, remote, mcast_sw_if_index, encap_vrf_id, decap_vrf_id, protocol, vni } = tunnel;
    const fields = { local, remote, mcast_sw_if_index, encap_vrf_id, decap_vrf_id, protocol, vni };
    await client.request(client.pick(...ADD), { is_add: false, ...fields }, { signal });
  }
}

/** The class of GTP-U: one peer, and packets as they are. */
const PEER_CLASS = 'GTPU';
const CLASS_IS_THERE = 'gtpu_add_del_tunnel';

/**
 * VPP (23.06 to 26.06) takes these tunnels for a network where neighbours are asked for. It ends with the first packet to one that it
 * does not know, as it has no MAC address to ask from: any address of the tunnel's subnets, of a route without next hop, a link-local
 * one. Of a class for one peer, all of them lead into the tunnel. Only while it is down, and only VPP's command line can do it.
 */
async function leadToOnePeer(client: VppClient, sw_if_index: number, { signal }: OperationContext): Promise<void> {
  const found = await client.list('sw_interface_dump', { sw_if_index }, { signal });
  const name = found.find((one) => one.sw_if_index === sw_if_index)?.interface_name;
  if (name === undefined)
    throw new SchedulerError('failed', `the new tunnel ${sw_if_index} is gone`, { retriable: true });
  await client.request('sw_interface_set_flags', { sw_if_index, flags: 0 }, { signal });
  const cmd = `set interface hw-class ${name} ${PEER_CLASS}`;
  const reply = (await client.request('cli_inband', { cmd }, { signal })).reply.trim();
  // It says something only when it has not done it.
  if (reply !== '') throw new SchedulerError('failed', `VPP cannot make ${name} a tunnel to one peer: ${reply}`);
}

/** Not so of a tunnel that was made by somebody else with the agent's tag, or by an agent of before. */
async function leadsToOnePeer(client: VppClient, name: string): Promise<boolean> {
  const { reply } = await client.request('cli_inband', { cmd: `show hardware-interfaces ${name}` });
  return !/^\s*VXLAN_GPE\s*$/m.test(reply);
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
