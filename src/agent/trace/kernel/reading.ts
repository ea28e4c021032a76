/** Turns the events of a packet into hops, in the order in which they happened. */

import { SEGMENT_DEVICE } from '../../../features/srv6/kernel/device.ts';
import type { KernelFib } from '../../../features/fib/kernel-metadata.ts';
import type { FdbEntry } from '../../../kernel/netlink/neighbour.ts';
import type { TraceEvent } from '../../../kernel/nftables/index.ts';
import { tableOfVrf } from '../../../kernel/pipeline/index.ts';
import type { TracePlace } from '../../../kernel/trace/table.ts';
import { formatIp, formatMac, type Ip, parseIp } from '../../../model/address.ts';
import { tunnelOf } from '../../topology/tunnels.ts';
import { translation } from '../nat.ts';
import { associationOf, associationText, protectionOf } from '../objects/security.ts';
import type { ReadHeader } from '../packet.ts';
import type { Header, Hop, Probe, Verdict } from '../trace.ts';
import type { Lookups, Routing } from './lookups.ts';
import { routeText, type KernelNames, type NamedDevice } from './names.ts';
import { neighbourHop } from './neighbours.ts';
import { isTunnel, outerWay, tunnelHops } from './outer.ts';
import { isRecognisable, placeOf, Recognition } from './recognition.ts';
import { meaningOf } from './rules.ts';
import { type Ruling, rulingOf } from './security.ts';
import { SegmentPath } from './segments.ts';

/** Where the packet was seen last. */
export interface Progress {
  readonly place: TracePlace | 'sent by us';
  readonly header: Header;
  readonly input?: number;
  readonly output?: number;
  readonly mark?: number;
}

export interface ReadTrace {
  readonly hops: readonly Hop[];
  readonly last: Progress;
  /** A rule ended it. */
  readonly verdict?: Verdict;
}

export interface Rules {
  /** Key of a rule: what it is called in its table. */
  keyOf(event: TraceEvent): string;
}

/** Reads all events of the probe, whose own way may have copies. */
export async function readEvents(
  events: readonly TraceEvent[],
  probe: Probe,
  {
    names,
    lookups,
    rules,
    start,
  }: { readonly names: KernelNames; readonly lookups: Lookups; readonly rules: Rules; readonly start: Header },
): Promise<ReadTrace> {
  const reader = new Reader(probe, names, lookups, rules, start);
  for (const event of events) await reader.read(event);
  return reader.finish();
}

function isEncrypted({ protocol }: Header): boolean {
  return protocol === '50' || protocol === '51';
}

class Reader {
  readonly #probe: Probe;
  readonly #names: KernelNames;
  readonly #lookups: Lookups;
  readonly #rules: Rules;
  readonly #hops: Hop[] = [];
  readonly #recognition: Recognition;
  readonly #path: SegmentPath;
  #last: Progress;
  #verdict: Verdict | undefined;
  /** Of the base chain whose events come. */
  #device: NamedDevice | undefined;

  constructor(probe: Probe, names: KernelNames, lookups: Lookups, rules: Rules, start: Header) {
    this.#probe = probe;
    this.#names = names;
    this.#lookups = lookups;
    this.#rules = rules;
    this.#recognition = new Recognition(probe, names);
    this.#path = new SegmentPath(probe, names, lookups);
    this.#last = { place: 'sent by us', header: start };
  }

  async finish(): Promise<ReadTrace> {
    if (this.#packedBy) await this.#followed(this.#packedBy);
    return { hops: this.#hops, last: this.#last, ...(this.#verdict && { verdict: this.#verdict }) };
  }

  async read(event: TraceEvent): Promise<void> {
    const ours = this.#recognition.recognise(event);
    if (!ours) return;
    const { header } = ours;
    // Only the first event of a base chain tells the devices.
    if (header) {
      const index = event.table.family === 'netdev' ? (event.output ?? event.input) : event.input;
      this.#device = index === undefined ? undefined : this.#names.device(index);
    }
    if (ours.packedBy) this.#seenPacked();
    const place = placeOf(event);
    if (place === undefined) this.#applies(event);
    else if (header) await this.#passes(place, event, header);
  }

  async #passes(place: TracePlace, event: TraceEvent, seen: ReadHeader): Promise<void> {
    const { number: _number, ...header } = seen;
    const before = this.#last;
    this.#last = {
      place,
      header,
      ...(event.input !== undefined && { input: event.input }),
      ...(event.output !== undefined && { output: event.output }),
      ...(event.mark !== undefined && { mark: event.mark }),
    };
    if (await this.#changes(place, before.header, event, header)) return;
    switch (place) {
      case 'ingress':
        return this.#arrives(event.input ?? 0, header);
      case 'bridge-prerouting':
        return this.#entersBridge(event.input ?? 0);
      case 'bridge-forward':
        return this.#forwardedByBridge(event);
      case 'translated':
      case 'sent':
      case 'input':
        this.#translated(before.header, header);
        return;
      case 'output':
        if (this.#isOuter) return this.#routed(event, header, true);
        this.#add({ by: 'switch', text: 'sends it itself', observed: true });
        if (this.#names.device(event.output ?? 0).device === SEGMENT_DEVICE) return;
        return this.#routed(event, header, true);
      case 'forward':
        return this.#routed(event, header, false);
      case 'egress':
        return this.#leaves(event.output ?? 0, header);
      default:
        return;
    }
  }

  #arrives(index: number, header: Header): void {
    const device = this.#names.device(index);
    if (device.type === 'bvi-port') {
      const bridge = this.#names.bridgeOf(index);
      this.#add({
        by: 'bridge domain',
        text: `${bridge?.name ?? 'the bridge'} gets it from its BVI ${device.name}`,
        observed: true,
        ...(bridge && { key: bridge.key }),
      });
      return;
    }
    if (device.type === 'vrf') return;
    const first = this.#hops.length === 0;
    this.#add({
      by: 'interface',
      text: `${device.name} receives it`,
      observed: true,
      ...(device.key !== undefined && { key: device.key }),
      ...(first && { header }),
    });
  }

  #entersBridge(index: number): void {
    const bridge = this.#names.bridgeOf(index);
    if (!bridge || this.#names.device(index).type === 'bvi-port') return;
    const text = `${bridge.name} has ${this.#names.device(index).name} as a port`;
    this.#add({ by: 'bridge domain', text, key: this.#names.portKey(index) ?? bridge.key, observed: true });
  }

  async #forwardedByBridge({ input = 0, output = 0 }: TraceEvent): Promise<void> {
    const bridge = this.#names.bridgeOf(output) ?? this.#names.bridgeOf(input);
    if (!bridge) return;
    const to = this.#names.device(output);
    const entry = await this.#entryFor(bridge.index);
    const mac = formatMac(this.#bridgedMac(entry));
    const target = to.type === 'bvi-port' ? `its BVI ${to.name}` : to.name;
    const common = { by: 'forwarding table', observed: true } as const;
    if (!entry)
      return this.#add({
        ...common,
        by: 'bridge domain',
        text: `${bridge.name} floods it to ${target}: it knows no port for ${mac}`,
        key: bridge.key,
      });
    const configured = this.#fibOf(entry, bridge.index);
    const how = configured === undefined ? (to.type === 'bvi-port' ? 'own address' : 'learned') : 'configured';
    this.#add({
      ...common,
      text: `${bridge.name}: ${mac} (${how}) is behind ${target}`,
      key: configured ?? bridge.key,
    });
  }

  /** Frames that the switch routed into the domain have the MAC of the neighbour. */
  #bridgedMac(entry: FdbEntry | undefined): Uint8Array {
    return entry?.mac ?? this.#frameMac;
  }

  #frameMac: Uint8Array = new Uint8Array(6);

  async #entryFor(bridge: number): Promise<FdbEntry | undefined> {
    this.#frameMac = this.#routedMac ?? this.#probe.destinationMac;
    const text = formatMac(this.#frameMac);
    const entries = await this.#lookups.forwarding(bridge);
    return entries.find(({ mac }) => formatMac(mac) === text);
  }

  #fibOf(entry: FdbEntry, bridge: number): string | undefined {
    const text = formatMac(entry.mac);
    for (const { key, metadata } of this.#names.snapshot().nodes({ kind: 'vpp.l2.fib' })) {
      const fib = metadata as KernelFib | undefined;
      if (fib?.bridge.ifindex === bridge && formatMac(fib.mac) === text) return key;
    }
    return undefined;
  }

  /** MAC of the next hop, once the switch has routed the packet. */
  #routedMac: Uint8Array | undefined;

  #translated(before: Header, after: Header): void {
    const hop = translation(before, after, this.#names.snapshot());
    if (hop) this.#add({ ...hop, observed: true });
  }

  async #routed({ input, output, mark }: TraceEvent, header: Header, own: boolean): Promise<void> {
    const destination = parseIp(header.destination);
    const source = parseIp(header.source);
    if (!destination || !source || output === undefined) return;
    const device = this.#names.device(output);
    if (device.type === 'vrf') return;
    const lookup = {
      destination,
      ...(!own && input !== undefined && { inputLink: input, source }),
      ...(own && { outputLink: output }),
      ...(mark !== undefined && mark !== 0 && { mark }),
    };
    const routing = await this.#lookups.routing(lookup);
    await this.#routeHop(routing, header, device);
    const tables = { snapshot: this.#names.snapshot(), lookups: this.#lookups };
    this.#ruling = await rulingOf(header, output, tables);
    if (this.#ruling) this.#add(this.#ruling.hop);
  }

  async #routeHop(routing: Routing | string, header: Header, device: NamedDevice): Promise<void> {
    // The look-up may take another of several equal ways, or know of less than the packet: what was seen counts.
    const way = typeof routing === 'string' ? undefined : wayOf(routing, device.index);
    if (typeof routing === 'string' || !way) {
      this.#add({ by: 'route', text: `to ${header.destination} out of ${device.name}`, observed: true, header });
      return;
    }
    const { key, what } = this.#names.route(routing.route, way);
    const vrf = this.#names.vrfName(routing.route.table);
    const text = `${vrf}: ${what} ${routeText(routing.route, way, this.#names)}`;
    this.#add({ by: 'route', text, observed: true, header, ...(key !== undefined && { key }) });
    await this.#neighbourHop(way.gateway ?? parseIp(header.destination)!, device);
  }

  async #neighbourHop(address: Ip, device: NamedDevice): Promise<void> {
    this.#nextHop = formatIp(address);
    const found = await neighbourHop(address, device, { names: this.#names, lookups: this.#lookups });
    if (!found) return;
    this.#routedMac = found.mac;
    this.#add(found.hop);
  }

  async #leaves(index: number, header: Header): Promise<void> {
    const device = this.#names.device(index);
    if (device.type === 'vrf' || device.type === 'bridge' || device.type === 'bvi-port') return;
    this.#add({
      by: 'interface',
      text: `${device.name} sends it`,
      observed: true,
      ...(device.key !== undefined && { key: device.key }),
      header,
    });
    if (!isTunnel(device)) return;
    this.#packedBy = device;
    this.#tunnels.push(device);
    for (const hop of tunnelHops(device, this.#nextHop ?? header.destination, this.#names)) this.#add(hop);
  }

  /** The tunnel that the packet has left by, as long as what it made of it has not been seen. */
  #packedBy: NamedDevice | undefined;
  /** What is seen is an outer packet. */
  #isOuter = false;
  #nextHop: string | undefined;

  /** The kernel sends the outer packet: that it was packed is seen. */
  #seenPacked(): void {
    this.#packedBy = undefined;
    const at = this.#hops.findLastIndex(({ by }) => by === 'tunnel');
    const hop = this.#hops[at];
    if (hop) this.#hops[at] = { ...hop, observed: true };
    this.#isOuter = true;
  }

  async #followed(device: NamedDevice): Promise<void> {
    const nextHop = this.#nextHop ?? this.#last.header.destination;
    const entered = this.#tunnels.slice(0, -1).map(({ index }) => index);
    const { hops, verdict } = await outerWay(device, nextHop, { names: this.#names, lookups: this.#lookups }, entered);
    this.#hops.push(...hops);
    const tunnel = device.value && tunnelOf(device.value);
    const protects = protectionOf(this.#names.snapshot(), device.name, nextHop) !== undefined;
    const isMissing =
      tunnel && isRecognisable(tunnel) && !protects && !this.#isOuter && verdict.outcome === 'forwarded';
    const text = `the outer packet of ${device.name} was not seen, though its tables have a way for it`;
    this.#verdict ??= isMissing ? { ...verdict, outcome: 'unknown', text } : verdict;
  }

  /** True: the headers are others than before, and the steps that lead there are told. */
  async #changes(place: TracePlace, before: Header, event: TraceEvent, header: Header): Promise<boolean> {
    if (isEncrypted(header) && !isEncrypted(before)) {
      await this.#encrypted(before, event, header);
      return place === 'output';
    }
    const output = event.output;
    if (output === undefined || this.#isOuter) return false;
    const taken = await this.#path.next(place, before, header);
    if (!taken) return false;
    for (const hop of taken.hops) this.#add(hop);
    this.#isOuter = taken.segment !== undefined && header.source !== before.source;
    const device = this.#names.device(output);
    if (taken.via !== undefined) {
      this.#add({ by: 'route', text: `the segment's: via ${taken.via} out of ${device.name}`, observed: true, header });
      await this.#neighbourHop(parseIp(taken.via)!, device);
    } else await this.#routedIn(taken.vrf ?? 0, header, device);
    if (place === 'egress') await this.#leaves(output, header);
    return true;
  }

  async #routedIn(vrf: number, header: Header, device: NamedDevice): Promise<void> {
    const route = await this.#lookups.match(parseIp(header.destination)!, tableOfVrf(vrf));
    const ways = route ? (route.nextHops ?? [route]) : [];
    const way = ways.find(({ link }) => link === device.index);
    await this.#routeHop(route && way ? { route, way } : 'ENETUNREACH', header, device);
  }

  /** IPsec has protected it. */
  async #encrypted(before: Header, { output = 0 }: TraceEvent, header: Header): Promise<void> {
    const snapshot = this.#names.snapshot();
    const tunnel = this.#tunnels.at(-1);
    const protection = tunnel && protectionOf(snapshot, tunnel.name, this.#nextHop);
    let index = protection?.value.saOut[0];
    const observed = true;
    if (protection) this.#add({ by: 'IPsec', text: `${tunnel.name} is protected`, key: protection.key, observed });
    else index = this.#ruling?.association;
    const association = index === undefined ? undefined : associationOf(snapshot, index);
    const text = association ? associationText(association.value) : `an association of somebody else protects it`;
    this.#add({ by: 'IPsec', text, observed, ...(association && { key: association.key }), header });
    if (header.destination === before.destination) return;
    this.#isOuter = true;
    await this.#routed({ output } as TraceEvent, header, true);
  }

  /** What the database of the device says of what leaves by it. */
  #ruling: Ruling | undefined;
  /** The tunnels that the packet is in. */
  readonly #tunnels: NamedDevice[] = [];

  #applies(event: TraceEvent): void {
    const device = this.#device;
    const key = event.type === 'policy' ? 'policy' : this.#rules.keyOf(event);
    // No rule applied: the end of a chain.
    const isEnd = event.type !== 'rule' || event.rule === undefined;
    if (isEnd && event.verdict?.verdict !== 'drop') return;
    const meaning = meaningOf({ event, key, device }, this.#names);
    if (!meaning) return;
    this.#add({ ...meaning, observed: true });
    if (event.verdict?.verdict !== 'drop') return;
    const { by, text, key: object, rule } = meaning;
    this.#verdict = {
      outcome: 'dropped',
      text: `${by}: ${text}`,
      ...(object !== undefined && { key: object }),
      ...(rule !== undefined && { rule }),
    };
  }

  #add(hop: Hop): void {
    this.#hops.push(this.#isOuter ? { ...hop, text: `${hop.text} (outer packet)` } : hop);
  }
}

/** The way of a route that leaves by this link. */
function wayOf({ route, way }: Routing, link: number): Routing['way'] | undefined {
  if (way.link === link) return way;
  return route.nextHops?.find((hop) => hop.link === link);
}
