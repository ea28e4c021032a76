/** VNIs that a VXLAN device with a VNI filter takes (RTM_NEWTUNNEL, kernel 5.18 and later). */

import type { Ip } from '../../model/address.ts';
import * as rt from './constants.ts';
import { Attributes, read32 } from './reader.ts';
import type { Query, Request } from './request.ts';

export interface VniSpec {
  /** Index of the VXLAN device. */
  readonly link: number;
  readonly first: number;
  /** Default: `first`. */
  readonly last?: number;
  /** Where frames of these VNIs go when no forwarding entry says so. */
  readonly remote?: Ip;
}

export function addVni(spec: VniSpec): Request<VniSpec> {
  return request(rt.RTM_NEWTUNNEL, rt.NLM_F_CREATE, spec, 'add');
}

export function deleteVni(spec: VniSpec): Request<VniSpec> {
  return request(rt.RTM_DELTUNNEL, 0, spec, 'delete');
}

export function listVnis(link: number): Query<readonly VniSpec[], number> {
  return {
    type: rt.RTM_GETTUNNEL,
    flags: rt.NLM_F_DUMP,
    spec: link,
    encode(encoder) {
      encoder.u8(rt.AF_BRIDGE);
      encoder.zeros(3);
      encoder.u32(link);
    },
    describe: () => `list VNIs of link #${link}`,
    decode(message) {
      const vnis: VniSpec[] = [];
      const entries = Attributes.of(message, 8);
      while (entries.next())
        if (entries.type === ENTRY) vnis.push(readEntry(entries.nested(), read32(message.buffer, message.payload + 4)));
      return vnis;
    },
  };
}

function request(type: number, flags: number, spec: VniSpec, verb: string): Request<VniSpec> {
  return {
    type,
    flags,
    lane: 'quick',
    spec,
    encode(encoder, { link, first, last, remote }) {
      encoder.u8(rt.AF_BRIDGE); // struct tunnel_msg
      encoder.zeros(3);
      encoder.u32(link);
      const entry = encoder.beginNest(ENTRY);
      encoder.attributeU32(START, first);
      if (last !== undefined) encoder.attributeU32(END, last);
      if (remote) encoder.attributeBytes(remote.family === 4 ? GROUP : GROUP6, remote.bytes);
      encoder.endNest(entry);
    },
    describe: ({ link, first }) => `${verb} VNI ${first} of link #${link}`,
    cost: 20,
  };
}

function readEntry(entry: Attributes, link: number): VniSpec {
  const draft: { -readonly [K in keyof VniSpec]: VniSpec[K] } = { link, first: 0 };
  while (entry.next()) {
    if (entry.type === START) draft.first = entry.u32();
    else if (entry.type === END) draft.last = entry.u32();
    else if (entry.type === GROUP) draft.remote = { family: 4, bytes: entry.bytes() };
    else if (entry.type === GROUP6) draft.remote = { family: 6, bytes: entry.bytes() };
  }
  return draft;
}

const ENTRY = 1;
const START = 1;
const END = 2;
const GROUP = 3;
const GROUP6 = 4;
