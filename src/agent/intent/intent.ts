/**
 * The intent: everything all sources want, merged, durable, handed to the scheduler.
 *
 * A commit goes through three stages: validate (strict sources only: a wrong value rejects the whole commit), persist (the
 * commits that wait share one store transaction), apply (the scheduler). What fails before `apply` leaves no trace.
 */

import type { Key } from '../../model/key.ts';
import type { Value } from '../../scheduler/kind.ts';
import type {
  Change,
  CommitOptions,
  CommitResult,
  Scheduler,
  SchedulerLog,
  Source,
} from '../../scheduler/scheduler.ts';
import type { Store, Write } from '../../store/store.ts';
import { Admission } from './admission.ts';
import { Archive, type Archived, type Unreadable, type ValueCodec } from './archive.ts';
import { Pace } from '../../app/pace.ts';
import { IntentError } from './errors.ts';
import { Leftovers } from './leftovers.ts';
import { Merge, replaced } from './merge.ts';
import { type Effect, type Labels, Sources } from './sources.ts';
import { type Reversal, UndoLog } from './undo-log.ts';
import { Unrestored } from './unrestored.ts';

/** How far a commit waits before it resolves (contract: "what an acknowledgement means"). */
export type Acknowledgement = 'accepted' | 'persisted' | 'applied' | 'verified';

export interface IntentChange {
  readonly key: Key;
  /** null: this source does not want it any more. */
  readonly value: Value | null;
  /** By which clients find it again. Each change says anew what they are. */
  readonly labels?: Labels;
}

export interface IntentCommit {
  readonly source: Source;
  readonly changes: readonly IntentChange[];
  /** The changes are all that this source wants. */
  readonly replace?: boolean;
  /**
   * Reject the whole commit when one value is wrong (files, REST, CLI). Otherwise wrong values become INVALID one by one
   * (store watchers, where nobody waits for an answer).
   */
  readonly strict?: boolean;
  /** Default `applied`. */
  readonly acknowledge?: Acknowledgement;
  readonly options?: Omit<CommitOptions, 'leftovers' | 'simulate'>;
}

export interface IntentResult {
  /** Absent when the caller did not wait for `applied`. */
  readonly commit: CommitResult | undefined;
  /** Durations in ms: `validate`, `persist`, and the scheduler's phases. */
  readonly timing: Readonly<Record<string, number>>;
}

/** How a rollback or a resync is asked for. */
export interface AskedOptions {
  readonly description?: string;
  readonly by?: string;
  /** Default `applied`. Of a resync `persisted` is no more than `accepted`: what is wanted is durable already. */
  readonly acknowledge?: Acknowledgement;
}

export interface IntentDependencies {
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly codec: ValueCodec;
  readonly log: SchedulerLog;
}

interface Waiting {
  readonly request: IntentCommit;
  readonly resolve: (merge: Merge) => void;
  readonly reject: (error: unknown) => void;
}

export class Intent {
  readonly #archive: Archive;
  readonly #scheduler: Scheduler;
  readonly #log: SchedulerLog;
  readonly #sources = new Sources();
  readonly #waiting: Waiting[] = [];
  readonly #running = new Set<Promise<unknown>>();
  readonly #admission: Admission;
  readonly #leftovers: Leftovers;
  readonly #undo = new UndoLog();
  readonly #guards = new Map<
    number,
    { readonly id: string; readonly reversal: Reversal; readonly timer: NodeJS.Timeout }
  >();
  #guardCount = 0;
  #unreadable: readonly Unreadable[] = [];
  #unrestored: Unrestored | undefined;
  #persisting: Promise<void> | undefined;
  #closed = false;

  constructor({ store, scheduler, codec, log }: IntentDependencies) {
    this.#archive = new Archive(store, codec);
    this.#scheduler = scheduler;
    this.#log = log;
    this.#admission = new Admission((changes) => scheduler.validate(changes));
    const busy = (): boolean => this.#running.size > 0 || this.#persisting !== undefined;
    this.#leftovers = new Leftovers({ archive: this.#archive, scheduler, log, busy });
  }

  /** Read-only view of who wants what. */
  get sources(): Omit<Sources, 'set'> {
    return this.#sources;
  }

  /** Stored entries that no registered model can read; kept in the store, not applied. */
  get unreadable(): readonly Unreadable[] {
    return this.#unreadable;
  }

  /**
   * Loads the last known intent and makes the data plane so, before any remote source has answered. While the data plane is not there,
   * `result` is not awaited here: sources may commit once this has resolved.
   */
  async restore(): Promise<{ readonly result: Promise<CommitResult> }> {
    const archived = await this.#archive.load();
    this.#unreadable = archived.unreadable;
    for (const { storeKey, error } of archived.unreadable) {
      this.#log.error({ storeKey, err: error }, 'stored value cannot be read by any registered model: ignored, kept');
    }
    for (const { source, key, value, labels } of archived.values) this.#sources.set(source, key, value, labels);
    const leftovers = new Map(archived.leftovers);
    await this.#putBack(archived.guards, leftovers);
    const isHeld = this.#scheduler.held !== undefined;
    const result = this.#restore(leftovers);
    if (isHeld) this.#background(result);
    else await result;
    return { result };
  }

  /** What could not be made as it was; `changed` hears whenever that becomes less. */
  unrestored(restored: CommitResult, changed: (unrestored: Unrestored) => void): Unrestored {
    this.#unrestored?.close();
    return (this.#unrestored = new Unrestored(this.#scheduler, restored, changed));
  }

  async #restore(leftovers: ReadonlyMap<Key, Value>): Promise<CommitResult> {
    const result = await this.#scheduler.commit(this.#everything(), {
      resync: 'FullResync',
      description: 'last known configuration',
      leftovers,
      lane: 'bulk',
    });
    await this.#leftovers.erase(leftovers.keys());
    return result;
  }

  /** What the agent was stopped over before anybody had confirmed it. */
  async #putBack(guards: Archived['guards'], leftovers: Map<Key, Value>): Promise<void> {
    const writes = new Map<string, Write>();
    const add = (write: Write): unknown => writes.set(write.key, write);
    for (const { storeKey, source, key, before } of guards) {
      const held = this.#sources.held(source.name, key);
      if (held && !leftovers.has(key)) {
        leftovers.set(key, held);
        add(this.#archive.leave(key, held));
      }
      this.#sources.set(source, key, before);
      const recorded: Write[] = [];
      this.#archive.record(source, key, before, recorded);
      recorded.forEach(add);
      add({ type: 'delete', key: storeKey });
    }
    if (guards.length > 0) this.#log.warn({ values: guards.length }, 'a change that nobody confirmed is put back');
    await this.#archive.write([...writes.values()]);
  }

  async commit(request: IntentCommit): Promise<IntentResult> {
    if (this.#closed) throw new IntentError('closed', 'the agent is stopping');
    const timing: Record<string, number> = {};
    const validated = performance.now();
    const checking = this.#admission.check(request);
    if (checking) {
      await checking;
      if (this.#closed) throw new IntentError('closed', 'the agent is stopping');
    }
    timing.validate = performance.now() - validated;
    if (request.acknowledge === 'accepted') {
      this.#background(this.#persistAndApply(request, timing));
      return { commit: undefined, timing };
    }
    return this.#persistAndApply(request, timing);
  }

  async #persistAndApply(request: IntentCommit, timing: Record<string, number>): Promise<IntentResult> {
    const started = performance.now();
    const applying = await this.#persist(request);
    timing.persist = performance.now() - started;
    if (request.acknowledge === 'persisted') {
      this.#background(applying.result);
      return { commit: undefined, timing };
    }
    this.#assertThere();
    const commit = await applying.result;
    return { commit, timing: { ...timing, ...commit.timing } };
  }

  /** Keeps a commit that was made with `confirmWithin`. Throws SchedulerError `not-found` when none waits for it. */
  async confirm(seqNum: number): Promise<void> {
    const guard = this.#guards.get(seqNum);
    if (guard === undefined) return this.#scheduler.confirm(seqNum);
    this.#disarm(seqNum);
    await this.#archive.write([...this.#archive.confirmed(guard.id, guard.reversal)]);
  }

  /**
   * Lets the source of a transaction want again what it wanted before it, durably, and makes it so. Of transactions that came
   * from no source (retries, notifications), and of those long ago, only what the scheduler can put back. Undefined when the
   * caller did not wait for `applied`.
   */
  async rollback(
    seqNum: number,
    { description = `rollback of transaction ${seqNum}`, by, acknowledge }: AskedOptions = {},
  ): Promise<CommitResult | undefined> {
    const options = { description, ...(by === undefined ? {} : { by }) };
    const reversal = this.#undo.of(seqNum);
    if (reversal === undefined)
      return this.#far(this.#scheduler.rollback(seqNum, { ...options, ...verifying(acknowledge) }), acknowledge);
    const guard = this.#guards.get(seqNum);
    this.#disarm(seqNum);
    const { source, changes } = reversal;
    const persisting = this.#persist({
      source,
      changes: changes.map(({ key, before, labels }) => ({ key, value: before, ...(labels ? { labels } : {}) })),
      options,
      ...(acknowledge === undefined ? {} : { acknowledge }),
    }).then(async (applying) => {
      if (guard) await this.#archive.write([...this.#archive.confirmed(guard.id, guard.reversal)]);
      return applying;
    });
    if (acknowledge === 'accepted') {
      this.#background(persisting);
      return undefined;
    }
    return this.#far((await persisting).result, acknowledge);
  }

  /** Reads the data plane and makes it as wanted. Undefined when the caller did not wait for `applied`. */
  resync({
    acknowledge,
    ...options
  }: AskedOptions & Pick<CommitOptions, 'retry' | 'signal'> = {}): Promise<CommitResult | undefined> {
    const commit = this.#scheduler.commit([], {
      resync: 'DownstreamResync',
      description: 'resync',
      ...options,
      ...verifying(acknowledge),
    });
    return this.#far(commit, acknowledge);
  }

  /** Waits for work, or leaves it to the background, as far as the caller wants to wait. */
  async #far<T>(work: Promise<T>, acknowledge: Acknowledgement | undefined): Promise<T | undefined> {
    const waits = acknowledge !== 'accepted' && acknowledge !== 'persisted';
    if (waits && this.#scheduler.held === undefined) return work;
    this.#background(work);
    if (waits) this.#assertThere();
    return undefined;
  }

  /** Nobody is to wait for a data plane that may never come. */
  #assertThere(): void {
    const { held } = this.#scheduler;
    if (held !== undefined) throw new IntentError('away', `${held}; what is wanted is kept, and made when it is there`);
  }

  #disarm(seqNum: number): void {
    clearTimeout(this.#guards.get(seqNum)?.timer);
    this.#guards.delete(seqNum);
  }

  #arm(seqNum: number, id: string, reversal: Reversal, within: number): void {
    const timer = setTimeout(() => {
      this.#background(
        this.rollback(seqNum, { description: `transaction ${seqNum} was not confirmed within ${within} ms` }),
      );
    }, within);
    this.#guards.set(seqNum, { id, reversal, timer });
  }

  /** Waits for what is under way; later commits are refused. The scheduler is not closed. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#unrestored?.close();
    // What is not confirmed by now is put back at the next start.
    for (const seqNum of [...this.#guards.keys()]) this.#disarm(seqNum);
    // What waits for the data plane is durable: the next agent sees to it.
    while (this.#persisting || (this.#running.size > 0 && this.#scheduler.held === undefined)) {
      await Promise.allSettled([this.#persisting, ...this.#running]);
    }
    await this.#leftovers.close();
  }

  /** Throws IntentError `invalid` with everything that is wrong with these values. */
  validate(changes: readonly IntentChange[]): void {
    this.#admission.validate(changes);
  }

  /** As `validate`, with others served in between. */
  validateInTurns(changes: readonly IntentChange[]): Promise<void> {
    return this.#admission.validateInTurns(changes);
  }

  /** Resolves when the request is durable, with the promise of its application (wrapped, so that awaiting this does not await that). */
  async #persist(request: IntentCommit): Promise<{ readonly result: Promise<CommitResult> }> {
    const merged = new Promise<Merge>((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
    });
    this.#persisting ??= this.#persistAll().finally(() => {
      this.#persisting = undefined;
    });
    const result = this.#apply(request, await merged);
    this.#background(result);
    return { result };
  }

  async #persistAll(): Promise<void> {
    // Let requests of the same turn of the event loop share one transaction.
    await Promise.resolve();
    for (let group = this.#waiting.splice(0); group.length > 0; group = this.#waiting.splice(0)) {
      await this.#persistGroup(group);
    }
  }

  async #persistGroup(group: readonly Waiting[]): Promise<void> {
    const merged: { readonly one: Waiting; readonly merge: Merge }[] = [];
    const writes: Write[] = [];
    const pace = new Pace();
    const hasLeftover = (key: Key): boolean => this.#leftovers.isKept(key);
    let erasures: readonly { readonly key: Key; readonly write: Write }[] = [];
    try {
      for (const one of group) {
        const merge = new Merge(this.#sources, one.request, this.#archive);
        merged.push({ one, merge });
        for (const change of merge.changes()) {
          merge.add(change, hasLeftover, writes);
          if (pace.due()) await pace.rest();
        }
        if (one.request.options?.confirmWithin !== undefined) {
          merge.guardId = this.#nextGuard();
          writes.push(...this.#archive.guard(merge.guardId, merge.reversible().reversal()));
        }
      }
      erasures = this.#leftovers.due(
        writes.length,
        merged.flatMap(({ merge }) => replaced(merge.effects)),
      );
      for (const { write } of erasures) writes.push(write);
      await this.#archive.write(writes);
    } catch (cause) {
      this.#leftovers.takeBack(erasures.map(({ key }) => key));
      for (const { merge } of merged.reverse()) merge.undo();
      const reason = cause instanceof Error ? cause.message : String(cause);
      const error = new IntentError(
        'storage',
        `the configuration could not be stored, nothing was applied: ${reason}`,
        {
          cause,
        },
      );
      for (const one of group) one.reject(error);
      return;
    }
    for (const { one, merge } of merged) {
      this.#leftovers.replace(replaced(merge.effects));
      one.resolve(merge);
    }
  }

  async #apply(request: IntentCommit, merge: Merge): Promise<CommitResult> {
    const { effects } = merge;
    // The scheduler's own guard would put back what is programmed, and leave what is wanted.
    const { confirmWithin, ...options } = request.options ?? {};
    const full = options.resync === 'FullResync' || options.resync === 'UpstreamResync';
    try {
      const result = await this.#scheduler.commit(full ? this.#everything() : effects.map(toChange), {
        ...options,
        ...verifying(request.acknowledge),
      });
      const reversible = merge.reversible();
      if (options.revert && result.failures.length > 0) await this.#takeBack(reversible.reversal(), merge.guardId);
      else if (reversible.size > 0) this.#undo.keep(result.seqNum, reversible);
      if (confirmWithin !== undefined && merge.guardId !== undefined && !this.#closed && this.#undo.has(result.seqNum))
        this.#arm(result.seqNum, merge.guardId, reversible.reversal(), confirmWithin);
      return result;
    } finally {
      this.#leftovers.release(replaced(effects));
      // What a guarded commit may leave is its own value: an older one must not stand for it.
      if (confirmWithin !== undefined) await this.#leftovers.eraseAll();
    }
  }

  /** The scheduler has reverted the commit: its source wants again what it wanted before, unless it changed its mind since. */
  async #takeBack({ source, changes }: Reversal, guardId: string | undefined): Promise<void> {
    const writes: Write[] = guardId === undefined ? [] : [...this.#archive.confirmed(guardId, { source, changes })];
    for (const { key, before, after, labels } of changes) {
      if ((this.#sources.held(source.name, key) ?? null) !== after) continue;
      if (labels !== undefined || this.#sources.labels(source.name, key) !== undefined)
        writes.push(this.#archive.label(source, key, labels));
      this.#sources.set(source, key, before, labels);
      this.#archive.record(source, key, before, writes);
    }
    await this.#archive.write(writes);
  }

  #nextGuard(): string {
    return `${Date.now()}-${String(this.#guardCount++).padStart(6, '0')}`;
  }

  #everything(): Change[] {
    const changes: Change[] = [];
    for (const [key, holding] of this.#sources.all()) changes.push({ key, ...holding });
    return changes;
  }

  #background(promise: Promise<unknown>): void {
    const watched = promise
      .catch((error: unknown) => {
        if (!this.#closed) this.#log.error({ err: error }, 'commit failed');
      })
      .finally(() => this.#running.delete(watched));
    this.#running.add(watched);
  }
}

function verifying(acknowledge: Acknowledgement | undefined): { readonly verify?: true } {
  return acknowledge === 'verified' ? { verify: true } : {};
}

function toChange(effect: Effect): Change {
  return effect.after ? { key: effect.key, ...effect.after } : { key: effect.key, value: null };
}
