/** Peers of WireGuard tunnels in VPP. */

import { create } from '@bufbuild/protobuf';
import { PeerSchema } from '../../model/gen/ligato/vpp/wireguard/wireguard_pb.js';
import type { Peer } from '../../model/gen/ligato/vpp/wireguard/wireguard_pb.js';
import { canonicalIp } from '../../model/address.ts';
import type { Handler, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import type { WireguardPeer2 } from '../../vpp/index.ts';
import { sameSet, spelledNetwork } from '../equality.ts';
import { swIfIndexOf } from '../interface/vpp-metadata.ts';
import { vppDump } from '../vpp/dump.ts';
import { lacking, NO_INDEX } from '../vpp/engine.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { removed } from '../vpp/retries.ts';
import { wireguardPeerKey } from './model.ts';

/** What VPP knows a peer by. */
export interface VppPeer {
  readonly index: number;
}

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [peerHandler(engine)] as readonly Handler[];
}

/** VPP changes no peer: another one takes its place. */
function peerHandler(engine: VppEngine): Handler<Peer, VppPeer> {
  const { client } = engine;
  return {
    kind: 'vpp.wg.peer',
    engine: 'vpp',
    unsupported(_key, { allowedIps }) {
      if (allowedIps.length === 0) return 'vpp: allowed_ips: VPP takes no peer without at least one prefix';
      return lacking(engine, ['wireguard_peer_add'], ['wireguard_peer_remove'], ['wireguard_peers_dump']);
    },
    async create(context, _key, value) {
      const peer = {
        public_key: Buffer.from(value.publicKey, 'base64'),
        port: value.port,
        persistent_keepalive: value.persistentKeepalive,
        endpoint: value.endpoint,
        sw_if_index: swIfIndexOf(context, value.wgIfName),
        allowed_ips: value.allowedIps.map(spelledNetwork),
      };
      const { peer_index: index } = await client.request('wireguard_peer_add', { peer }, { signal: context.signal });
      return { index };
    },
    async remove({ signal }, _key, _value, { index }) {
      await removed(client.request('wireguard_peer_remove', { peer_index: index }, { signal }));
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<Peer, VppPeer>,
): Promise<readonly Retrieved<Peer, VppPeer>[]> {
  const interfaces = await vppDump(engine, context.session).interfaces();
  const retrieved: Retrieved<Peer, VppPeer>[] = [];
  for (const { publicKey, ...peer } of await readPeers(engine)) {
    const wgIfName = interfaces.at(peer.sw_if_index)?.tag ?? '';
    if (wgIfName === '') continue;
    const found = create(PeerSchema, {
      wgIfName,
      publicKey,
      port: peer.port,
      persistentKeepalive: peer.persistent_keepalive,
      endpoint: peer.endpoint,
      allowedIps: [...peer.allowed_ips],
    });
    const known = [...context.expected].find(([, { value }]) => isSamePeer(value, found));
    const key = known?.[0] ?? wireguardPeerKey(wgIfName, peer.endpoint, peer.port);
    if (context.keys && !context.keys.has(key)) continue;
    const value = known ? asSpelled(found, known[1].value) : found;
    retrieved.push({ key, value, metadata: { index: peer.peer_index }, origin: 'ours' });
  }
  return retrieved;
}

type FoundPeer = Omit<WireguardPeer2, 'public_key'> & { readonly publicKey: string };

/** Octets of an item are only good until the next packet comes from VPP: keys are made text as soon as they are read. */
async function readPeers({ client }: VppEngine): Promise<readonly FoundPeer[]> {
  const peers: FoundPeer[] = [];
  if (!client.has('wireguard_peers_dump')) return peers;
  await client.each('wireguard_peers_dump', { peer_index: NO_INDEX }, ({ peer: { public_key, ...peer } }) => {
    peers.push({ ...peer, publicKey: Buffer.from(public_key).toString('base64') });
  });
  return peers;
}

/** A tunnel has a peer of a public key once. */
function isSamePeer(wanted: Peer, { wgIfName, publicKey }: Peer): boolean {
  return wanted.wgIfName === wgIfName && wanted.publicKey === publicKey;
}

function asSpelled(found: Peer, wanted: Peer): Peer {
  const endpoint = canonicalIp(wanted.endpoint) === found.endpoint ? wanted.endpoint : found.endpoint;
  const isSame = sameSet(found.allowedIps, wanted.allowedIps, spelledNetwork);
  return { ...found, flags: wanted.flags, endpoint, allowedIps: isSame ? wanted.allowedIps : found.allowedIps };
}
