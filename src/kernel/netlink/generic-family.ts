/** Generic netlink: families that have a name, and a number that the kernel gives them when it starts (linux/genetlink.h). */

import type { Encoder } from './encoder.ts';
import { Attributes } from './reader.ts';
import type { Query } from './request.ts';

/** The number of a family, which is the type of its messages; undefined when this kernel has none of that name. */
export function getFamily(name: string): Query<number, string> {
  return {
    type: GENL_ID_CTRL,
    flags: 0,
    spec: name,
    encode(encoder, family) {
      genericHeader(encoder, GET_FAMILY.command, GET_FAMILY.version);
      nameFamily(encoder, family);
    },
    describe: (family) => `look up the netlink family ${family}`,
    decode: (message) => numberOfFamily(Attributes.of(message, GENERIC_HEADER)),
  };
}

/** Command and version of the question for a family. */
export const GET_FAMILY = { command: 3, version: 1 } as const;

export function nameFamily(encoder: Encoder, family: string): void {
  encoder.attributeString(CTRL_ATTR_FAMILY_NAME, family);
}

/** Of the answer; undefined when it has none. */
export function numberOfFamily(attributes: Attributes): number | undefined {
  while (attributes.next()) if (attributes.type === CTRL_ATTR_FAMILY_ID) return attributes.u16();
  return undefined;
}

/** struct genlmsghdr */
export function genericHeader(encoder: Encoder, command: number, version: number): void {
  encoder.u8(command);
  encoder.u8(version);
  encoder.u16(0);
}

/** Bytes before the attributes. */
export const GENERIC_HEADER = 4;

export const GENL_ID_CTRL = 16;
const CTRL_ATTR_FAMILY_ID = 1;
const CTRL_ATTR_FAMILY_NAME = 2;
