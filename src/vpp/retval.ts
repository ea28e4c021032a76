/** What VPP's negative answers are called (`vnet/api_errno.h`; numbers are never given to another error) and what they mean. */

export interface Retval {
  /** VPP's name, e.g. `INVALID_SW_IF_INDEX`; `ERROR_-999` for a number that has none. */
  readonly name: string;
  /** In words. */
  readonly meaning: string;
  /** The same request will fail again: the request itself, or this VPP, is at fault. */
  readonly permanent: boolean;
}

export function describeRetval(retval: number): Retval {
  const name = names.get(retval) ?? `ERROR_${retval}`;
  return { name, meaning: meanings[name] ?? name.toLowerCase().replaceAll('_', ' '), permanent: PERMANENT.has(name) };
}

/** The number of a name, e.g. -6 for `NO_SUCH_ENTRY`. */
export function retvalOf(name: string): number | undefined {
  for (const [retval, known] of names) if (known === name) return retval;
  return undefined;
}

const meanings: Readonly<Record<string, string>> = {
  UNSPECIFIED: 'VPP does not say why; its log may',
  INVALID_SW_IF_INDEX: 'there is no such interface',
  NO_SUCH_FIB: 'there is no such VRF table',
  NO_SUCH_INNER_FIB: 'there is no such inner VRF table',
  NO_SUCH_ENTRY: 'there is no such object',
  INVALID_VALUE: 'a value that VPP does not accept',
  INVALID_VALUE_2: 'a second value that VPP does not accept',
  INVALID_VALUE_3: 'a third value that VPP does not accept',
  INVALID_VALUE_4: 'a fourth value that VPP does not accept',
  UNIMPLEMENTED: 'VPP or the driver of the interface cannot do it',
  FEATURE_DISABLED: 'the feature is switched off',
  INVALID_REGISTRATION: 'registered already, not registered, or the number is taken',
  NO_MATCHING_INTERFACE: 'no interface fits',
  INVALID_VLAN: 'the VLAN number is not accepted',
  VLAN_ALREADY_EXISTS: 'the VLAN is there already',
  INVALID_SRC_ADDRESS: 'the source address is not accepted; a prefix must have no host bits',
  INVALID_DST_ADDRESS: 'the destination address is not accepted; a prefix must have no host bits',
  ADDRESS_LENGTH_MISMATCH: 'the prefix length does not suit the address',
  ADDRESS_NOT_FOUND_FOR_INTERFACE: 'the interface has no such address',
  ADDRESS_NOT_DELETABLE: 'the address cannot be removed',
  SUBIF_ALREADY_EXISTS: 'there is a sub-interface of that number or memif of that id already',
  INVALID_INTERFACE: 'there is no such interface, or the id is taken',
  INVALID_ARGUMENT: 'an argument that VPP does not accept',
  UNEXPECTED_INTF_STATE: 'the interface or socket is in use or in another state',
  TUNNEL_EXIST: 'there is a tunnel between these ends already',
  IF_ALREADY_EXISTS: 'there is such an interface already',
  VALUE_EXIST: 'it is set already',
  SAME_SRC_DST: 'source and destination are the same',
  ADDRESS_IN_USE: 'the address, or one of its network, is on an interface of the same VRF already',
  DUPLICATE_IF_ADDRESS: 'the address, or one of its network, is on an interface of the same VRF already',
  ADDRESS_FOUND_FOR_INTERFACE: 'the interface has an address: it cannot change its VRF',
  ENTRY_ALREADY_EXISTS: 'it is there already',
  BD_ALREADY_EXISTS: 'there is such a bridge domain already',
  BD_IN_USE: 'the bridge domain still has interfaces',
  BD_ALREADY_HAS_BVI: 'the bridge domain has a virtual interface already',
  UNSUPPORTED: 'VPP does not support it here',
  ACL_IN_USE_INBOUND: 'the access list is applied to packets that come in',
  ACL_IN_USE_OUTBOUND: 'the access list is applied to packets that go out',
  INSTANCE_IN_USE: 'the number is taken',
  LIMIT_EXCEEDED: 'there are too many',
  EAGAIN: 'more follows, or try again',
  BUSY: 'VPP is busy with it',
  BUG: 'VPP found a bug of its own',
  INVALID_PREFIX_LENGTH: 'the prefix length is out of range',
};

/** What the same request cannot succeed with later, whatever happens to other objects meanwhile. */
const PERMANENT: ReadonlySet<string> = new Set([
  'UNIMPLEMENTED',
  'INVALID_VLAN',
  'ADDRESS_LENGTH_MISMATCH',
  'INVALID_PREFIX_LENGTH',
  'INVALID_SRC_ADDRESS',
  'INVALID_DST_ADDRESS',
  'SAME_SRC_DST',
  'UNSUPPORTED',
  'IP_PREFIX_INVALID',
  'INVALID_ALGORITHM',
  'KEY_LENGTH',
]);

/** Runs of names with consecutive numbers, downwards from the one given. */
const runs: readonly (readonly [first: number, names: string])[] = [
  [
    -1,
    'UNSPECIFIED INVALID_SW_IF_INDEX NO_SUCH_FIB NO_SUCH_INNER_FIB NO_SUCH_LABEL NO_SUCH_ENTRY INVALID_VALUE INVALID_VALUE_2 UNIMPLEMENTED INVALID_SW_IF_INDEX_2 SYSCALL_ERROR_1 SYSCALL_ERROR_2 SYSCALL_ERROR_3 SYSCALL_ERROR_4 SYSCALL_ERROR_5 SYSCALL_ERROR_6 SYSCALL_ERROR_7 SYSCALL_ERROR_8 SYSCALL_ERROR_9 SYSCALL_ERROR_10',
  ],
  [-30, 'FEATURE_DISABLED INVALID_REGISTRATION'],
  [
    -50,
    'NEXT_HOP_NOT_IN_FIB UNKNOWN_DESTINATION NO_PATHS_IN_ROUTE NEXT_HOP_NOT_FOUND_MP NO_MATCHING_INTERFACE INVALID_VLAN VLAN_ALREADY_EXISTS INVALID_SRC_ADDRESS INVALID_DST_ADDRESS ADDRESS_LENGTH_MISMATCH ADDRESS_NOT_FOUND_FOR_INTERFACE ADDRESS_NOT_DELETABLE IP6_NOT_ENABLED NO_SUCH_NODE NO_SUCH_NODE2 NO_SUCH_TABLE NO_SUCH_TABLE2 NO_SUCH_TABLE3 SUBIF_ALREADY_EXISTS SUBIF_CREATE_FAILED INVALID_MEMORY_SIZE INVALID_INTERFACE INVALID_VLAN_TAG_COUNT INVALID_ARGUMENT UNEXPECTED_INTF_STATE TUNNEL_EXIST INVALID_DECAP_NEXT RESPONSE_NOT_READY NOT_CONNECTED IF_ALREADY_EXISTS BOND_SLAVE_NOT_ALLOWED VALUE_EXIST SAME_SRC_DST IP6_MULTICAST_ADDRESS_NOT_PRESENT SR_POLICY_NAME_NOT_PRESENT NOT_RUNNING_AS_ROOT ALREADY_CONNECTED UNSUPPORTED_JNI_VERSION IP_PREFIX_INVALID INVALID_WORKER LISP_DISABLED CLASSIFY_TABLE_NOT_FOUND INVALID_EID_TYPE CANNOT_CREATE_PCAP_FILE INCORRECT_ADJACENCY_TYPE EXCEEDED_NUMBER_OF_RANGES_CAPACITY EXCEEDED_NUMBER_OF_PORTS_CAPACITY INVALID_ADDRESS_FAMILY INVALID_SUB_SW_IF_INDEX TABLE_TOO_BIG CANNOT_ENABLE_DISABLE_FEATURE BFD_EEXIST BFD_ENOENT BFD_EINUSE BFD_NOTSUPP ADDRESS_IN_USE ADDRESS_NOT_IN_USE QUEUE_FULL APP_UNSUPPORTED_CFG URI_FIFO_CREATE_FAILED LISP_RLOC_LOCAL BFD_EAGAIN INVALID_GPE_MODE LISP_GPE_ENTRIES_PRESENT ADDRESS_FOUND_FOR_INTERFACE SESSION_CONNECT ENTRY_ALREADY_EXISTS SVM_SEGMENT_CREATE_FAIL APPLICATION_NOT_ATTACHED BD_ALREADY_EXISTS BD_IN_USE BD_NOT_MODIFIABLE BD_ID_EXCEED_MAX SUBIF_DOESNT_EXIST L2_MACS_EVENT_CLINET_PRESENT INVALID_QUEUE UNSUPPORTED DUPLICATE_IF_ADDRESS APP_INVALID_NS APP_WRONG_NS_SECRET APP_CONNECT_SCOPE APP_ALREADY_ATTACHED SESSION_REDIRECT ILLEGAL_NAME NO_NAME_SERVERS NAME_SERVER_NOT_FOUND NAME_RESOLUTION_NOT_ENABLED NAME_SERVER_FORMAT_ERROR NAME_SERVER_NO_SUCH_NAME NAME_SERVER_NO_ADDRESSES NAME_SERVER_NEXT_SERVER APP_CONNECT_FILTERED ACL_IN_USE_INBOUND ACL_IN_USE_OUTBOUND INIT_FAILED NETLINK_ERROR BIER_BSL_UNSUP INSTANCE_IN_USE INVALID_SESSION_ID ACL_IN_USE_BY_LOOKUP_CONTEXT INVALID_VALUE_3 NON_ETHERNET BD_ALREADY_HAS_BVI INVALID_PROTOCOL INVALID_ALGORITHM RSRC_IN_USE KEY_LENGTH FIB_PATH_UNSUPPORTED_NH_PROTO',
  ],
  [
    -159,
    'API_ENDIAN_FAILED NO_CHANGE MISSING_CERT_KEY LIMIT_EXCEEDED IKE_NO_PORT UDP_PORT_TAKEN EAGAIN INVALID_VALUE_4 BUSY BUG FEATURE_ALREADY_DISABLED FEATURE_ALREADY_ENABLED INVALID_PREFIX_LENGTH',
  ],
];

const names: ReadonlyMap<number, string> = new Map(
  runs.flatMap(([first, text]) => text.split(' ').map((name, index) => [first - index, name] as const)),
);
