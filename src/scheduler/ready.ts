/** Operations that are ready to start, by what they go to. */

import type { Operation } from './operation.ts';
import type { Line } from './attempt.ts';

/** Operations ready to start on one engine; `undefined` needs none. */
export class Queue {
  readonly line: Line | undefined;
  readonly #operations: Operation[] = [];
  #head = 0;

  constructor(line: Line | undefined) {
    this.line = line;
  }

  push(operation: Operation): void {
    this.#operations.push(operation);
  }

  peek(): Operation | undefined {
    return this.#operations[this.#head];
  }

  shift(): void {
    this.#head++;
    if (this.#head === this.#operations.length) {
      this.#operations.length = 0;
      this.#head = 0;
    }
  }
}

/** Operations of the same aggregates, in the order in which the aggregates came. */
export class Gathered {
  readonly #groups = new Map<string, Operation[]>();
  // A map whose first entries were deleted is slow to begin with: there are 10,000 groups in 10,000 routes.
  readonly #names: string[] = [];
  #head = 0;

  add(name: string, operation: Operation): void {
    const group = this.#groups.get(name);
    if (group !== undefined) group.push(operation);
    else {
      this.#groups.set(name, [operation]);
      this.#names.push(name);
    }
  }

  first(): string | undefined {
    return this.#names[this.#head];
  }

  /** Takes the first group out. */
  take(): Operation[] {
    const name = this.#names[this.#head]!;
    this.skip();
    const group = this.#groups.get(name)!;
    this.#groups.delete(name);
    return group;
  }

  /** The first group stays, but is not looked at until `resume`. */
  skip(): void {
    this.#head++;
    if (this.#head < this.#names.length) return;
    this.#names.length = 0;
    this.#head = 0;
  }

  resume(name: string): void {
    this.#names.push(name);
  }
}
