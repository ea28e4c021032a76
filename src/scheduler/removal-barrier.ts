import type { Operation } from './operation.ts';

/** ms without a finished removal after which the rest goes ahead. */
const patience = 50;

/**
 * Lets removals of a transaction go first even where no dependency says so: what is removed may occupy a name or an
 * address that something new needs. A removal that hangs holds the rest up for a moment only.
 */
export class RemovalBarrier {
  readonly #removals = new Set<Operation>();
  readonly #held: Operation[] = [];
  readonly #release: (operation: Operation) => void;
  readonly #resume: () => void;
  #timer: NodeJS.Timeout | undefined;
  #progress = false;

  /** `release` gives a held operation back, `resume` is called after. */
  constructor(release: (operation: Operation) => void, resume: () => void) {
    this.#release = release;
    this.#resume = resume;
  }

  /** Call with all operations of the plan before the first one is offered. */
  *raise(operations: readonly Operation[]): Generator<void> {
    if (!operations.some(({ verb }) => verb === 'remove')) return;
    const late = new Set<Operation>();
    let steps = 0;
    for (const operation of operations) {
      if (operation.verb === 'remove' && !late.has(operation)) this.#removals.add(operation);
      else if (operation.next !== undefined) for (const next of operation.next) late.add(next);
      if ((++steps & 255) === 0) yield;
    }
    if (this.#removals.size === operations.length) this.#removals.clear();
  }

  /** True when the operation is kept back for now. */
  holds(operation: Operation): boolean {
    if (this.#removals.size === 0 || operation.verb === 'remove') return false;
    this.#held.push(operation);
    this.#timer ??= setTimeout(() => this.#check(), patience);
    return true;
  }

  passed(operation: Operation): void {
    if (!this.#removals.delete(operation)) return;
    this.#progress = true;
    if (this.#removals.size === 0) this.#open();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #check(): void {
    this.#timer = undefined;
    if (this.#progress) {
      this.#progress = false;
      this.#timer = setTimeout(() => this.#check(), patience);
    } else {
      this.#removals.clear();
      this.#open();
    }
  }

  #open(): void {
    this.close();
    if (this.#held.length === 0) return;
    for (const operation of this.#held.splice(0)) this.#release(operation);
    setImmediate(this.#resume);
  }
}
