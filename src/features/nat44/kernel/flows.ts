/**
 * Ends connections that no longer have a mapping. What is asked for in one turn is one walk through the connections, which
 * takes 30 ns for each bucket of the machine's table (`../../../kernel/conntrack`), however many mappings have gone.
 */

import { fnv1a } from '../../fnv1a.ts';
import { setImmediate } from 'node:timers/promises';
import type { Conntrack } from '../../../kernel/conntrack/conntrack.ts';
import type { Flow } from '../../../kernel/conntrack/flow.ts';
import { connectionMarks, markOf } from '../../../kernel/pipeline/marks.ts';
import { isMapped } from './mapped-sets.ts';

/** IPS_SRC_NAT and IPS_DST_NAT (linux/netfilter/nf_conntrack_common.h). */
const sourceTranslated = 16;
const destinationTranslated = 32;

/** Connections to a backend by way of an external address. Without protocol and ports: all of the address. */
export interface Through {
  readonly address: string;
  readonly protocol?: number;
  readonly port?: number;
  readonly backend: string;
  readonly backendPort?: number;
  /** VRF of the backend; default 0. */
  readonly vrf?: number;
}

export function throughText({ address, protocol, port, backend, backendPort, vrf = 0 }: Through): string {
  const where = vrf === 0 ? '' : ` in VRF ${vrf}`;
  if (protocol === undefined) return `${address} ${backend}${where}`;
  return `${address} ${protocol} ${port} ${backend} ${backendPort}${where}`;
}

/** Numbers below are those that other programs like to use as marks. */
const firstNumber = 0x1_0000;
/** Up to so many backends are ended one by one: each takes the kernel a quarter of what a walk from here takes. */
const fewBackends = 3;

/**
 * The number that connections to a backend carry as their mark: the same in every process. Two backends may have the same one, so
 * that its users are counted.
 */
export function numberOf(through: Through): number {
  return firstNumber + (fnv1a(throughText(through)) % (connectionMarks.backend.limit + 1 - firstNumber));
}

/** Number and VRF of a backend: the whole mark of its connections. */
export function connectionMarkOf(through: Through): number {
  return (numberOf(through) | markOf(connectionMarks.vrf, through.vrf ?? 0)) >>> 0;
}

/** VRF of the backend that a connection mark tells of. */
export function vrfOfMark(mark: number): number {
  return mark >>> connectionMarks.vrf.shift;
}

interface Wanted {
  readonly matches: (flow: Flow) => boolean;
  /** When all connections that are meant have this destination. */
  readonly destination: string | undefined;
}

export class Flows {
  readonly #conntrack: Conntrack;
  #wanted: Wanted[] = [];
  readonly #users = new Map<number, number>();
  #run: Promise<void> | undefined;

  constructor(conntrack: Conntrack) {
    this.#conntrack = conntrack;
  }

  /** These backends are in use, before anything is translated to them. Too many are harmless, too few are not. */
  use(throughs: readonly Through[]): void {
    for (const through of throughs) {
      const number = numberOf(through);
      this.#users.set(number, (this.#users.get(number) ?? 0) + 1);
    }
  }

  release(throughs: readonly Through[]): void {
    for (const through of throughs) {
      const number = numberOf(through);
      const left = (this.#users.get(number) ?? 0) - 1;
      if (left > 0) this.#users.set(number, left);
      else this.#users.delete(number);
    }
  }

  /** Call it when the mapping is gone, else the next packet brings the connection back. */
  async endThrough(gone: readonly Through[]): Promise<void> {
    if (gone.length > 0 && gone.length <= fewBackends && gone.every((one) => this.#isMarked(one))) {
      const ended = gone.map((one) => this.#conntrack.endMarked({ value: connectionMarkOf(one), mask: 0xffff_ffff }));
      await Promise.all(ended);
    } else await this.#searchThrough(gone);
  }

  /** Its connections, and no others, have its number. */
  #isMarked(through: Through): boolean {
    return through.protocol !== undefined && !this.#users.has(numberOf(through));
  }

  #searchThrough(gone: readonly Through[]): Promise<void> {
    if (gone.length === 0) return Promise.resolve();
    const texts = new Set(gone.map(throughText));
    const [{ address }] = gone as [Through];
    const destination = gone.every((one) => one.address === address) ? address : undefined;
    return this.#end({ destination, matches: (flow) => isThrough(flow, texts) });
  }

  /** Connections whose source was translated to an address that `isGone`, or that came to an inside end by such an address. */
  endFrom(isGone: (address: string) => boolean): Promise<void> {
    const matches = ({ status, original, reply, mark }: Flow) =>
      ((status & sourceTranslated) !== 0 && isGone(reply.destination)) ||
      ((status & destinationTranslated) !== 0 && isMapped(mark ?? 0) && isGone(original.destination));
    return this.#end({ destination: undefined, matches });
  }

  /**
   * Datagrams that have been sent to this endpoint all the time, before there was a mapping: their connection would go on
   * past it. (TCP connections end by themselves where nobody listens.)
   */
  endUntranslated(address: string, protocol: number, port: number): Promise<void> {
    const matches = ({ status, original }: Flow) =>
      (status & destinationTranslated) === 0 &&
      original.destination === address &&
      original.protocol === protocol &&
      original.destinationPort === port;
    return this.#end({ destination: address, matches });
  }

  #end(wanted: Wanted): Promise<void> {
    this.#wanted.push(wanted);
    this.#run ??= this.#walk();
    return this.#run;
  }

  async #walk(): Promise<void> {
    await setImmediate();
    const wanted = this.#wanted;
    this.#wanted = [];
    this.#run = undefined;
    const destination = wanted[0]?.destination;
    const narrow = destination !== undefined && wanted.every((one) => one.destination === destination);
    const flows = await this.#conntrack.list(narrow ? { family: 4, original: { destination } } : { family: 4 });
    await this.#conntrack.endFlows(flows.filter((flow) => wanted.some(({ matches }) => matches(flow))));
  }
}

function isThrough({ status, original, reply, mark }: Flow, texts: ReadonlySet<string>): boolean {
  if ((status & destinationTranslated) === 0) return false;
  const { destination: address, protocol, destinationPort: port } = original;
  const { source: backend, sourcePort: backendPort } = reply;
  const vrf = vrfOfMark(mark ?? 0);
  if (texts.has(throughText({ address, backend, vrf }))) return true;
  if (port === undefined || backendPort === undefined) return false;
  return texts.has(throughText({ address, protocol, port, backend, backendPort, vrf }));
}
