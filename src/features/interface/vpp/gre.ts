/** GRE_TUNNEL: IP packets (L3), Ethernet frames (TEB) or mirrored ones (ERSPAN) between two addresses. */

import { GreLink_Type as GreType, Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { linkOf, spelledAs } from './maker.ts';
import type { InterfaceMaker } from './maker.ts';

const types = {
  [GreType.UNKNOWN]: 'GRE_API_TUNNEL_TYPE_L3',
  [GreType.L3]: 'GRE_API_TUNNEL_TYPE_L3',
  [GreType.TEB]: 'GRE_API_TUNNEL_TYPE_TEB',
  [GreType.ERSPAN]: 'GRE_API_TUNNEL_TYPE_ERSPAN',
} as const;

export function greMaker(engine: VppEngine): InterfaceMaker {
  const { client } = engine;
  return {
    type: Interface_Type.GRE_TUNNEL,
    deviceTypes: ['GRE tunnel device'],
    unsupported: () => lacking(engine, ['gre_tunnel_add_del'], ['gre_tunnel_dump']),
    async create({ signal }, value) {
      const fields = { is_add: true, tunnel: tunnelOf(value) };
      return (await client.request('gre_tunnel_add_del', fields, { signal })).sw_if_index;
    },
    async remove({ signal }, value) {
      await client.request('gre_tunnel_add_del', { is_add: false, tunnel: tunnelOf(value) }, { signal });
    },
    async read({ details, dump, wanted }) {
      const tunnels = await dump.list('gre_tunnel_dump', { sw_if_index: NO_INDEX });
      const found = tunnels.find(({ tunnel }) => tunnel.sw_if_index === details.sw_if_index)?.tunnel;
      if (!found || wanted.link.case !== 'gre') return undefined;
      const { value } = wanted.link;
      return {
        case: 'gre',
        value: {
          ...value,
          tunnelType: found.type === types[value.tunnelType] ? value.tunnelType : typeOf(found.type),
          srcAddr: spelledAs(found.src, value.srcAddr),
          dstAddr: spelledAs(found.dst, value.dstAddr),
          outerFibId: found.outer_table_id,
          sessionId: found.session_id,
        },
      };
    },
  };
}

function tunnelOf(value: Interface) {
  const { tunnelType, srcAddr, dstAddr, outerFibId, sessionId } = linkOf(value, 'gre');
  return {
    type: types[tunnelType],
    session_id: sessionId,
    instance: NO_INDEX,
    outer_table_id: outerFibId,
    src: srcAddr,
    dst: dstAddr,
  };
}

function typeOf(name: string | number): GreType {
  for (const type of [GreType.L3, GreType.TEB, GreType.ERSPAN]) if (types[type] === name) return type;
  return GreType.UNKNOWN;
}
