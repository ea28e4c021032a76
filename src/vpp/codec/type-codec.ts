import type { Field, Scalar } from '../schema/definition.ts';
import type { Enumeration } from './enumeration.ts';
import type { NativeText } from './native.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/** How one value of a type goes over the wire. */
export type TypeCodec =
  | { readonly kind: 'scalar'; readonly size: number; readonly scalar: Scalar }
  | { readonly kind: 'native'; readonly size: number; readonly name: string; readonly text: NativeText }
  | { readonly kind: 'enum'; readonly size: number; readonly base: Scalar; readonly names: Enumeration }
  | { readonly kind: 'flags'; readonly size: number; readonly base: Scalar; readonly names: Enumeration }
  /** An alias of several values: bytes. */
  | { readonly kind: 'bytes'; readonly size: number }
  | FixedStruct
  | VariableStruct;

export interface FixedStruct {
  readonly kind: 'fixed';
  readonly name: string;
  readonly size: number;
  readonly fields: readonly Field[];
  read(bytes: Uint8Array, view: DataView, at: number): object;
  write(bytes: Uint8Array, view: DataView, at: number, value: unknown): void;
}

export interface VariableStruct {
  readonly kind: 'variable';
  readonly name: string;
  readonly size: undefined;
  /** Bytes that it has at least. */
  readonly least: number;
  read(reader: Reader): object;
  write(writer: Writer, value: unknown): void;
}

export interface TypeLookup {
  /** The codec of a type that `owner` uses. Throws VppError `invalid-definition`. */
  type(key: string, owner: string): TypeCodec;
}
