/** What the kernel engine knows of an applied VRF table (`context.metadata<KernelVrf>(vrfTableKey(id, family))`). */

export interface KernelVrf {
  /** Index of the vrf device that both families share; undefined on a kernel without vrf devices. */
  readonly ifindex?: number;
  /** Id of the kernel's routing table. */
  readonly table: number;
}
