/** What is counted of each message, over all connections of a client. */

/** Upper bounds of the times that are counted, in seconds: 0.5 ms to 2 s, each twice the one before. */
export const durationBounds: readonly number[] = Array.from({ length: 13 }, (_, place) => 0.0005 * 2 ** place);

/** Of one message. Written for each request: plain numbers on an object that is at hand. */
export class MessageCount {
  readonly name: string;
  /** As a request: sent, and answered without an error. */
  sent = 0;
  done = 0;
  /** As an answer: how often it came. */
  replies = 0;
  /** Of those that are done: seconds in all, and how many by `durationBounds`; the last one is for longer ones. */
  seconds = 0;
  readonly durations: number[] = durationBounds.map(() => 0).concat(0);
  /** As a request: by VPP's name of the refusal, else by the code of the error. */
  readonly failed = new Map<string, number>();

  constructor(name: string) {
    this.name = name;
  }

  /** `ms` from the request to its (last) answer. */
  succeed(ms: number): void {
    this.done++;
    this.seconds += ms / 1000;
    let place = 0;
    for (let bound = 0.5; ms > bound && place < durationBounds.length; bound *= 2) place++;
    this.durations[place]!++;
  }

  fail(error: string): void {
    this.failed.set(error, (this.failed.get(error) ?? 0) + 1);
  }
}

export class Tally {
  readonly #counts = new Map<string, MessageCount>();

  of(name: string): MessageCount {
    let count = this.#counts.get(name);
    if (!count) this.#counts.set(name, (count = new MessageCount(name)));
    return count;
  }

  all(): Iterable<MessageCount> {
    return this.#counts.values();
  }
}
