/** The NAT table and its sets for VRFs other than 0. */

import { types } from '../../../kernel/nftables/index.ts';
import type { NftSet, Table } from '../../../kernel/nftables/index.ts';
import { tables } from '../../../kernel/pipeline/tables.ts';

export const natTable: Table = { family: 'ip', name: tables.nat44 };

export const vrfSets = {
  /** Inside devices of VRFs: to the chain that marks what leaves the VRF. */
  out: { name: 'vrf-out', key: [types.iface_index], data: 'verdict' },
  insides: { name: 'vrf-insides', key: [types.iface_index] },
  /** Connection mark of a mapping into a VRF: to the chain that marks what goes there. */
  in: { name: 'vrf-in', key: [types.mark], data: 'verdict' },
  /** Zone of a client: likewise, for answers. */
  clients: { name: 'vrf-clients', key: [types.hostShort], data: 'verdict' },
  zones: { name: 'vrf-zones', key: [types.iface_index], data: [types.hostShort] },
  /** Devices with the output feature: to the chain of their VRF's pools. */
  outputs: { name: 'vrf-outputs', key: [types.iface_index], data: 'verdict' },
  /** Zone of a client: to the chain of the pools of its VRF. */
  poolChains: { name: 'vrf-pool-chains', key: [types.hostShort], data: 'verdict' },
  /** What the hash of a client of a VRF can be: addresses. */
  shares: { name: 'vrf-pool-shares', key: [types.mark], data: [types.ipv4_addr], dataInterval: true },
} as const satisfies Record<string, NftSet>;
