/** What interfaces are like at the moment, whichever engine makes them. */

import type { VppInterfaceCounters } from '../../vpp/index.ts';

/** Counters since the interface was made. */
export interface InterfaceCounters {
  readonly rxPackets: bigint;
  readonly rxBytes: bigint;
  readonly rxErrors: bigint;
  readonly rxDropped: bigint;
  readonly txPackets: bigint;
  readonly txBytes: bigint;
  readonly txErrors: bigint;
  readonly txDropped: bigint;
  readonly rxMulticast: bigint;
  /** Packets that came in and that nobody wanted. */
  readonly rxUnhandled: bigint;
  /** What only VPP counts. */
  readonly vpp?: VppInterfaceCounters;
}

export type LinkStatus = 'UP' | 'DOWN' | 'UNKNOWN';

export interface InterfaceState {
  readonly key: string;
  /** `vpp.interfaces` or `linux.interfaces.interface`. */
  readonly model: string;
  /** Logical name. */
  readonly name: string;
  /** Name and index in the data plane. */
  readonly device: string;
  readonly index: number;
  /** Network namespace or the like, for people. */
  readonly place: string;
  readonly admin: LinkStatus;
  readonly operational: LinkStatus;
  /** Text; empty: it has none. */
  readonly mac: string;
  /** Bytes. */
  readonly mtu: number;
  /** When the reader saw the link change last, ms since the epoch. */
  readonly since: number;
  /** Several interfaces share the device: its counters are those of all of them. */
  readonly shared: boolean;
  readonly counters: InterfaceCounters;
}

export interface InterfaceReading {
  /** ms since the epoch. */
  readonly time: number;
  readonly interfaces: readonly InterfaceState[];
}

/** What an engine contributes. */
export interface InterfaceReader {
  /** All interfaces it has made. */
  read(signal: AbortSignal): Promise<readonly Omit<InterfaceState, 'since'>[]>;
  /** Calls `listener` when the link of some interface may have changed. Returns the function that ends this. */
  watch(listener: () => void): () => void;
}

/** Asks the readers of all engines, and remembers when links changed. */
export class InterfaceStates {
  readonly #readers = new Set<InterfaceReader>();
  readonly #links = new Map<string, { readonly link: string; readonly since: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Returns the function that takes it out again. */
  addReader(reader: InterfaceReader): () => void {
    this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }

  get isReadable(): boolean {
    return this.#readers.size > 0;
  }

  async read(signal: AbortSignal): Promise<InterfaceReading> {
    const found = await Promise.all([...this.#readers].map((reader) => reader.read(signal)));
    const time = this.#now();
    const interfaces = found.flat().map((one) => ({ ...one, since: this.#since(one, time) }));
    const known = new Set(interfaces.map(({ key }) => key));
    for (const key of this.#links.keys()) if (!known.has(key)) this.#links.delete(key);
    return { time, interfaces };
  }

  watch(listener: () => void): () => void {
    const stops = [...this.#readers].map((reader) => reader.watch(listener));
    return () => {
      for (const stop of stops) stop();
    };
  }

  #since({ key, admin, operational }: Omit<InterfaceState, 'since'>, time: number): number {
    const link = `${admin} ${operational}`;
    const known = this.#links.get(key);
    if (known?.link === link) return known.since;
    this.#links.set(key, { link, since: time });
    return time;
  }
}
