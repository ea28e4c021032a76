/** Definitions of messages and types, as VPP's `.api.json` files and the built-in pack have them. */

export type Scalar = 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32' | 'u64' | 'i64' | 'f64' | 'bool';

export const scalarSizes: Readonly<Record<Scalar, number>> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  u64: 8,
  i64: 8,
  f64: 8,
  bool: 1,
};

export function isScalar(name: string): name is Scalar {
  return Object.hasOwn(scalarSizes, name);
}

/** How often a field stands: once, a fixed number of times, or as often as an earlier field says. */
export type Repetition = undefined | { readonly times: number } | { readonly countedBy: string };

export interface Field {
  readonly name: string;
  /** A scalar, `string`, or the name of a type (its `key` in the scope). */
  readonly type: string;
  /** For `string`: bytes on the wire, 0 for one with its length in front. */
  readonly repeat: Repetition;
  readonly default?: number | bigint | undefined;
}

interface Enumerated {
  readonly name: string;
  readonly base: Scalar;
  readonly members: readonly (readonly [label: string, value: number])[];
}

/** `flags`: bits that go together. */
export type EnumDefinition = ({ readonly kind: 'enum' } & Enumerated) | ({ readonly kind: 'flags' } & Enumerated);

export type TypeDefinition =
  | { readonly kind: 'alias'; readonly name: string; readonly to: Field }
  | EnumDefinition
  | { readonly kind: 'struct'; readonly name: string; readonly fields: readonly Field[] }
  | { readonly kind: 'union'; readonly name: string; readonly fields: readonly Field[] };

/** Types by the names that fields use for them. */
export interface Scope {
  type(key: string): TypeDefinition | undefined;
}

export interface MessageDefinition {
  readonly name: string;
  /** 8 lower-case hex digits. */
  readonly crc: string;
  /** Without `_vl_msg_id`; with `client_index` and `context` where the message has them. */
  readonly fields: readonly Field[];
  readonly scope: Scope;
}

/** How a request is answered. */
export interface Service {
  /** The reply, or what ends the list; for a list without an end of its own: the items. */
  readonly reply: string;
  /** A list of messages is sent. */
  readonly stream: boolean;
  /** Items of a list that ends with `reply`. */
  readonly item?: string | undefined;
}

/** Where definitions come from. */
export interface SchemaSource {
  message(name: string, crc: string): MessageDefinition | undefined;
  service(name: string): Service | undefined;
  /** CRCs under which the message is known. */
  crcs(name: string): readonly string[];
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** Names become properties of objects: nothing but plain identifiers, and none that means something to JavaScript. */
export function isUsableName(name: unknown): name is string {
  return typeof name === 'string' && IDENTIFIER.test(name) && name !== '__proto__' && name !== 'constructor';
}
