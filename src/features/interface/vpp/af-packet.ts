/** AF_PACKET: VPP reads and writes the packets of a device of its host, and leaves it to the host otherwise. */

import { Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { lacking } from '../../vpp-engine.ts';
import type { VppEngine } from '../../vpp-engine.ts';
import type { InterfaceMaker } from './maker.ts';

const CREATE = ['af_packet_create_v3', 'af_packet_create_v2', 'af_packet_create'] as const;

export function afPacketMaker(engine: VppEngine): InterfaceMaker {
  const { client } = engine;
  return {
    type: Interface_Type.AF_PACKET,
    deviceTypes: ['af-packet'],
    macIsFixed: true,
    unsupported({ link }) {
      if (link.case === 'afpacket' && link.value.linuxInterface !== '') {
        return 'vpp: linux_interface is not supported yet: name the device of the host in host_if_name';
      }
      return lacking(engine, CREATE, ['af_packet_delete']);
    },
    async create({ signal }, value) {
      const mac = value.physAddress === '' ? { use_random_hw_addr: true } : { hw_addr: value.physAddress };
      const fields = { host_if_name: hostNameOf(value), ...mac };
      const name = client.pick(...CREATE);
      const { sw_if_index } =
        name === 'af_packet_create_v3'
          ? await client.request(name, { ...fields, mode: 'AF_PACKET_API_MODE_ETHERNET' }, { signal })
          : await client.request(name, fields, { signal });
      return sw_if_index;
    },
    async remove({ signal }, value) {
      await client.request('af_packet_delete', { host_if_name: hostNameOf(value) }, { signal });
    },
    async read({ details, dump, wanted }) {
      const sockets = await dump.list('af_packet_dump', {});
      const socket = sockets.find(({ sw_if_index }) => sw_if_index === details.sw_if_index);
      if (!socket || wanted.link.case !== 'afpacket') return undefined;
      return { case: 'afpacket', value: { ...wanted.link.value, hostIfName: socket.host_if_name } };
    },
  };
}

function hostNameOf({ link }: Interface): string {
  return link.case === 'afpacket' ? link.value.hostIfName : '';
}
