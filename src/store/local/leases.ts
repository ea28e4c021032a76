/** A lease that is alive. `deadline` is on the clock of `performance.now()`, which setting the time of day does not move. */
export interface LiveLease {
  readonly id: number;
  readonly ttl: number;
  deadline: number;
  readonly keys: Set<string>;
}

/** The leases of a local store and the keys each of them holds. */
export class LeaseTable {
  readonly #leases = new Map<number, LiveLease>();

  get size(): number {
    return this.#leases.size;
  }

  get(id: number): LiveLease | undefined {
    return this.#leases.get(id);
  }

  grant(id: number, ttl: number): void {
    this.#leases.set(id, { id, ttl, deadline: performance.now() + ttl, keys: new Set() });
  }

  revoke(id: number): void {
    this.#leases.delete(id);
  }

  attach(id: number, key: string): void {
    this.#leases.get(id)?.keys.add(key);
  }

  detach(id: number, key: string): void {
    this.#leases.get(id)?.keys.delete(key);
  }

  all(): LiveLease[] {
    return [...this.#leases.values()];
  }

  expired(now: number): LiveLease[] {
    return this.all().filter((lease) => lease.deadline <= now);
  }

  nextDeadline(): number | undefined {
    let next: number | undefined;
    for (const { deadline } of this.#leases.values()) if (next === undefined || deadline < next) next = deadline;
    return next;
  }
}
