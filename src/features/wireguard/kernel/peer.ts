/** `vpp.wg.peer`: a peer of a wireguard device. All but the key of a peer changes in place, without a new handshake. */

import { create } from '@bufbuild/protobuf';
import { formatIp, formatPrefix, parseIp, parsePrefix } from '../../../model/address.ts';
import type { Prefix } from '../../../model/address.ts';
import { PeerSchema } from '../../../model/gen/ligato/vpp/wireguard/wireguard_pb.js';
import type { Peer } from '../../../model/gen/ligato/vpp/wireguard/wireguard_pb.js';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { getWireguardDevice, removeWireguardPeer, setWireguardPeer } from '../../../kernel/netlink/wireguard.ts';
import type { WireguardPeer } from '../../../kernel/netlink/wireguard.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { spelledNetwork } from '../../equality.ts';
import type { KernelInterface } from '../../interface/kernel-metadata.ts';
import { interfaceKey } from '../../interface/model.ts';
import { ownMark } from '../../kernel/device.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { wireguardPeerKey } from '../model.ts';

export interface KernelWireguardPeer {
  /** Index of the device. */
  readonly link: number;
}

export function peerHandler(engine: KernelEngine): Handler<Peer, KernelWireguardPeer> {
  const { vswitch } = engine.driver;

  async function put(graph: GraphView, key: Key, value: Peer): Promise<KernelWireguardPeer> {
    const device = graph.metadata<KernelInterface>(interfaceKey(value.wgIfName));
    if (!device) throw new SchedulerError('failed', `interface ${value.wgIfName} has no device`, { key });
    try {
      await setWireguardPeer(vswitch, device.ifindex, kernelPeer(value));
    } catch (error) {
      if (!isKernelError(error, 'EOPNOTSUPP')) throw error;
      const message = `${value.wgIfName} is not a WireGuard tunnel: wg_if_name has to name one of type WIREGUARD_TUNNEL`;
      throw new SchedulerError('failed', message, { key, retriable: false, cause: error });
    }
    return { link: device.ifindex };
  }

  return {
    kind: 'vpp.wg.peer',
    engine: 'kernel',
    support: { grade: 'proven', needs: ['wireguard'] },
    create: put,
    update: (context, key, _from, to) => put(context, key, to),
    recreate: (_key, from, to) => from.publicKey !== to.publicKey || from.wgIfName !== to.wgIfName,
    async remove(_context, _key, { publicKey }, { link }) {
      try {
        await removeWireguardPeer(vswitch, link, bytesOf(publicKey));
      } catch (error) {
        if (!isKernelError(error, 'ENODEV')) throw error;
      }
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

function bytesOf(key: string): Uint8Array {
  return Buffer.from(key, 'base64');
}

/** Without a port nobody can be spoken to: the peer speaks first. */
function kernelPeer({ publicKey, endpoint, port, persistentKeepalive, allowedIps }: Peer): WireguardPeer {
  return {
    publicKey: bytesOf(publicKey),
    ...(port !== 0 && { endpoint: { address: parseIp(endpoint)!, port } }),
    keepalive: persistentKeepalive,
    allowed: allowedIps.map(networkOf),
  };
}

function networkOf(text: string): Prefix {
  return parsePrefix(spelledNetwork(text), { bare: true })!;
}

async function retrieve(
  engine: KernelEngine,
  context: RetrieveContext<Peer, KernelWireguardPeer>,
): Promise<readonly Retrieved<Peer, KernelWireguardPeer>[]> {
  const wanted = new Map([...context.expected].map(([key, { value }]) => [identity(value), { key, value }]));
  const retrieved: Retrieved<Peer, KernelWireguardPeer>[] = [];
  for (const link of await engine.driver.dump(context.session, engine.driver.vswitch).links()) {
    const mark = link.kind?.type === 'wireguard' ? ownMark(engine, link) : undefined;
    const device = mark && (await getWireguardDevice(engine.driver.vswitch, link.index));
    for (const peer of device?.peers ?? []) {
      const found = readPeer(mark!.name, peer);
      const known = wanted.get(identity(found));
      // Where a peer is, is what it says itself: the kernel follows it (roaming).
      const value = known
        ? { ...found, endpoint: known.value.endpoint, port: known.value.port, flags: known.value.flags }
        : found;
      const key = known?.key ?? wireguardPeerKey(found.wgIfName, found.endpoint, found.port);
      if (context.keys && !context.keys.has(key)) continue;
      retrieved.push({ key, value, metadata: { link: link.index }, origin: 'ours' });
    }
  }
  return retrieved;
}

function identity({ wgIfName, publicKey }: Peer): string {
  return `${wgIfName} ${publicKey}`;
}

function readPeer(wgIfName: string, { publicKey, endpoint, keepalive, allowed }: WireguardPeer): Peer {
  return create(PeerSchema, {
    wgIfName,
    publicKey: Buffer.from(publicKey).toString('base64'),
    endpoint: endpoint ? formatIp(endpoint.address) : '',
    port: endpoint?.port ?? 0,
    persistentKeepalive: keepalive,
    allowedIps: allowed.map(formatPrefix),
  });
}
