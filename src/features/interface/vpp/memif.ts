/** MEMIF: packets in memory that is shared with another process, agreed on over a socket. */

import { Interface_Type, MemifLink_MemifMode as Mode } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { lacking } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { linkOf } from './maker.ts';
import type { InterfaceMaker } from './maker.ts';
import { MemifSockets } from './memif-sockets.ts';

const CREATE = ['memif_create_v2', 'memif_create'] as const;
const modes = {
  [Mode.ETHERNET]: 'MEMIF_MODE_API_ETHERNET',
  [Mode.IP]: 'MEMIF_MODE_API_IP',
  [Mode.PUNT_INJECT]: 'MEMIF_MODE_API_PUNT_INJECT',
} as const;

export function memifMaker(engine: VppEngine): InterfaceMaker {
  const { client } = engine;
  const sockets = new MemifSockets(client);
  return {
    type: Interface_Type.MEMIF,
    deviceTypes: ['memif'],
    unsupported: () => lacking(engine, CREATE, ['memif_delete'], ['memif_dump']),
    async create({ signal }, value) {
      const link = linkOf(value, 'memif');
      const fieldsOf = (socket_id: number) =>
        ({
          role: link.master ? 'MEMIF_ROLE_API_MASTER' : 'MEMIF_ROLE_API_SLAVE',
          mode: modes[link.mode],
          id: link.id,
          socket_id,
          rx_queues: link.rxQueues,
          tx_queues: link.txQueues,
          ring_size: link.ringSize,
          buffer_size: link.bufferSize,
          secret: link.secret,
          ...(value.physAddress === '' ? {} : { hw_addr: value.physAddress }),
        }) as const;
      const make = async (socketId: number): Promise<number> =>
        (await client.request(client.pick(...CREATE), fieldsOf(socketId), { signal })).sw_if_index;
      return link.master
        ? sockets.listening(link.socketFilename, signal, make)
        : make(await sockets.idOf(link.socketFilename, signal));
    },
    async remove({ signal }, _value, { swIfIndex }) {
      await client.request('memif_delete', { sw_if_index: swIfIndex }, { signal });
    },
    /** Secret and numbers of queues are not told, sizes of rings and buffers only while the other end is connected. */
    async read({ details, dump, wanted }) {
      const [memifs, files] = await Promise.all([
        dump.list('memif_dump', {}),
        dump.list('memif_socket_filename_dump', {}),
      ]);
      const memif = memifs.find(({ sw_if_index }) => sw_if_index === details.sw_if_index);
      if (!memif || wanted.link.case !== 'memif') return undefined;
      const file = files.find(({ socket_id }) => socket_id === memif.socket_id)?.socket_filename;
      const { value } = wanted.link;
      return {
        case: 'memif',
        value: {
          ...value,
          id: memif.id,
          master: memif.role === 'MEMIF_ROLE_API_MASTER',
          mode: modeOf(memif.mode),
          socketFilename: memif.socket_id === 0 && value.socketFilename === '' ? '' : (file ?? ''),
        },
      };
    },
  };
}

function modeOf(name: string | number): Mode {
  for (const mode of [Mode.ETHERNET, Mode.IP, Mode.PUNT_INJECT]) if (modes[mode] === name) return mode;
  return Mode.ETHERNET;
}
