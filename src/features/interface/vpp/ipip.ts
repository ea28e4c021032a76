/** IPIP_TUNNEL: IP packets in IP packets, to one peer or to those that the TEIB names. */

import { Interface_Type, IPIPLink_Mode as Mode } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { structurallyEqual } from '../../../scheduler/equality.ts';
import { linkOf, spelledAs } from './maker.ts';
import type { InterfaceMaker } from './maker.ts';
import { tunnelModeOf, tunnelModes } from './tunnel-mode.ts';

export function ipipMaker(engine: VppEngine): InterfaceMaker {
  const { client } = engine;
  return {
    type: Interface_Type.IPIP_TUNNEL,
    deviceTypes: ['IPIP tunnel device'],
    unsupported: () => lacking(engine, ['ipip_add_tunnel'], ['ipip_del_tunnel'], ['ipip_tunnel_dump']),
    async create({ signal }, value) {
      const { tunnelMode, srcAddr, dstAddr } = linkOf(value, 'ipip');
      // Of no family VPP takes the far end of a tunnel to several peers for IPv4.
      const any = srcAddr.includes(':') ? '::' : '0.0.0.0';
      const dst = tunnelMode === Mode.POINT_TO_POINT ? dstAddr : any;
      const mode = tunnelModes[tunnelMode];
      const tunnel = { instance: NO_INDEX, src: srcAddr, dst, table_id: value.vrf, mode };
      return (await client.request('ipip_add_tunnel', { tunnel }, { signal })).sw_if_index;
    },
    async remove({ signal }, _value, { swIfIndex }) {
      await client.request('ipip_del_tunnel', { sw_if_index: swIfIndex }, { signal });
    },
    // The packets of the tunnel itself are routed in the VRF.
    recreate: (from, to) => from.vrf !== to.vrf || !structurallyEqual(from.link, to.link),
    async read({ details, dump, wanted }) {
      const tunnels = await dump.list('ipip_tunnel_dump', { sw_if_index: NO_INDEX });
      const found = tunnels.find(({ tunnel }) => tunnel.sw_if_index === details.sw_if_index)?.tunnel;
      if (!found || wanted.link.case !== 'ipip' || found.table_id !== wanted.vrf) return undefined;
      const { value } = wanted.link;
      // Releases up to 23.06 (at least) do not tell the mode: a far end that is nowhere gives it away.
      const isToSeveral = found.dst === '0.0.0.0' || found.dst === '::';
      const tunnelMode = isToSeveral ? Mode.POINT_TO_MULTIPOINT : tunnelModeOf(found.mode);
      const dstAddr = tunnelMode === Mode.POINT_TO_POINT ? spelledAs(found.dst, value.dstAddr) : '';
      return { case: 'ipip', value: { ...value, tunnelMode, srcAddr: spelledAs(found.src, value.srcAddr), dstAddr } };
    },
  };
}
