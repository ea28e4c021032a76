/**
 * Ways to the first segments out of tables that do not know them. The kernel looks the outer packet up as if it had come in where the
 * inner one did: in the table of a VRF, or of steered frames, where it would be steered again. From there it has to go on to the main
 * table: a route of type `throw`.
 */

import { formatIp, formatPrefix } from '../../../model/address.ts';
import type { Ip, Prefix } from '../../../model/address.ts';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { deleteRoute, replaceRoute } from '../../../kernel/netlink/route.ts';
import type { Route, RouteSpec } from '../../../kernel/netlink/route.ts';
import { Users } from '../../../kernel/ownership/users.ts';
import { routeProtocols } from '../../../kernel/pipeline/numbers.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';
import type { SegmentPath } from '../kernel-metadata.ts';
import { metricOf } from './routes.ts';

interface Leak {
  readonly table: number;
  readonly destination: Prefix;
}

export class SegmentLeaks {
  readonly #rtnl: Rtnl;
  readonly #users = new Users<string, Key>();
  readonly #leaks = new Map<Key, ReadonlyMap<string, Leak>>();

  constructor(rtnl: Rtnl) {
    this.#rtnl = rtnl;
  }

  /** Lets the first segments of these paths out of the table. Those of before stay until `settle`. */
  async open(key: Key, table: number, paths: readonly SegmentPath[]): Promise<void> {
    if (paths.length === 0) return;
    const wanted = leaksTo(table, paths);
    await Promise.all(Array.from(wanted.values(), (leak) => this.#rtnl.request(replaceRoute(specOf(leak)))));
    this.join(key, wanted.values());
  }

  /** Closes what the object had and what is not to these segments. */
  async settle(key: Key, table: number, paths: readonly SegmentPath[]): Promise<void> {
    const known = this.#leaks.get(key);
    if (!known) return;
    const wanted = leaksTo(table, paths);
    const stale = [...known].filter(([id]) => !wanted.has(id));
    this.#leaks.set(key, wanted);
    for (const [id, leak] of stale) await this.#close(key, id, leak);
  }

  async close(key: Key): Promise<void> {
    const leaks = [...(this.#leaks.get(key) ?? [])];
    this.#leaks.delete(key);
    for (const [id, leak] of leaks) await this.#close(key, id, leak);
  }

  join(key: Key, leaks: Iterable<Leak>): void {
    // Most have none.
    if (Array.isArray(leaks) && leaks.length === 0) return;
    const known = new Map(this.#leaks.get(key));
    for (const leak of leaks) {
      known.set(idOf(leak), leak);
      this.#users.join(idOf(leak), key);
    }
    this.#leaks.set(key, known);
  }

  async #close(key: Key, id: string, leak: Leak): Promise<void> {
    if (!this.#users.leave(id, key)) return;
    try {
      await this.#rtnl.request(deleteRoute(specOf(leak)));
    } catch (error) {
      if (!isKernelError(error, 'ESRCH', 'ENOENT')) throw error;
    }
  }
}

function leaksTo(table: number, paths: readonly SegmentPath[]): ReadonlyMap<string, Leak> {
  const leaks = new Map<string, Leak>();
  for (const first of firstSegments(paths)) {
    const leak = { table, destination: { address: first, length: 128 } };
    leaks.set(idOf(leak), leak);
  }
  return leaks;
}

function firstSegments(paths: readonly SegmentPath[]): Iterable<Ip> {
  return new Map(paths.map(({ segments }) => [formatIp(segments[0]!), segments[0]!])).values();
}

function idOf({ table, destination }: Leak): string {
  return `${table} ${formatPrefix(destination)}`;
}

function specOf({ table, destination }: Leak): RouteSpec {
  return { table, destination, metric: metricOf(6), type: 'throw', protocol: routeProtocols.srv6 };
}

/** What the kernel has, by table. */
export function readLeaks(routes: readonly Route[]): ReadonlyMap<number, readonly Leak[]> {
  const byTable = new Map<number, Leak[]>();
  for (const { type, protocol, table, destination } of routes) {
    if (type !== 'throw' || protocol !== routeProtocols.srv6) continue;
    const leaks = byTable.get(table);
    if (leaks) leaks.push({ table, destination });
    else byTable.set(table, [{ table, destination }]);
  }
  return byTable;
}

export function hasLeaks(leaks: readonly Leak[] | undefined, paths: readonly SegmentPath[]): boolean {
  const there = new Set(leaks?.map(({ destination }) => formatIp(destination.address)));
  return [...firstSegments(paths)].every((segment) => there.has(formatIp(segment)));
}
