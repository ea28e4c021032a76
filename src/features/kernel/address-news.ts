/**
 * What the agent itself does to the addresses of the vswitch's devices: the kernel tells of what others do only, and routes depend
 * on both.
 */

import type { KernelEngine } from './engine.ts';

export interface AddressChange {
  /** Index of the device. */
  readonly link: number;
  /** The kernel takes routes away with an address. */
  readonly removed: boolean;
}

export class AddressNews {
  readonly #listeners = new Set<(change: AddressChange) => void>();

  /** To be called when the kernel has done it. */
  tell(change: AddressChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  subscribe(listener: (change: AddressChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

const known = new WeakMap<KernelEngine, AddressNews>();

/** One for each engine. */
export function addressNewsOf(engine: KernelEngine): AddressNews {
  let news = known.get(engine);
  if (!news) known.set(engine, (news = new AddressNews()));
  return news;
}
