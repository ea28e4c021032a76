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
      genericHeader(encoder, CTRL_CMD_GETFAMILY, 1);
      encoder.attributeString(CTRL_ATTR_FAMILY_NAME, family);
    },
    describe: (family) => `look up the netlink family ${family}`,
    decode(message) {
      const attributes = Attributes.of(message, GENERIC_HEADER);
      while (attributes.next()) if (attributes.type === CTRL_ATTR_FAMILY_ID) return attributes.u16();
      return undefined;
    },
  };
}

/** struct genlmsghdr */
export function genericHeader(encoder: Encoder, command: number, version: number): void {
  encoder.u8(command);
  encoder.u8(version);
  encoder.u16(0);
}

/** Bytes before the attributes. */
export const GENERIC_HEADER = 4;

const GENL_ID_CTRL = 16;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_ATTR_FAMILY_ID = 1;
const CTRL_ATTR_FAMILY_NAME = 2;
