/** WIREGUARD_TUNNEL: this end of tunnels to the peers of `vpp.wg.peer`. */

import { Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { WireguardLink } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { linkOf, spelledAs } from './maker.ts';
import type { InterfaceMaker } from './maker.ts';

export function wireguardMaker(engine: VppEngine): InterfaceMaker {
  const { client } = engine;
  return {
    type: Interface_Type.WIREGUARD_TUNNEL,
    deviceTypes: ['Wireguard Tunnel'],
    unsupported: () =>
      lacking(engine, ['wireguard_interface_create'], ['wireguard_interface_delete'], ['wireguard_interface_dump']),
    async create({ signal }, value) {
      const { privateKey, port, srcAddr } = linkOf(value, 'wireguard');
      const fields = { user_instance: NO_INDEX, private_key: Buffer.from(privateKey, 'base64'), port, src_ip: srcAddr };
      const request = client.request(
        'wireguard_interface_create',
        { interface: fields, generate_key: false },
        { signal },
      );
      return (await request).sw_if_index;
    },
    async remove({ signal }, _value, { swIfIndex }) {
      await client.request('wireguard_interface_delete', { sw_if_index: swIfIndex }, { signal });
    },
    async read({ details, wanted }) {
      const found = await readTunnel(engine, details.sw_if_index);
      if (!found || wanted.link.case !== 'wireguard') return undefined;
      const { value } = wanted.link;
      const srcAddr = spelledAs(found.srcAddr, value.srcAddr);
      return { case: 'wireguard', value: { ...value, ...found, srcAddr } };
    },
  };
}

/** Octets of an item are only good until the next packet comes from VPP: the key is made text as soon as it is read. */
async function readTunnel(
  { client }: VppEngine,
  sw_if_index: number,
): Promise<Pick<WireguardLink, 'privateKey' | 'port' | 'srcAddr'> | undefined> {
  let found: Pick<WireguardLink, 'privateKey' | 'port' | 'srcAddr'> | undefined;
  await client.each('wireguard_interface_dump', { show_private_key: true, sw_if_index }, ({ interface: tunnel }) => {
    if (tunnel.sw_if_index !== sw_if_index) return;
    const privateKey = Buffer.from(tunnel.private_key).toString('base64');
    found = { privateKey, port: tunnel.port, srcAddr: tunnel.src_ip };
  });
  return found;
}
