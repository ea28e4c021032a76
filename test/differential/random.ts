/** Chance that can be had again: the same seed, the same choices. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
    // The first numbers of neighbouring seeds are alike.
    for (let turn = 0; turn < 8; turn++) this.#next();
  }

  /** From `first` to `last`, both included. */
  int(first: number, last: number): number {
    return first + Math.floor(this.#next() * (last - first + 1));
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.int(0, from.length - 1)]!;
  }

  /** Some of them, in their order; each with the probability. */
  some<T>(from: readonly T[], probability = 0.5): readonly T[] {
    return from.filter(() => this.chance(probability));
  }

  list<T>(fewest: number, most: number, make: (index: number) => T): readonly T[] {
    return Array.from({ length: this.int(fewest, most) }, (_, index) => make(index));
  }

  /** mulberry32. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 15), bits | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }
}
