/** Security associations: XFRM_MSG_NEWSA, XFRM_MSG_DELSA, XFRM_MSG_GETSA (linux/xfrm.h). */

import type { Family, Ip } from '../../model/address.ts';
import { AF_INET, familyNumber, NLM_F_CREATE, NLM_F_DUMP, NLM_F_EXCL } from './constants.ts';
import { HOST_LITTLE } from './encoder.ts';
import type { Encoder } from './encoder.ts';
import { Attributes, read16, read32 } from './reader.ts';
import type { MessageView } from './reader.ts';
import type { Query, Request } from './request.ts';
import { pairText, readAddress, SELECTOR_LENGTH, writeAddress, writeSelector } from './xfrm-selector.ts';

export const IPPROTO_ESP = 50;
export const IPPROTO_AH = 51;

export type XfrmMode = 'transport' | 'tunnel';

/** What tells associations apart. */
export interface StateId {
  readonly destination: Ip;
  readonly spi: number;
  /** IPPROTO_ESP or IPPROTO_AH. */
  readonly protocol: number;
}

/** An algorithm of the kernel's crypto API with its key. Keys are never put into words. */
export interface XfrmAlgorithm {
  /** `cbc(aes)` */
  readonly name: string;
  /** Salt included. */
  readonly key: Uint8Array;
}

export interface StateSpec extends StateId {
  readonly source: Ip;
  readonly mode: XfrmMode;
  /** Ties it to policies; 0: to none. */
  readonly requestId: number;
  readonly encryption?: XfrmAlgorithm;
  /** `checkBits`: length of the integrity check value. */
  readonly authentication?: XfrmAlgorithm & { readonly checkBits: number };
  /** Both in one. */
  readonly combined?: XfrmAlgorithm & { readonly checkBits: number };
  /** 64 bit sequence numbers. */
  readonly extendedSequence?: boolean;
  /** Packets by which one may come late; 0 (default): whatever comes is taken. */
  readonly replayWindow?: number;
  /** Packets come in and go out by the xfrm interface of this number (if_id). */
  readonly interfaceId?: number;
  /** ESP in UDP (RFC 3948) with these ports. */
  readonly udp?: { readonly sourcePort: number; readonly destinationPort: number };
}

export interface State extends StateSpec {
  /** Packets and bytes that were carried. */
  readonly packets: number;
  readonly bytes: bigint;
}

/** Adds an association; EEXIST when there is one with this id. */
export function addState(spec: StateSpec): Request<StateSpec> {
  return {
    type: XFRM_MSG_NEWSA,
    flags: NLM_F_CREATE | NLM_F_EXCL,
    lane: 'quick',
    spec,
    encode: encodeState,
    describe: (state) => `add security association ${describeState(state)}`,
    cost: 30,
  };
}

export function deleteState(id: StateId): Request<StateId> {
  return {
    type: XFRM_MSG_DELSA,
    flags: 0,
    lane: 'quick',
    spec: id,
    encode: encodeId,
    describe: ({ spi, protocol }) => `delete security association ${nameOf(protocol)} SPI ${spi}`,
    cost: 20,
  };
}

export function listStates(): Query<State, undefined> {
  return {
    type: XFRM_MSG_GETSA,
    flags: NLM_F_DUMP,
    spec: undefined,
    // The kernel takes what follows the header for attributes; an empty message asks for all.
    encode() {},
    describe: () => 'list security associations',
    decode: decodeState,
  };
}

function describeState({ source, destination, spi, protocol }: StateSpec): string {
  return `${nameOf(protocol)} SPI ${spi} ${pairText(source, destination)}`;
}

function nameOf(protocol: number): string {
  return protocol === IPPROTO_AH ? 'AH' : 'ESP';
}

/** `struct xfrm_usersa_id` */
function encodeId(encoder: Encoder, { destination, spi, protocol }: StateId): void {
  writeAddress(encoder, destination);
  encoder.be32(spi);
  encoder.u16(familyNumber(destination.family));
  encoder.u8(protocol);
  encoder.u8(0);
}

/** `struct xfrm_usersa_info` and its attributes. */
function encodeState(encoder: Encoder, spec: StateSpec): void {
  const { source, destination, mode, extendedSequence = false, replayWindow = 0 } = spec;
  const { family } = destination;
  // Packets of either family go into a tunnel.
  if (mode === 'tunnel') encoder.zeros(SELECTOR_LENGTH);
  else writeSelector(encoder, { family });
  writeAddress(encoder, destination);
  encoder.be32(spec.spi);
  encoder.u8(spec.protocol);
  encoder.zeros(3);
  writeAddress(encoder, source);
  writeNoLimits(encoder);
  encoder.zeros(32 + 12 + 4);
  encoder.u32(spec.requestId);
  encoder.u16(familyNumber(family));
  encoder.u8(MODES.indexOf(mode));
  encoder.u8(0);
  encoder.u8((extendedSequence ? XFRM_STATE_ESN : 0) | (mode === 'tunnel' ? XFRM_STATE_AF_UNSPEC : 0));
  encoder.zeros(7);
  if (spec.encryption) writeAlgorithm(encoder, XFRMA_ALG_CRYPT, spec.encryption);
  if (spec.authentication)
    writeAlgorithm(encoder, XFRMA_ALG_AUTH_TRUNC, spec.authentication, spec.authentication.checkBits);
  if (spec.combined) writeAlgorithm(encoder, XFRMA_ALG_AEAD, spec.combined, spec.combined.checkBits);
  if (extendedSequence || replayWindow > 0) writeReplay(encoder, replayWindow);
  if (spec.udp) writeUdp(encoder, spec.udp);
  if (spec.interfaceId !== undefined) encoder.attributeU32(XFRMA_IF_ID, spec.interfaceId);
}

/** `struct xfrm_lifetime_cfg`: no limits of bytes, packets and time. */
export function writeNoLimits(encoder: Encoder): void {
  for (let limit = 0; limit < 4; limit++) encoder.u64(0xffff_ffff_ffff_ffffn);
  encoder.zeros(32);
}

function writeAlgorithm(encoder: Encoder, type: number, { name, key }: XfrmAlgorithm, checkBits?: number): void {
  const nest = encoder.beginNest(type, 0);
  const text = new Uint8Array(64);
  Buffer.from(text.buffer).write(name, 'latin1');
  encoder.raw(text);
  encoder.u32(key.length * 8);
  if (checkBits !== undefined) encoder.u32(checkBits);
  encoder.raw(key);
  encoder.endNest(nest);
  encoder.pad();
}

/** `struct xfrm_replay_state_esn`, which also serves sequence numbers of 32 bits. */
function writeReplay(encoder: Encoder, window: number): void {
  const nest = encoder.beginNest(XFRMA_REPLAY_ESN_VAL, 0);
  const words = Math.ceil(window / 32);
  encoder.u32(words);
  encoder.zeros(16);
  encoder.u32(window);
  encoder.zeros(words * 4);
  encoder.endNest(nest);
}

/** `struct xfrm_encap_tmpl` */
function writeUdp(encoder: Encoder, { sourcePort, destinationPort }: NonNullable<StateSpec['udp']>): void {
  const nest = encoder.beginNest(XFRMA_ENCAP, 0);
  encoder.u16(UDP_ENCAP_ESPINUDP);
  encoder.be16(sourcePort);
  encoder.be16(destinationPort);
  encoder.u16(0);
  encoder.zeros(16);
  encoder.endNest(nest);
}

type Draft = { -readonly [K in keyof State]: State[K] };

/** Reads XFRM_MSG_NEWSA; undefined for modes that are not ours. */
export function decodeState(message: MessageView): State | undefined {
  const { buffer, payload, end } = message;
  if (end - payload < STATE_LENGTH) return undefined;
  const family: Family = read16(buffer, payload + 212) === AF_INET ? 4 : 6;
  const mode = MODES[buffer[payload + 214]!];
  if (mode === undefined) return undefined;
  const state: Draft = {
    destination: readAddress(buffer, payload + SELECTOR_LENGTH, family),
    spi: buffer.readUInt32BE(payload + 72),
    protocol: buffer[payload + 76]!,
    source: readAddress(buffer, payload + 80, family),
    mode,
    requestId: read32(buffer, payload + 208),
    bytes: read64(buffer, payload + 160),
    packets: Number(read64(buffer, payload + 168)),
  };
  if ((buffer[payload + 216]! & XFRM_STATE_ESN) !== 0) state.extendedSequence = true;
  if (buffer[payload + 215] !== 0) state.replayWindow = buffer[payload + 215]!;
  readAttributes(Attributes.of(message, STATE_LENGTH), state);
  return state;
}

function read64(buffer: Buffer, at: number): bigint {
  return HOST_LITTLE ? buffer.readBigUInt64LE(at) : buffer.readBigUInt64BE(at);
}

function readAttributes(attributes: Attributes, state: Draft): void {
  while (attributes.next()) {
    switch (attributes.type) {
      case XFRMA_ALG_CRYPT:
        state.encryption = readAlgorithm(attributes, 68);
        break;
      case XFRMA_ALG_AUTH_TRUNC:
        state.authentication = {
          ...readAlgorithm(attributes, 72),
          checkBits: attributes.length < 72 ? 0 : attributes.u32(68),
        };
        break;
      case XFRMA_ALG_AEAD:
        state.combined = {
          ...readAlgorithm(attributes, 72),
          checkBits: attributes.length < 72 ? 0 : attributes.u32(68),
        };
        break;
      case XFRMA_REPLAY_ESN_VAL:
        if (attributes.length >= 24 && attributes.u32(20) > 0) state.replayWindow = attributes.u32(20);
        break;
      case XFRMA_IF_ID:
        if (attributes.length >= 4) state.interfaceId = attributes.u32();
        break;
      case XFRMA_ENCAP:
        if (attributes.length >= 6 && attributes.u16() === UDP_ENCAP_ESPINUDP)
          state.udp = { sourcePort: attributes.be16(2), destinationPort: attributes.be16(4) };
        break;
    }
  }
}

function readAlgorithm(attributes: Attributes, header: number): XfrmAlgorithm {
  const bytes = attributes.bytes();
  const end = bytes.indexOf(0);
  return {
    name: Buffer.from(bytes.subarray(0, Math.min(64, end < 0 ? 64 : end))).toString('latin1'),
    key: bytes.slice(header),
  };
}

/** In the order of XFRM_MODE_... */
const MODES: readonly XfrmMode[] = ['transport', 'tunnel'];
const STATE_LENGTH = 224;
export const XFRM_MSG_NEWSA = 0x10;
const XFRM_MSG_DELSA = 0x11;
const XFRM_MSG_GETSA = 0x12;
const XFRM_STATE_AF_UNSPEC = 32;
const XFRM_STATE_ESN = 128;
const XFRMA_ALG_CRYPT = 2;
const XFRMA_ENCAP = 4;
const XFRMA_ALG_AEAD = 18;
const XFRMA_ALG_AUTH_TRUNC = 20;
const XFRMA_REPLAY_ESN_VAL = 23;
export const XFRMA_IF_ID = 31;
const UDP_ENCAP_ESPINUDP = 2;
