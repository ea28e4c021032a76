import type { Namespace } from '../namespace/namespace.ts';
import type { Address } from '../netlink/address.ts';
import type { Link } from '../netlink/link.ts';
import type { FdbEntry, Neighbour } from '../netlink/neighbour.ts';
import type { Route } from '../netlink/route.ts';
import type { Rule } from '../netlink/rule.ts';

interface Changed<T extends string, V> {
  readonly type: T;
  readonly action: 'set' | 'removed';
  readonly namespace: Namespace;
  readonly value: V;
}

export type KernelEvent =
  | Changed<'link', Link>
  | Changed<'address', Address>
  /** Routes vanish WITHOUT this event when a link goes down or a device loses its last IPv4 address. */
  | Changed<'route', Route>
  | Changed<'rule', Rule>
  | Changed<'neighbour', Neighbour>
  | Changed<'fdb', FdbEntry>
  /** Events were lost (the buffer was full): whatever is known may be wrong. */
  | { readonly type: 'resync' };

export interface Events {
  /**
   * Events of the namespace are delivered as soon as the kernel has a name for it here; then `begun` is called, once: what was
   * before has to be looked at. The vswitch is always watched. Nothing is held open; it ends by itself with the namespace, and with the
   * returned function.
   */
  watch(namespace: Namespace, begun?: () => void): () => void;
  /**
   * Calls `listener` for each event of watched namespaces, in the kernel's order. Addresses, routes, rules and neighbours that
   * this process itself changes are left out, links are not. Returns the function that ends this.
   */
  subscribe(listener: (event: KernelEvent) => void): () => void;
}
