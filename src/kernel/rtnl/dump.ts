import { listAddresses } from '../netlink/address.ts';
import type { Address } from '../netlink/address.ts';
import { listLinks } from '../netlink/link.ts';
import type { Link } from '../netlink/link.ts';
import { listFdb, listNeighbours } from '../netlink/neighbour.ts';
import type { FdbEntry, Neighbour } from '../netlink/neighbour.ts';
import { listNexthops } from '../netlink/nexthop.ts';
import type { Nexthop } from '../netlink/nexthop.ts';
import { listRoutes } from '../netlink/route.ts';
import type { Route } from '../netlink/route.ts';
import { listRules } from '../netlink/rule.ts';
import type { Rule } from '../netlink/rule.ts';
import type { Rtnl } from './port.ts';

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

/** Reads lists through `rtnl`, each once. */
export class SharedDump implements Dump {
  readonly #rtnl: Rtnl;
  readonly #lists = new Map<string, Promise<unknown>>();

  constructor(rtnl: Rtnl) {
    this.#rtnl = rtnl;
  }

  links(): Promise<readonly Link[]> {
    return this.#once('links', () => this.#rtnl.dump(listLinks()));
  }

  linksByName(): Promise<ReadonlyMap<string, Link>> {
    return this.#once('linksByName', async () => new Map((await this.links()).map((link) => [link.name, link])));
  }

  linksByIndex(): Promise<ReadonlyMap<number, Link>> {
    return this.#once('linksByIndex', async () => new Map((await this.links()).map((link) => [link.index, link])));
  }

  addresses(): Promise<readonly Address[]> {
    return this.#once('addresses', () => this.#rtnl.dump(listAddresses()));
  }

  routes(): Promise<readonly Route[]> {
    return this.#once('routes', () => this.#rtnl.dump(listRoutes()));
  }

  rules(): Promise<readonly Rule[]> {
    return this.#once('rules', () => this.#rtnl.dump(listRules()));
  }

  neighbours(): Promise<readonly Neighbour[]> {
    return this.#once('neighbours', () => this.#rtnl.dump(listNeighbours()));
  }

  proxies(): Promise<readonly Neighbour[]> {
    return this.#once('proxies', () => this.#rtnl.dump(listNeighbours({ proxies: true })));
  }

  fdb(): Promise<readonly FdbEntry[]> {
    return this.#once('fdb', () => this.#rtnl.dump(listFdb()));
  }

  nexthops(): Promise<readonly Nexthop[]> {
    return this.#once('nexthops', () => this.#rtnl.dump(listNexthops()));
  }

  /** A list that could not be read is tried again by the next who asks. */
  #once<T>(name: string, read: () => Promise<T>): Promise<T> {
    const known = this.#lists.get(name) as Promise<T> | undefined;
    if (known) return known;
    const list = read();
    this.#lists.set(name, list);
    list.catch(() => this.#lists.delete(name));
    return list;
  }
}
