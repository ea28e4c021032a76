/**
 * What happens, told to many. One ring of events is shared by all readers; each has a place in it and nothing else, so a reader
 * that is slow costs nothing: when the ring has gone on without it, it is told that it lost events and goes on from now.
 */

export const topics = ['state', 'transaction', 'counters', 'metrics', 'log', 'health'] as const;
export type Topic = (typeof topics)[number];

export interface FeedEvent {
  /** From 1, without gaps. */
  readonly number: number;
  readonly topic: Topic;
  readonly data: unknown;
}

/** Where events of a topic come from. Runs only while somebody reads the topic. */
export interface FeedSource {
  readonly topic: Topic;
  /** Each event says all there is to say (counters): one that was missed needs no resync. */
  readonly snapshot?: boolean;
  /** Publishes until the signal aborts. */
  start(publish: (data: unknown) => void, signal: AbortSignal): void;
}

export interface FeedOptions {
  /** Events that are kept. */
  readonly capacity?: number;
  /** ms for which a topic goes on without readers, so that one that comes back finds what it missed. */
  readonly linger?: number;
}

/** Why a reader does not know what there is: it has just come, the agent is another than before, or it was too slow. */
export type Loss = 'start' | 'restarted' | 'lost';

export interface Batch {
  readonly loss: Loss | undefined;
  readonly events: readonly FeedEvent[];
  /** Where to go on after this batch. */
  readonly position: string;
}

interface Running {
  readers: number;
  /** Number of the last event before the topic began. */
  readonly since: number;
  readonly stop: AbortController;
  timer: NodeJS.Timeout | undefined;
}

export class Feed {
  readonly #sources: readonly FeedSource[];
  readonly #capacity: number;
  readonly #linger: number;
  readonly #ring: FeedEvent[] = [];
  readonly #running = new Map<Topic, Running>();
  readonly #waiting = new Set<() => void>();
  /** Positions of another epoch mean nothing here. */
  readonly #epoch = Date.now().toString(36);
  #last = 0;
  #waking = false;
  #closed = false;

  constructor(sources: readonly FeedSource[], { capacity = 16_384, linger = 60_000 }: FeedOptions = {}) {
    this.#sources = sources;
    this.#capacity = capacity;
    this.#linger = linger;
  }

  /** Number of the latest event. */
  get last(): number {
    return this.#last;
  }

  /** Begins to read. `after`: the position of an earlier reader; it gets what it missed, if that is still there. */
  open(wanted: ReadonlySet<Topic>, after?: string): FeedReader {
    // A position of now, before the topics start: what they publish at once is not missed.
    const from = this.#resume(wanted, after);
    for (const topic of wanted) this.#enter(topic);
    return new FeedReader(this, from.number, from.loss, () => {
      for (const topic of wanted) this.#leave(topic);
    });
  }

  close(): void {
    this.#closed = true;
    for (const { stop, timer } of this.#running.values()) {
      clearTimeout(timer);
      stop.abort();
    }
    this.#running.clear();
    this.#wake();
  }

  get closed(): boolean {
    return this.#closed;
  }

  position(number: number): string {
    return `${this.#epoch}-${number}`;
  }

  /** The event of that number; undefined when the ring does not have it (any more). */
  at(number: number): FeedEvent | undefined {
    const event = this.#ring[number % this.#capacity];
    return event?.number === number ? event : undefined;
  }

  /** Resolves when there is something new, or the feed closes. */
  changed(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        this.#waiting.delete(done);
        resolve();
      };
      signal.addEventListener('abort', done, { once: true });
      this.#waiting.add(done);
    });
  }

  #resume(wanted: ReadonlySet<Topic>, after: string | undefined): { readonly number: number; readonly loss?: Loss } {
    if (after === undefined) return { number: this.#last, loss: 'start' };
    const match = /^([0-9a-z]+)-(\d{1,15})$/.exec(after);
    const number = Number(match?.[2]);
    if (match?.[1] !== this.#epoch || number > this.#last) return { number: this.#last, loss: 'restarted' };
    const isKept = number === this.#last || this.at(number + 1) !== undefined;
    const wasRead = [...wanted].every((topic) => this.#isSnapshot(topic) || number >= this.#sinceOf(topic));
    return isKept && wasRead ? { number } : { number: this.#last, loss: 'lost' };
  }

  #isSnapshot(topic: Topic): boolean {
    return this.#sources.some((source) => source.topic === topic && source.snapshot === true);
  }

  #sinceOf(topic: Topic): number {
    return this.#running.get(topic)?.since ?? Number.POSITIVE_INFINITY;
  }

  #enter(topic: Topic): void {
    const running = this.#running.get(topic);
    if (running !== undefined) {
      clearTimeout(running.timer);
      running.readers++;
      return;
    }
    const stop = new AbortController();
    this.#running.set(topic, { readers: 1, since: this.#last, stop, timer: undefined });
    for (const source of this.#sources)
      if (source.topic === topic) source.start((data) => this.#publish(topic, data), stop.signal);
  }

  #leave(topic: Topic): void {
    const running = this.#running.get(topic);
    if (running === undefined || --running.readers > 0) return;
    running.timer = setTimeout(() => {
      running.stop.abort();
      this.#running.delete(topic);
      if (this.#running.size === 0) this.#ring.length = 0;
    }, this.#linger);
    running.timer.unref();
  }

  #publish(topic: Topic, data: unknown): void {
    const number = ++this.#last;
    this.#ring[number % this.#capacity] = { number, topic, data };
    if (this.#waking || this.#waiting.size === 0) return;
    this.#waking = true;
    // Once a turn: whatever else happens now goes into the same batch.
    setImmediate(() => {
      this.#waking = false;
      this.#wake();
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

/** One place in the feed. */
export class FeedReader {
  readonly #feed: Feed;
  readonly #left: () => void;
  #number: number;
  #loss: Loss | undefined;
  #open = true;

  constructor(feed: Feed, number: number, loss: Loss | undefined, left: () => void) {
    this.#feed = feed;
    this.#number = number;
    this.#loss = loss;
    this.#left = left;
  }

  /** Up to `limit` events; with `loss` when those before them are not known. */
  take(limit: number): Batch {
    const feed = this.#feed;
    if (this.#number < feed.last && feed.at(this.#number + 1) === undefined) {
      this.#number = feed.last;
      this.#loss ??= 'lost';
    }
    const loss = this.#loss;
    this.#loss = undefined;
    const events: FeedEvent[] = [];
    while (events.length < limit && this.#number < feed.last) {
      const event = feed.at(++this.#number);
      if (event !== undefined) events.push(event);
    }
    return { loss, events, position: feed.position(this.#number) };
  }

  get hasMore(): boolean {
    return this.#loss !== undefined || this.#number < this.#feed.last;
  }

  changed(signal: AbortSignal): Promise<void> {
    return this.hasMore ? Promise.resolve() : this.#feed.changed(signal);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#left();
  }
}
