import type { StoreChange, StoreEvent } from '../store.ts';

export interface HistoryLimits {
  /** Changes kept for watchers that are behind. */
  readonly changes: number;
  /** Estimated bytes kept; the newest change is kept whatever its size. */
  readonly bytes: number;
}

export const DEFAULT_HISTORY: HistoryLimits = { changes: 10_000, bytes: 8 * 1024 * 1024 };

/** Rough cost of an event beside its bytes: the objects around it. */
const EVENT_OVERHEAD = 96;

/**
 * The latest changes, bounded, shared by all watchers: a watcher is a revision and needs no queue of its own, so a slow one
 * costs nothing and holds nobody up.
 */
export class History {
  readonly #limits: HistoryLimits;
  #changes: StoreChange[] = [];
  #sizes: number[] = [];
  #head = 0;
  #bytes = 0;
  #floor: number;

  /** `floor`: every change after this revision is here. */
  constructor(floor: number, limits: HistoryLimits) {
    this.#floor = floor;
    this.#limits = limits;
  }

  get floor(): number {
    return this.#floor;
  }

  push(change: StoreChange): void {
    const size = sizeOf(change.events);
    this.#changes.push(change);
    this.#sizes.push(size);
    this.#bytes += size;
    while (this.#changes.length - this.#head > 1 && this.#isFull()) this.#forgetOldest();
    if (this.#head > 1024 && this.#head * 2 > this.#changes.length) this.#shrink();
  }

  /** The first change after `revision`. */
  after(revision: number): StoreChange | undefined {
    let low = this.#head;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#changes[middle] as StoreChange).revision <= revision) low = middle + 1;
      else high = middle;
    }
    return this.#changes[low];
  }

  #isFull(): boolean {
    return this.#bytes > this.#limits.bytes || this.#changes.length - this.#head > this.#limits.changes;
  }

  #forgetOldest(): void {
    const oldest = this.#changes[this.#head] as StoreChange;
    this.#floor = oldest.revision;
    this.#bytes -= this.#sizes[this.#head] as number;
    // The slot stays until the next shrink: let go of the values at once.
    this.#changes[this.#head] = { revision: oldest.revision, resync: false, events: [] };
    this.#head += 1;
  }

  #shrink(): void {
    this.#changes = this.#changes.slice(this.#head);
    this.#sizes = this.#sizes.slice(this.#head);
    this.#head = 0;
  }
}

function sizeOf(events: readonly StoreEvent[]): number {
  let bytes = EVENT_OVERHEAD;
  for (const event of events) {
    bytes += EVENT_OVERHEAD + event.key.length + (event.previous?.length ?? 0);
    if (event.type === 'put') bytes += event.value.length;
  }
  return bytes;
}
