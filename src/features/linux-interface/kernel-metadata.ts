/** What the kernel engine knows of an applied Linux interface (`context.metadata<KernelLinuxInterface>(linuxInterfaceKey(name))`). */

import type { Prefix } from '../../model/address.ts';
import type { Namespace } from '../../kernel/namespace/namespace.ts';

export interface KernelLinuxInterface {
  readonly ifindex: number;
  /** Name of the device. */
  readonly name: string;
  readonly namespace: Namespace;
  /** VRF device: its routing table. */
  readonly table?: number;
}

/** An address that was assigned (`linux.interfaces.interface.address`). */
export interface KernelLinuxAddress {
  readonly ifindex: number;
  readonly namespace: Namespace;
  readonly address: Prefix;
}

/** In which VRF a Linux interface is (`linux.interfaces.interface.vrf`). */
export interface KernelLinuxVrf {
  readonly ifindex: number;
  readonly namespace: Namespace;
  /** Index of the vrf device. */
  readonly device: number;
  /** Its routing table. */
  readonly table: number;
}
