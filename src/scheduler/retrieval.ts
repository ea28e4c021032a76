/** Reads the data plane through the handlers, kind after kind in the order of their `retrieveAfter`. */

import type { Key } from '../model/key.ts';
import type { Graph } from './graph.ts';
import type { Expected, RetrieveContext, Retrieved } from './handler.ts';
import type { Value } from './kind.ts';
import type { Node } from './node.ts';
import type { Registration, Registry } from './registry.ts';
import type { SchedulerLog } from './scheduler.ts';
import { isAway, SchedulerError } from './errors.ts';
import type { Turn } from './turn.ts';
import { LiveView } from './view.ts';

export interface RetrievalScope {
  /** Only these objects; undefined: everything. */
  readonly keys?: ReadonlySet<Key>;
  readonly kinds?: ReadonlySet<string>;
  readonly leftovers?: ReadonlyMap<Key, Value>;
}

/** What one kind's retrieve returned. */
export interface Reading {
  readonly registration: Registration;
  readonly items: readonly Retrieved[];
  /** Asked for; undefined: all of the kind. */
  readonly keys: ReadonlySet<Key> | undefined;
  /** Graph time at which the reading began. What changed later is known better than it. */
  readonly began: number;
}

export interface RetrievalFailure {
  readonly registration: Registration;
  readonly error: Error;
}

/** A retrieval may read everything: it gets this many deadlines of one operation. */
const patience = 10;

export class Retrieval {
  readonly #graph: Graph;
  readonly #registry: Registry;
  readonly #log: SchedulerLog;

  constructor(graph: Graph, registry: Registry, log: SchedulerLog) {
    this.#graph = graph;
    this.#registry = registry;
    this.#log = log;
  }

  /** Calls `use` for each kind read; kinds of the next stage see what it did. Returns the kinds that could not be read. */
  async read(
    scope: RetrievalScope,
    turn: Turn,
    use: (reading: Reading) => Promise<void> | void,
  ): Promise<readonly RetrievalFailure[]> {
    const failures: RetrievalFailure[] = [];
    const session = {};
    const keysOf = scope.keys === undefined ? undefined : await turn.run(this.#byKind(scope.keys));
    for (const stage of this.#registry.retrievalStages()) {
      const concerned = stage.filter(
        ({ kind }) => (keysOf === undefined || keysOf.has(kind.name)) && (scope.kinds?.has(kind.name) ?? true),
      );
      const readings = await Promise.all(
        concerned.map((registration) =>
          this.#readKind(registration, keysOf?.get(registration.kind.name), scope, session, turn),
        ),
      );
      for (const reading of readings) {
        if ('error' in reading) failures.push(reading);
        else await use(reading);
      }
    }
    return failures;
  }

  async #readKind(
    registration: Registration,
    keys: ReadonlySet<Key> | undefined,
    scope: RetrievalScope,
    session: object,
    turn: Turn,
  ): Promise<Reading | RetrievalFailure> {
    const { kind, engine } = registration;
    const controller = new AbortController();
    const began = this.#graph.time;
    const limit = engine!.deadline * patience;
    let timer: NodeJS.Timeout | undefined;
    try {
      const context = new LiveRetrieveContext(
        this.#graph,
        registration,
        keys,
        scope.leftovers,
        session,
        controller.signal,
      );
      const overdue = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new SchedulerError('timeout', `retrieval of ${kind.name} took longer than ${limit} ms`)),
          limit,
        );
      });
      const items = await Promise.race([registration.handler!.retrieve!(context), overdue]);
      registration.retrieveError = undefined;
      return { registration, items: await turn.run(this.#sound(registration, items)), keys, began };
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      controller.abort(error);
      registration.retrieveError = error;
      // Of a data plane that is not there nothing can be read: whoever watches it has said so, once.
      const level = isAway(error) ? 'debug' : 'warn';
      this.#log[level]({ kind: kind.name, err: error }, 'cannot retrieve; its objects are taken to be as last applied');
      return { registration, error };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Without keys of the wrong kind, without values, or given twice: a handler's mistake must not break the graph. */
  *#sound(registration: Registration, items: readonly Retrieved[]): Generator<void, readonly Retrieved[]> {
    const seen = new Set<Key>();
    const sound: Retrieved[] = [];
    let steps = 0;
    for (const item of items) {
      const { key, value } = item;
      const owner = this.#registry.ofKey(key) ?? this.#graph.get(key)?.registration ?? registration;
      if (key !== '' && value !== null && value !== undefined && owner === registration && !seen.has(key)) {
        seen.add(key);
        sound.push(item);
      } else this.#log.warn({ kind: registration.kind.name, key }, 'retrieve returned an unusable item');
      if ((++steps & 63) === 0) yield;
    }
    return sound;
  }

  /** Which kinds have to be read for these keys: a part without a retrieve of its own is read with its base. */
  *#byKind(keys: ReadonlySet<Key>): Generator<void, ReadonlyMap<string, Set<Key>>> {
    const kinds = new Map<string, Set<Key>>();
    const ask = (registration: Registration, key: Key): void => {
      const known = kinds.get(registration.kind.name);
      if (known === undefined) kinds.set(registration.kind.name, new Set([key]));
      else known.add(key);
    };
    let steps = 0;
    for (const key of keys) {
      if ((++steps & 63) === 0) yield;
      let node: Node | undefined = this.#graph.get(key);
      const registration = node === undefined ? this.#registry.ofKey(key) : node.registration;
      if (node === undefined) {
        if (registration !== undefined) ask(registration, key);
        continue;
      }
      while (node !== undefined && node.registration?.handler?.retrieve === undefined) node = node.parent;
      if (node !== undefined) ask(node.registration!, node.key);
    }
    return kinds;
  }
}

class LiveRetrieveContext extends LiveView implements RetrieveContext {
  readonly signal: AbortSignal;
  readonly session: object;
  readonly keys: ReadonlySet<Key> | undefined;
  readonly #graph: Graph;
  readonly #registration: Registration;
  readonly #leftovers: ReadonlyMap<Key, Value> | undefined;
  #expected: ReadonlyMap<Key, Expected> | undefined;

  constructor(
    graph: Graph,
    registration: Registration,
    keys: ReadonlySet<Key> | undefined,
    leftovers: ReadonlyMap<Key, Value> | undefined,
    session: object,
    signal: AbortSignal,
  ) {
    super(graph);
    this.#graph = graph;
    this.#registration = registration;
    this.#leftovers = leftovers;
    this.keys = keys;
    this.session = session;
    this.signal = signal;
  }

  /** Made when first asked for: many handlers can tell what is theirs without it. */
  get expected(): ReadonlyMap<Key, Expected> {
    this.#expected ??= this.#collect();
    return this.#expected;
  }

  #collect(): ReadonlyMap<Key, Expected> {
    const expected = new Map<Key, Expected>();
    const { name } = this.#registration.kind;
    for (const [key, value] of this.#leftovers ?? [])
      if (this.#isOurs(key)) expected.set(key, { value, metadata: undefined });
    const add = (node: Node | undefined): void => {
      const value = node?.applied?.value ?? node?.desired?.value;
      if (node !== undefined && value !== undefined)
        expected.set(node.key, {
          value,
          metadata: node.applied?.metadata,
          waits: node.applied === undefined && node.state === 'PENDING',
        });
    };
    if (this.keys !== undefined) for (const key of this.keys) add(this.#graph.get(key));
    else for (const node of this.#graph.nodes.values()) if (node.kind === name) add(node);
    return expected;
  }

  #isOurs(key: Key): boolean {
    const { prefix } = this.#registration.kind;
    return (
      prefix !== undefined &&
      (prefix.endsWith('/') ? key.startsWith(prefix) : key === prefix) &&
      (this.keys?.has(key) ?? true)
    );
  }
}
