/**
 * Who uses something in the kernel that several objects share and that goes with the last of them: a device that is a
 * bridge port for several tunnels, a table of nftables. In memory: handlers tell it again what they retrieve.
 */
export class Users<Shared, User> {
  readonly #users = new Map<Shared, Set<User>>();

  /** True when there was no user before. */
  join(shared: Shared, user: User): boolean {
    const users = this.#users.get(shared);
    if (users === undefined) this.#users.set(shared, new Set([user]));
    else users.add(user);
    return users === undefined;
  }

  of(shared: Shared): Iterable<User> {
    return this.#users.get(shared) ?? [];
  }

  /** True when nobody is left, also when nobody was there. */
  leave(shared: Shared, user: User): boolean {
    const users = this.#users.get(shared);
    if (users === undefined) return true;
    users.delete(user);
    if (users.size === 0) this.#users.delete(shared);
    return users.size === 0;
  }
}
