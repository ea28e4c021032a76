/** DPDK: a network card that VPP took when it started. It is not made, but found by VPP's own name, and given back. */

import { Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import type { InterfaceMaker } from './maker.ts';

export function dpdkMaker({ client }: VppEngine): InterfaceMaker {
  return {
    type: Interface_Type.DPDK,
    deviceTypes: ['dpdk'],
    unsupported: () => undefined,
    async create({ signal }, { name }) {
      const found = await client.list('sw_interface_dump', {}, { signal });
      const cards = found.filter(({ interface_dev_type, sup_sw_if_index, sw_if_index }) => {
        return interface_dev_type === 'dpdk' && sup_sw_if_index === sw_if_index;
      });
      const card = cards.find(({ interface_name }) => interface_name === name);
      if (card) return card.sw_if_index;
      const names = cards.map(({ interface_name }) => interface_name).join(', ') || 'none';
      const message = `VPP has no network card ${name}: cards are named in the dpdk section of its startup.conf; it has ${names}`;
      throw new SchedulerError('failed', message);
    },
    async remove({ signal }, { name }, { swIfIndex }) {
      await client.request(
        'sw_interface_tag_add_del',
        { is_add: false, sw_if_index: swIfIndex, tag: name },
        { signal },
      );
    },
    read: async ({ wanted }) => wanted.link,
  };
}
