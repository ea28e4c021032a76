/** Which kinds there are, which handler makes each, and which kind a key belongs to. */

import { isUnder } from '../model/key.ts';
import type { Key } from '../model/key.ts';
import { SchedulerError } from './errors.ts';
import type { Engine, Handler } from './handler.ts';
import type { Kind } from './kind.ts';

/** A registered kind with what serves it. */
export interface Registration {
  readonly kind: Kind;
  handler: Handler | undefined;
  engine: Engine | undefined;
  /** Why the last retrieval failed; its objects are then taken to be as last applied. */
  retrieveError: Error | undefined;
}

export class Registry {
  readonly #engines: Map<string, Engine>;
  readonly #byName = new Map<string, Registration>();
  readonly #prefixed: { readonly prefix: string; readonly registration: Registration }[] = [];
  #hit: { readonly prefix: string; readonly registration: Registration } | undefined;

  constructor(engines: readonly Engine[]) {
    this.#engines = new Map(engines.map((engine) => [engine.name, engine]));
  }

  /** Throws `usage` when there is one of that name. */
  addEngine(engine: Engine): void {
    if (this.#engines.has(engine.name)) throw new SchedulerError('usage', `there is an engine ${engine.name} already`);
    this.#engines.set(engine.name, engine);
  }

  /**
   * Adds a kind, or the handler a kind was registered without. Throws `usage` on duplicate names, overlapping prefixes,
   * a handler of another kind or of an unknown engine, and a cycle of `retrieveAfter`; nothing is registered then.
   */
  register(kind: Kind, handler: Handler | undefined): Registration {
    const known = this.#byName.get(kind.name);
    if (known !== undefined) return this.#addHandler(known, kind, handler);
    if (kind.prefix !== undefined) this.#checkPrefix(kind.name, kind.prefix);
    const registration: Registration = { kind, handler: undefined, engine: undefined, retrieveError: undefined };
    this.#byName.set(kind.name, registration);
    try {
      this.#attach(registration, handler);
    } catch (error) {
      this.#byName.delete(kind.name);
      throw error;
    }
    if (kind.prefix !== undefined) this.#prefixed.push({ prefix: kind.prefix, registration });
    return registration;
  }

  all(): readonly Registration[] {
    return [...this.#byName.values()];
  }

  named(name: string): Registration | undefined {
    return this.#byName.get(name);
  }

  /** The kind whose prefix covers the key. Kinds of parts have no prefix; their parts name them. */
  ofKey(key: Key): Registration | undefined {
    if (this.#hit !== undefined && covers(this.#hit.prefix, key)) return this.#hit.registration;
    this.#hit = this.#prefixed.find(({ prefix }) => covers(prefix, key)) ?? this.#hit;
    return this.#hit !== undefined && covers(this.#hit.prefix, key) ? this.#hit.registration : undefined;
  }

  /** Kinds that can be retrieved, in stages: a stage needs the metadata of the stages before it. */
  retrievalStages(): readonly (readonly Registration[])[] {
    const stage = new Map<string, number>();
    const place = (registration: Registration, path: readonly string[]): number => {
      const { name } = registration.kind;
      if (path.includes(name))
        throw new SchedulerError('usage', `retrieveAfter runs in a circle: ${[...path, name].join(' -> ')}`);
      const placed = stage.get(name);
      if (placed !== undefined) return placed;
      let after = 0;
      for (const other of registration.handler?.retrieveAfter ?? []) {
        const needed = this.#byName.get(other);
        if (needed !== undefined) after = Math.max(after, place(needed, [...path, name]) + 1);
      }
      stage.set(name, after);
      return after;
    };
    const stages: Registration[][] = [];
    for (const registration of [...this.#byName.values()].sort((a, b) => (a.kind.name < b.kind.name ? -1 : 1))) {
      const index = place(registration, []);
      if (registration.handler?.retrieve !== undefined) (stages[index] ??= []).push(registration);
    }
    return stages.filter((members) => members !== undefined);
  }

  #addHandler(known: Registration, kind: Kind, handler: Handler | undefined): Registration {
    if (known.kind !== kind || known.handler !== undefined || handler === undefined) {
      throw new SchedulerError('usage', `kind ${kind.name} is already registered`);
    }
    this.#attach(known, handler);
    return known;
  }

  #attach(registration: Registration, handler: Handler | undefined): void {
    if (handler === undefined) return;
    const { name } = registration.kind;
    if (handler.kind !== name)
      throw new SchedulerError('usage', `handler of ${handler.kind} cannot serve kind ${name}`);
    const engine = this.#engines.get(handler.engine);
    if (engine === undefined)
      throw new SchedulerError(
        'usage',
        `handler of ${name} belongs to engine ${handler.engine}, which this scheduler does not have`,
      );
    if (handler.aggregate !== undefined && handler.reconcile === undefined) {
      throw new SchedulerError('usage', `handler of ${name} declares aggregate without reconcile`);
    }
    registration.handler = handler;
    registration.engine = engine;
    try {
      this.retrievalStages();
    } catch (error) {
      registration.handler = undefined;
      registration.engine = undefined;
      throw error;
    }
  }

  #checkPrefix(name: string, prefix: string): void {
    for (const other of this.#prefixed) {
      if (isUnder(other.prefix, prefix) || isUnder(prefix, other.prefix)) {
        throw new SchedulerError(
          'usage',
          `prefix ${prefix} of kind ${name} overlaps ${other.prefix} of kind ${other.registration.kind.name}`,
        );
      }
    }
  }
}

/** Prefixes end with a slash; one without names a singleton, the key itself. */
function covers(prefix: string, key: Key): boolean {
  return prefix.charCodeAt(prefix.length - 1) === 47 ? key.startsWith(prefix) : key === prefix;
}
