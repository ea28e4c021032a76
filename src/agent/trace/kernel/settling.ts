/** Whether more is to be expected of a packet. */

import type { TraceEvent } from '../../../kernel/nftables/index.ts';
import { tables } from '../../../kernel/pipeline/index.ts';
import type { Probe } from '../trace.ts';
import type { Lookups } from './lookups.ts';
import type { KernelNames } from './names.ts';
import { isTunnel } from './outer.ts';
import { Recognition } from './recognition.ts';

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
    const recognition = new Recognition(this.#options.probe, this.#options.names);
    const ours = events.filter((event) => recognition.recognise(event) !== undefined);
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

  /** A BVI leads on into its bridge domain, a tunnel to an outer packet. */
  #isTheEnd(index: number): boolean {
    const { names } = this.#options;
    const device = names.device(index);
    const { type, value } = device;
    if (isTunnel(device)) return false;
    if (type === 'vrf' || type === 'bridge' || type === 'bvi-port') return false;
    const port = names.link(index)?.link;
    const leadsOn = value !== undefined && port !== undefined && names.device(port).type === 'bvi-port';
    return !leadsOn;
  }
}
