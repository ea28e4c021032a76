/** What the kernel engine knows of an applied entry. */

import type { Ip } from '../../model/address.ts';
import type { KernelBridge } from '../bridge-domain/kernel-metadata.ts';

/** Where an entry was put. */
export interface KernelFib {
  readonly bridge: KernelBridge;
  readonly mac: Uint8Array;
  /** FORWARD: index of the port. */
  readonly port?: number;
  /** FORWARD to a tunnel that shares its device with others: its other end. */
  readonly remote?: Ip;
  /** It is the router's own address, which the bridge knows whether there is an entry or not. */
  readonly router?: boolean;
}
