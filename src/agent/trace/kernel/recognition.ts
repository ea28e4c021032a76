/** Which events of the kernel are of the packet that is traced, whatever it is packed into. */

import type { TraceEvent } from '../../../kernel/nftables/index.ts';
import { tables } from '../../../kernel/pipeline/index.ts';
import type { TracePlace } from '../../../kernel/trace/table.ts';
import { canonicalIp } from '../../../model/address.ts';
import { type Tunnel, tunnelOf } from '../../topology/tunnels.ts';
import { readHeader, type ReadHeader } from '../packet.ts';
import type { Probe } from '../trace.ts';
import type { KernelNames, NamedDevice } from './names.ts';

/** What a tunnel that the packet left by makes of it. */
export interface Packing {
  readonly device: NamedDevice;
  readonly tunnel: Tunnel;
}

export interface Recognised {
  /** Undefined: the event tells no headers. */
  readonly header?: ReadHeader;
  /** The first event of an outer packet. */
  readonly packedBy?: Packing;
}

/** Events in the order in which they came. */
export class Recognition {
  readonly #probe: Probe;
  readonly #names: KernelNames;
  readonly #packets = new Set<number>();
  readonly #expected: Packing[] = [];

  constructor(probe: Probe, names: KernelNames) {
    this.#probe = probe;
    this.#names = names;
  }

  /** Undefined: of another packet. */
  recognise(event: TraceEvent): Recognised | undefined {
    const known = this.#packets.has(event.packet);
    const header = event.network && readHeader(event.network, event.transport);
    if (!header) return known ? {} : undefined;
    if (!known && header.number !== this.#probe.number) {
      const packedBy = this.#packing(event, header);
      if (!packedBy) return undefined;
      this.#packets.add(event.packet);
      return { header, packedBy };
    }
    this.#packets.add(event.packet);
    if (placeOf(event) === 'egress') this.#expect(event.output);
    return { header };
  }

  #expect(output: number | undefined): void {
    const device = output === undefined ? undefined : this.#names.device(output);
    const tunnel = device?.value && tunnelOf(device.value);
    if (device && tunnel) this.#expected.push({ device, tunnel });
  }

  /** The kernel sends what a tunnel has packed as it sends packets of its own. */
  #packing(event: TraceEvent, header: ReadHeader): Packing | undefined {
    if (placeOf(event) !== 'output') return undefined;
    return this.#expected.findLast(({ tunnel }) => {
      const [source, destination] = [canonicalIp(tunnel.source), canonicalIp(tunnel.destination)];
      const fromHere = source === undefined || source === header.source;
      return fromHere && (destination === undefined || destination === header.destination);
    });
  }
}

/** Of an event of the table that tells where packets pass. */
export function placeOf({ table, chain }: TraceEvent): TracePlace | undefined {
  return table.name === tables.trace ? (chain as TracePlace) : undefined;
}

/** Packets of such a tunnel can be told in what it sends. */
export function isRecognisable({ type }: Tunnel): boolean {
  return type !== 'WIREGUARD';
}
