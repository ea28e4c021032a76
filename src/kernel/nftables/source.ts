/** Where a value in a rule comes from, and what a rule can do with it: compare it, look it up, combine it. */

import { registerOf, type Compiler, type Source, type Statement } from './compiler.ts';
import { bytesOf, dataLength, padded, types, type DataType, type Value } from './datatype.ts';
import { prefixEnds } from './ip-text.ts';
import type { NftSet } from './objects.ts';

/** What a rule needs to know of a set. */
export type SetReference = Pick<NftSet, 'name' | 'data' | 'dataInterval'>;

/** Registers a value takes. */
export function slotsOf(parts: readonly DataType[]): number {
  return parts.reduce((sum, part) => sum + padded(part.bytes) / 4, 0);
}

function lookupIn(compiler: Compiler, set: string, slot: number, into: number | undefined, inverted = false): void {
  compiler.expression('lookup', (encoder) => {
    encoder.attributeString(1, set);
    encoder.attributeBe32(2, registerOf(slot));
    if (into !== undefined) encoder.attributeBe32(3, into);
    encoder.attributeBe32(5, inverted ? 1 : 0);
  });
}

/** A source that can be a key of sets and maps. */
export abstract class Key implements Source {
  abstract readonly parts: readonly DataType[];
  abstract require(compiler: Compiler): void;
  abstract load(compiler: Compiler, slot: number): void;

  /** Matches when the set has it. */
  in(set: SetReference): Statement {
    return this.#lookup(set, undefined, false);
  }

  /** Matches when the set does not have it. */
  notIn(set: SetReference): Statement {
    return this.#lookup(set, undefined, true);
  }

  /** Does what the verdict map says; goes on when the map does not have it. */
  verdictFrom(map: SetReference): Statement {
    return this.#lookup(map, 0, false);
  }

  /** Matches when the map has a value for it: `in` for maps to values. */
  has(map: SetReference): Statement {
    const found = this.lookup(map);
    return {
      compile: (compiler) => {
        found.require(compiler);
        found.load(compiler, 0);
      },
    };
  }

  /** The value a map has for it. The rule ends without a match when the map has none. */
  lookup(map: SetReference): Lookup {
    return new Lookup(this, map);
  }

  #lookup(set: SetReference, into: number | undefined, inverted: boolean): Statement {
    return {
      compile: (compiler) => {
        this.require(compiler);
        this.load(compiler, 0);
        lookupIn(compiler, set.name, 0, into, inverted);
      },
    };
  }
}

/** What a map holds for a key; again usable as key, NAT target or mark. */
export class Lookup extends Key {
  readonly parts: readonly DataType[];
  readonly #key: Source;
  readonly #map: SetReference;

  constructor(key: Source, map: SetReference) {
    super();
    const { data } = map;
    if (data === undefined || data === 'verdict') throw new RangeError(`${map.name} is not a map to values`);
    this.#key = key;
    this.#map = map;
    this.parts = map.dataInterval ? [...data, ...data] : data;
  }

  require(compiler: Compiler): void {
    this.#key.require(compiler);
  }

  load(compiler: Compiler, slot: number): void {
    this.#key.load(compiler, slot);
    lookupIn(compiler, this.#map.name, slot, registerOf(slot));
  }
}

class Concatenation extends Key {
  readonly parts: readonly DataType[];
  readonly #sources: readonly Source[];

  constructor(sources: readonly Source[]) {
    super();
    this.#sources = sources;
    this.parts = sources.flatMap((source) => source.parts);
  }

  require(compiler: Compiler): void {
    for (const source of this.#sources) source.require(compiler);
  }

  load(compiler: Compiler, slot: number): void {
    let next = slot;
    for (const source of this.#sources) {
      source.load(compiler, next);
      next += slotsOf(source.parts);
    }
  }
}

/** `ip daddr . meta l4proto . th dport`: a key of several parts. */
export function concat(...sources: readonly Source[]): Key {
  return new Concatenation(sources);
}

interface FieldBehaviour {
  load(compiler: Compiler, slot: number): void;
  require?(compiler: Compiler): void;
  /** Called after the rule has matched this value for certain. */
  learn?(compiler: Compiler, value: number): void;
}

const operators = { eq: 0, ne: 1, lt: 2, le: 3, gt: 4, ge: 5 } as const;

/** One value of the packet, its metadata or its connection. */
export class Field extends Key {
  readonly type: DataType;
  readonly parts: readonly DataType[];
  readonly #behaviour: FieldBehaviour;

  constructor(type: DataType, behaviour: FieldBehaviour) {
    super();
    this.type = type;
    this.parts = [type];
    this.#behaviour = behaviour;
  }

  require(compiler: Compiler): void {
    this.#behaviour.require?.(compiler);
  }

  load(compiler: Compiler, slot: number): void {
    this.#behaviour.load(compiler, slot);
  }

  eq(value: Value): Statement {
    return this.#compare('eq', value);
  }

  ne(value: Value): Statement {
    return this.#compare('ne', value);
  }

  lt(value: Value): Statement {
    return this.#compare('lt', value);
  }

  le(value: Value): Statement {
    return this.#compare('le', value);
  }

  gt(value: Value): Statement {
    return this.#compare('gt', value);
  }

  ge(value: Value): Statement {
    return this.#compare('ge', value);
  }

  /** Both ends included. */
  between(from: Value, to: Value): Statement {
    return this.#range(from, to, 0);
  }

  outside(from: Value, to: Value): Statement {
    return this.#range(from, to, 1);
  }

  /** Of an address: inside `ADDRESS/LENGTH`. Length 0 matches every packet of that protocol. */
  within(prefix: string): Statement {
    return this.#prefix(prefix, 'eq');
  }

  notWithin(prefix: string): Statement {
    return this.#prefix(prefix, 'ne');
  }

  /** Of a name: begins with this text (`tap*` in nft). */
  startsWith(text: string): Statement {
    return this.#matching((compiler) => compiler.compare(0, operators.eq, Buffer.from(text)));
  }

  /** At least one of these bits is set (`ct state established,related`). */
  hasAny(...bits: readonly Value[]): Statement {
    return this.#bits(bits, operators.ne);
  }

  hasNone(...bits: readonly Value[]): Statement {
    return this.#bits(bits, operators.eq);
  }

  /** The value & `mask`. */
  masked(mask: Value): Field {
    const bits = bytesOf(this.type, mask);
    return new Field(this.type, {
      require: (compiler) => this.require(compiler),
      load: (compiler, slot) => {
        this.load(compiler, slot);
        compiler.bitwise(slot, bits, Buffer.alloc(bits.length));
      },
    });
  }

  #matching(check: (compiler: Compiler) => void): Statement {
    return {
      compile: (compiler) => {
        this.require(compiler);
        this.load(compiler, 0);
        check(compiler);
      },
    };
  }

  #compare(operator: keyof typeof operators, value: Value): Statement {
    const bytes = bytesOf(this.type, value);
    return this.#matching((compiler) => {
      const ordered = operator === 'eq' || operator === 'ne' ? bytes : this.#networkOrder(compiler, bytes);
      compiler.compare(0, operators[operator], ordered);
      if (operator === 'eq' && bytes.length <= 2) this.#behaviour.learn?.(compiler, bytes.readUIntBE(0, bytes.length));
    });
  }

  #range(from: Value, to: Value, operator: number): Statement {
    const ends = [bytesOf(this.type, from), bytesOf(this.type, to)];
    return this.#matching((compiler) => {
      const [first, last] = ends.map((end, at) => this.#networkOrder(compiler, end, at === 0)) as [Buffer, Buffer];
      compiler.expression('range', (encoder) => {
        encoder.attributeBe32(1, registerOf(0));
        encoder.attributeBe32(2, operator);
        compiler.data(3, first);
        compiler.data(4, last);
      });
    });
  }

  /** The kernel compares bytes from the left, so numbers in host order are turned before they are ordered. */
  #networkOrder(compiler: Compiler, bytes: Buffer, convert = true): Buffer {
    if (this.type.order === 'network' || bytes.length === 1) return bytes;
    if (bytes.length > 8) throw new RangeError(`${this.type.name} has no order`);
    if (convert) byteOrder(compiler, 0, bytes.length);
    return Buffer.from(bytes).reverse();
  }

  #prefix(text: string, operator: 'eq' | 'ne'): Statement {
    const prefix = prefixEnds(text, this.type.bytes);
    if (!prefix) throw new RangeError(`${text} is no prefix of ${this.type.name}`);
    const mask = maskOf(this.type.bytes, prefix.length);
    return this.#matching((compiler) => {
      if (prefix.length < 8 * this.type.bytes) compiler.bitwise(0, mask, Buffer.alloc(mask.length));
      compiler.compare(0, operators[operator], prefix.first);
    });
  }

  #bits(bits: readonly Value[], operator: number): Statement {
    const mask = Buffer.alloc(this.type.bytes);
    for (const bit of bits) bytesOf(this.type, bit).forEach((byte, at) => (mask[at]! |= byte));
    const zero = Buffer.alloc(mask.length);
    return this.#matching((compiler) => {
      compiler.bitwise(0, mask, zero);
      compiler.compare(0, operator, zero);
    });
  }
}

/** Turns the bytes of a number in a register round. */
export function byteOrder(compiler: Compiler, slot: number, bytes: number): void {
  compiler.expression('byteorder', (encoder) => {
    encoder.attributeBe32(1, registerOf(slot));
    encoder.attributeBe32(2, registerOf(slot));
    encoder.attributeBe32(3, 1);
    encoder.attributeBe32(4, bytes);
    encoder.attributeBe32(5, bytes);
  });
}

function maskOf(bytes: number, length: number): Buffer {
  const mask = Buffer.alloc(bytes);
  for (let bit = 0; bit < length; bit += 1) mask[bit >> 3]! |= 0x80 >> (bit & 7);
  return mask;
}

/** A number in host order, moved by so many bits to the left, with these bits set that were not; of type mark. */
export function shiftedLeft(number: Field, bits: number, more: number): Source {
  return {
    parts: [types.mark],
    require: (compiler) => number.require(compiler),
    load: (compiler, slot) => {
      number.load(compiler, slot);
      compiler.shift(slot, 'left', bits);
      compiler.bitwise(slot, bytesOf(types.mark, 0xffff_ffff), bytesOf(types.mark, more));
    },
  };
}

/** A number in host order, moved by so many bits to the right; of type mark. */
export function shiftedRight(number: Field, bits: number): Source {
  return {
    parts: [types.mark],
    require: (compiler) => number.require(compiler),
    load: (compiler, slot) => {
      number.load(compiler, slot);
      compiler.shift(slot, 'right', bits);
    },
  };
}

/** A number below 65,536 (`jhash`, `numgen`) as a port. */
export function portOf(number: Field): Source {
  return {
    parts: [types.inet_service],
    require: (compiler) => number.require(compiler),
    load: (compiler, slot) => {
      number.load(compiler, slot);
      byteOrder(compiler, slot, types.inet_service.bytes);
    },
  };
}

/** A constant as a source: data of a dynamic map, part of a key. */
export function constant(type: DataType, value: Value): Source {
  const bytes = bytesOf(type, value);
  return {
    parts: [type],
    require() {},
    load: (compiler, slot) => compiler.immediate(slot, bytes),
  };
}

/** `numgen inc` counts round, `numgen random` draws; 0 to modulus - 1, plus `offset`. As a key part it has type mark. */
export const numgen = {
  /** One counter for each rule: exact shares when one service uses the rule, fair ones in the mean when many do. */
  inc: (modulus: number, offset = 0): Field => generator(0, modulus, offset),
  random: (modulus: number, offset = 0): Field => generator(1, modulus, offset),
};

function generator(type: number, modulus: number, offset: number): Field {
  return new Field(types.mark, {
    load: (compiler, slot) =>
      compiler.expression('numgen', (encoder) => {
        encoder.attributeBe32(1, registerOf(slot));
        encoder.attributeBe32(2, modulus);
        encoder.attributeBe32(3, type);
        encoder.attributeBe32(4, offset);
      }),
  });
}

/** Jenkins hash of a key, 0 to modulus - 1 plus `offset`; the same in every process for the same seed. */
export function jhash(key: Source, modulus: number, seed = 0, offset = 0): Field {
  return new Field(types.mark, {
    require: (compiler) => key.require(compiler),
    load: (compiler, slot) => {
      key.load(compiler, slot);
      compiler.expression('hash', (encoder) => {
        encoder.attributeBe32(1, registerOf(slot));
        encoder.attributeBe32(2, registerOf(slot));
        encoder.attributeBe32(3, dataLength(key.parts));
        encoder.attributeBe32(4, modulus);
        encoder.attributeBe32(5, seed);
        if (offset > 0) encoder.attributeBe32(6, offset);
        encoder.attributeBe32(7, 0);
      });
    },
  });
}
