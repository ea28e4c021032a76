import type { StoreChange, StoreEvent } from '../store.ts';
import type { Content } from './content.ts';
import type { History } from './history.ts';

/** What a watcher reads from. `onChange` calls back once, at the next commit or at close. */
export interface WatchSource {
  readonly content: Content;
  readonly history: () => History;
  readonly closed: () => boolean;
  /** Resolves when `content` is that of one revision. */
  settled(): Promise<void>;
  onChange(wake: () => void): () => void;
}

/** A position in the history. Nothing is buffered here: a change is read when the consumer asks for it. */
export class Watcher implements AsyncIterableIterator<StoreChange, undefined> {
  readonly #source: WatchSource;
  readonly #prefix: string;
  readonly #signal: AbortSignal | undefined;
  #position: number;
  #ended = false;
  #stop: () => void = () => {};
  #last: Promise<unknown> = Promise.resolve();

  constructor(source: WatchSource, prefix: string, from: number | undefined, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#prefix = prefix;
    this.#position = from ?? source.content.revision;
    this.#signal = signal;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<StoreChange, undefined>> {
    const result = this.#last.then(() => this.#next());
    this.#last = result.catch(() => {});
    return result;
  }

  return(): Promise<IteratorResult<StoreChange, undefined>> {
    this.#ended = true;
    this.#stop();
    return Promise.resolve({ done: true, value: undefined });
  }

  async #next(): Promise<IteratorResult<StoreChange, undefined>> {
    while (!this.#isOver()) {
      if (this.#isLost()) await this.#source.settled();
      const change = this.#isLost() ? this.#everything() : this.#advance();
      if (change === undefined) await this.#change();
      else if (change.resync || change.events.length > 0) return { done: false, value: change };
    }
    return { done: true, value: undefined };
  }

  #isOver(): boolean {
    return this.#ended || this.#source.closed() || this.#signal?.aborted === true;
  }

  /** The history does not go back, or forward, to where this watcher is. */
  #isLost(): boolean {
    return this.#position < this.#source.history().floor || this.#position > this.#source.content.revision;
  }

  /** The next change, perhaps without events under the prefix; undefined when there is none yet. */
  #advance(): StoreChange | undefined {
    const change = this.#source.history().after(this.#position);
    if (change === undefined) return undefined;
    this.#position = change.revision;
    return this.#prefix === '' ? change : { ...change, events: underPrefix(change.events, this.#prefix) };
  }

  #everything(): StoreChange {
    const { entries, revision } = this.#source.content.list(this.#prefix, false);
    this.#position = revision;
    const events = entries.map(({ key, value }): StoreEvent => ({ type: 'put', key, value, previous: undefined }));
    return { revision, resync: true, events };
  }

  async #change(): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        forget();
        this.#signal?.removeEventListener('abort', done);
        this.#stop = () => {};
        resolve();
      };
      const forget = this.#source.onChange(done);
      this.#signal?.addEventListener('abort', done, { once: true });
      this.#stop = done;
    });
  }
}

function underPrefix(events: readonly StoreEvent[], prefix: string): readonly StoreEvent[] {
  return events.filter((event) => event.key.startsWith(prefix));
}
