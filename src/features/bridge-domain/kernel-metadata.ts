/** What the kernel engine knows of an applied bridge domain, for handlers of other features. */

import { tables } from '../../kernel/pipeline/index.ts';
import { types } from '../../kernel/nftables/index.ts';
import type { NftSet } from '../../kernel/nftables/index.ts';

/** `context.metadata<KernelBridge>(bridgeDomainKey(name))` */
export interface KernelBridge {
  readonly ifindex: number;
  /** Of the bridge device. */
  readonly name: string;
}

/** `context.metadata<KernelBridgePort>(bridgeDomainInterfaceKey(domain, name))` */
export interface KernelBridgePort {
  readonly bridge: KernelBridge;
  /** The device that is the port. */
  readonly ifindex: number;
  readonly name: string;
  /** Several interfaces share it. */
  readonly shared: boolean;
  /** Router's own port: hardware address of the router, which the bridge knows without learning. */
  readonly routerAddress?: Uint8Array;
}

/** The table that filters bridged frames. It is there as long as there is a bridge domain. */
export const bridgeTable = { family: 'bridge', name: tables.bridgeDomain } as const;

/** Frames to these addresses are dropped by the bridge. */
export function dropSetOf({ name }: Pick<KernelBridge, 'name'>): NftSet {
  return { name: `drops-${name}`, key: [types.ether_addr] };
}
