import { StoreError } from '../errors.ts';
import type { Compare, StoreChange, StoreEvent, Write } from '../store.ts';
import type { Content } from './content.ts';
import type { Commit, Operation, Stored } from './journal.ts';
import type { LeaseTable } from './leases.ts';
import { Pace } from './pace.ts';
import type { Slab } from './slab.ts';
import { checkCompares, checkWrites } from './validate.ts';

export type Request =
  | { readonly type: 'write'; readonly writes: readonly Write[]; readonly compares: readonly Compare[] }
  | { readonly type: 'grant'; readonly lease: number; readonly ttl: number }
  /** With `expired`, only if the lease was not kept alive meanwhile. */
  | { readonly type: 'revoke'; readonly lease: number; readonly expired: boolean };

export interface Verdict {
  readonly succeeded: boolean;
  readonly revision: number;
  /** Events it made. */
  readonly changed: number;
}

/**
 * Requests that become durable together. Each sees those before it; nothing is visible outside until the batch is durable,
 * so a reader never sees what a full disk takes back.
 */
export class Batch {
  readonly commits: Commit[] = [];
  readonly changes: StoreChange[] = [];
  readonly #content: Content;
  readonly #leases: LeaseTable;
  readonly #slab: Slab;
  readonly #staged = new Map<string, Stored | undefined>();
  readonly #revoked = new Set<number>();
  readonly #pace = new Pace();
  #revision: number;

  constructor(content: Content, leases: LeaseTable, slab: Slab) {
    this.#content = content;
    this.#leases = leases;
    this.#slab = slab;
    this.#revision = content.revision;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Entries as they will be after the batch. */
  entries(): Stored[] {
    const kept = this.#content.values().filter((entry) => !this.#staged.has(entry.key));
    for (const entry of this.#staged.values()) if (entry !== undefined) kept.push(entry);
    return kept;
  }

  /** Decides one request. Rejects on a bad request, leaving the batch as it was. */
  async stage(request: Request): Promise<Verdict> {
    if (request.type === 'write') return this.#write(request.writes, request.compares);
    if (request.type === 'grant') return this.#grant(request.lease, request.ttl);
    return this.#revoke(request.lease, request.expired);
  }

  async #write(writes: readonly Write[], compares: readonly Compare[]): Promise<Verdict> {
    checkCompares(compares);
    if (!compares.every((compare) => this.#holds(compare))) return this.#verdict(false, 0);
    await checkWrites(writes, this.#pace);
    const leases = writes.map((write) => this.#leaseOf(write));
    const operations: Operation[] = [];
    const events: StoreEvent[] = [];
    for (const [index, write] of writes.entries()) {
      if (this.#pace.due()) await this.#pace.rest();
      if (write.type === 'put') this.#put(write.key, write.value, leases[index] as number, operations, events);
      else this.#delete(write.key, operations, events);
    }
    return this.#commit(operations, events);
  }

  #grant(lease: number, ttl: number): Verdict {
    return this.#commit([{ type: 'grant', lease, ttl }], []);
  }

  async #revoke(lease: number, expired: boolean): Promise<Verdict> {
    const live = this.#leases.get(lease);
    if (live === undefined || this.#revoked.has(lease)) return this.#verdict(false, 0);
    if (expired && live.deadline > performance.now()) return this.#verdict(false, 0);
    const operations: Operation[] = [];
    const events: StoreEvent[] = [];
    for (const key of this.#keysHeldBy(lease, live.keys)) {
      if (this.#pace.due()) await this.#pace.rest();
      this.#delete(key, operations, events);
    }
    operations.push({ type: 'revoke', lease });
    this.#revoked.add(lease);
    return this.#commit(operations, events);
  }

  #put(key: string, value: Uint8Array, lease: number, operations: Operation[], events: StoreEvent[]): void {
    const previous = this.#get(key)?.value;
    const entry: Stored = { key, value: this.#slab.copy(value), revision: this.#revision + 1, lease };
    this.#staged.set(key, entry);
    operations.push({ type: 'put', entry });
    events.push({ type: 'put', key, value: entry.value, previous });
  }

  #delete(key: string, operations: Operation[], events: StoreEvent[]): void {
    const previous = this.#get(key)?.value;
    if (previous === undefined) return;
    this.#staged.set(key, undefined);
    operations.push({ type: 'delete', key });
    events.push({ type: 'delete', key, previous });
  }

  #commit(operations: readonly Operation[], events: readonly StoreEvent[]): Verdict {
    if (events.length > 0) {
      this.#revision += 1;
      this.changes.push({ revision: this.#revision, resync: false, events });
    }
    if (operations.length > 0) this.commits.push({ revision: this.#revision, operations });
    return this.#verdict(true, events.length);
  }

  #verdict(succeeded: boolean, changed: number): Verdict {
    return { succeeded, revision: this.#revision, changed };
  }

  #get(key: string): Stored | undefined {
    const staged = this.#staged.get(key);
    return staged === undefined && !this.#staged.has(key) ? this.#content.get(key) : staged;
  }

  #holds(compare: Compare): boolean {
    const entry = this.#get(compare.key);
    if (compare.revision !== undefined && compare.revision !== (entry?.revision ?? 0)) return false;
    return compare.value === undefined || (entry !== undefined && Buffer.compare(entry.value, compare.value) === 0);
  }

  #leaseOf(write: Write): number {
    if (write.type === 'delete' || write.lease === undefined) return 0;
    const id = Number(write.lease.id);
    if (this.#leases.get(id) !== undefined && !this.#revoked.has(id)) return id;
    throw new StoreError('conflict', `Lease ${write.lease.id} for key ${write.key} has expired or was revoked`);
  }

  #keysHeldBy(lease: number, published: ReadonlySet<string>): Set<string> {
    const keys = new Set([...published].filter((key) => this.#get(key)?.lease === lease));
    for (const [key, entry] of this.#staged) if (entry?.lease === lease) keys.add(key);
    return keys;
  }
}
