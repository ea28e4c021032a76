/** What the kernel engine knows of an applied Linux route (`context.metadata<KernelLinuxRoute>(key)`). */

import type { Ip, Prefix } from '../../model/address.ts';
import type { Namespace } from '../../kernel/namespace/namespace.ts';

export interface KernelLinuxRoute {
  readonly namespace: Namespace;
  readonly destination: Prefix;
  readonly gateway?: Ip;
  /** Index of the device. */
  readonly link: number;
  /** Id of the kernel's routing table: main, or that of the interface's VRF. */
  readonly table: number;
  readonly metric: number;
  /** RT_SCOPE_...; the kernel keeps none for IPv6. */
  readonly scope: number;
  /** The kernel had this very route already (a connected one): it stays when nobody wants it any more. */
  readonly borrowed?: boolean;
}
