/** The way of a packet as far as its nodes have been read: what readers of nodes write down. */

import type { Snapshot } from '../../../scheduler/scheduler.ts';
import { translation } from '../nat.ts';
import { headerOfProbe, isRewritten } from '../packet.ts';
import type { Header, Hop, Probe, Verdict } from '../trace.ts';
import type { Facts } from './facts.ts';
import type { NamedInterface, VppNames } from './names.ts';
import { headerOf, type TracedNode } from './text.ts';

/** A look-up of VPP's that is to be asked which route it found. */
export interface LookedUp {
  /** Place in `hops` of the hop to be completed. */
  readonly at: number;
  readonly destination: string;
  /** VRF; undefined: which it was is not known. */
  readonly table: number | undefined;
  readonly via?: string;
  readonly output?: NamedInterface;
  /** The tunnel whose outer packet it is. */
  readonly tunnel?: NamedInterface;
}

export interface VppReading {
  readonly hops: readonly Hop[];
  readonly verdict: Verdict;
  readonly lookedUp: readonly LookedUp[];
  /** Nobody has answered yet for the next hop. */
  readonly isWaiting: boolean;
  /** Interface whose number the frame had, where VPP says so. */
  readonly frameIndex?: number;
}

export interface Outer {
  /** Undefined: nothing of the configuration routes it there (associations). */
  readonly tunnel?: NamedInterface;
  /** VRF that it is routed in without a node that would tell; undefined: a node tells, or it stays on its way. */
  readonly routedIn?: number;
  /** Its headers, where they are known already. */
  readonly header?: Header;
}

type Draft = { -readonly [K in keyof LookedUp]: LookedUp[K] };

export class Way {
  readonly probe: Probe;
  readonly names: VppNames;
  readonly facts: Facts;
  readonly #hops: Hop[] = [];
  readonly #lookedUp: Draft[] = [];
  /** Headers that the packet had before it was packed. */
  readonly #inner: Header[] = [];
  #header: Header;
  #verdict: Verdict | undefined;
  /** What was done to the headers by a node that does not print them: the next that does shows new ones. */
  #changed: Outer | undefined;
  output: NamedInterface | undefined;
  isWaiting = false;
  frameIndex: number | undefined;

  constructor(probe: Probe, names: VppNames, facts: Facts) {
    this.probe = probe;
    this.names = names;
    this.facts = facts;
    this.#header = headerOfProbe(probe);
  }

  get snapshot(): Snapshot {
    return this.names.snapshot;
  }

  get header(): Header {
    return this.#header;
  }

  get isOver(): boolean {
    return this.#verdict !== undefined;
  }

  get lastLookUp(): LookedUp | undefined {
    return this.#lookedUp.at(-1);
  }

  /** The interface that it came in by. */
  get input(): NamedInterface | undefined {
    return this.probe.input === undefined ? undefined : this.names.named(this.probe.input);
  }

  finish(): VppReading {
    const last = this.output;
    const forwarded: Verdict | undefined = last && {
      outcome: 'forwarded',
      text: `out of ${last.name}`,
      ...(last.key !== undefined && { key: last.key }),
    };
    return {
      hops: this.#hops,
      verdict: this.#verdict ?? forwarded ?? { outcome: 'unknown', text: 'VPP tells nothing more of it' },
      lookedUp: this.#lookedUp,
      isWaiting: this.isWaiting,
      ...(this.frameIndex !== undefined && { frameIndex: this.frameIndex }),
    };
  }

  add(hop: Omit<Hop, 'observed'>, observed = true): void {
    const outer = this.#inner.length > 0 ? { text: `${hop.text} (outer packet)` } : {};
    this.#hops.push({ ...hop, ...outer, observed });
  }

  /** Any node that prints the headers shows what was done to them before it. */
  see(node: TracedNode): void {
    const header = headerOf(node);
    if (!header) return;
    if (this.#changed) return this.#becomes(header, node.name.endsWith('-lookup'));
    if (header.protocol !== this.#header.protocol) return;
    const merged = { ...this.#header, ...header };
    if (this.#inner.length === 0 && isRewritten(this.#header, header)) {
      const hop = translation(this.#header, merged, this.snapshot);
      if (hop) this.add(hop);
    }
    this.#header = merged;
  }

  /** VPP has found the route of a tunnel's packets beforehand: no node tells it, unless one looks it up again. */
  #becomes(header: Header, isLookUp: boolean): void {
    const { tunnel, routedIn } = this.#changed ?? {};
    this.#changed = undefined;
    this.#header = header;
    if (routedIn !== undefined && !isLookUp) this.looksUp(routedIn, { observed: false, ...(tunnel && { tunnel }) });
  }

  looksUp(
    table: number | undefined,
    { observed, tunnel }: { readonly observed: boolean; readonly tunnel?: NamedInterface },
  ): void {
    const header = this.#header;
    const { destination } = header;
    this.#lookedUp.push({ at: this.#hops.length, destination, table, ...(tunnel && { tunnel }) });
    this.add({ by: 'route', text: `to ${destination}`, header }, observed);
  }

  /** By which interface, and whose next hop, what was looked up last goes. */
  leadsTo(output: NamedInterface, via: string | undefined): void {
    const looked = this.#lookedUp.at(-1);
    if (looked && looked.output === undefined) Object.assign(looked, { output, ...(via !== undefined && { via }) });
  }

  /** What goes on is an outer packet. */
  wraps(hop: Omit<Hop, 'observed'>, outer: Outer): void {
    const { tunnel } = outer;
    const packed = this.#changed;
    if (packed?.header && tunnel) {
      this.#becomes(packed.header, false);
      this.leadsTo(tunnel, undefined);
    }
    this.add(hop);
    // Packed by a tunnel, then protected: one packet.
    if (this.#changed) return;
    this.#inner.push(this.#header);
    this.#changed = outer;
  }

  /** What goes on is the packet inside. */
  unwraps(hop: Omit<Hop, 'observed'>): void {
    this.add(hop);
    this.#inner.pop();
    this.#changed = {};
  }

  /** The node changes the headers in its own right, and is a hop of its own. */
  changes(hop: Omit<Hop, 'observed'>): void {
    this.add(hop);
    this.#changed = {};
  }

  ends(verdict: Verdict): void {
    this.#verdict = verdict;
  }

  /** With the object that the last step names. */
  drops(text: string): void {
    const last = this.#hops.findLast(({ by }) => by !== 'neighbour');
    this.#verdict = { outcome: 'dropped', text, ...(last?.key !== undefined && { key: last.key }) };
  }

  /** This hop, already added, ended it. */
  droppedBy({ by, text, key, rule }: Omit<Hop, 'observed'>): void {
    this.#verdict = {
      outcome: 'dropped',
      text: `${by}: ${text}`,
      ...(key !== undefined && { key }),
      ...(rule !== undefined && { rule }),
    };
  }
}

/** Reads one node; `next` is the one that the packet went on to. */
export type NodeReader = (way: Way, node: TracedNode, next: TracedNode | undefined) => void;

export function numberAfter({ lines }: TracedNode, word: string): number | undefined {
  const found = new RegExp(`\\b${word} (\\d+)`).exec(lines.join('\n'))?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The part of a hop that names this object, if there is one. */
export function keyed(object: { readonly key?: string } | undefined): { readonly key?: string } {
  return object?.key === undefined ? {} : { key: object.key };
}
