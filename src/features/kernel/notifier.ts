/**
 * Tells the scheduler what the kernel did, in batches: a thousand devices make several thousand events. One a use; ends with the
 * signal.
 */

import type { Key } from '../../model/key.ts';
import type { Notification, Scheduler } from '../../scheduler/scheduler.ts';

export class KernelNotifier {
  readonly #scheduler: Scheduler;
  readonly #signal: AbortSignal;
  readonly #facts = new Map<Key, Notification>();
  readonly #doubts = new Map<Key, string>();
  #factsArmed = false;
  #doubtsArmed = false;

  constructor(scheduler: Scheduler, signal: AbortSignal) {
    this.#scheduler = scheduler;
    this.#signal = signal;
  }

  /** A fact; the last one of a key counts. */
  notify(notification: Notification): void {
    this.#facts.set(notification.key, notification);
    if (this.#factsArmed) return;
    this.#factsArmed = true;
    setImmediate(() => {
      this.#factsArmed = false;
      const facts = [...this.#facts.values()];
      this.#facts.clear();
      if (!this.#signal.aborted) this.#scheduler.notify(facts);
    });
  }

  /**
   * These may have changed behind our back. Looked at a moment later: our own removals make the same events, and what is gone by
   * then needs no look.
   */
  recheck(key: Key, reason: string): void {
    this.#doubts.set(key, reason);
    if (this.#doubtsArmed) return;
    this.#doubtsArmed = true;
    setTimeout(() => this.#doubt(), PATIENCE).unref();
  }

  #doubt(): void {
    this.#doubtsArmed = false;
    const doubts = [...this.#doubts];
    this.#doubts.clear();
    if (this.#signal.aborted) return;
    const reasons = new Map<string, Key[]>();
    const now = this.#scheduler.snapshot();
    for (const [key, reason] of doubts) {
      const node = now.node(key);
      // What nobody wants any more is being removed: that makes the same events.
      if (node === undefined || (node.desired === null && node.state !== 'OBTAINED')) continue;
      const keys = reasons.get(reason) ?? [];
      keys.push(key);
      reasons.set(reason, keys);
    }
    for (const [reason, keys] of reasons) this.#scheduler.recheck(keys, reason);
  }
}

/** ms */
const PATIENCE = 20;
