/** Finds out what became of operations that were not answered in time. */

import type { LateOutcome } from './attempt.ts';
import type { Applied, Node } from './node.ts';
import type { Operation } from './operation.ts';

export interface Investigation {
  /** The reply came late, and says what is applied now. */
  answered(node: Node, applied: Applied | undefined): void;
  /** No reply will help: read the data plane. Resolves to false when that was not possible either. */
  lookUp(operation: Operation): Promise<boolean>;
  /** Something was answered after all had been looked up: look again. */
  doubt(node: Node): void;
}

/** Waits for the reply for one more deadline after the abort, then looks the object up. */
export class Uncertainty {
  readonly #investigation: Investigation;
  readonly #open = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(investigation: Investigation) {
    this.#investigation = investigation;
  }

  /** `patience` in ms. Resolves when the outcome is known. */
  async investigate(operation: Operation, reply: Promise<LateOutcome>, patience: number): Promise<void> {
    const { node } = operation;
    const late = await this.#within(reply, patience);
    if (late !== undefined && 'applied' in late) return this.#investigation.answered(node, late.applied);
    while (!this.#closed && !(await this.#investigation.lookUp(operation)))
      await this.#within(new Promise<never>(() => {}), patience);
    if (late === undefined) {
      void reply.then(() => {
        if (!this.#closed) this.#investigation.doubt(node);
      });
    }
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#open) clearTimeout(timer);
  }

  #within<T>(promise: Promise<T>, patience: number): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#open.delete(timer);
        resolve(undefined);
      }, patience);
      this.#open.add(timer);
      promise.then((value) => {
        clearTimeout(timer);
        this.#open.delete(timer);
        resolve(value);
      }, reject);
    });
  }
}
