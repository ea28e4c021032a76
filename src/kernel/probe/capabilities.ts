/** One construct this kernel has or has not. */
export interface Capability {
  readonly name: string;
  readonly present: boolean;
  /** Why not, e.g. `no vrf devices (Operation not supported)`; empty when present. */
  readonly reason: string;
}

export interface Capabilities {
  /** `6.18.44` */
  readonly kernel: string;
  readonly list: readonly Capability[];
  has(name: string): boolean;
  /** Why `name` cannot be used, or undefined when it can. */
  missing(name: string): string | undefined;
}
