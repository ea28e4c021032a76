/** What the kernel engine knows of an applied entry. */

import type { KernelBridge } from '../bridge-domain/kernel-metadata.ts';

/** Where an entry was put. */
export interface KernelFib {
  readonly bridge: KernelBridge;
  readonly mac: Uint8Array;
  /** FORWARD: index of the port. */
  readonly port?: number;
  /** It is the router's own address, which the bridge knows whether there is an entry or not. */
  readonly router?: boolean;
}
