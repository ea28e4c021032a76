import { Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { lacking } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import type { InterfaceMaker } from './maker.ts';

/** SOFTWARE_LOOPBACK: `create_loopback`. */
export function loopbackMaker(engine: VppEngine): InterfaceMaker {
  const { client } = engine;
  return {
    type: Interface_Type.SOFTWARE_LOOPBACK,
    deviceTypes: ['Loopback'],
    unsupported: () => lacking(engine, ['create_loopback'], ['delete_loopback']),
    async create({ signal }) {
      const { sw_if_index } = await client.request('create_loopback', {}, { signal });
      return sw_if_index;
    },
    async remove({ signal }, _value, { swIfIndex }) {
      await client.request('delete_loopback', { sw_if_index: swIfIndex }, { signal });
    },
    read: async ({ wanted }) => wanted.link,
  };
}
