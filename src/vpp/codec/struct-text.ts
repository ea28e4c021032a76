/**
 * Writes the JavaScript of a structure's reader and writer. Straight-line code with constant offsets is several times faster
 * than walking over a list of fields, and a dump of 100,000 routes has to be read between two turns of the event loop. Names in
 * the text are checked identifiers (`isUsableName`); everything else is a number or a constant handed in.
 */

import { VppError } from '../errors.ts';
import { isUsableName } from '../schema/definition.ts';
import type { Field, Scalar } from '../schema/definition.ts';
import { generate } from './generate.ts';
import { readAddress } from './native.ts';
import type { FixedStruct, TypeCodec, TypeLookup, VariableStruct } from './type-codec.ts';
import { badField, big, flag, float, integer, list, octets, readText, record, text } from './values.ts';

/** The longest structure that is taken for one: what a definition may make us allocate. */
const LARGEST = 1024 * 1024;

/** The longest text with a length in front that is sent. */
const LONGEST_TEXT = 16 * 1024 * 1024;

type Shape =
  | { readonly kind: 'one'; readonly field: Field; readonly type: TypeCodec }
  | { readonly kind: 'text'; readonly field: Field; readonly size: number }
  | { readonly kind: 'long-text'; readonly field: Field }
  | { readonly kind: 'times'; readonly field: Field; readonly type: TypeCodec; readonly times: number }
  | { readonly kind: 'counted'; readonly field: Field; readonly type: TypeCodec; readonly countedBy: string };

export class StructText {
  readonly #name: string;
  readonly #fields: readonly Field[];
  readonly #shapes: readonly Shape[];
  readonly #counters: ReadonlyMap<string, string>;
  readonly #constants: unknown[] = [];

  constructor(name: string, fields: readonly Field[], types: TypeLookup) {
    this.#name = name;
    this.#fields = fields;
    this.#shapes = fields.map((field) => shapeOf(name, field, types));
    this.#counters = new Map(
      this.#shapes.flatMap((shape) => (shape.kind === 'counted' ? [[shape.countedBy, shape.field.name]] : [])),
    );
    this.#checkNames();
  }

  #checkNames(): void {
    const seen = new Set<string>();
    for (const shape of this.#shapes) {
      const { name } = shape.field;
      if (!isUsableName(name) || seen.has(name)) throw this.#invalid(`has a field ${name}`);
      if (shape.kind === 'counted' && !this.#isNumber(shape.countedBy, seen)) {
        throw this.#invalid(`has ${name} counted by ${shape.countedBy}, which is not a number before it`);
      }
      seen.add(name);
    }
  }

  #isNumber(name: string, before: ReadonlySet<string>): boolean {
    const counter = this.#shapes.find(({ field }) => field.name === name);
    if (!before.has(name) || counter?.kind !== 'one' || counter.type.kind !== 'scalar') return false;
    return /^u(8|16|32)$/.test(counter.type.scalar);
  }

  struct(): FixedStruct | VariableStruct {
    const size = this.#fixedSize();
    return size === undefined ? this.#variable() : this.#fixed(size);
  }

  #fixedSize(): number | undefined {
    let size = 0;
    let isFixed = true;
    for (const shape of this.#shapes) {
      const one = sizeOf(shape);
      if (one === undefined) isFixed = false;
      else size += one;
    }
    if (size > LARGEST) throw this.#invalid(`has ${size} bytes`);
    return isFixed ? size : undefined;
  }

  #fixed(size: number): FixedStruct {
    const read: string[] = [];
    const write: string[] = [];
    let at = 0;
    for (const shape of this.#shapes) {
      read.push(`const f_${shape.field.name} = ${this.#read(shape, `at + ${at}`)};`);
      write.push(this.#write(shape, `at + ${at}`));
      at += sizeOf(shape)!;
    }
    return {
      kind: 'fixed',
      name: this.#name,
      size,
      fields: this.#fields,
      read: this.#compile('bytes, view, at', `${read.join('\n')}\nreturn ${this.#result()};`),
      write: this.#compile('bytes, view, at, input', `${this.#takeRecord()}${write.join('\n')}`),
    };
  }

  /** Reads all members: which one counts is said by another field. Writes the one that is given. */
  union(): FixedStruct {
    let size = 0;
    for (const shape of this.#shapes) {
      const one = sizeOf(shape);
      if (one === undefined) throw this.#invalid(`is a union with ${shape.field.name} of no fixed size`);
      size = Math.max(size, one);
    }
    const members = this.#shapes.map((shape) => `${shape.field.name}: ${this.#read(shape, 'at')}`);
    const writes = this.#shapes.map(
      (shape) => `if (x.${shape.field.name} !== undefined) { ${this.#write(shape, 'at')} given++; }`,
    );
    const tooMany = this.#constant(() => badField(this.#name, 'is a union: one member at most is given'));
    return {
      kind: 'fixed',
      name: this.#name,
      size,
      fields: this.#fields,
      read: this.#compile('bytes, view, at', `return { ${members.join(', ')} };`),
      write: this.#compile(
        'bytes, view, at, input',
        `${this.#takeRecord()}let given = 0;\n${writes.join('\n')}\nif (given > 1) throw ${tooMany}();`,
      ),
    };
  }

  #variable(): VariableStruct {
    const read = ['const { bytes, view } = reader;', 'let at = reader.at;'];
    const write: string[] = ['let { bytes, view } = writer;', 'let at = 0;'];
    let least = 0;
    let index = 0;
    while (index < this.#shapes.length) {
      // Neighbours of fixed size are checked and reserved together.
      let run = 0;
      const start = index;
      for (; index < this.#shapes.length && sizeOf(this.#shapes[index]!) !== undefined; index++)
        run += sizeOf(this.#shapes[index]!)!;
      if (run > 0) {
        read.push(`reader.need(at, ${run}, ${JSON.stringify(this.#name)});`);
        write.push(`at = writer.take(${run}); bytes = writer.bytes; view = writer.view;`);
        let offset = 0;
        for (const shape of this.#shapes.slice(start, index)) {
          read.push(`const f_${shape.field.name} = ${this.#read(shape, `at + ${offset}`)};`);
          write.push(this.#write(shape, `at + ${offset}`));
          offset += sizeOf(shape)!;
        }
        read.push(`at += ${run};`);
        least += run;
      }
      const shape = this.#shapes[index++];
      if (!shape) break;
      read.push(this.#readVariable(shape));
      write.push(this.#writeVariable(shape));
      least += shape.kind === 'long-text' ? 4 : shape.kind === 'one' ? leastOf(shape.type) : 0;
    }
    read.push('reader.at = at;', `return ${this.#result()};`);
    return {
      kind: 'variable',
      name: this.#name,
      size: undefined,
      least,
      read: this.#compile('reader', read.join('\n')),
      write: this.#compile('writer, input', `${this.#takeRecord()}${write.join('\n')}`),
    };
  }

  /** Code that defines `f_NAME` and moves `at`. */
  #readVariable(shape: Shape): string {
    const { name } = shape.field;
    const label = JSON.stringify(`${this.#name}.${name}`);
    if (shape.kind === 'long-text') {
      return `reader.need(at, 4, ${label}); const n_${name} = view.getUint32(at); at += 4;
        reader.need(at, n_${name}, ${label}); const f_${name} = ${this.#constant(readText)}(bytes, at, n_${name}); at += n_${name};`;
    }
    if (shape.kind === 'one') {
      const type = shape.type as VariableStruct;
      return `reader.at = at; const f_${name} = ${this.#constant(type.read)}(reader); at = reader.at;`;
    }
    if (shape.kind !== 'counted') throw this.#invalid(`has ${name}, an array of things that have no fixed size`);
    const { type, countedBy } = shape;
    const count = `f_${countedBy}`;
    if (type.size === undefined) {
      return `reader.need(at, ${count} * ${leastOf(type)}, ${label}); reader.at = at; const f_${name} = [];
        for (let i = 0; i < ${count}; i++) f_${name}.push(${this.#constant(variable(type).read)}(reader)); at = reader.at;`;
    }
    const total = `${count} * ${type.size}`;
    const need = `reader.need(at, ${total}, ${label});`;
    if (isOctet(type))
      return `${need} const f_${name} = Uint8Array.prototype.slice.call(bytes, at, at + ${count}); at += ${count};`;
    return `${need} const f_${name} = [];
      for (let i = 0; i < ${count}; i++, at += ${type.size}) f_${name}.push(${this.#readOne(type, 'at')});`;
  }

  #writeVariable(shape: Shape): string {
    const { name } = shape.field;
    const label = JSON.stringify(`${this.#name}.${name}`);
    const renew = 'bytes = writer.bytes; view = writer.view;';
    if (shape.kind === 'long-text') {
      return `{ const t = ${this.#constant(text)}(x.${name}, ${LONGEST_TEXT}, ${label}); at = writer.take(4 + t.length); ${renew}
        view.setUint32(at, t.length); bytes.set(t, at + 4); }`;
    }
    if (shape.kind === 'one') return `${this.#constant(variable(shape.type).write)}(writer, x.${name} ?? {}); ${renew}`;
    const { type } = shape as Shape & { readonly kind: 'counted' };
    if (type.size === undefined) {
      return `for (const item of l_${name}) { ${this.#constant(variable(type).write)}(writer, item); } ${renew}`;
    }
    if (isOctet(type)) return `at = writer.take(l_${name}.length); ${renew} bytes.set(l_${name}, at);`;
    return `at = writer.take(l_${name}.length * ${type.size}); ${renew}
      for (const item of l_${name}) { ${this.#writeOne(type, 'at', 'item', 0, label)} at += ${type.size}; }`;
  }

  /** The object that is read. Counts are left out. */
  #result(): string {
    const shown = this.#shapes.filter(({ field }) => !this.#counters.has(field.name));
    return `{ ${shown.map(({ field }) => `${field.name}: ${this.#enumText(field.name) ?? `f_${field.name}`}`).join(', ')} }`;
  }

  /** Enums are kept as numbers until the end, as other fields may depend on them. */
  #enumText(name: string): string | undefined {
    const shape = this.#shapes.find(({ field }) => field.name === name);
    if (shape?.kind !== 'one' || shape.type.kind !== 'enum') return undefined;
    return `${this.#constant(shape.type.names)}.read(f_${name})`;
  }

  #read(shape: Shape, at: string): string {
    switch (shape.kind) {
      case 'one':
        return this.#readKnownFamily(shape.field.name, shape.type, at) ?? this.#readOne(shape.type, at, true);
      case 'text':
        return `${this.#constant(readText)}(bytes, ${at}, ${shape.size})`;
      case 'times':
        return this.#readTimes(shape.field.name, shape.type, shape.times, at);
      default:
        throw this.#invalid(`has ${shape.field.name}, which has no fixed size`);
    }
  }

  /** The union of addresses does not tell its family; a neighbour may. */
  #readKnownFamily(name: string, type: TypeCodec, at: string): string | undefined {
    if (type.kind === 'native' && type.name === 'address_union' && this.#has('af')) {
      return `${this.#constant(readAddress)}(bytes, ${at}, f_af !== 0)`;
    }
    if (this.#name !== 'fib_path' || name !== 'nh' || type.kind !== 'fixed' || !this.#has('proto')) return undefined;
    if (type.fields[0]?.name !== 'address') return undefined;
    // FIB_API_PATH_NH_PROTO_IP6 is 1.
    const rest = this.#constant(type.read);
    return `${this.#constant(withAddress)}(${rest}(bytes, view, ${at}), bytes, ${at}, f_proto === 1)`;
  }

  #has(name: string): boolean {
    return this.#fields.some((field) => field.name === name);
  }

  /** `raw`: enums as numbers. */
  #readOne(type: TypeCodec, at: string, raw = false): string {
    switch (type.kind) {
      case 'scalar':
        return readScalar(type.scalar, at);
      case 'flags':
        return readScalar(type.base, at);
      case 'enum': {
        const number = readScalar(type.base, at);
        return raw ? number : `${this.#constant(type.names)}.read(${number})`;
      }
      case 'native':
        return `${this.#constant(type.text)}.read(bytes, ${at})`;
      case 'bytes':
        return `Uint8Array.prototype.slice.call(bytes, ${at}, ${at} + ${type.size})`;
      case 'fixed':
        return `${this.#constant(type.read)}(bytes, view, ${at})`;
      case 'variable':
        throw this.#invalid(`has ${type.name} where a fixed size is needed`);
    }
  }

  #readTimes(name: string, type: TypeCodec, times: number, at: string): string {
    if (isOctet(type)) return `Uint8Array.prototype.slice.call(bytes, ${at}, ${at} + ${times})`;
    // Of the sixteen labels that a path always has, those that count.
    const count =
      this.#name === 'fib_path' && name === 'label_stack' && this.#has('n_labels')
        ? `Math.min(f_n_labels, ${times})`
        : times;
    const element = this.#readOne(type, 'at');
    const loop = generate(
      'bytes, view, at, count',
      `if (count === 0) return [];
      const items = new Array(count);
      for (let i = 0; i < count; i++, at += ${type.size}) items[i] = ${element};
      return items;`,
      this.#constants,
    );
    return `${this.#constant(loop)}(bytes, view, ${at}, ${count})`;
  }

  #write(shape: Shape, at: string): string {
    const { name, default: value } = shape.field;
    const label = JSON.stringify(`${this.#name}.${name}`);
    switch (shape.kind) {
      case 'one':
        return this.#writeField(shape.field, shape.type, at, label);
      case 'text':
        return `bytes.set(${this.#constant(text)}(x.${name}, ${shape.size - 1}, ${label}), ${at});`;
      case 'times':
        if (isOctet(shape.type))
          return `bytes.set(${this.#constant(octets)}(x.${name}, ${shape.times}, ${label}), ${at});`;
        return `{ let to = ${at}; for (const item of ${this.#constant(list)}(x.${name}, ${shape.times}, ${label})) {
          ${this.#writeOne(shape.type, 'to', 'item', Number(value ?? 0), label)} to += ${shape.type.size}; } }`;
      default:
        throw this.#invalid(`has ${name}, which has no fixed size`);
    }
  }

  #writeField({ name, default: value }: Field, type: TypeCodec, at: string, label: string): string {
    const counted = this.#counters.get(name);
    if (counted !== undefined) return this.#writeOne(type, at, `l_${counted}.length`, 0, label);
    const source = this.#isLabelCount(name) ? `(x.n_labels ?? x.label_stack?.length)` : `x.${name}`;
    const code = this.#writeOne(type, at, source, Number(value ?? 0), label);
    // Structures are written even if they are left out when there are defaults in them.
    if (type.kind === 'native' || (type.kind === 'fixed' && !hasDefaults(type)))
      return `if (${source} !== undefined) { ${code} }`;
    return code;
  }

  #isLabelCount(name: string): boolean {
    return this.#name === 'fib_path' && name === 'n_labels' && this.#has('label_stack');
  }

  #writeOne(type: TypeCodec, at: string, source: string, absent: number, label: string): string {
    switch (type.kind) {
      case 'scalar':
        return this.#writeScalar(type.scalar, at, source, absent, label);
      case 'enum':
      case 'flags': {
        const number = `${this.#constant(type.names)}.write(${source}, ${absent}, ${label})`;
        return storeScalar(type.base, at, number);
      }
      case 'native': {
        const accepts = this.#constant(notNative(type.text.accepts));
        return `if (typeof ${source} !== 'string' || !${this.#constant(type.text)}.write(bytes, ${at}, ${source})) throw ${accepts}(${source}, ${label});`;
      }
      case 'bytes':
        return `bytes.set(${this.#constant(octets)}(${source}, ${type.size}, ${label}), ${at});`;
      case 'fixed':
        return `${this.#constant(type.write)}(bytes, view, ${at}, ${source} ?? {});`;
      case 'variable':
        throw this.#invalid(`has ${type.name} where a fixed size is needed`);
    }
  }

  #writeScalar(scalar: Scalar, at: string, source: string, absent: number, label: string): string {
    if (scalar === 'bool')
      return `bytes[${at}] = ${this.#constant(flag)}(${source}, ${absent === 0 ? 0 : 1}, ${label});`;
    if (scalar === 'f64')
      return `view.setFloat64(${at}, ${this.#constant(float)}(${source}, ${absent}, ${label}), true);`;
    const bits = Number(scalar.slice(1));
    const signed = scalar.startsWith('i');
    if (bits === 64) {
      const [low, high] = signed ? [-(2n ** 63n), 2n ** 63n - 1n] : [0n, 2n ** 64n - 1n];
      return storeScalar(
        scalar,
        at,
        `${this.#constant(big)}(${source}, ${BigInt(Math.trunc(absent))}n, ${low}n, ${high}n, ${label})`,
      );
    }
    const [low, high] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
    return storeScalar(scalar, at, `${this.#constant(integer)}(${source}, ${absent}, ${low}, ${high}, ${label})`);
  }

  /** Code that checks the object and reads the lists whose lengths are written before them. */
  #takeRecord(): string {
    const names = new Set(this.#fields.map(({ name }) => name).filter((name) => !this.#counters.has(name)));
    const label = JSON.stringify(this.#name);
    const lists = this.#shapes.flatMap((shape) => {
      if (shape.kind !== 'counted') return [];
      const counter = this.#shapes.find(({ field }) => field.name === shape.countedBy) as Shape & {
        readonly kind: 'one';
      };
      const longest = 256 ** (counter.type.size ?? 1) - 1;
      const check = this.#constant(isOctet(shape.type) ? octets : list);
      const { name } = shape.field;
      return [`const l_${name} = ${check}(x.${name}, ${longest}, ${JSON.stringify(`${this.#name}.${name}`)});\n`];
    });
    return `const x = ${this.#constant(record)}(input, ${this.#constant(names)}, ${label});\n${lists.join('')}`;
  }

  #constant(value: unknown): string {
    const known = this.#constants.indexOf(value);
    return `k[${known < 0 ? this.#constants.push(value) - 1 : known}]`;
  }

  #compile<T>(parameters: string, body: string): T {
    return generate(parameters, body, this.#constants);
  }

  #invalid(problem: string): VppError {
    return new VppError('invalid-definition', `message definitions: ${this.#name} ${problem}`);
  }
}

function shapeOf(owner: string, field: Field, types: TypeLookup): Shape {
  const { type, repeat } = field;
  if (type === 'string') {
    if (repeat === undefined || 'countedBy' in repeat) {
      throw new VppError('invalid-definition', `message definitions: ${owner} has text ${field.name} without a size`);
    }
    return repeat.times === 0 ? { kind: 'long-text', field } : { kind: 'text', field, size: repeat.times };
  }
  const codec = types.type(type, owner);
  if (repeat === undefined) return { kind: 'one', field, type: codec };
  if (codec.size === 0 || (codec.size === undefined && leastOf(codec) === 0)) {
    throw new VppError('invalid-definition', `message definitions: ${owner} has an array ${field.name} of nothing`);
  }
  if ('countedBy' in repeat) return { kind: 'counted', field, type: codec, countedBy: repeat.countedBy };
  return { kind: 'times', field, type: codec, times: repeat.times };
}

function sizeOf(shape: Shape): number | undefined {
  switch (shape.kind) {
    case 'one':
      return shape.type.size;
    case 'text':
      return shape.size;
    case 'times':
      return shape.type.size === undefined ? undefined : shape.type.size * shape.times;
    default:
      return undefined;
  }
}

function leastOf(type: TypeCodec): number {
  return type.kind === 'variable' ? type.least : type.size;
}

function variable(type: TypeCodec): VariableStruct {
  if (type.kind !== 'variable')
    throw new VppError('invalid-definition', 'a structure of fixed size was taken for another');
  return type;
}

function isOctet(type: TypeCodec): boolean {
  return type.kind === 'scalar' && type.scalar === 'u8';
}

const withDefaults = new WeakMap<FixedStruct, boolean>();

/** Whether writing `{}` is more than zeroes. */
function hasDefaults(type: FixedStruct): boolean {
  let known = withDefaults.get(type);
  if (known === undefined) {
    const bytes = new Uint8Array(type.size);
    type.write(bytes, new DataView(bytes.buffer), 0, {});
    known = bytes.some((byte) => byte !== 0);
    withDefaults.set(type, known);
  }
  return known;
}

function notNative(accepts: string): (value: unknown, field: string) => VppError {
  return (value, field) => badField(field, `${JSON.stringify(value) ?? 'undefined'} is not ${accepts}`);
}

function withAddress(nextHop: object, bytes: Uint8Array, at: number, six: boolean): object {
  (nextHop as { address: string }).address = readAddress(bytes, at, six);
  return nextHop;
}

function readScalar(scalar: Scalar, at: string): string {
  switch (scalar) {
    case 'u8':
      return `bytes[${at}]`;
    case 'bool':
      return `(bytes[${at}] !== 0)`;
    case 'i8':
      return `view.getInt8(${at})`;
    case 'f64':
      // VPP leaves floats in the byte order of its host.
      return `view.getFloat64(${at}, true)`;
    default:
      return `view.get${accessor(scalar)}(${at})`;
  }
}

function storeScalar(scalar: Scalar, at: string, value: string): string {
  return scalar === 'u8' || scalar === 'bool'
    ? `bytes[${at}] = ${value};`
    : `view.set${accessor(scalar)}(${at}, ${value});`;
}

function accessor(scalar: Scalar): string {
  const bits = scalar.slice(1);
  return `${bits === '64' ? 'Big' : ''}${scalar.startsWith('i') ? 'Int' : 'Uint'}${bits}`;
}
