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
import { Archive, type Unreadable, type ValueCodec } from './archive.ts';
import { Pace } from '../pace.ts';
import { IntentError } from './errors.ts';
import { Merge, replaced } from './merge.ts';
import { type Effect, Sources } from './sources.ts';

/** How far a commit waits before it resolves (contract: "what an acknowledgement means"). */
export type Acknowledgement = 'accepted' | 'persisted' | 'applied' | 'verified';

export interface IntentChange {
  readonly key: Key;
  /** null: this source does not want it any more. */
  readonly value: Value | null;
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

export interface IntentDependencies {
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly codec: ValueCodec;
  readonly log: SchedulerLog;
}

interface Waiting {
  readonly request: IntentCommit;
  readonly resolve: (effects: readonly Effect[]) => void;
  readonly reject: (error: unknown) => void;
}

export class Intent {
  readonly #archive: Archive;
  readonly #scheduler: Scheduler;
  readonly #log: SchedulerLog;
  readonly #sources = new Sources();
  readonly #waiting: Waiting[] = [];
  readonly #running = new Set<Promise<unknown>>();
  /** Commits under way that left an old revision of a key behind; its leftover is kept until the last of them is through. */
  readonly #unsettled = new Map<Key, number>();
  #unreadable: readonly Unreadable[] = [];
  #persisting: Promise<void> | undefined;
  #closed = false;

  constructor({ store, scheduler, codec, log }: IntentDependencies) {
    this.#archive = new Archive(store, codec);
    this.#scheduler = scheduler;
    this.#log = log;
  }

  /** Read-only view of who wants what. */
  get sources(): Omit<Sources, 'set'> {
    return this.#sources;
  }

  /** Stored entries that no registered model can read; kept in the store, not applied. */
  get unreadable(): readonly Unreadable[] {
    return this.#unreadable;
  }

  /** Loads the last known intent and makes the data plane so, before any remote source has answered. */
  async restore(): Promise<CommitResult> {
    const archived = await this.#archive.load();
    this.#unreadable = archived.unreadable;
    for (const { storeKey, error } of archived.unreadable) {
      this.#log.error({ storeKey, err: error }, 'stored value cannot be read by any registered model: ignored, kept');
    }
    for (const { source, key, value } of archived.values) this.#sources.set(source, key, value);
    const result = await this.#scheduler.commit(this.#everything(), {
      resync: 'FullResync',
      description: 'last known configuration',
      leftovers: archived.leftovers,
      lane: 'bulk',
    });
    await this.#settle([...archived.leftovers.keys()]);
    return result;
  }

  async commit(request: IntentCommit): Promise<IntentResult> {
    if (this.#closed) throw new IntentError('closed', 'the agent is stopping');
    const timing: Record<string, number> = {};
    const validated = performance.now();
    if (request.strict) this.validate(request.changes);
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
    const commit = await applying.result;
    return { commit, timing: { ...timing, ...commit.timing } };
  }

  /** Waits for what is under way; later commits are refused. The scheduler is not closed. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#persisting || this.#running.size > 0) {
      await Promise.allSettled([this.#persisting, ...this.#running]);
    }
  }

  /** Throws IntentError `invalid` with everything that is wrong with these values. */
  validate(changes: readonly IntentChange[]): void {
    const invalid = this.#scheduler.validate(changes.filter((change) => change.value !== null));
    if (invalid.length === 0) return;
    const first = invalid[0];
    const problem = first?.problems[0];
    const more = invalid.reduce((sum, one) => sum + one.problems.length, 0) - 1;
    const where = problem?.field ? `${first?.key} ${problem.field}` : `${first?.key}`;
    throw new IntentError(
      'invalid',
      `${where}: ${problem?.message}${more > 0 ? ` (and ${more} more problem${more > 1 ? 's' : ''})` : ''}`,
      { invalid },
    );
  }

  /** Resolves when the request is durable, with the promise of its application (wrapped, so that awaiting this does not await that). */
  async #persist(request: IntentCommit): Promise<{ readonly result: Promise<CommitResult> }> {
    const effects = new Promise<readonly Effect[]>((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
    });
    this.#persisting ??= this.#persistAll().finally(() => {
      this.#persisting = undefined;
    });
    const result = this.#apply(request, await effects);
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
    try {
      for (const one of group) {
        const merge = new Merge(this.#sources, one.request, this.#archive);
        merged.push({ one, merge });
        for (const write of merge.steps((key) => this.#unsettled.has(key))) {
          if (write) writes.push(write);
          if (pace.due()) await pace.rest();
        }
      }
      await this.#archive.write(writes);
    } catch (cause) {
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
      for (const key of replaced(merge.effects)) this.#unsettled.set(key, (this.#unsettled.get(key) ?? 0) + 1);
      one.resolve(merge.effects);
    }
  }

  async #apply(request: IntentCommit, effects: readonly Effect[]): Promise<CommitResult> {
    const { acknowledge, options = {} } = request;
    const full = options.resync === 'FullResync' || options.resync === 'UpstreamResync';
    try {
      return await this.#scheduler.commit(full ? this.#everything() : effects.map(toChange), {
        ...options,
        ...(acknowledge === 'verified' ? { verify: true } : {}),
      });
    } finally {
      await this.#settle(replaced(effects).filter((key) => this.#release(key)));
    }
  }

  /** True when no other commit under way replaces this key. */
  #release(key: Key): boolean {
    const count = (this.#unsettled.get(key) ?? 1) - 1;
    if (count > 0) this.#unsettled.set(key, count);
    else this.#unsettled.delete(key);
    return count === 0;
  }

  /** Forgets leftovers that the data plane has let go of. */
  async #settle(keys: readonly Key[]): Promise<void> {
    const settled = keys.filter((key) => isSettled(this.#scheduler, key));
    try {
      await this.#archive.write(settled.map((key) => this.#archive.settled(key)));
    } catch (error) {
      this.#log.warn(
        { err: error },
        'leftovers could not be erased from the store; the next resync looks at them again',
      );
    }
  }

  #everything(): Change[] {
    const changes: Change[] = [];
    for (const [key, holding] of this.#sources.all()) changes.push({ key, ...holding });
    return changes;
  }

  #background(promise: Promise<unknown>): void {
    const watched = promise
      .catch((error: unknown) => this.#log.error({ err: error }, 'commit failed'))
      .finally(() => this.#running.delete(watched));
    this.#running.add(watched);
  }
}

function toChange(effect: Effect): Change {
  return effect.after ? { key: effect.key, ...effect.after } : { key: effect.key, value: null };
}

/** Whether nothing of an earlier revision can be in the data plane any more. */
function isSettled(scheduler: Scheduler, key: Key): boolean {
  const status = scheduler.status(key);
  if (!status) return true;
  const unsettled = (state: string): boolean => state === 'FAILED' || state === 'RETRYING' || state === 'INVALID';
  return !unsettled(status.state) && status.parts.every((part) => !unsettled(part.state));
}
