/** Namespace ids: how one namespace calls another (RTM_NEWNSID, RTM_GETNSID). */

import type { Namespace } from '../namespace/namespace.ts';
import * as rt from './constants.ts';
import type { Encoder } from './encoder.ts';
import { Attributes } from './reader.ts';
import type { MessageView } from './reader.ts';
import type { Query, Request } from './request.ts';

/** Gives `namespace` an id, the kernel's choice; EEXIST when it has one. */
export function assignNamespaceId(namespace: Namespace): Request<Namespace> {
  return {
    type: rt.RTM_NEWNSID,
    flags: 0,
    lane: 'quick',
    spec: namespace,
    encode(encoder, target) {
      encode(encoder, target);
      encoder.attributeU32(NETNSA_NSID, 0xffffffff);
    },
    describe: (target) => `assign an id to namespace ${target.label}`,
    cost: 10,
  };
}

/** The id of `namespace`; -1 when it has none. */
export function getNamespaceId(namespace: Namespace): Query<number, Namespace> {
  return {
    type: rt.RTM_GETNSID,
    flags: 0,
    spec: namespace,
    encode,
    describe: (target) => `get the id of namespace ${target.label}`,
    decode: decodeNamespaceId,
  };
}

function encode(encoder: Encoder, namespace: Namespace): void {
  encoder.u32(0); // struct rtgenmsg
  encoder.attributeNamespace(NETNSA_FD, namespace);
}

/** Reads RTM_NEWNSID and RTM_DELNSID. */
export function decodeNamespaceId(message: MessageView): number | undefined {
  const attributes = Attributes.of(message, 4);
  while (attributes.next()) if (attributes.type === NETNSA_NSID) return attributes.s32();
  return undefined;
}

const NETNSA_NSID = 1;
const NETNSA_FD = 3;
