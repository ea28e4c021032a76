/**
 * Turns statements into nf_tables expressions. It owns the register file (16 slots of 4 bytes) and what is already known of
 * the packet: a match on a TCP port needs `meta l4proto tcp` before it, a match on an IPv4 address in a bridge
 * `meta protocol ip`. As in nft these guards are added once, where they are needed.
 */

import type { Encoder } from '../netlink/encoder.ts';
import { etherTypes, protocols, type DataType } from './datatype.ts';
import { attribute, families, type Family } from './uapi.ts';

/** One statement of a rule; adds its expressions to the compiler. */
export interface Statement {
  compile(compiler: Compiler): void;
}

/** Something that can be put into registers. */
export interface Source {
  /** Types of its parts; more than one for a concatenation. */
  readonly parts: readonly DataType[];
  /** Adds the guards it needs. Called before any `load` of the same statement. */
  require(compiler: Compiler): void;
  /** Adds expressions that put the value into registers from this slot on. */
  load(compiler: Compiler, slot: number): void;
}

/** The register file has 16 slots of 4 bytes; a wider value takes several in a row. */
export const slotCount = 16;

export type NetworkProtocol = 'ip' | 'ip6' | 'arp';

/** The kernel's number of a slot: those at a multiple of 16 bytes go by their old names (NFT_REG_1 ...), as it prints them. */
export function registerOf(slot: number): number {
  if (slot < 0 || slot >= slotCount) throw new RangeError('this expression needs more than 64 bytes of registers');
  return slot % 4 === 0 ? 1 + slot / 4 : 8 + slot;
}

export class Compiler {
  readonly family: Family;
  readonly encoder: Encoder;
  #network: NetworkProtocol | undefined;
  #transport: number | undefined;

  constructor(family: Family, encoder: Encoder) {
    this.family = family;
    this.encoder = encoder;
    if (family === 'ip' || family === 'ip6' || family === 'arp') this.#network = family;
  }

  /** Appends one expression; `fill` writes its attributes. */
  expression(name: string, fill?: (encoder: Encoder) => void): void {
    const { encoder } = this;
    const element = encoder.beginNest(attribute.list.element);
    this.bareExpression(name, fill);
    encoder.endNest(element);
  }

  /** Name and data of an expression without the list element around it, as inside a dynamic set's update. */
  bareExpression(name: string, fill?: (encoder: Encoder) => void): void {
    const { encoder } = this;
    encoder.attributeString(attribute.expression.name, name);
    if (!fill) return;
    const data = encoder.beginNest(attribute.expression.data);
    fill(encoder);
    encoder.endNest(data);
  }

  /** Says that the rule has just matched this, so that the guard is not needed again. */
  knowNetwork(protocol: NetworkProtocol): void {
    this.#network = protocol;
  }

  knowTransport(protocol: number): void {
    this.#transport = protocol;
  }

  /** Adds the guard for a network protocol unless the rule is past one. */
  needNetwork(protocol: NetworkProtocol): void {
    if (this.#network === protocol) return;
    if (this.#network !== undefined) throw new RangeError(`an ${protocol} match cannot follow ${this.#network}`);
    this.#network = protocol;
    const bytes = Buffer.alloc(2);
    if (this.family === 'inet') {
      if (protocol === 'arp') throw new RangeError('there is no ARP in family inet');
      this.#guard(15, Buffer.of(families[protocol]));
    } else {
      bytes.writeUInt16BE(etherTypes[protocol]);
      this.#guard(1, bytes);
    }
  }

  /** Adds the guard for a transport protocol unless the rule is past one. */
  needTransport(protocol: keyof typeof protocols): void {
    const number = protocols[protocol];
    if (this.#transport === number) return;
    if (this.#transport !== undefined)
      throw new RangeError(`a ${protocol} match cannot follow protocol ${this.#transport}`);
    this.#transport = number;
    this.#guard(16, Buffer.of(number));
  }

  /** `cmp` of the value that starts in `slot`. Operators: eq 0, ne 1, lt 2, le 3, gt 4, ge 5 (NFT_CMP_...). */
  compare(slot: number, operator: number, value: Uint8Array): void {
    this.expression('cmp', (encoder) => {
      encoder.attributeBe32(1, registerOf(slot));
      encoder.attributeBe32(2, operator);
      this.data(3, value);
    });
  }

  /** `mask` and `xor`: (value & mask) ^ xor, in place. */
  bitwise(slot: number, mask: Uint8Array, xor: Uint8Array): void {
    this.expression('bitwise', (encoder) => {
      encoder.attributeBe32(1, registerOf(slot));
      encoder.attributeBe32(2, registerOf(slot));
      encoder.attributeBe32(3, mask.length);
      this.data(4, mask);
      this.data(5, xor);
    });
  }

  /** A number of 32 bits in host order is moved by so many bits, in place. */
  shift(slot: number, direction: 'left' | 'right', bits: number): void {
    const amount = Buffer.alloc(4);
    amount.writeUInt32LE(bits);
    this.expression('bitwise', (encoder) => {
      encoder.attributeBe32(1, registerOf(slot));
      encoder.attributeBe32(2, registerOf(slot));
      encoder.attributeBe32(3, amount.length);
      encoder.attributeBe32(6, direction === 'left' ? 1 : 2);
      this.data(7, amount);
    });
  }

  /** A constant into a register. */
  immediate(slot: number, value: Uint8Array): void {
    this.expression('immediate', (encoder) => {
      encoder.attributeBe32(1, registerOf(slot));
      this.data(2, value);
    });
  }

  /** A nested `NFTA_DATA_VALUE`. */
  data(type: number, value: Uint8Array): void {
    const nest = this.encoder.beginNest(type);
    this.encoder.attributeBytes(attribute.data.value, value);
    this.encoder.endNest(nest);
  }

  #guard(metaKey: number, value: Uint8Array): void {
    this.expression('meta', (encoder) => {
      encoder.attributeBe32(2, metaKey);
      encoder.attributeBe32(1, registerOf(0));
    });
    this.compare(0, 0, value);
  }
}
