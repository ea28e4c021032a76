/**
 * A kind says what an object is, the same for every engine and free of I/O.
 * All functions here are pure: they may be called often, in simulation, and on values that are never applied.
 */

import type { Key } from '../model/key.ts';

/** A configuration value: a protobuf message or a plain object. Never changed after it was handed to the scheduler. */
export type Value = object;

/** One thing that is wrong with a value: where, and what would be accepted. */
export interface Problem {
  /** Path in proto field names, e.g. `ip_addresses[1]` or `vxlan.vni`; empty for the whole object. */
  readonly field: string;
  /** Says what is wrong and what would be accepted, e.g. `70000 is not in 0-9216 (bytes)`. */
  readonly message: string;
}

/** Something that has to be applied before the value that names it can be. */
export interface Dependency {
  /** What people read when it is missing, unique within the value, e.g. `interface tap1`. */
  readonly label: string;
  /** Exactly this key ... */
  readonly key?: Key;
  /** ... or at least one applied key under one of these prefixes (whole segments) that `where` accepts. */
  readonly anyOf?: {
    readonly prefixes: readonly string[];
    where?(key: Key, value: Value): boolean;
  };
  /**
   * What the dependant wants to hear of. `presence` (default): only coming and going, including the two halves of a
   * re-creation. `change`: also a changed value or changed metadata; the handler's `refresh` is called, or the
   * dependant is re-created when the handler has none.
   */
  readonly watches?: 'presence' | 'change';
}

/**
 * A piece of a value that comes and goes on its own, with its own key, dependencies and state
 * (an address of an interface, a port of a bridge domain). Parts may themselves have parts.
 */
export interface Part {
  readonly key: Key;
  /** Name of the kind that owns it; without a kind it is a property: a marker others depend on, never programmed. */
  readonly kind?: string;
  readonly value: Value;
}

export interface Kind<V extends Value = Value> {
  /** Unique: the model name (`vpp.interfaces`) or, for parts and notifications, model name + part (`vpp.interfaces.address`). */
  readonly name: string;
  /**
   * Key prefix of a kind that users configure, with trailing slash (`config/vpp/v2/interfaces/`), or the whole key of a
   * singleton (no trailing slash). Absent for kinds of parts and notifications. Prefixes must not overlap.
   */
  readonly prefix?: string;
  /** The name people use for the object, e.g. `tap1`. Default: key without the prefix. */
  label?(key: Key): string;
  /** Semantic errors, before anything is touched. Empty when the value is right. */
  validate?(key: Key, value: V): readonly Problem[];
  /**
   * Normalised equality: equivalent values need no operation. `left` is what is there (applied or retrieved), `right` what is
   * wanted: a wish that is not expressed (no MTU) is met by anything there. Default: deep structural equality.
   */
  equivalent?(key: Key, left: V, right: V): boolean;
  parts?(key: Key, value: V): readonly Part[];
  dependencies?(key: Key, value: V): readonly Dependency[];
  /**
   * Exclusive resources that the value takes, as text people can read (`interface tap1 in a bridge domain`). Of two values
   * that claim the same, the higher source priority, then the smaller key wins; the other is INVALID `conflicts with KEY`.
   */
  claims?(key: Key, value: V): readonly string[];
  /** Order of creation within a dependency cycle (small first; ties by key). Taken down in reverse. Default 0. */
  readonly cycleRank?: number;
  /** Field paths whose content never leaves the process in clear (keys, tokens). */
  readonly secrets?: readonly string[];
}
