/** What the kernel engine knows of an applied interface (`context.metadata<KernelInterface>(interfaceKey(name))`). */

import { fnv1a } from '../fnv1a.ts';
import type { Namespace } from '../../kernel/namespace/namespace.ts';

/** A device in the namespace that plays the vswitch. */
export interface KernelDevice {
  readonly ifindex: number;
  readonly name: string;
}

export interface KernelInterface extends KernelDevice {
  /** The device that becomes the port of a bridge: the other end of the pair for a loopback (as BVI), else the device itself. */
  readonly port: KernelDevice;
  /** SUB_INTERFACE whose frames have several tags in layer 2: the device where they have them, for cross-connects; `port`, too. */
  readonly frames?: KernelDevice;
  /** TAP: the end for the host or a pod. */
  readonly farEnd?: FarEnd;
  /** Found, but not whole (a crash in the middle of making it): has to be made anew. */
  readonly broken?: true;
  /** Several interfaces share this device (VXLAN tunnels of one VNI). */
  readonly shared?: boolean;
}

/** The far end of a TAP as it was created; the Linux interface that refers to it takes it from there. */
export interface FarEnd {
  readonly ifindex: number;
  readonly name: string;
  readonly namespace: Namespace;
  /** Its name in the agent's namespace while no Linux interface has it. */
  readonly home: string;
  /** What it was made with, as long as it is as it was made: the first Linux interface that takes it need not look for it. */
  readonly made?: { readonly physAddress: string; readonly mtu: number };
}

/** In which VRF a device is (`vpp.interfaces.vrf`, `vpp.interfaces.inherited-vrf`). */
export interface KernelInterfaceVrf {
  readonly ifindex: number;
  readonly vrf: number;
  /** Index of the vrf device; undefined: in the main table, in a VRF by rules, or only its outer packets are in the VRF. */
  readonly device: number | undefined;
  /** Name of the device, where rules with it put it in the VRF. */
  readonly ruled?: string;
}

/** What ties the associations and policies of an IPSEC_TUNNEL to its device (if_id): from its name, never 0 (FNV-1a). */
export function securityInterfaceId(name: string): number {
  return fnv1a(name) || 1;
}
