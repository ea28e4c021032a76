/** What the kernel engine knows of proxy ARP on an interface. */

export interface KernelProxyArpInterface {
  /** Name of the device. */
  readonly device: string;
  /** Whose ranges count there. */
  readonly vrf: number;
  /** MAC address that answers have, canonical. */
  readonly mac: string;
}
