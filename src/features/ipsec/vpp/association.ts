/** `vpp.ipsec.sa` in VPP. */

import { create } from '@bufbuild/protobuf';
import {
  SecurityAssociation_IPSecProtocol as Protocol,
  SecurityAssociationSchema,
  SecurityPolicy_Action as Action,
} from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type {
  SecurityAssociation,
  SecurityPolicy,
  TunnelProtection,
} from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { Key } from '../../../model/key.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { ipsecSadFlags as flag } from '../../../vpp/index.ts';
import type { IpsecSadEntryV3 } from '../../../vpp/index.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { saKey, TUNNEL_PROTECTION_PREFIX, UDP_ENCAPSULATION_PORT } from '../model.ts';

const ADD = ['ipsec_sad_entry_add_v2', 'ipsec_sad_entry_add', 'ipsec_sad_entry_add_del_v3'] as const;
const DUMP = ['ipsec_sa_v5_dump', 'ipsec_sa_v4_dump', 'ipsec_sa_v3_dump'] as const;

/** VPP's names in the order of the model's numbers, which are VPP's. */
const CRYPTO =
  'NONE AES_CBC_128 AES_CBC_192 AES_CBC_256 AES_CTR_128 AES_CTR_192 AES_CTR_256 AES_GCM_128 AES_GCM_192 AES_GCM_256 DES_CBC 3DES_CBC'
    .split(' ')
    .map((name) => `IPSEC_API_CRYPTO_ALG_${name}`);
const INTEGRITY = 'NONE MD5_96 SHA1_96 SHA_256_96 SHA_256_128 SHA_384_192 SHA_512_256'
  .split(' ')
  .map((name) => `IPSEC_API_INTEG_ALG_${name}`);

/**
 * No update: VPP changes neither keys nor algorithms of an association. What uses it goes and comes with a change, so its lock count
 * is 1 when it is deleted: VPP deletes by giving up a lock, and a second deletion takes the lock of somebody who still uses it.
 */
export function associationHandler(engine: VppEngine): Handler<SecurityAssociation, undefined> {
  const { client } = engine;
  return {
    kind: 'vpp.ipsec.sa',
    engine: 'vpp',
    unsupported: () => lacking(engine, ADD, DUMP),
    async create(context, key, value) {
      const entry = entryOf(value, isInbound(context, key, value.index));
      const { signal } = context;
      if (client.has('ipsec_sad_entry_add_v2')) await client.request('ipsec_sad_entry_add_v2', { entry }, { signal });
      else if (client.has('ipsec_sad_entry_add')) await client.request('ipsec_sad_entry_add', { entry }, { signal });
      else await client.request('ipsec_sad_entry_add_del_v3', { is_add: true, entry }, { signal });
      return undefined;
    },
    async remove({ signal }, _key, { index }) {
      const deletion = client.has('ipsec_sad_entry_del')
        ? client.request('ipsec_sad_entry_del', { id: index }, { signal })
        : client.request('ipsec_sad_entry_add_del_v3', { is_add: false, entry: { sad_id: index } }, { signal });
      await removed(deletion);
    },
    retrieve: (context) => retrieve(engine, context),
  };
}

/** Whether it is for what comes in, told by who is going to use it: VPP wants to know, the model does not say. */
function isInbound(graph: GraphView, key: Key, index: number): boolean {
  for (const [user, value] of graph.dependants(key)) {
    if (user.startsWith(TUNNEL_PROTECTION_PREFIX)) {
      if ((value as TunnelProtection).saIn.includes(index)) return true;
      continue;
    }
    const { isOutbound, action } = value as SecurityPolicy;
    if (!isOutbound && action === Action.PROTECT) return true;
  }
  return false;
}

function entryOf(value: SecurityAssociation, inbound: boolean) {
  const isTunnel = value.tunnelSrcAddr !== '';
  const flags =
    (value.useEsn ? flag.IPSEC_API_SAD_FLAG_USE_ESN : 0) |
    (value.useAntiReplay ? flag.IPSEC_API_SAD_FLAG_USE_ANTI_REPLAY : 0) |
    (isTunnel ? flag.IPSEC_API_SAD_FLAG_IS_TUNNEL : 0) |
    (value.enableUdpEncap ? flag.IPSEC_API_SAD_FLAG_UDP_ENCAP : 0) |
    (inbound ? flag.IPSEC_API_SAD_FLAG_IS_INBOUND : 0);
  return {
    sad_id: value.index,
    spi: value.spi,
    protocol: value.protocol === Protocol.AH ? 'IPSEC_API_PROTO_AH' : 'IPSEC_API_PROTO_ESP',
    crypto_algorithm: value.cryptoAlg,
    crypto_key: keyOf(value.cryptoKey),
    integrity_algorithm: value.integAlg,
    integrity_key: keyOf(value.integKey),
    flags,
    ...(isTunnel ? { tunnel: { src: value.tunnelSrcAddr, dst: value.tunnelDstAddr } } : {}),
    salt: value.cryptoSalt,
    udp_src_port: value.tunnelSrcPort || UDP_ENCAPSULATION_PORT,
    udp_dst_port: value.tunnelDstPort || UDP_ENCAPSULATION_PORT,
  } as const;
}

/** Longest key of VPP's messages, in bytes. */
const LONGEST_KEY = 128;

function keyOf(hex: string): { readonly length: number; readonly data: Uint8Array } {
  const data = new Uint8Array(LONGEST_KEY);
  data.set(Buffer.from(hex, 'hex'));
  return { length: hex.length / 2, data };
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<SecurityAssociation, undefined>,
): Promise<readonly Retrieved<SecurityAssociation, undefined>[]> {
  const retrieved: Retrieved<SecurityAssociation, undefined>[] = [];
  const name = DUMP.find((each) => engine.client.has(each));
  if (name === undefined) return [];
  for (const { entry } of await vppDump(engine, context.session).list(name, { sa_id: 0xffff_ffff })) {
    const key = saKey(entry.sad_id);
    if (context.keys && !context.keys.has(key)) continue;
    const value = valueOf(entry);
    // No tag: what nobody of us expects may be of IKE, or made by hand.
    if (value)
      retrieved.push({ key, value, metadata: undefined, origin: context.expected.has(key) ? 'ours' : 'foreign' });
  }
  return retrieved;
}

/** Undefined: an algorithm that the model does not have. */
function valueOf(entry: IpsecSadEntryV3): SecurityAssociation | undefined {
  const cryptoAlg = CRYPTO.indexOf(String(entry.crypto_algorithm));
  const integAlg = INTEGRITY.indexOf(String(entry.integrity_algorithm));
  if (cryptoAlg < 0 || integAlg < 0) return undefined;
  const has = (bit: number) => (entry.flags & bit) !== 0;
  const isTunnel = has(flag.IPSEC_API_SAD_FLAG_IS_TUNNEL);
  const isUdp = has(flag.IPSEC_API_SAD_FLAG_UDP_ENCAP);
  return create(SecurityAssociationSchema, {
    index: entry.sad_id,
    spi: entry.spi,
    protocol: entry.protocol === 'IPSEC_API_PROTO_AH' ? Protocol.AH : Protocol.ESP,
    cryptoAlg,
    cryptoKey: hexOf(entry.crypto_key),
    cryptoSalt: swapped(entry.salt),
    integAlg,
    integKey: hexOf(entry.integrity_key),
    useEsn: has(flag.IPSEC_API_SAD_FLAG_USE_ESN),
    useAntiReplay: has(flag.IPSEC_API_SAD_FLAG_USE_ANTI_REPLAY),
    tunnelSrcAddr: isTunnel ? entry.tunnel.src : '',
    tunnelDstAddr: isTunnel ? entry.tunnel.dst : '',
    enableUdpEncap: isUdp,
    tunnelSrcPort: isUdp ? entry.udp_src_port : 0,
    tunnelDstPort: isUdp ? entry.udp_dst_port : 0,
  });
}

function hexOf({ length, data }: IpsecSadEntryV3['crypto_key']): string {
  return Buffer.from(data.subarray(0, length)).toString('hex');
}

/** VPP takes the bytes of the salt as they come, and turns them round when it lists them (26.06 and before). */
function swapped(salt: number): number {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(salt);
  return bytes.readUInt32LE();
}
