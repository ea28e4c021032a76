/**
 * UDP ports of VXLAN devices. The kernel takes one device for each VNI and port of a namespace, so the first tunnel of a VNI has
 * the port of VXLAN, and each further one has one of the agent's own (see `vxlan-arrivals.ts`).
 */

import { formatIp } from '../../../model/address.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import { numberIn, vxlanPorts } from '../../../kernel/pipeline/numbers.ts';
import type { NumberRange } from '../../../kernel/pipeline/numbers.ts';
import { VXLAN_PORT, type Underlay } from './vxlan-underlay.ts';

interface Place {
  readonly vni: number;
  readonly port: number;
  /** Both addresses. */
  readonly ends: string;
}

interface Pool {
  readonly range: NumberRange;
  /** The port of the first tunnel of each VNI. Without it each tunnel has a port that no other has, whatever the VNI. */
  readonly first?: number;
}

export class VxlanPorts {
  readonly #pool: Pool;
  readonly #places = new Map<string, Place>();
  readonly #names = new Map<string, string>();

  constructor(pool: Pool = { range: vxlanPorts, first: VXLAN_PORT }) {
    this.#pool = pool;
  }

  /**
   * The first port that no other tunnel of the VNI has, apart from `taken`, which others have. Throws when the same two ends have a
   * tunnel of that VNI already, in another VRF: a packet on arrival says no more than these.
   */
  claim(name: string, { vni, local, remote }: Underlay, taken: ReadonlySet<number>): number {
    this.release(name);
    const ends = `${formatIp(local)} - ${formatIp(remote)}`;
    for (const [other, place] of this.#places) {
      if (place.vni !== vni || place.ends !== ends) continue;
      const message = `kernel: ${other} has VNI ${vni} between ${ends} already, in another VRF`;
      throw new SchedulerError('unimplemented', message, { retriable: false });
    }
    const { range, first } = this.#pool;
    const size = range.last - range.first + 1;
    for (let index = first === undefined ? 0 : -1; index < size; index += 1) {
      const port = index < 0 ? first! : numberIn(range, index);
      if (taken.has(port) || this.#names.has(this.#textOf(vni, port))) continue;
      this.#keep(name, { vni, port, ends });
      return port;
    }
    const message =
      first === undefined
        ? `kernel: all ${size} UDP ports for VXLAN-GPE tunnels are taken`
        : `kernel: there are ${size + 1} tunnels of VNI ${vni} already`;
    throw new SchedulerError('failed', message, { retriable: true });
  }

  /** It has this port already. */
  adopt(name: string, { vni, local, remote }: Underlay, port: number): void {
    this.release(name);
    this.#keep(name, { vni, port, ends: `${formatIp(local)} - ${formatIp(remote)}` });
  }

  release(name: string): void {
    const place = this.#places.get(name);
    if (!place) return;
    this.#places.delete(name);
    const text = this.#textOf(place.vni, place.port);
    if (this.#names.get(text) === name) this.#names.delete(text);
  }

  #keep(name: string, place: Place): void {
    this.#places.set(name, place);
    this.#names.set(this.#textOf(place.vni, place.port), name);
  }

  #textOf(vni: number, port: number): string {
    return this.#pool.first === undefined ? String(port) : `${vni} ${port}`;
  }
}
