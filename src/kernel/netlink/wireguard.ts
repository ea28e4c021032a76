/** WireGuard devices: keys, port and peers (generic netlink family `wireguard`, linux/wireguard.h). The device itself is a link. */

import type { Ip, Prefix } from '../../model/address.ts';
import { errnoNumber } from '../syscall/errno.ts';
import { isKernelError, KernelError } from '../errors.ts';
import type { Namespace } from '../namespace/namespace.ts';
import type { Encoder } from './encoder.ts';
import { converseGeneric } from './generic.ts';
import type { GenericMessage } from './generic.ts';
import type { Attributes } from './reader.ts';

/** Keys have 32 bytes. */
export interface WireguardDevice {
  readonly index: number;
  /** Undefined: none is set. */
  readonly privateKey?: Uint8Array;
  readonly publicKey?: Uint8Array;
  /** UDP port. */
  readonly port: number;
  readonly peers: readonly WireguardPeer[];
}

export interface WireguardPeer {
  readonly publicKey: Uint8Array;
  readonly endpoint?: WireguardEndpoint;
  /** s; 0: none. */
  readonly keepalive: number;
  readonly allowed: readonly Prefix[];
}

export interface WireguardEndpoint {
  readonly address: Ip;
  readonly port: number;
}

/** Sets key and port of a device. KernelError EADDRINUSE: the port is taken. */
export function setWireguardDevice(
  namespace: Namespace,
  { index, privateKey, port }: Required<Pick<WireguardDevice, 'index' | 'privateKey' | 'port'>>,
): Promise<void> {
  return set(namespace, [
    setMessage(index, 'set key and port', (encoder) => {
      encoder.attributeBytes(PRIVATE_KEY, keyOf(privateKey));
      encoder.attributeU16(LISTEN_PORT, port);
    }),
  ]);
}

/** Adds a peer, or makes the one with this key what is given. A prefix that another peer had moves to this one. */
export function setWireguardPeer(namespace: Namespace, index: number, peer: WireguardPeer): Promise<void> {
  const messages: GenericMessage[] = [];
  for (let start = 0; start === 0 || start < peer.allowed.length; start += PREFIXES) {
    const allowed = peer.allowed.slice(start, start + PREFIXES);
    messages.push(
      peerMessage(index, 'set a peer', peer.publicKey, start === 0 ? REPLACE_ALLOWED : 0, (encoder) => {
        if (start === 0) writePeer(encoder, peer);
        writeAllowed(encoder, allowed);
      }),
    );
  }
  return set(namespace, messages);
}

/** Removes a peer; one that is not there is fine. */
export function removeWireguardPeer(namespace: Namespace, index: number, publicKey: Uint8Array): Promise<void> {
  return set(namespace, [peerMessage(index, 'remove a peer', publicKey, REMOVE, () => {})]);
}

/** Reads a device with its peers; undefined when it is gone or is no WireGuard device. */
export async function getWireguardDevice(namespace: Namespace, index: number): Promise<WireguardDevice | undefined> {
  const device: Draft = { index, port: 0, peers: [] };
  try {
    await converseGeneric(namespace, FAMILY, [
      {
        command: CMD_GET_DEVICE,
        version: 1,
        dump: true,
        operation: `read WireGuard device #${index}`,
        encode: (encoder) => encoder.attributeU32(IFINDEX, index),
        read: (attributes) => readDevice(attributes, device),
      },
    ]);
  } catch (error) {
    if (isKernelError(error, 'ENODEV', 'EOPNOTSUPP', 'ENOENT')) return undefined;
    throw error;
  }
  return device;
}

type Draft = { -readonly [K in keyof WireguardDevice]: WireguardDevice[K] } & { peers: PeerDraft[] };
type PeerDraft = { -readonly [K in keyof WireguardPeer]: WireguardPeer[K] } & { allowed: Prefix[] };

function set(namespace: Namespace, messages: readonly GenericMessage[]): Promise<void> {
  return converseGeneric(namespace, FAMILY, messages);
}

function setMessage(index: number, verb: string, write: (encoder: Encoder) => void): GenericMessage {
  return {
    command: CMD_SET_DEVICE,
    version: 1,
    operation: `${verb} of WireGuard device #${index}`,
    encode(encoder) {
      encoder.attributeU32(IFINDEX, index);
      write(encoder);
    },
  };
}

function peerMessage(
  index: number,
  verb: string,
  publicKey: Uint8Array,
  flags: number,
  write: (encoder: Encoder) => void,
): GenericMessage {
  const key = keyOf(publicKey);
  return setMessage(index, verb, (encoder) => {
    const peers = encoder.beginNest(PEERS);
    const peer = encoder.beginNest(0);
    encoder.attributeBytes(PEER_PUBLIC_KEY, key);
    encoder.attributeU32(PEER_FLAGS, flags);
    write(encoder);
    encoder.endNest(peer);
    encoder.endNest(peers);
  });
}

function keyOf(key: Uint8Array): Uint8Array {
  if (key.length === 32) return key;
  const explanation = `a key has 32 bytes, not ${key.length}`;
  throw new KernelError(errnoNumber('EINVAL'), { operation: 'set a WireGuard key', explanation, hint: '' });
}

function writePeer(encoder: Encoder, { endpoint, keepalive }: WireguardPeer): void {
  if (endpoint) encoder.attributeBytes(PEER_ENDPOINT, socketAddress(endpoint));
  encoder.attributeU16(PEER_KEEPALIVE, keepalive);
}

function writeAllowed(encoder: Encoder, allowed: readonly Prefix[]): void {
  const list = encoder.beginNest(PEER_ALLOWED);
  for (const { address, length } of allowed) {
    const entry = encoder.beginNest(0);
    encoder.attributeU16(ALLOWED_FAMILY, address.family === 4 ? AF_INET : AF_INET6);
    encoder.attributeBytes(ALLOWED_ADDRESS, address.bytes);
    encoder.attributeU8(ALLOWED_LENGTH, length);
    encoder.endNest(entry);
  }
  encoder.endNest(list);
}

/** struct sockaddr_in, struct sockaddr_in6 */
function socketAddress({ address, port }: WireguardEndpoint): Uint8Array {
  const four = address.family === 4;
  const bytes = new Uint8Array(four ? 16 : 28);
  new Uint16Array(bytes.buffer)[0] = four ? AF_INET : AF_INET6;
  bytes[2] = port >> 8;
  bytes[3] = port & 0xff;
  bytes.set(address.bytes, four ? 4 : 8);
  return bytes;
}

function readDevice(attributes: Attributes, device: Draft): void {
  while (attributes.next()) {
    if (attributes.type === PRIVATE_KEY) device.privateKey = attributes.bytes();
    else if (attributes.type === PUBLIC_KEY) device.publicKey = attributes.bytes();
    else if (attributes.type === LISTEN_PORT) device.port = attributes.u16();
    else if (attributes.type === PEERS) readPeers(attributes.nested(), device.peers);
  }
}

/** A peer with many prefixes goes on in the next message. */
function readPeers(list: Attributes, peers: PeerDraft[]): void {
  while (list.next()) {
    const peer = readPeer(list.nested());
    const last = peers.at(-1);
    if (last && Buffer.compare(last.publicKey, peer.publicKey) === 0) last.allowed.push(...peer.allowed);
    else peers.push(peer);
  }
}

function readPeer(attributes: Attributes): PeerDraft {
  const peer: PeerDraft = { publicKey: new Uint8Array(), keepalive: 0, allowed: [] };
  while (attributes.next()) {
    if (attributes.type === PEER_PUBLIC_KEY) peer.publicKey = attributes.bytes();
    else if (attributes.type === PEER_KEEPALIVE) peer.keepalive = attributes.u16();
    else if (attributes.type === PEER_ENDPOINT) peer.endpoint = readEndpoint(attributes.bytes());
    else if (attributes.type === PEER_ALLOWED) readAllowed(attributes.nested(), peer.allowed);
  }
  return peer;
}

function readEndpoint(bytes: Uint8Array): WireguardEndpoint {
  const port = (bytes[2]! << 8) | bytes[3]!;
  const four = bytes.length < 28;
  return { port, address: { family: four ? 4 : 6, bytes: four ? bytes.slice(4, 8) : bytes.slice(8, 24) } };
}

function readAllowed(list: Attributes, allowed: Prefix[]): void {
  while (list.next()) {
    const entry = list.nested();
    let bytes = new Uint8Array();
    let length = 0;
    while (entry.next()) {
      if (entry.type === ALLOWED_ADDRESS) bytes = Uint8Array.from(entry.bytes());
      else if (entry.type === ALLOWED_LENGTH) length = entry.u8();
    }
    allowed.push({ address: { family: bytes.length === 4 ? 4 : 6, bytes }, length });
  }
}

/** Prefixes in one message: an attribute holds 64 KiB. */
const PREFIXES = 1_000;
const FAMILY = 'wireguard';
const AF_INET = 2;
const AF_INET6 = 10;
const CMD_GET_DEVICE = 0;
const CMD_SET_DEVICE = 1;
const IFINDEX = 1;
const PRIVATE_KEY = 3;
const PUBLIC_KEY = 4;
const LISTEN_PORT = 6;
const PEERS = 8;
const PEER_PUBLIC_KEY = 1;
const PEER_FLAGS = 3;
const PEER_ENDPOINT = 4;
const PEER_KEEPALIVE = 5;
const PEER_ALLOWED = 9;
const ALLOWED_FAMILY = 1;
const ALLOWED_ADDRESS = 2;
const ALLOWED_LENGTH = 3;
const REMOVE = 1;
const REPLACE_ALLOWED = 2;
