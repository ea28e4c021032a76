/** WIREGUARD_TUNNEL: a wireguard device with its key and port. Its peers are objects of their own (feature wireguard). */

import { create } from '@bufbuild/protobuf';
import { Interface_Type, WireguardLinkSchema } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { getWireguardDevice, setWireguardDevice } from '../../../kernel/netlink/wireguard.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { DeviceMaker } from './maker.ts';
import { singleDeviceMaker } from './single-device.ts';

export const WIREGUARD_ROLE = 'wireguard';

export function wireguardMaker(engine: KernelEngine): DeviceMaker {
  const { vswitch } = engine.driver;
  return singleDeviceMaker(engine, {
    type: Interface_Type.WIREGUARD_TUNNEL,
    role: WIREGUARD_ROLE,
    title: 'WireGuard',
    module: 'wireguard',
    layer3: () => true,
    shape: () => ({ kind: { type: 'wireguard' } }),
    recreate: () => false,
    hint: ({ code }, value) =>
      code === 'EADDRINUSE'
        ? `UDP port ${wireguardOf(value).port} is taken in this namespace: choose another one or end who has it`
        : undefined,
    complete: (_context, value, { index }) => {
      const { privateKey, port } = wireguardOf(value);
      return setWireguardDevice(vswitch, { index, privateKey: Buffer.from(privateKey, 'base64'), port });
    },
    async parameters({ link, wanted }) {
      const found = await getWireguardDevice(vswitch, link.index);
      const { port, privateKey, srcAddr } = wireguardOf(wanted);
      const same = found?.privateKey && Buffer.compare(found.privateKey, Buffer.from(privateKey, 'base64')) === 0;
      const value = create(WireguardLinkSchema, {
        srcAddr,
        // Another key is nobody's business.
        privateKey: same ? privateKey : '',
        // 0: whichever the kernel chose.
        port: port === 0 ? 0 : (found?.port ?? 0),
      });
      return { case: 'wireguard', value };
    },
  });
}

function wireguardOf({ link }: Interface) {
  if (link.case !== 'wireguard') throw new TypeError('no WireGuard tunnel');
  return link.value;
}
