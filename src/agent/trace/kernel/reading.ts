/** Turns the events of a packet into hops, in the order in which they happened. */

import type { KernelFib } from '../../../features/fib/kernel-metadata.ts';
import type { FdbEntry } from '../../../kernel/netlink/neighbour.ts';
import type { TraceEvent } from '../../../kernel/nftables/index.ts';
import { tables } from '../../../kernel/pipeline/index.ts';
import type { TracePlace } from '../../../kernel/trace/table.ts';
import { formatIp, formatMac, parseIp } from '../../../model/address.ts';
import { tunnelOf } from '../../topology/tunnels.ts';
import { translation } from '../nat.ts';
import { readHeader, type ReadHeader } from '../packet.ts';
import type { Header, Hop, Probe, Verdict } from '../trace.ts';
import type { Lookups, Routing } from './lookups.ts';
import { routeText, type KernelNames, type NamedDevice } from './names.ts';
import { meaningOf } from './rules.ts';

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

class Reader {
  readonly #probe: Probe;
  readonly #names: KernelNames;
  readonly #lookups: Lookups;
  readonly #rules: Rules;
  readonly #hops: Hop[] = [];
  readonly #packets = new Set<number>();
  #last: Progress;
  #verdict: Verdict | undefined;
  /** Of the base chain whose events come. */
  #device: NamedDevice | undefined;

  constructor(probe: Probe, names: KernelNames, lookups: Lookups, rules: Rules, start: Header) {
    this.#probe = probe;
    this.#names = names;
    this.#lookups = lookups;
    this.#rules = rules;
    this.#last = { place: 'sent by us', header: start };
  }

  finish(): ReadTrace {
    return { hops: this.#hops, last: this.#last, ...(this.#verdict && { verdict: this.#verdict }) };
  }

  async read(event: TraceEvent): Promise<void> {
    const header = event.network && readHeader(event.network, event.transport);
    if (header) {
      if (header.number !== this.#probe.number) return;
      this.#packets.add(event.packet);
      // Only the first event of a base chain tells the devices.
      const index = event.table.family === 'netdev' ? (event.output ?? event.input) : event.input;
      this.#device = index === undefined ? undefined : this.#names.device(index);
    } else if (!this.#packets.has(event.packet)) return;
    if (event.table.name === tables.trace) {
      if (header) await this.#passes(event.chain as TracePlace, event, header);
    } else this.#applies(event);
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
        this.#add({ by: 'switch', text: 'sends it itself', observed: true });
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

  async #neighbourHop(address: Parameters<Lookups['neighbour']>[0], device: NamedDevice): Promise<void> {
    const neighbour = await this.#lookups.neighbour(address, device.index);
    if (!neighbour?.mac || neighbour.mac.length !== 6) return;
    this.#routedMac = neighbour.mac;
    const key = this.#neighbourKey(device.name, formatIp(address));
    const how = key === undefined ? 'found by ARP' : 'configured';
    const text = `${formatIp(address)} on ${device.name} is ${formatMac(neighbour.mac)} (${address.family === 6 && key === undefined ? 'found by ND' : how})`;
    this.#add({ by: 'neighbour', text, observed: false, ...(key !== undefined && { key }) });
  }

  #neighbourKey(name: string, address: string): string | undefined {
    for (const { key, applied } of this.#names.snapshot().nodes({ kind: 'vpp.arp' })) {
      const entry = applied as { interface: string; ipAddress: string } | null;
      if (entry?.interface === name && entry.ipAddress === address) return key;
    }
    return undefined;
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
    const tunnel = device.value && tunnelOf(device.value);
    if (tunnel && device.key !== undefined) await this.#tunnelled(device, tunnel);
  }

  /** What is inside a tunnel is not followed: where its outer packets go is looked up. */
  async #tunnelled({ name, key }: NamedDevice, tunnel: NonNullable<ReturnType<typeof tunnelOf>>): Promise<void> {
    const { type, source, destination, id } = tunnel;
    const what = `${name} wraps it: ${type}${id === undefined ? '' : ` ${id}`} ${source || '?'} -> ${destination || 'the peer of its next hop'}`;
    this.#add({ by: 'tunnel', text: what, observed: false, ...(key !== undefined && { key }) });
    const outer = parseIp(destination);
    if (!outer) return;
    const routing = await this.#lookups.routing({ destination: outer });
    if (typeof routing === 'string') {
      this.#verdict = {
        outcome: 'dropped',
        text: `no route to ${destination}, the other end of ${name}`,
        ...(key !== undefined && { key }),
      };
      return;
    }
    const found = this.#names.route(routing.route, routing.way);
    const text = `${this.#names.vrfName(routing.route.table)}: ${found.what} ${routeText(routing.route, routing.way, this.#names)} (outer packet)`;
    this.#add({ by: 'route', text, observed: false, ...(found.key !== undefined && { key: found.key }) });
  }

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
    this.#hops.push(hop);
  }
}

/** The way of a route that leaves by this link. */
function wayOf({ route, way }: Routing, link: number): Routing['way'] | undefined {
  if (way.link === link) return way;
  return route.nextHops?.find((hop) => hop.link === link);
}
