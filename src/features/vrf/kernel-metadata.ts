/** What the kernel engine knows of an applied VRF table (`context.metadata<KernelVrf>(vrfTableKey(id, family))`). */

export interface KernelVrf {
  /** Index of the vrf device that both families share; undefined of VRF 0 and where rules make the VRF. */
  readonly ifindex?: number;
  /** Where rules make the VRF: what its packets are marked with. */
  readonly mark?: number;
  /** Id of the kernel's routing table. */
  readonly table: number;
}

/** Name of the vrf device of a VRF other than 0; 15 characters for the largest id. */
export function vrfDeviceName(id: number): string {
  return `vrf-${id}`;
}
