/** The source address of outer headers of segment routing (`ip sr tunsrc`): one for a namespace (linux/seg6_genl.h). */

import { formatIp } from '../../model/address.ts';
import type { Ip } from '../../model/address.ts';
import { GENERIC_HEADER, genericHeader } from './generic-family.ts';
import { Attributes } from './reader.ts';
import type { Query, Request } from './request.ts';

/** Name of the family, for `getFamily`; its number is the first argument of the functions here. */
export const SEG6_FAMILY = 'SEG6';

/** `::` is the kernel's default: an address of the device that the packet leaves by. */
export function setSegmentSource(family: number, address: Ip): Request<Ip> {
  return {
    type: family,
    flags: 0,
    lane: 'quick',
    spec: address,
    encode(encoder, source) {
      genericHeader(encoder, SEG6_CMD_SET_TUNSRC, SEG6_VERSION);
      encoder.attributeBytes(SEG6_ATTR_DST, source.bytes);
    },
    describe: (source) => `set the source of SRv6 packets to ${formatIp(source)}`,
    cost: 5,
  };
}

export function getSegmentSource(family: number): Query<Ip, undefined> {
  return {
    type: family,
    flags: 0,
    spec: undefined,
    encode: (encoder) => genericHeader(encoder, SEG6_CMD_GET_TUNSRC, SEG6_VERSION),
    describe: () => 'read the source of SRv6 packets',
    decode(message) {
      const attributes = Attributes.of(message, GENERIC_HEADER);
      while (attributes.next()) if (attributes.type === SEG6_ATTR_DST) return { family: 6, bytes: attributes.bytes() };
      return undefined;
    },
  };
}

const SEG6_VERSION = 1;
const SEG6_CMD_SET_TUNSRC = 3;
const SEG6_CMD_GET_TUNSRC = 4;
const SEG6_ATTR_DST = 1;
