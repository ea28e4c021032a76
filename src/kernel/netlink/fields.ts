import type { Ip } from '../../model/address.ts';
import type { Encoder } from './encoder.ts';
import type { Attributes } from './reader.ts';

/** How one field is written as an attribute and read back. */
export interface FieldCodec<T> {
  write(encoder: Encoder, type: number, value: T): void;
  /** Undefined: leave the field out. */
  read(attributes: Attributes): T | undefined;
}

export const u8: FieldCodec<number> = {
  write: (encoder, type, value) => encoder.attributeU8(type, value),
  read: (attributes) => attributes.u8(),
};

export const u16: FieldCodec<number> = {
  write: (encoder, type, value) => encoder.attributeU16(type, value),
  read: (attributes) => attributes.u16(),
};

/** 16 bits in network order (ports, Ethernet types). */
export const be16: FieldCodec<number> = {
  write: (encoder, type, value) => encoder.attributeBe16(type, value),
  read: (attributes) => attributes.be16(),
};

export const u32: FieldCodec<number> = {
  write: (encoder, type, value) => encoder.attributeU32(type, value),
  read: (attributes) => attributes.u32(),
};

export const be32: FieldCodec<number> = {
  write: (encoder, type, value) => encoder.attributeBe32(type, value),
  read: (attributes) => attributes.be32(),
};

/** A truth value in one byte. */
export const bool8: FieldCodec<boolean> = {
  write: (encoder, type, value) => encoder.attributeU8(type, value ? 1 : 0),
  read: (attributes) => attributes.u8() !== 0,
};

/** A truth value in 32 bits. */
export const bool32: FieldCodec<boolean> = {
  write: (encoder, type, value) => encoder.attributeU32(type, value ? 1 : 0),
  read: (attributes) => attributes.u32() !== 0,
};

/** True by being there. */
export const flag: FieldCodec<boolean> = {
  write: (encoder, type, value) => void (value && encoder.attributeFlag(type)),
  read: () => true,
};

export const text: FieldCodec<string> = {
  write: (encoder, type, value) => encoder.attributeString(type, value),
  read: (attributes) => attributes.string(),
};

export const bytes: FieldCodec<Uint8Array> = {
  write: (encoder, type, value) => encoder.attributeBytes(type, value),
  read: (attributes) => attributes.bytes(),
};

/** An address of the family that its length says. */
export const ip: FieldCodec<Ip> = {
  write: (encoder, type, value) => encoder.attributeBytes(type, value.bytes),
  read: (attributes) => {
    const address = attributes.bytes();
    if (address.length !== 4 && address.length !== 16) return undefined;
    return { family: address.length === 4 ? 4 : 6, bytes: address };
  },
};

/**
 * An address for which each family has its own attribute; the other half of `ip4Only`. Reading leaves out the unspecified
 * address: the kernel reports it for "none".
 */
export function ipOf(family: 4 | 6): FieldCodec<Ip> {
  return {
    write: (encoder, type, value) => void (value.family === family && encoder.attributeBytes(type, value.bytes)),
    read: (attributes) => {
      const address = ip.read(attributes);
      return address?.bytes.some((byte) => byte !== 0) ? address : undefined;
    },
  };
}

/** One attribute of a value: its number, its field, how it is written. A field may have one attribute for each family. */
export interface Field<V, K extends keyof V = keyof V> {
  readonly attribute: number;
  readonly name: K;
  readonly codec: FieldCodec<NonNullable<V[K]>>;
}

/** A field, checked: the codec must fit the type of the field. */
export function field<V>() {
  return <K extends keyof V & string>(attribute: number, name: K, codec: FieldCodec<NonNullable<V[K]>>): Field<V> =>
    ({ attribute, name, codec }) as unknown as Field<V>;
}

/** Writes the fields that are there. */
export function writeFields<V>(encoder: Encoder, fields: readonly Field<V>[], value: V): void {
  for (const { attribute, name, codec } of fields) {
    const content = value[name];
    if (content !== undefined && content !== null) codec.write(encoder, attribute, content);
  }
}

/** Reads the fields that are there into an object. Unknown attributes are skipped. */
export function readFields<V>(attributes: Attributes, fields: readonly Field<V>[]): Partial<V> {
  const value: Partial<V> = {};
  while (attributes.next()) {
    for (const { attribute, name, codec } of fields) {
      if (attribute !== attributes.type) continue;
      const content = codec.read(attributes);
      if (content !== undefined) value[name] = content as V[typeof name];
      break;
    }
  }
  return value;
}
