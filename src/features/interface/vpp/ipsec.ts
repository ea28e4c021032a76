import { Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { structurallyEqual } from '../../../scheduler/equality.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import type { InterfaceMaker } from './maker.ts';
import { tunnelModeOf, tunnelModes } from './tunnel-mode.ts';

/** IPSEC_TUNNEL: `ipsec_itf_create`. Nothing passes until a tunnel protection gives it security associations. */
export function ipsecMaker(engine: VppEngine): InterfaceMaker {
  const { client } = engine;
  return {
    type: Interface_Type.IPSEC_TUNNEL,
    deviceTypes: ['IPSEC Tunnel'],
    unsupported: () => lacking(engine, ['ipsec_itf_create'], ['ipsec_itf_delete'], ['ipsec_itf_dump']),
    async create({ signal }, { link }) {
      const mode = tunnelModes[link.case === 'ipsec' ? link.value.tunnelMode : 0];
      const itf = { user_instance: NO_INDEX, mode };
      return (await client.request('ipsec_itf_create', { itf }, { signal })).sw_if_index;
    },
    async remove({ signal }, _value, { swIfIndex }) {
      await client.request('ipsec_itf_delete', { sw_if_index: swIfIndex }, { signal });
    },
    recreate: (from, to) => !structurallyEqual(from.link, to.link),
    async read({ details, dump, wanted }) {
      const found = await dump.list('ipsec_itf_dump', { sw_if_index: NO_INDEX });
      const itf = found.find((each) => each.itf.sw_if_index === details.sw_if_index)?.itf;
      if (!itf) return undefined;
      if (wanted.link.case !== 'ipsec') return itf.mode === tunnelModes[0] ? wanted.link : undefined;
      return { case: 'ipsec', value: { ...wanted.link.value, tunnelMode: tunnelModeOf(itf.mode) } };
    },
  };
}
