/** Names of numbers. Numbers without a name stay numbers, on both ways. */

import type { EnumDefinition } from '../schema/definition.ts';
import { badField } from './values.ts';

export class Enumeration {
  readonly #byLabel: ReadonlyMap<string, number>;
  readonly #byValue: readonly (string | undefined)[];
  readonly #large = new Map<number, string>();
  readonly #highest: number;
  readonly #isFlags: boolean;

  constructor({ kind, members }: EnumDefinition, highest: number) {
    this.#isFlags = kind === 'flags';
    this.#highest = highest;
    this.#byLabel = new Map(members);
    const small: (string | undefined)[] = [];
    for (const [label, value] of members) {
      if (value < 256) small[value] ??= label;
      else if (!this.#large.has(value)) this.#large.set(value, label);
    }
    this.#byValue = Array.from({ length: small.length }, (_, index) => small[index]);
  }

  read(value: number): string | number {
    if (value < this.#byValue.length) return this.#byValue[value] ?? value;
    return this.#large.get(value) ?? value;
  }

  write(value: unknown, absent: number, field: string): number {
    if (value === undefined) return absent;
    if (typeof value === 'string') return this.#number(value, field);
    if (typeof value === 'number' && value >= 0 && value <= this.#highest && Number.isInteger(value)) return value;
    if (this.#isFlags && Array.isArray(value)) {
      let bits = 0;
      for (const bit of value as readonly unknown[]) bits |= this.write(bit, 0, field);
      return bits >>> 0;
    }
    throw badField(field, `${JSON.stringify(value)} is not one of ${this.#labels()}`);
  }

  #number(label: string, field: string): number {
    const value = this.#byLabel.get(label);
    if (value === undefined) throw badField(field, `${label} is not one of ${this.#labels()}`);
    return value;
  }

  #labels(): string {
    return [...this.#byLabel.keys()].join(', ');
  }
}
