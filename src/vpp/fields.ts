/** How fields of messages look in TypeScript. */

/**
 * Bits of a set. Read as a number (unknown bits stay); written as a number, the name of a bit, or a list of names.
 * `flags.js` has the numbers.
 */
export type Flags<Label extends string> = number & { readonly [labels]?: Label };
declare const labels: unique symbol;

/**
 * A message as it is sent: what is left out is VPP's default, else zero. Addresses, prefixes and MAC addresses are text.
 */
export type Input<T> = T extends string | boolean | bigint | Uint8Array
  ? T
  : T extends number
    ? InputNumber<T>
    : T extends readonly (infer Item)[]
      ? readonly Input<Item>[]
      : { readonly [Name in keyof T]?: Input<T[Name]> | undefined };

type InputNumber<T extends number> =
  T extends Flags<infer Label> ? (string extends Label ? number : number | Label | readonly Label[]) : number;
