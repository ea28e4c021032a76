/** Numbers of linux/netfilter/nf_tables.h and linux/netfilter/nfnetlink.h, under the kernel's names in camel case. */

export const families = { inet: 1, ip: 2, arp: 3, netdev: 5, bridge: 7, ip6: 10 } as const;
export type Family = keyof typeof families;

/** Hook numbers depend on the family: netdev has its own, inet adds ingress, ARP has its own as well. */
export const inetHooks = { prerouting: 0, input: 1, forward: 2, output: 3, postrouting: 4, ingress: 5 } as const;
export const netdevHooks = { ingress: 0, egress: 1 } as const;
export const arpHooks = { input: 0, output: 1 } as const;
export type Hook = keyof typeof inetHooks | 'egress';

export const subsystem = { conntrack: 1, nftables: 10 } as const;
export const batch = { begin: 16, end: 17 } as const;

export const message = {
  newTable: 0,
  getTable: 1,
  deleteTable: 2,
  newChain: 3,
  getChain: 4,
  deleteChain: 5,
  newRule: 6,
  getRule: 7,
  deleteRule: 8,
  newSet: 9,
  getSet: 10,
  deleteSet: 11,
  newElement: 12,
  getElement: 13,
  deleteElement: 14,
  newGeneration: 15,
  getGeneration: 16,
  trace: 17,
} as const;

/** Attribute numbers by object. */
export const attribute = {
  table: { name: 1, flags: 2, use: 3, handle: 4, userdata: 6 },
  chain: { table: 1, handle: 2, name: 3, hook: 4, policy: 5, use: 6, type: 7, counters: 8, flags: 10, userdata: 12 },
  hook: { number: 1, priority: 2, device: 3, devices: 4 },
  rule: { table: 1, chain: 2, handle: 3, expressions: 4, position: 6, userdata: 7, id: 9, positionId: 10 },
  set: {
    table: 1,
    name: 2,
    flags: 3,
    keyType: 4,
    keyLength: 5,
    dataType: 6,
    dataLength: 7,
    policy: 8,
    description: 9,
    id: 10,
    timeout: 11,
    gcInterval: 12,
    userdata: 13,
    handle: 16,
    expression: 17,
    expressions: 18,
  },
  setDescription: { size: 1, concatenation: 2, fieldLength: 1 },
  elementList: { table: 1, set: 2, elements: 3, setId: 4 },
  element: {
    key: 1,
    data: 2,
    flags: 3,
    timeout: 4,
    expiration: 5,
    userdata: 6,
    expression: 7,
    keyEnd: 10,
    expressions: 11,
  },
  list: { element: 1 },
  data: { value: 1, verdict: 2 },
  verdict: { code: 1, chain: 2 },
  expression: { name: 1, data: 2 },
  generation: { id: 1, processId: 2, processName: 3 },
  trace: {
    table: 1,
    chain: 2,
    rule: 3,
    type: 4,
    verdict: 5,
    id: 6,
    network: 8,
    transport: 9,
    iif: 10,
    oif: 12,
    mark: 14,
    policy: 16,
  },
} as const;

export const setFlag = {
  anonymous: 1,
  constant: 2,
  interval: 4,
  map: 8,
  timeout: 16,
  dynamic: 32,
  concatenation: 128,
  expression: 256,
} as const;
export const elementFlag = { intervalEnd: 1, catchAll: 2 } as const;
export const dataTypeVerdict = 0xffff_ff00;

export const verdictCode = { drop: 0, accept: 1, continue: -1, break: -2, jump: -3, goto: -4, return: -5 } as const;
export const chainFlag = { base: 1 } as const;

/** Types of the userdata TLVs that nft keeps comments and byte orders in (libnftnl/udata.h). */
export const userdata = {
  tableComment: 0,
  chainComment: 0,
  ruleComment: 0,
  set: { keyByteOrder: 0, dataByteOrder: 1, mergeElements: 2, dataInterval: 6, comment: 7 },
  elementComment: 0,
} as const;

/** Longest comment that nft itself accepts, in bytes (NFTNL_UDATA_COMMENT_MAXLEN). */
export const commentLimit = 128;

/** Multicast group of nf_tables changes (NFNLGRP_NFTABLES). */
export const changeGroup = 7;
/** Multicast group of traced packets (NFNLGRP_NFTRACE). */
export const traceGroup = 9;
