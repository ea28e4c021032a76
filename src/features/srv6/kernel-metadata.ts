/** What the kernel engine knows of an applied SRv6 policy (`context.metadata<KernelPolicy>(srPolicyKey(bsid))`). */

import type { Ip, Prefix } from '../../model/address.ts';

/** The kernel's route of a segment, a policy or what is steered. */
export interface SegmentPlace {
  readonly destination: Prefix;
  /** Id of the kernel's routing table. */
  readonly table: number;
  readonly metric: number;
}

export interface SegmentPath {
  /** Share of the traffic, 1-256. */
  readonly weight: number;
  /** In the order of travel. */
  readonly segments: readonly Ip[];
}

export interface KernelPolicy {
  /** Of the binding segment. */
  readonly place: SegmentPlace;
  /** True: packets get an outer header; false: the segments are put into the packet. */
  readonly encapsulates: boolean;
  readonly paths: readonly SegmentPath[];
}
