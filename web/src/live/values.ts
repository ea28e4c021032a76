/** All values and their states, kept up to date by the agent's stream. One copy for the whole page. */

import type { State, Status } from '../api/types.ts';

export type Connection = 'connecting' | 'live' | 'lost';

export interface Live {
  readonly connection: Connection;
  /** By key. The same map until something changed. */
  readonly values: ReadonlyMap<string, Status>;
  readonly counts: ReadonlyMap<State, number>;
  /** Grows with every transaction: whoever shows history reads it again. */
  readonly transactions: number;
  /** Why the stream is lost. */
  readonly reason?: string;
}

type Listener = () => void;

/** Holds the state; changes of one animation frame are told together, so that ten thousand changes draw once. */
export class LiveValues {
  #values = new Map<string, Status>();
  #state: Live = { connection: 'connecting', values: new Map(), counts: new Map(), transactions: 0 };
  #scheduled = false;
  #connection: Connection = 'connecting';
  #reason: string | undefined;
  #transactions = 0;
  readonly #listeners = new Set<Listener>();

  subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  snapshot = (): Live => this.#state;

  /** Everything anew: the first list, or the list after the stream lost something. */
  replace(values: readonly Status[]): void {
    this.#values = new Map(values.map((value) => [value.key, value]));
    this.#changed();
  }

  update(status: Status): void {
    if (status.state === 'REMOVED' || status.state === 'NONEXISTENT') this.#values.delete(status.key);
    else this.#values.set(status.key, status);
    this.#changed();
  }

  transaction(): void {
    this.#transactions += 1;
    this.#changed();
  }

  connection(connection: Connection, reason?: string): void {
    this.#connection = connection;
    this.#reason = reason;
    this.#changed();
  }

  #changed(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => this.#publish());
  }

  #publish(): void {
    this.#scheduled = false;
    const values = new Map(this.#values);
    this.#state = {
      connection: this.#connection,
      values,
      counts: countStates(values.values()),
      transactions: this.#transactions,
      ...(this.#reason === undefined ? {} : { reason: this.#reason }),
    };
    for (const listener of this.#listeners) listener();
  }
}

export function countStates(values: Iterable<Status>): ReadonlyMap<State, number> {
  const counts = new Map<State, number>();
  for (const { state } of values) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
}
