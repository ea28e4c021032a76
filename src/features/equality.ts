/** What makes two values the same thing to a data plane, whatever their spelling. */

import { canonicalIp, canonicalMac, canonicalNetwork, canonicalPrefix } from '../model/address.ts';
import type { Key } from '../model/key.ts';
import { structurallyEqual } from '../scheduler/equality.ts';
import type { Value } from '../scheduler/kind.ts';

type Fields = Readonly<Record<string, unknown>>;
type FieldRules = Readonly<Record<string, ((left: never, right: never) => boolean) | undefined>>;

function sameFields(left: Fields, right: Fields, rules: FieldRules): boolean {
  for (const field in left) {
    if (!sameField(field, left, right, rules)) return false;
  }
  for (const field in right) {
    if (!(field in left) && !sameField(field, left, right, rules)) return false;
  }
  return true;
}

function sameField(field: string, left: Fields, right: Fields, rules: FieldRules): boolean {
  const one = left[field];
  const other = right[field];
  if (one === other) return true;
  const rule = rules[field] as ((one: unknown, other: unknown) => boolean) | undefined;
  return rule === undefined ? structurallyEqual(one, other) : rule(one, other);
}

/**
 * `Kind.equivalent` from rules for single fields; the other fields are compared structurally. A rule is asked only about
 * fields that are not identical. `left` is what is there, `right` what is wanted.
 */
export function equivalence<V extends Value>(
  rules: {
    readonly [F in keyof V]?: (left: V[F], right: V[F]) => boolean;
  },
): (key: Key, left: V, right: V) => boolean {
  const table = rules as FieldRules;
  return (_key, left, right) => left === right || sameFields(left as Fields, right as Fields, table);
}

/** The same for a nested message. */
export function messageRule<M extends object>(
  rules: {
    readonly [F in keyof M]?: (left: M[F], right: M[F]) => boolean;
  },
): (left: M | undefined, right: M | undefined) => boolean {
  const table = rules as FieldRules;
  return (left, right) =>
    left === right || (left !== undefined && right !== undefined && sameFields(left as Fields, right as Fields, table));
}

/** Lists whose order means something. */
export function sameList<T>(left: ArrayLike<T>, right: ArrayLike<T>, same: (left: T, right: T) => boolean): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) {
    if (!same(left[index]!, right[index]!)) return false;
  }
  return true;
}

/** Lists whose order means nothing; items are the same when their identities are. */
export function sameSet<T>(left: readonly T[], right: readonly T[], identity: (item: T) => string | number): boolean {
  if (left.length !== right.length) return false;
  let index = 0;
  while (index < left.length && sameItem(left[index]!, right[index]!, identity)) index++;
  if (index === left.length) return true;
  const counts = new Map<string | number, number>();
  for (let at = index; at < left.length; at++) {
    const text = identity(left[at]!);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  for (let at = index; at < right.length; at++) {
    const text = identity(right[at]!);
    const count = counts.get(text) ?? 0;
    if (count === 0) return false;
    counts.set(text, count - 1);
  }
  return true;
}

function sameItem<T>(left: T, right: T, identity: (item: T) => string | number): boolean {
  return left === right || identity(left) === identity(right);
}

export const sameIpText = sameSpelling(spelledIp);
export const samePrefixText = sameSpelling(spelledPrefix);
export const sameNetworkText = sameSpelling(spelledNetwork);
export const sameMacText = sameSpelling(spelledMac);

/** Sets of addresses with prefix lengths. */
export function samePrefixSet(left: readonly string[], right: readonly string[]): boolean {
  return sameSet(left, right, spelledPrefix);
}

export function sameTextSet(left: readonly string[], right: readonly string[]): boolean {
  return sameSet(left, right, itself);
}

function itself(text: string): string {
  return text;
}

function sameSpelling(spelled: (text: string) => string): (left: string, right: string) => boolean {
  return (left, right) => left === right || spelled(left) === spelled(right);
}

/**
 * Canonical spelling; text that is no address (a reference, nothing) stays as it is. The parser takes one spelling of an
 * IPv4 address only, so that text without a colon needs no second look.
 */
export function spelledIp(text: string): string {
  return text.includes(':') ? (canonicalIp(text) ?? text) : text;
}

/** The same with a prefix length; a bare address is one host. */
export function spelledPrefix(text: string): string {
  return text.includes('/') && !text.includes(':') ? text : (canonicalPrefix(text) ?? text);
}

/** The same with host bits cleared. */
export function spelledNetwork(text: string): string {
  return canonicalNetwork(text) ?? text;
}

export function spelledMac(text: string): string {
  return canonicalMac(text) ?? text;
}
