import { StoreError } from '../errors.ts';
import type { Compare, Lease, StoreChange, StoreEvent, Write } from '../store.ts';
import type { Content } from './content.ts';
import type { Commit, Operation, Stored } from './journal.ts';
import type { LeaseTable } from './leases.ts';
import { Pace } from '../../app/pace.ts';
import type { Slab } from './slab.ts';
import { Staging } from './staging.ts';
import { checkCompares, checkWrite, writtenTwice } from './validate.ts';
import { slice } from './slice.ts';

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
  /** What the requests so far leave behind; undefined where they delete. */
  #staged = new Map<string, Stored | undefined>();
  readonly #revoked = new Set<number>();
  readonly #pace = new Pace(slice);
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
    const request = new Staging(this.#revision + 1, (key) => this.#get(key), this.#slab);
    for (const write of writes) {
      if (this.#pace.due()) await this.#pace.rest();
      checkWrite(write);
      const { size } = request.staged;
      if (write.type === 'put') request.put(write.key, write.value, this.#leaseOf(write.lease, write.key));
      else request.delete(write.key);
      if (request.staged.size === size) throw writtenTwice(write.key);
    }
    return this.#commit(request);
  }

  #grant(lease: number, ttl: number): Verdict {
    return this.#adopt([{ type: 'grant', lease, ttl }], []);
  }

  async #revoke(lease: number, expired: boolean): Promise<Verdict> {
    const live = this.#leases.get(lease);
    if (live === undefined || this.#revoked.has(lease)) return this.#verdict(false, 0);
    if (expired && live.deadline > performance.now()) return this.#verdict(false, 0);
    const request = new Staging(this.#revision + 1, (key) => this.#get(key), this.#slab);
    for (const key of this.#keysHeldBy(lease, live.keys)) {
      if (this.#pace.due()) await this.#pace.rest();
      request.delete(key);
    }
    request.operations.push({ type: 'revoke', lease });
    this.#revoked.add(lease);
    return this.#commit(request);
  }

  #commit({ staged, operations, events }: Staging): Verdict {
    if (this.#staged.size === 0) this.#staged = staged;
    else for (const [key, entry] of staged) this.#staged.set(key, entry);
    return this.#adopt(operations, events);
  }

  #adopt(operations: readonly Operation[], events: readonly StoreEvent[]): Verdict {
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
    if (this.#staged.size === 0) return this.#content.get(key);
    const staged = this.#staged.get(key);
    return staged === undefined && !this.#staged.has(key) ? this.#content.get(key) : staged;
  }

  #holds(compare: Compare): boolean {
    const entry = this.#get(compare.key);
    if (compare.revision !== undefined && compare.revision !== (entry?.revision ?? 0)) return false;
    return compare.value === undefined || (entry !== undefined && Buffer.compare(entry.value, compare.value) === 0);
  }

  #leaseOf(lease: Lease | undefined, key: string): number {
    if (lease === undefined) return 0;
    const id = Number(lease.id);
    if (this.#leases.get(id) !== undefined && !this.#revoked.has(id)) return id;
    throw new StoreError('conflict', `Lease ${lease.id} for key ${key} has expired or was revoked`);
  }

  #keysHeldBy(lease: number, published: ReadonlySet<string>): Set<string> {
    const keys = new Set([...published].filter((key) => this.#get(key)?.lease === lease));
    for (const [key, entry] of this.#staged) if (entry?.lease === lease) keys.add(key);
    return keys;
  }
}
