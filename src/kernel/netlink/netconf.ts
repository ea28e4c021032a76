/** Parameters of interfaces that the kernel tells by netlink (RTM_GETNETCONF). Setting them is a matter of sysctls. */

import type { Family } from '../../model/address.ts';
import * as rt from './constants.ts';
import { Attributes } from './reader.ts';
import type { Query } from './request.ts';

export interface Netconf {
  readonly family: Family;
  /** Index of the link; -1: `all`, -2: `default`. */
  readonly link: number;
  readonly forwarding: boolean;
  /** 0 off, 1 strict, 2 loose (IPv4). */
  readonly reversePathFilter?: number;
  readonly proxyNeighbour?: boolean;
  readonly ignoreRoutesWithLinkDown?: boolean;
}

/** All interfaces of one family. */
export function listNetconf(family: Family): Query<Netconf, Family> {
  return {
    type: rt.RTM_GETNETCONF,
    flags: rt.NLM_F_DUMP,
    spec: family,
    encode: (encoder) => encoder.u32(rt.familyNumber(family)), // struct netconfmsg: family, padded
    describe: () => `list IPv${family} parameters of links`,
    decode(message) {
      const draft: { -readonly [K in keyof Netconf]: Netconf[K] } = { family, link: 0, forwarding: false };
      const attributes = Attributes.of(message, 1);
      while (attributes.next()) {
        if (attributes.type === NETCONFA_IFINDEX) draft.link = attributes.s32();
        else if (attributes.type === NETCONFA_FORWARDING) draft.forwarding = attributes.u32() !== 0;
        else if (attributes.type === NETCONFA_RP_FILTER) draft.reversePathFilter = attributes.u32();
        else if (attributes.type === NETCONFA_PROXY_NEIGH) draft.proxyNeighbour = attributes.u32() !== 0;
        else if (attributes.type === NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN)
          draft.ignoreRoutesWithLinkDown = attributes.u32() !== 0;
      }
      return draft;
    },
  };
}

const NETCONFA_IFINDEX = 1;
const NETCONFA_FORWARDING = 2;
const NETCONFA_RP_FILTER = 3;
const NETCONFA_PROXY_NEIGH = 5;
const NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN = 6;
