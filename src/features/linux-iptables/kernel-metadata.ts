/** What the kernel engine knows of an applied rule chain. */

import type { Namespace } from '../../kernel/namespace/namespace.ts';

export interface KernelRuleChain {
  readonly namespace: Namespace;
  /** The rules as iptables-save prints them; undefined until they were read. */
  readonly saved?: readonly string[];
}
