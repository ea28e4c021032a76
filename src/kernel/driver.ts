/**
 * The kernel driver: what feature handlers use to read and program a Linux network. It knows no feature.
 *
 * @example
 * const driver = await createKernelDriver({ namespace: 'vswitch', log });
 * const rtnl = driver.rtnl(driver.vswitch);
 * await rtnl.request(createLink({ name: 'br0', kind: { type: 'bridge' }, up: true }));
 * const bridge = await rtnl.get(getLink({ name: 'br0' }));
 */

import type { Conntrack } from './conntrack/conntrack.ts';
import type { Events } from './events/events.ts';
import type { Ledger } from './ledger.ts';
import type { Namespace, Namespaces } from './namespace/namespace.ts';
import type { Nftables } from './nftables/port.ts';
import type { Dump } from './rtnl/dump.ts';
import type { Rtnl } from './rtnl/port.ts';
import type { Capabilities } from './probe/capabilities.ts';
import type { Sysctls } from './sysctl/sysctl.ts';

export interface KernelDriverOptions {
  /** Name (in `namespaceDirectory`) of the namespace that plays the vswitch. Default: the one of this process. */
  readonly namespace?: string;
  /** Where named namespaces are. Default `/var/run/netns`; rootless agents use a directory of their own. */
  readonly namespaceDirectory?: string;
  readonly log?: KernelLog;
  /** Remembers original values. Default: in memory. */
  readonly ledger?: Ledger;
  /** Names of capabilities to do without although this kernel may have them: for tests. */
  readonly without?: readonly string[];
}

/** The part of a pino logger that is used. */
export interface KernelLog {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

export interface KernelDriver {
  /** The namespace that plays the vswitch. */
  readonly vswitch: Namespace;
  /** The namespace this process started in. */
  readonly own: Namespace;
  readonly namespaces: Namespaces;
  /** The request port of a namespace. Cheap; the same port for the same namespace. */
  rtnl(namespace: Namespace): Rtnl;
  /** The same for IPsec: `netlink/xfrm-*.ts`. */
  xfrm(namespace: Namespace): Rtnl;
  /** The same for families that have a name: `netlink/generic-family.ts`. */
  generic(namespace: Namespace): Rtnl;
  /** Reads of one retrieval: each list is read once for all handlers that pass the same session. */
  dump(session: object, namespace: Namespace): Dump;
  /** nftables of a namespace. What is asked for until the event loop is idle goes to the kernel as one transaction. */
  nft(namespace: Namespace): Nftables;
  /** Connections of a namespace. */
  conntrack(namespace: Namespace): Conntrack;
  sysctl(namespace: Namespace): Sysctls;
  readonly events: Events;
  /** What this kernel can do; tried once, in a throw-away namespace, at the first call. */
  capabilities(): Promise<Capabilities>;
  /**
   * Runs `work` with the thread in that namespace and comes back, whatever happens. `work` must be synchronous and short, and
   * must not keep a descriptor of someone else's namespace open after its operation.
   */
  within<T>(namespace: Namespace, work: () => T): T;
  /** Resolves when everything asked for so far has been answered. */
  idle(): Promise<void>;
  close(): Promise<void>;
}
