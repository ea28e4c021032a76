/**
 * A handler says how one engine makes the objects of one kind.
 *
 * The scheduler starts all operations that do not wait for each other in the same turn of the event loop (in bounded
 * chunks). Handlers await the driver; the driver collects what they ask for until the loop is idle and sends it as one
 * batch, so handlers read like sequential code and still run as waves.
 */

import type { Key } from '../model/key.ts';
import type { Dependency, Part, Value } from './kind.ts';

/** What a handler can see of the graph while it works. Applied state of the moment, including this transaction's work so far. */
export interface GraphView {
  /** Metadata of an applied value, as its handler returned it. */
  metadata<M>(key: Key): M | undefined;
  applied(key: Key): Value | undefined;
  /** Applied keys under a prefix (whole segments), in key order. */
  appliedUnder(prefix: string): Iterable<readonly [Key, Value]>;
  desired(key: Key): Value | undefined;
  /** Desired values that name `key` as a dependency, applied or not: who is going to use it. */
  dependants(key: Key): Iterable<readonly [Key, Value]>;
}

export interface OperationContext extends GraphView {
  /** Aborted at the operation's deadline and when the scheduler stops. An aborted operation's outcome is unknown until retrieved. */
  readonly signal: AbortSignal;
}

export interface RetrieveContext<V extends Value = Value, M = unknown> extends GraphView {
  readonly signal: AbortSignal;
  /** The same object for all handlers of one retrieval: drivers cache dumps of the data plane under it (WeakMap). */
  readonly session: object;
  /** Only these keys are asked for; undefined means all of the kind. More may be returned. */
  readonly keys: ReadonlySet<Key> | undefined;
  /**
   * What the scheduler expects to find: applied values, or (after a restart) everything that was wanted when the agent
   * stopped, including what it was about to remove. Tells which unmarkable things are ours and which spelling users used.
   */
  readonly expected: ReadonlyMap<Key, Expected<V, M>>;
}

export interface Expected<V extends Value = Value, M = unknown> {
  readonly value: V;
  /** Absent after a restart. */
  readonly metadata: M | undefined;
  /** It waits for something else, so that nobody has made it (absent after a restart: nobody knows then). */
  readonly waits?: boolean;
}

export interface Retrieved<V extends Value = Value, M = unknown> {
  readonly key: Key;
  readonly value: V;
  readonly metadata: M;
  /** `ours`: made by this agent, removed when nobody wants it. `foreign`: listed as OBTAINED, never removed. */
  readonly origin: 'ours' | 'foreign';
}

/** Members of one aggregate before and after; `reconcile` makes the data plane equal `after`. */
export interface AggregateChange<V extends Value = Value, M = unknown> {
  readonly aggregate: string;
  readonly before: ReadonlyMap<Key, { readonly value: V; readonly metadata: M }>;
  readonly after: ReadonlyMap<Key, V>;
}

/** How an engine serves a kind, for people. */
export interface Support {
  /**
   * `proven`: programmed, and proven by packets in tests. `explained`: the engine does by itself what the object asks for, or nothing
   * that could be programmed is missing. `unimplemented`: every value is refused.
   */
  readonly grade: 'proven' | 'explained' | 'unimplemented';
  /** What the engine must have; names of the kernel's capability probe. A value that needs what is not there is UNIMPLEMENTED. */
  readonly needs?: readonly string[];
  /** What is done and what is not, or why nothing is. */
  readonly note?: string;
}

export interface Handler<V extends Value = Value, M = unknown> {
  /** Name of the kind it serves. */
  readonly kind: string;
  /** Name of the engine it belongs to, e.g. `kernel` or `vpp`. */
  readonly engine: string;

  /** Default: proven, and needs no more than the engine. */
  readonly support?: Support;
  /** What the engine does about this value without being programmed; shown with its state. Pure. */
  explain?(key: Key, value: V): string | undefined;
  /** Why this engine cannot make this value (`kernel: memif is not supported`), or undefined when it can. */
  unsupported?(key: Key, value: V): string | undefined;
  /** Dependencies and parts this engine needs on top of the kind's. Pure. */
  dependencies?(key: Key, value: V): readonly Dependency[];
  parts?(key: Key, value: V): readonly Part[];

  /** Makes the object and returns its run-time metadata. */
  create(context: OperationContext, key: Key, value: V): Promise<M>;
  /** Changes it in place; without this every change is a re-creation. Returns the metadata, changed or not. */
  update?(context: OperationContext, key: Key, from: V, to: V, metadata: M): Promise<M>;
  /** True when this change cannot be made in place. Pure. */
  recreate?(key: Key, from: V, to: V, metadata: M): boolean;
  /** A dependency declared with `watches: 'change'` changed. Returns the metadata. */
  refresh?(context: OperationContext, key: Key, value: V, metadata: M, changed: readonly Key[]): Promise<M>;
  remove(context: OperationContext, key: Key, value: V, metadata: M): Promise<void>;

  /** Reads the data plane. Without it the object is taken to be as last applied. */
  retrieve?(context: RetrieveContext<V, M>): Promise<readonly Retrieved<V, M>[]>;
  /** Kinds whose retrieve must have run before (their metadata is needed). */
  readonly retrieveAfter?: readonly string[];

  /** Whether trying again later may help. Default: the error's own `retriable`, else true. */
  retriable?(error: unknown): boolean;

  /**
   * Objects with the same aggregate id share one data-plane object. `reconcile` is then called, once for all operations of a
   * wave on that aggregate, in place of create, update and remove; never concurrently for one aggregate.
   */
  aggregate?(key: Key, value: V): string | undefined;
  /** Outcome for each key of `after` (its metadata) and each removed key; an Error fails that key alone. */
  reconcile?(context: OperationContext, change: AggregateChange<V, M>): Promise<ReadonlyMap<Key, M | Error>>;
}

/** What the scheduler needs to know of an engine: bounds for the work it hands over. */
export interface Engine {
  readonly name: string;
  /** Operations in flight at a time. */
  readonly concurrency: number;
  /** Milliseconds one operation may take before its outcome counts as unknown. */
  readonly deadline: number;
}
