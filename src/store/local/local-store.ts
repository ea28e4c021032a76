import { randomInt } from 'node:crypto';
import { StoreError } from '../errors.ts';
import type { Compare, Entry, Lease, Listing, Store, StoreChange, TransactionOutcome, Write } from '../store.ts';
import { Batch } from './batch.ts';
import type { Request, Verdict } from './batch.ts';
import { Content } from './content.ts';
import { DEFAULT_HISTORY, History } from './history.ts';
import type { HistoryLimits } from './history.ts';
import type { Image, Journal, Operation, Restored } from './journal.ts';
import { LeaseTable } from './leases.ts';
import { Pace } from '../../app/pace.ts';
import { eventsOf } from './replay.ts';
import { Slab } from './slab.ts';
import { Watcher } from './watcher.ts';
import { slice } from './slice.ts';

/** Requests that share one fsync. */
const MAX_BATCH = 1024;
/** setTimeout takes no longer waits (ms). */
const MAX_TIMER = 2 ** 31 - 1;
/** ms until an expiry that could not be written is tried again. */
const EXPIRY_RETRY = 1000;

interface Waiting {
  readonly request: Request;
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A store whose content lives in this process: one writer that takes requests in order and makes those waiting durable
 * together (group commit) through its journal, and readers that see what is durable.
 */
export class LocalStore implements Store {
  readonly name: string;
  readonly #journal: Journal;
  readonly #content = new Content();
  readonly #leases = new LeaseTable();
  readonly #slab = new Slab();
  readonly #wakeups = new Set<() => void>();
  #history: History;
  #queue: Waiting[] = [];
  #writer: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #closed = false;
  /** While a batch is being applied, which may take some turns of the event loop: readers wait. */
  #applying: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(name: string, journal: Journal, limits: HistoryLimits = DEFAULT_HISTORY) {
    this.name = name;
    this.#journal = journal;
    this.#history = new History(0, limits);
  }

  /** Takes over what a journal read back; before any other call. Commits become history that a watch can resume from. */
  async restore({ image, commits }: Restored, limits: HistoryLimits = DEFAULT_HISTORY): Promise<this> {
    const pace = new Pace(slice);
    this.#content.revision = image.revision;
    this.#history = new History(image.revision, limits);
    for (const { id, ttl } of image.leases) this.#leases.grant(id, ttl);
    for (const entry of image.entries) {
      if (pace.due()) await pace.rest();
      this.#apply({ type: 'put', entry });
    }
    for (const commit of commits) {
      if (pace.due()) await pace.rest();
      const events = eventsOf(commit, (key) => this.#content.get(key));
      for (const operation of commit.operations) this.#apply(operation);
      this.#content.revision = commit.revision;
      if (events.length > 0) this.#history.push({ revision: commit.revision, resync: false, events });
    }
    this.#scheduleExpiry();
    return this;
  }

  async get(key: string, options: { readonly signal?: AbortSignal } = {}): Promise<Entry | undefined> {
    options.signal?.throwIfAborted();
    this.#checkOpen();
    await this.#settled();
    const found = this.#content.get(key);
    return found && { key: found.key, value: found.value, revision: found.revision };
  }

  async list(
    prefix: string,
    options: { readonly keysOnly?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<Listing> {
    options.signal?.throwIfAborted();
    this.#checkOpen();
    await this.#settled();
    return this.#content.list(prefix, options.keysOnly === true);
  }

  async put(key: string, value: Uint8Array, options: { readonly lease?: Lease } = {}): Promise<number> {
    const verdict = await this.#submit({
      type: 'write',
      writes: [{ type: 'put', key, value, ...options }],
      compares: [],
    });
    return verdict.revision;
  }

  async delete(key: string): Promise<boolean> {
    const verdict = await this.#submit({ type: 'write', writes: [{ type: 'delete', key }], compares: [] });
    return verdict.changed > 0;
  }

  async transaction(writes: readonly Write[], compares: readonly Compare[] = []): Promise<TransactionOutcome> {
    const { succeeded, revision } = await this.#submit({ type: 'write', writes, compares });
    return { succeeded, revision };
  }

  watch(
    prefix: string,
    options: { readonly from?: number; readonly signal?: AbortSignal } = {},
  ): AsyncIterable<StoreChange, void> {
    this.#checkOpen();
    const source = {
      content: this.#content,
      history: () => this.#history,
      closed: () => this.#closed,
      settled: () => this.#settled(),
      onChange: (wake: () => void) => {
        this.#wakeups.add(wake);
        return () => this.#wakeups.delete(wake);
      },
    };
    return new Watcher(source, prefix, options.from, options.signal);
  }

  async lease(ttl: number): Promise<Lease> {
    if (!Number.isInteger(ttl) || ttl <= 0)
      throw new StoreError('usage', `A lease needs a ttl of whole ms, not ${ttl}`);
    const id = this.#freshLeaseId();
    await this.#submit({ type: 'grant', lease: id, ttl });
    return {
      id: String(id),
      ttl,
      keepAlive: () => this.#keepAlive(id),
      revoke: async () => {
        await this.#submit({ type: 'revoke', lease: id, expired: false });
      },
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#writer;
    this.#closed = true;
    this.#wake();
    await this.#journal.close();
  }

  /** Resolves when the content is that of one revision. */
  async #settled(): Promise<void> {
    while (this.#applying !== undefined) await this.#applying;
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new StoreError('closed', `Store ${this.name} is closed`);
  }

  #submit(request: Request): Promise<Verdict> {
    return new Promise((resolve, reject) => {
      this.#checkOpen();
      this.#queue.push({ request, resolve, reject });
      this.#writer ??= this.#drain();
    });
  }

  async #drain(): Promise<void> {
    // Calls made in the same turn join the first batch.
    await Promise.resolve();
    while (this.#queue.length > 0) await this.#runTogether(this.#queue.splice(0, MAX_BATCH));
    this.#writer = undefined;
  }

  async #runTogether(waiting: readonly Waiting[]): Promise<void> {
    try {
      await this.#run(waiting);
    } catch (error) {
      const [first] = waiting;
      if (waiting.length === 1) return first?.reject(error);
      // What has no room for all may have room for some: nobody fails because of a neighbour.
      for (const one of waiting) await this.#runTogether([one]);
    }
  }

  async #run(waiting: readonly Waiting[]): Promise<void> {
    await this.#takeIncoming();
    const batch = new Batch(this.#content, this.#leases, this.#slab);
    const answers: (() => void)[] = [];
    for (const { request, resolve, reject } of waiting) {
      try {
        const verdict = await batch.stage(request);
        answers.push(() => resolve(verdict));
      } catch (error) {
        answers.push(() => reject(error));
      }
    }
    if (batch.commits.length > 0) {
      await this.#journal.append(batch.commits, () => this.#image(batch));
      await this.#publish(batch);
    }
    for (const answer of answers) answer();
  }

  async #takeIncoming(): Promise<void> {
    const writes = await this.#journal.incoming?.(() => this.#content.values());
    if (writes === undefined || writes.length === 0) return;
    const batch = new Batch(this.#content, this.#leases, this.#slab);
    await batch.stage({ type: 'write', writes, compares: [] });
    await this.#publish(batch);
  }

  async #publish(batch: Batch): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#applying = promise;
    const pace = new Pace(slice);
    for (const { operations } of batch.commits) {
      for (const operation of operations) {
        if (pace.due()) await pace.rest();
        this.#apply(operation);
      }
    }
    this.#content.revision = batch.revision;
    this.#applying = undefined;
    resolve();
    for (const change of batch.changes) this.#history.push(change);
    this.#journal.settled?.(this.#content.bytes, () => this.#image(undefined));
    this.#wake();
    this.#scheduleExpiry();
  }

  #apply(operation: Operation): void {
    if (operation.type === 'grant') return this.#leases.grant(operation.lease, operation.ttl);
    if (operation.type === 'revoke') return this.#leases.revoke(operation.lease);
    const key = operation.type === 'put' ? operation.entry.key : operation.key;
    if (this.#leases.size > 0) this.#leases.detach(this.#content.get(key)?.lease ?? 0, key);
    if (operation.type === 'delete') return this.#content.delete(key);
    this.#content.set(operation.entry);
    if (operation.entry.lease !== 0) this.#leases.attach(operation.entry.lease, key);
  }

  #image(batch: Batch | undefined): Image {
    const granted = new Map(this.#leases.all().map(({ id, ttl }) => [id, { id, ttl }]));
    for (const { operations } of batch?.commits ?? []) {
      for (const operation of operations) {
        if (operation.type === 'grant') granted.set(operation.lease, { id: operation.lease, ttl: operation.ttl });
        else if (operation.type === 'revoke') granted.delete(operation.lease);
      }
    }
    return {
      revision: batch?.revision ?? this.#content.revision,
      entries: batch?.entries() ?? this.#content.values(),
      leases: [...granted.values()],
    };
  }

  #wake(): void {
    for (const wake of [...this.#wakeups]) wake();
  }

  #freshLeaseId(): number {
    let id = randomInt(1, 2 ** 32);
    while (this.#leases.get(id) !== undefined) id = randomInt(1, 2 ** 32);
    return id;
  }

  async #keepAlive(id: number): Promise<void> {
    this.#checkOpen();
    const lease = this.#leases.get(id);
    if (lease === undefined || lease.deadline <= performance.now()) {
      throw new StoreError('conflict', `Lease ${id} has expired or was revoked`);
    }
    lease.deadline = performance.now() + lease.ttl;
    this.#scheduleExpiry();
  }

  #scheduleExpiry(atLeast = 0): void {
    clearTimeout(this.#timer);
    const deadline = this.#leases.nextDeadline();
    if (deadline === undefined || this.#closing !== undefined) return;
    const wait = Math.min(MAX_TIMER, Math.max(atLeast, Math.ceil(deadline - performance.now())));
    this.#timer = setTimeout(() => void this.#expire(), wait);
    this.#timer.unref();
  }

  async #expire(): Promise<void> {
    const expired = this.#leases.expired(performance.now());
    const done = await Promise.allSettled(
      expired.map(({ id }) => this.#submit({ type: 'revoke', lease: id, expired: true })),
    );
    this.#scheduleExpiry(done.some(({ status }) => status === 'rejected') ? EXPIRY_RETRY : 0);
  }
}
