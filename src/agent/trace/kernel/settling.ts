/** Whether more is to be expected of a packet. */

import type { TraceEvent } from '../../../kernel/nftables/index.ts';
import { tables } from '../../../kernel/pipeline/index.ts';
import { readHeader } from '../packet.ts';
import type { Probe } from '../trace.ts';
import type { Lookups } from './lookups.ts';
import type { KernelNames } from './names.ts';

/** ms without an event after which a packet that is in nobody's queue has come to its end. */
const quiet = 1_000;

export interface SettlingOptions {
  readonly probe: Probe;
  readonly names: KernelNames;
  readonly lookups: Lookups;
  /** It is seen wherever it leaves. */
  readonly seesDepartures: boolean;
}

export class Settling {
  readonly #options: SettlingOptions;
  #seen = 0;
  #since = performance.now();

  constructor(options: SettlingOptions) {
    this.#options = options;
  }

  isOver(events: readonly TraceEvent[]): boolean {
    const ours = events.filter((event) => this.#isOurs(event, events));
    if (ours.length !== this.#seen) {
      this.#seen = ours.length;
      this.#since = performance.now();
    }
    const last = ours.at(-1);
    if (!last) return performance.now() - this.#since > quiet;
    if (ours.some(({ verdict }) => verdict?.verdict === 'drop')) return true;
    const place = ours.findLast(({ table, network }) => table.name === tables.trace && network !== undefined);
    if (place?.chain === 'input') return true;
    if (place?.chain === 'egress' && place.output !== undefined && this.#isTheEnd(place.output)) return true;
    // It waits for the neighbour's answer, and is not in anybody's hands.
    if (place?.chain === 'sent') return !this.#options.seesDepartures;
    return performance.now() - this.#since > quiet;
  }

  /** A BVI leads on into its bridge domain. */
  #isTheEnd(index: number): boolean {
    const { names } = this.#options;
    const { type, value } = names.device(index);
    if (type === 'vrf' || type === 'bridge' || type === 'bvi-port') return false;
    const port = names.link(index)?.link;
    const leadsOn = value !== undefined && port !== undefined && names.device(port).type === 'bvi-port';
    return !leadsOn;
  }

  #isOurs(event: TraceEvent, events: readonly TraceEvent[]): boolean {
    const { number } = this.#options.probe;
    const header = (one: TraceEvent) => one.network && readHeader(one.network, one.transport);
    if (event.network) return header(event)?.number === number;
    return events.some((one) => one.packet === event.packet && header(one)?.number === number);
  }
}
