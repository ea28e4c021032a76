/** What happens to VPP, told to whoever listens. */

import type { VppCondition } from '../../features/vpp/resync.ts';

/** ms since the epoch */
export type TimedVppCondition = VppCondition & { readonly time: number };

export class VppConditions {
  readonly #listeners = new Set<(condition: TimedVppCondition) => void>();

  tell(condition: VppCondition): void {
    const timed = { ...condition, time: Date.now() };
    for (const listener of [...this.#listeners]) listener(timed);
  }

  /** Returns how to stop it. */
  listen(listener: (condition: TimedVppCondition) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
