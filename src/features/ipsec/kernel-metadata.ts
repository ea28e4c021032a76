/** What the kernel engine knows of applied IPsec objects. */

import type { Ip } from '../../model/address.ts';
import type { TunnelArrival } from './kernel/packet-table.ts';

/** Where an association is used, and so what it is in the kernel. */
export interface AssociationUse {
  readonly mode: 'transport' | 'tunnel';
  readonly source: Ip;
  readonly destination: Ip;
  /** Of an IPSEC_TUNNEL: the number of its device. */
  readonly interfaceId?: number;
}

/** Metadata of an interface of a database (`context.metadata<KernelSpdInterface>(spdInterfaceKey(index, name))`). */
export interface KernelSpdInterface {
  /** Index of the device. */
  readonly link: number;
  /** Its name. */
  readonly device: string;
  /** What marks packets that came in by it. */
  readonly number: number;
}

/** Metadata of a tunnel protection: what was made for it. */
export interface KernelProtection {
  /** Indices of the associations it uses. */
  readonly associations: readonly number[];
  /** What has to be decrypted when it comes in. */
  readonly arrivals: readonly TunnelArrival[];
}
