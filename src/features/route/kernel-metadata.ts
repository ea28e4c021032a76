/** What the kernel engine knows of an applied route (`context.metadata<KernelRoute>(key)`). */

import type { Ip, Prefix } from '../../model/address.ts';
import type { Encapsulation } from '../../kernel/netlink/route.ts';

/** What a path does with its packets. */
export interface KernelWay {
  /** `throw`: looked up in the main table in place of this one (a leak into VRF 0). */
  readonly type: 'unicast' | 'blackhole' | 'throw';
  readonly gateway?: Ip;
  /** Index of the device. */
  readonly link?: number;
  /** Where outside the peer of a tunnel is that takes it from the route. */
  readonly encapsulation?: Encapsulation;
}

/** One path, and the kernel's route it is a path of. */
export interface KernelRoute extends KernelWay {
  readonly destination: Prefix;
  /** Id of the kernel's routing table. */
  readonly table: number;
  readonly metric: number;
}
