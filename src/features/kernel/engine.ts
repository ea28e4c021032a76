import type { Logger } from '../../app/log/logger.ts';
import type { KernelDriver, KernelLog } from '../../kernel/driver.ts';
import type { Ledger } from '../../kernel/ledger.ts';
import type { Engine } from '../../scheduler/handler.ts';

/** What the kernel side of a feature works with. */
export interface KernelEngine {
  readonly driver: KernelDriver;
  /** Label of the agent: the owner in the marks of everything it makes. */
  readonly owner: string;
  /** Names of host devices that may be taken although they have addresses or a default route (`adopt` in kernel.conf). */
  readonly adopt: ReadonlySet<string>;
  /** Remembers what adopted devices were like. Default: in memory. */
  readonly ledger?: Ledger;
  readonly log?: KernelLog;
  /** Where programs that do a feature's work keep what they run with, and the log for them. Default: a folder for temporary files. */
  readonly daemons?: { readonly directory: string; readonly log: Logger };
  /** VPP is the switch, and the kernel makes the Linux models beside it. */
  readonly besideVpp?: true;
  /** Name of the vswitch namespace when the agent made it (now or in an earlier run): it may be removed with everything in it. */
  readonly madeNamespace?: string;
  /** That namespace was not there when the agent started. */
  readonly isNew?: true;
}

/**
 * Bounds for the scheduler. The kernel answers in microseconds; what takes long (moving and removing devices waits for RCU)
 * runs in few threads, so that a thousand removals need a long deadline.
 */
export const kernelEngine: Engine = { name: 'kernel', concurrency: 4_096, deadline: 60_000 };
