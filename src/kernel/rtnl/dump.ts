import type { Address } from '../netlink/address.ts';
import type { Link } from '../netlink/link.ts';
import type { FdbEntry, Neighbour } from '../netlink/neighbour.ts';
import type { Nexthop } from '../netlink/nexthop.ts';
import type { Route } from '../netlink/route.ts';
import type { Rule } from '../netlink/rule.ts';

/** What one retrieval reads of one namespace. Every list is read at the first call and then shared. */
export interface Dump {
  links(): Promise<readonly Link[]>;
  /** The same links by name and by index. */
  linksByName(): Promise<ReadonlyMap<string, Link>>;
  linksByIndex(): Promise<ReadonlyMap<number, Link>>;
  addresses(): Promise<readonly Address[]>;
  /** All tables, IPv4 and IPv6, without cached entries. */
  routes(): Promise<readonly Route[]>;
  rules(): Promise<readonly Rule[]>;
  /** ARP and ND entries, all states. */
  neighbours(): Promise<readonly Neighbour[]>;
  /** Proxy entries (`ip neigh add proxy`). */
  proxies(): Promise<readonly Neighbour[]>;
  fdb(): Promise<readonly FdbEntry[]>;
  nexthops(): Promise<readonly Nexthop[]>;
}
