/**
 * Addresses that the vswitch answers for although no interface has them: external addresses of mappings and pools. Each is a
 * local route: it makes the kernel answer ARP for the address, and keeps what no mapping takes from being routed on.
 */

import { formatIp, parseIp } from '../../../model/address.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { deleteRoute, replaceRoute } from '../../../kernel/netlink/route.ts';
import type { Route, RouteSpec } from '../../../kernel/netlink/route.ts';
import { routeProtocols } from '../../../kernel/pipeline/numbers.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';

/** RT_TABLE_LOCAL, and the index that `lo` has in every namespace. */
const localTable = 255;
const loopback = 1;
/** RT_SCOPE_HOST */
const hostScope = 254;
/** Beside the kernel's own route (metric 0) for the same address of an interface, not in its place. */
const metric = 77;

function routeTo(address: string, table = localTable): RouteSpec {
  return {
    destination: { address: parseIp(address)!, length: 32 },
    table,
    type: 'local',
    link: loopback,
    scope: hostScope,
    protocol: routeProtocols.natAddress,
    metric,
  };
}

/** The address of a route of ours. */
export function ownAddress({ table, protocol, destination, type }: Route): string | undefined {
  const own = protocol === routeProtocols.natAddress && table === localTable && type === 'local';
  return own ? formatIp(destination.address) : undefined;
}

/** Table and address of a route of ours in the table of a VRF. */
export function ownVrfAddress({ table, protocol, destination, type }: Route): string | undefined {
  const own = protocol === routeProtocols.natAddress && table !== localTable && type === 'local';
  return own ? `${table} ${formatIp(destination.address)}` : undefined;
}

/** Several objects may need the same address: it is there as long as one does. */
export class NatAddresses {
  readonly #rtnl: Rtnl;
  readonly #users = new Map<string, Set<string>>();
  /** Tables of VRFs with an outside interface: that one answers, too. */
  #tables: ReadonlySet<number> = new Set();

  constructor(rtnl: Rtnl) {
    this.#rtnl = rtnl;
  }

  /** The addresses that this user has, and those that it needs from now on. */
  async change(user: string, from: ReadonlySet<string>, to: ReadonlySet<string>): Promise<void> {
    const gone = [...from].filter((address) => !to.has(address));
    const added = [...to].filter((address) => !from.has(address));
    await Promise.all([
      ...added.map((address) => this.#use(user, address)),
      ...gone.map((address) => this.#leave(user, address)),
    ]);
  }

  /** Remembers a user of an address that is there (after a restart). */
  remember(user: string, addresses: Iterable<string>): void {
    for (const address of addresses) this.#usersOf(address).add(user);
  }

  /** These are the tables of VRFs that have the addresses (after a restart). */
  know(tables: Iterable<number>): void {
    this.#tables = new Set(tables);
  }

  get tables(): ReadonlySet<number> {
    return this.#tables;
  }

  /** The addresses are answered for in these VRFs, too, and in no others. */
  async answerIn(tables: Iterable<number>): Promise<void> {
    const [before, after] = [this.#tables, new Set(tables)];
    this.#tables = after;
    const places = (all: readonly number[]) =>
      all.flatMap((table) => [...this.#users.keys()].map((one) => routeTo(one, table)));
    await Promise.all([
      ...places([...after]).map((route) => this.#rtnl.request(replaceRoute(route))),
      ...places([...before].filter((table) => !after.has(table))).map((route) => this.#delete(route)),
    ]);
  }

  #usersOf(address: string): Set<string> {
    let users = this.#users.get(address);
    if (!users) this.#users.set(address, (users = new Set()));
    return users;
  }

  async #use(user: string, address: string): Promise<void> {
    this.#usersOf(address).add(user);
    const tables = [localTable, ...this.#tables];
    await Promise.all(tables.map((table) => this.#rtnl.request(replaceRoute(routeTo(address, table)))));
  }

  async #leave(user: string, address: string): Promise<void> {
    const users = this.#users.get(address);
    users?.delete(user);
    if (users && users.size > 0) return;
    this.#users.delete(address);
    await Promise.all([localTable, ...this.#tables].map((table) => this.#delete(routeTo(address, table))));
  }

  async #delete(route: RouteSpec): Promise<void> {
    try {
      await this.#rtnl.request(deleteRoute(route));
    } catch (error) {
      if (!isKernelError(error, 'ESRCH')) throw error;
    }
  }
}
