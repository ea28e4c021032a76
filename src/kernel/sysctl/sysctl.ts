/** Kernel parameters of one namespace. Paths are relative to /proc/sys, with slashes: `net/ipv4/conf/eth0/forwarding`. */
export interface Sysctls {
  /** Value without the final newline, or undefined when there is no such parameter. */
  read(path: string): Promise<string | undefined>;
  /**
   * Sets it, after its original value was written to the ledger (once). Writes of one turn of the event loop go together.
   * Rejects with KernelError ENOENT when there is no such parameter.
   */
  write(path: string, value: string | number): Promise<void>;
  /** Gives one parameter its original value back and forgets it. */
  restore(path: string): Promise<void>;
  /** Gives everything changed in this namespace its original value back. What is gone is left out. */
  restoreAll(): Promise<void>;
}
