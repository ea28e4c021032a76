/** RDMA: a Mellanox card, shared with the host's kernel. */

import { Interface_Type, RDMALink_Mode as Mode } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { lacking } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { linkOf, naming } from './maker.ts';
import type { InterfaceMaker } from './maker.ts';

const CREATE = ['rdma_create_v4', 'rdma_create_v3', 'rdma_create_v2', 'rdma_create'] as const;
const modes = {
  [Mode.AUTO]: 'RDMA_API_MODE_AUTO',
  [Mode.IBV]: 'RDMA_API_MODE_IBV',
  [Mode.DV]: 'RDMA_API_MODE_DV',
} as const;
const RING = 1024;

export function rdmaMaker(engine: VppEngine): InterfaceMaker {
  const { client } = engine;
  return {
    type: Interface_Type.RDMA,
    deviceTypes: ['RDMA interface'],
    unsupported: () => lacking(engine, CREATE, ['rdma_delete']),
    async create({ signal }, value) {
      const { hostIfName, mode, rxqNum, rxqSize, txqSize } = linkOf(value, 'rdma');
      const fields = {
        host_if: hostIfName,
        rxq_num: rxqNum || 1,
        rxq_size: rxqSize || RING,
        txq_size: txqSize || RING,
        mode: modes[mode],
      };
      const request = client.request(client.pick(...CREATE), fields, { signal });
      return (await naming(`the card ${hostIfName} of the host has to be there, with its RDMA driver`, request))
        .sw_if_index;
    },
    async remove({ signal }, _value, { swIfIndex }) {
      await client.request('rdma_delete', { sw_if_index: swIfIndex }, { signal });
    },
    // VPP has no list of them.
    read: async ({ wanted }) => wanted.link,
  };
}
