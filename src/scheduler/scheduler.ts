/** The public face of the scheduler: what the agent, REST, CLI and tests call. */

import type { Key } from '../model/key.ts';
import type { Engine, Handler } from './handler.ts';
import type { Kind, Problem, Value } from './kind.ts';

/** Names and numbers are Ligato's (`ligato.kvscheduler.ValueState`). */
export const valueStates = [
  'NONEXISTENT',
  'MISSING',
  'UNIMPLEMENTED',
  'REMOVED',
  'CONFIGURED',
  'OBTAINED',
  'DISCOVERED',
  'PENDING',
  'INVALID',
  'FAILED',
  'RETRYING',
] as const;
export type ValueState = (typeof valueStates)[number];

export const operations = ['UNDEFINED', 'VALIDATE', 'CREATE', 'UPDATE', 'DELETE'] as const;
export type OperationName = (typeof operations)[number];

export const resyncTypes = ['NotResync', 'FullResync', 'UpstreamResync', 'DownstreamResync'] as const;
export type ResyncType = (typeof resyncTypes)[number];

/** Who wants a value; the larger priority wins a conflict of claims. */
export interface Source {
  readonly name: string;
  readonly priority: number;
}

export interface Change {
  readonly key: Key;
  /** null: nobody wants it any more. */
  readonly value: Value | null;
  readonly source?: Source;
}

export interface RetryPolicy {
  /** Milliseconds before the first attempt. */
  readonly period: number;
  /** 0: unlimited. */
  readonly maxCount: number;
  /** Double the delay after each attempt. */
  readonly backoff: boolean;
}

export interface CommitOptions {
  /**
   * FullResync: `changes` are all that is wanted; read the data plane, then make it so. UpstreamResync: the same without
   * reading. DownstreamResync: read the data plane and make it as already wanted; no changes allowed.
   */
  readonly resync?: ResyncType;
  readonly description?: string;
  /** Who asked for it; stands in the history. */
  readonly by?: string;
  /** Plan only; nothing is executed or recorded. */
  readonly simulate?: boolean;
  /** Default: 1 s, 3 attempts, with backoff. */
  readonly retry?: RetryPolicy | false;
  /** On the first failure put everything back as it was. Not with a resync. */
  readonly revert?: boolean;
  /** Retrieve what was touched and fail when it differs. */
  readonly verify?: boolean;
  /** Guarded commit: unless `confirm(seqNum)` is called within this many ms, roll back. */
  readonly confirmWithin?: number;
  /** `interactive` (default for up to 64 changes) is not held up by `bulk` work. */
  readonly lane?: 'interactive' | 'bulk';
  /** After a restart: what else may be in the data plane and ours although nobody wants it now (see RetrieveContext.expected). */
  readonly leftovers?: ReadonlyMap<Key, Value>;
  readonly signal?: AbortSignal;
}

/** One operation, planned or executed. Values are there unless the history's byte limit dropped them. */
export interface RecordedOperation {
  readonly operation: OperationName;
  readonly key: Key;
  readonly newState: ValueState;
  readonly newValue: Value | null;
  readonly newError?: string;
  readonly prevState: ValueState;
  readonly prevValue: Value | null;
  readonly prevError?: string;
  /** Nothing was called in the data plane: only the state changed. */
  readonly noop: boolean;
  readonly isPart: boolean;
  readonly isProperty: boolean;
  readonly isRevert: boolean;
  readonly isRetry: boolean;
  readonly isRecreate: boolean;
  /** What caused it: the user's change, a part of, a dependency that came or went, drift, a retry. Text with keys. */
  readonly reason: string;
}

export type TransactionType = 'SBNotification' | 'NBTransaction' | 'RetryFailedOps' | 'RetryUnimplOps';

export interface TransactionRecord {
  readonly seqNum: number;
  readonly type: TransactionType;
  readonly resync: ResyncType;
  readonly description: string;
  /** Who asked for it, as far as somebody did. */
  readonly by?: string;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly stop: number;
  readonly retryForTxn?: number;
  readonly retryAttempt?: number;
  readonly values: readonly { readonly key: Key; readonly value: Value | null; readonly origin: 'NB' | 'SB' }[];
  readonly planned: readonly RecordedOperation[];
  readonly executed: readonly RecordedOperation[];
}

/** A transaction before its first operation. */
export interface PlannedTransaction
  extends Pick<
    TransactionRecord,
    'seqNum' | 'type' | 'resync' | 'description' | 'retryForTxn' | 'retryAttempt' | 'planned'
  > {}

export interface OperationFailure {
  readonly key: Key;
  readonly operation: OperationName;
  readonly error: Error;
}

export interface CommitResult {
  readonly seqNum: number;
  readonly record: TransactionRecord;
  /** Empty when every operation succeeded. PENDING is not a failure. */
  readonly failures: readonly OperationFailure[];
  /** Durations in ms by phase: `wait` (for its turn), `validate`, `plan`, `execute`, `record`, `retrieve`. */
  readonly timing: Readonly<Record<string, number>>;
}

/** How a transaction went, beyond what is recorded of it. */
export type TransactionCourse = Pick<CommitResult, 'failures' | 'timing'>;

/** What would happen, in order, and why. */
export interface Plan {
  readonly operations: readonly PlannedOperation[];
}

export interface PlannedOperation extends RecordedOperation {
  /** Indexes into `Plan.operations` of what has to be done before. */
  readonly after: readonly number[];
}

export interface ValueStatus {
  readonly key: Key;
  readonly state: ValueState;
  /** Model or part kind; absent for properties. */
  readonly kind?: string;
  readonly label: string;
  /** ms since the epoch at which the state was entered. */
  readonly since: number;
  readonly lastOperation: OperationName;
  readonly error?: string;
  readonly problems: readonly Problem[];
  /** PENDING: labels of what is missing. INVALID: fields. */
  readonly details: readonly string[];
  readonly waitingFor: readonly { readonly label: string; readonly since: number }[];
  /** Transaction that asked for it. */
  readonly seqNum: number;
  readonly source?: string;
  readonly parts: readonly ValueStatus[];
}

export type View = 'SB' | 'NB' | 'cached';

export interface DumpedValue {
  readonly key: Key;
  readonly value: Value;
  readonly metadata: unknown;
  readonly origin: 'NB' | 'SB';
}

/** A difference between what was applied and what the data plane holds. */
export interface Drift {
  readonly key: Key;
  readonly problem: 'missing' | 'different' | 'unexpected';
  /** Proto field paths that differ. */
  readonly fields: readonly string[];
  readonly applied: Value | null;
  readonly retrieved: Value | null;
}

/** Objects of a kind that could not be read: nobody knows whether they are as applied. */
export interface Unread {
  readonly kind: string;
  /** Prefix of its keys; of a part kind its name. */
  readonly key: Key;
  readonly error: Error;
}

export interface Comparison {
  readonly drift: readonly Drift[];
  readonly unread: readonly Unread[];
}

export interface Notification {
  readonly key: Key;
  readonly kind: string;
  /** null: gone. */
  readonly value: Value | null;
  readonly metadata?: unknown;
}

export interface GraphNode {
  readonly key: Key;
  readonly kind?: string;
  readonly label: string;
  readonly state: ValueState;
  readonly applied: Value | null;
  readonly desired: Value | null;
  readonly metadata: unknown;
  readonly parent?: Key;
  readonly parts: readonly Key[];
  readonly dependencies: readonly {
    readonly label: string;
    readonly satisfied: boolean;
    readonly keys: readonly Key[];
  }[];
}

/** The least that tells values apart: to list and search many. */
export interface Outline {
  readonly key: Key;
  readonly kind?: string;
  readonly label: string;
  readonly state: ValueState;
  readonly parent?: Key;
}

/** Immutable picture of all values at one moment; reading it never waits for a transaction. */
export interface Snapshot {
  readonly size: number;
  status(key: Key): ValueStatus | undefined;
  /** Base values under a prefix or of a kind; all without either. */
  statuses(filter?: { readonly prefix?: string; readonly kind?: string }): Iterable<ValueStatus>;
  nodes(filter?: { readonly prefix?: string; readonly kind?: string }): Iterable<GraphNode>;
  node(key: Key): GraphNode | undefined;
  /** Base values and parts without what they hold: cheap for ten thousands. */
  outlines(filter?: { readonly prefix?: string; readonly kind?: string }): Iterable<Outline>;
}

export interface SchedulerOptions {
  /** Known from the start; `addEngine` adds more. */
  readonly engines: readonly Engine[];
  readonly history?: {
    readonly enabled?: boolean;
    readonly maxCount?: number;
    readonly maxBytes?: number;
    /** ms */
    readonly maxAge?: number;
    /** ms after start in which nothing is trimmed for age. */
    readonly permanentInit?: number;
  };
  readonly log?: SchedulerLog;
  /**
   * Called with what a transaction is going to do before it does anything. Not called when there is nothing to do. Without it the
   * plan is written down only where the execution turned out otherwise.
   */
  readonly onPlan?: (transaction: PlannedTransaction) => void;
  /** Clock in ms; tests set it. Default Date.now. */
  readonly now?: () => number;
}

export interface SchedulerLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface Scheduler {
  /** Announces an engine, before handlers of it are registered. Throws `usage` when there is one of that name. */
  addEngine(engine: Engine): void;
  /** Errors at once on overlapping prefixes, duplicate names and cycles of `retrieveAfter`. */
  register(kind: Kind, handler?: Handler): void;
  /**
   * The data plane is not there yet: transactions wait, in the order in which they came, until `over` resolves; whoever wants to read
   * the data plane gets SchedulerError `away` with the reason.
   */
  hold(reason: () => string, over: Promise<unknown>): void;
  /** Why transactions wait; undefined: they do not. */
  readonly held: string | undefined;
  /** A kind that no handler serves on this agent: its values are UNIMPLEMENTED with this reason. */
  kinds(): readonly { readonly kind: Kind; readonly handler: Handler | undefined }[];

  commit(changes: readonly Change[], options?: CommitOptions): Promise<CommitResult>;
  /** The same planner as commit, on the state of now. */
  plan(changes: readonly Change[], options?: Pick<CommitOptions, 'resync'>): Plan;
  /** Keeps a guarded commit. */
  confirm(seqNum: number): void;
  /** Puts back every value that transaction `seqNum` changed, as a new transaction. */
  rollback(seqNum: number, options?: CommitOptions): Promise<CommitResult>;
  /** All problems of these values and of their parts, nothing changed. */
  validate(changes: readonly Change[]): readonly { readonly key: Key; readonly problems: readonly Problem[] }[];

  /** Facts from the data plane that nobody asked for (link up, address appeared). Never dropped. */
  notify(notifications: readonly Notification[]): void;
  /** The data plane may have changed behind our back: retrieve these keys (and their parts) and heal what differs. */
  recheck(keys: readonly Key[], reason: string): void;
  /** Compares applied with retrieved; heals nothing. Throws SchedulerError `failed` or `away` when nothing could be read. */
  compare(filter?: { readonly keys?: readonly Key[]; readonly kinds?: readonly string[] }): Promise<Comparison>;
  /** The same, where all has to be compared: throws when something could not be read. */
  check(filter?: { readonly keys?: readonly Key[]; readonly kinds?: readonly string[] }): Promise<readonly Drift[]>;
  /** Takes a foreign (OBTAINED) object as wanted, as it is. */
  adopt(key: Key, source: Source): Promise<CommitResult>;

  snapshot(): Snapshot;
  status(key: Key): ValueStatus | undefined;
  /** Values with a dependency that this key could satisfy. */
  dependants(key: Key): readonly Key[];
  dump(filter: { readonly prefix?: string; readonly kind?: string }, view: View): Promise<readonly DumpedValue[]>;
  history(filter?: {
    readonly since?: number;
    readonly until?: number;
    readonly seqNum?: number;
  }): readonly TransactionRecord[];
  /** Calls `listener` with each transaction that comes into the history, in order. Returns the function that ends this. */
  onTransaction(listener: (record: TransactionRecord, course: TransactionCourse) => void): () => void;
  /** Transactions that wait for their turn. */
  readonly waiting: number;
  /** Every status change from now on, in order; a slow reader slows nobody and loses nothing that is still current (coalesced by key). */
  watch(
    filter?: { readonly prefix?: string; readonly kind?: string },
    signal?: AbortSignal,
  ): AsyncIterable<ValueStatus>;
  /** Resolves when nothing is queued or running, retries excepted. */
  idle(): Promise<void>;
  /** Stops: running operations are aborted at their deadline, queued transactions fail with `closed`. */
  close(): Promise<void>;
}
