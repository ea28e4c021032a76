/** Who FROM and TO are: addresses, ports, the interface that the packet comes in by, and MAC addresses. */

import type { Interface as LinuxInterface } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Interface } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { VrfTable } from '../../model/gen/ligato/vpp/l3/vrf_pb.js';
import type { BridgeDomain } from '../../model/gen/ligato/vpp/l2/bridge_domain_pb.js';
import {
  contains,
  formatIp,
  type Ip,
  parseIp,
  parseMac,
  parsePrefix,
  type Prefix,
  sameIp,
} from '../../model/address.ts';
import type { Snapshot } from '../../scheduler/scheduler.ts';
import { TraceError } from './trace-error.ts';
import { protocols, type Probe, type Protocol, type TraceRequest, type Whereabouts } from './trace.ts';

/** What is configured, and the MAC addresses that interfaces have, by key. */
export interface World {
  readonly snapshot: Snapshot;
  readonly macs: ReadonlyMap<string, string>;
  locate(address: Ip, vrf: number): Promise<Whereabouts>;
  random(first: number, below: number): number;
}

/** An interface of the switch, or of Linux at its side. */
interface End {
  readonly key: string;
  readonly name: string;
  readonly addresses: readonly Prefix[];
  /** Interface of the switch that it is, or is cabled to. */
  readonly input: string | undefined;
  /** It is the switch's own. */
  readonly own: boolean;
  readonly vrf: number;
}

interface Named {
  readonly end?: End;
  readonly address?: Ip;
  readonly port?: number;
}

/** Nobody's: locally administered. */
const madeUpMac = Uint8Array.of(0x02, 0x4c, 0x49, 0x47, 0x00, 0x01);

export async function probeOf(request: TraceRequest, world: World): Promise<Probe> {
  const ends = endsOf(world.snapshot);
  const from = named(request.from, 'from', ends);
  const to = named(request.to, 'to', ends);
  const { source, destination } = addressesOf(from, to);
  const input = await inputOf(request, from, source, { ends, world });
  const vrf = vrfOf(request, input.end ?? input.sender, world.snapshot);
  const transport = transportOf(request, from, to, world);
  const macs = await macsOf(request, { source, destination, vrf, input: input.end, sender: input.sender }, ends, world);
  const isOwn = input.end === undefined;
  return {
    source,
    destination,
    ...transport,
    ttl: request.ttl ?? 64,
    number: world.random(1, 0x1_0000),
    vrf,
    ...(isOwn ? {} : { input: input.end.name }),
    ...macs,
  };
}

/** That of the interface by which it comes in, or whose address it has. */
function vrfOf({ vrf }: TraceRequest, end: End | undefined, snapshot: Snapshot): number {
  const own = end?.vrf ?? 0;
  if (vrf === undefined) return own;
  const tables = [...snapshot.nodes({ kind: 'vpp.vrf-table' })];
  const ids = new Set([0, ...tables.flatMap(({ applied }) => (applied === null ? [] : [(applied as VrfTable).id]))]);
  if (!ids.has(vrf))
    throw new TraceError(
      `vrf: the switch has no VRF ${vrf}; it has ${[...ids].toSorted((a, b) => a - b).join(', ')}`,
      'vrf',
    );
  if (end && end.vrf !== vrf) throw new TraceError(`vrf: interface ${end.name} is in VRF ${own}, not in ${vrf}`, 'vrf');
  return vrf;
}

/** Name of the Linux interface at the other end of an interface of the switch. */
export function receiverBehind(name: string, snapshot: Snapshot): string | undefined {
  const ends = endsOf(snapshot).filter(({ own, input }) => !own && input === name);
  // Of a pair of VETHs the end in a namespace has the address.
  return (ends.find(({ addresses }) => addresses.length > 0) ?? ends[0])?.name;
}

function endsOf(snapshot: Snapshot): readonly End[] {
  const linux = [...snapshot.nodes({ kind: 'linux.interfaces.interface' })].flatMap(({ key, applied }) =>
    applied === null ? [] : [{ key: key as string, value: applied as LinuxInterface }],
  );
  const own: End[] = [];
  const inputs = new Map<string, string>();
  for (const { key, applied } of snapshot.nodes({ kind: 'vpp.interfaces' })) {
    if (applied === null) continue;
    const value = applied as Interface;
    if (value.link.case === 'afpacket') inputs.set(value.link.value.linuxInterface, value.name);
    const { name, vrf } = value;
    own.push({ key, name, addresses: prefixes(value.ipAddresses), input: name, own: true, vrf });
  }
  const cabled = ({ name, link }: LinuxInterface): string | undefined => {
    if (link.case === 'tap') return link.value.vppTapIfName;
    if (link.case === 'veth') return inputs.get(link.value.peerIfName) ?? inputs.get(name);
    return inputs.get(name);
  };
  const others = linux.map(({ key, value }) => {
    const input = cabled(value);
    const vrf = own.find(({ name }) => name === input)?.vrf ?? 0;
    const addresses = prefixes(value.ipAddresses);
    return { key, name: value.name, addresses, input, own: false, vrf };
  });
  return [...own, ...others];
}

/** Those that are written out. */
function prefixes(addresses: readonly string[]): readonly Prefix[] {
  return addresses.flatMap((text) => parsePrefix(text) ?? []);
}

function named(text: string, field: 'from' | 'to', ends: readonly End[]): Named {
  const whole = lookUp(text, ends);
  if (whole) return whole;
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = lookUp(bracketed ?? plain ?? '', ends);
  if (host) return { ...host, port: portOf(port ?? '', text, field) };
  const names = ends.map(({ name }) => name).slice(0, 8);
  const known =
    names.length === 0 ? 'there is no interface' : `interfaces: ${names.join(', ')}${ends.length > 8 ? ', ...' : ''}`;
  throw new TraceError(
    `${field}: ${JSON.stringify(text)} is no address and no interface; accepted are an IP address, ADDRESS:PORT, [IPV6]:PORT or the name of an interface (${known})`,
    field,
  );
}

function portOf(digits: string, text: string, field: 'from' | 'to'): number {
  const port = Number(digits);
  if (port >= 1 && port <= 65_535) return port;
  throw new TraceError(`${field}: ${JSON.stringify(text)} has port ${digits}; 1-65535 is accepted`, field);
}

function lookUp(text: string, ends: readonly End[]): Named | undefined {
  const end = ends.find(({ name }) => name === text);
  if (end) return { end };
  const address = parseIp(text);
  return address && { address };
}

function addressesOf(from: Named, to: Named): { readonly source: Ip; readonly destination: Ip } {
  const families = from.address ? [from.address.family] : to.address ? [to.address.family] : ([4, 6] as const);
  for (const family of families) {
    const source = addressOf(from, family);
    const destination = addressOf(to, family);
    if (source && destination) return { source, destination };
  }
  const lacks = (one: Named, field: 'from' | 'to', option: string): void => {
    if (families.some((family) => addressOf(one, family))) return;
    const what = one.end
      ? `interface ${one.end.name} has no ${families.length === 1 ? `IPv${families[0]} ` : ''}address`
      : `${formatIp(one.address!)} is of another IP version than the other end`;
    throw new TraceError(`${field}: ${what}; name an address${option}`, field);
  };
  lacks(from, 'from', ', and the interface that the packet comes in by with --in');
  lacks(to, 'to', '');
  throw new TraceError('to: the ends have no addresses of the same IP version; name addresses', 'to');
}

function addressOf({ address, end }: Named, family: 4 | 6): Ip | undefined {
  const known = address ?? end?.addresses.find((prefix) => prefix.address.family === family)?.address;
  return known?.family === family ? known : undefined;
}

interface Context {
  readonly ends: readonly End[];
  readonly world: World;
}

/** No `end`: the switch sends it. `sender`: whose address the source is. */
async function inputOf(
  request: TraceRequest,
  from: Named,
  source: Ip,
  { ends, world }: Context,
): Promise<{ readonly end?: End; readonly sender?: End }> {
  const sender = from.end ?? ends.find(({ addresses }) => addresses.some(({ address }) => sameIp(address, source)));
  if (request.interface !== undefined) {
    const end = ends.find(({ name, own }) => own && name === request.interface);
    if (end) return { end, ...(sender?.input === end.name && { sender }) };
    const known = ends.filter(({ own }) => own).map(({ name }) => name);
    throw new TraceError(
      `interface: the switch has no interface ${request.interface}; it has ${known.join(', ') || 'none'}`,
      'interface',
    );
  }
  if (sender?.own) return { sender };
  if (sender?.input !== undefined) return { ...inputNamed(sender.input, ends), sender };
  vrfOf(request, undefined, world.snapshot);
  const { interface: input } = await world.locate(source, request.vrf ?? 0);
  if (input !== undefined) return inputNamed(input, ends);
  throw new TraceError(
    `interface: it is not known by which interface packets of ${formatIp(source)} come in; name it (--in)`,
    'interface',
  );
}

function inputNamed(name: string, ends: readonly End[]): { readonly end: End } {
  const end = ends.find((one) => one.own && one.name === name);
  if (end) return { end };
  throw new TraceError(`from: its interface of the switch, ${name}, is not there`, 'from');
}

function transportOf(request: TraceRequest, from: Named, to: Named, { random }: World) {
  const destinationPort = request.destinationPort ?? to.port;
  const sourcePort = request.sourcePort ?? from.port;
  const hasPorts = destinationPort !== undefined || sourcePort !== undefined;
  const protocol: Protocol = request.protocol ?? (hasPorts ? 'tcp' : 'icmp');
  if (protocol === 'icmp' && hasPorts)
    throw new TraceError(`protocol: icmp has no ports; ${protocols.slice(1).join(' or ')} has`, 'protocol');
  if (protocol !== 'icmp' && destinationPort === undefined)
    throw new TraceError(
      `destinationPort: ${protocol} needs one, 1-65535 (--dport, or TO as ADDRESS:PORT)`,
      'destinationPort',
    );
  const portIsOurs = sourcePort === undefined;
  return {
    protocol,
    sourcePort: sourcePort ?? random(49_152, 65_536),
    portIsOurs,
    destinationPort: destinationPort ?? 0,
  };
}

interface Way {
  readonly source: Ip;
  readonly destination: Ip;
  readonly vrf: number;
  readonly input: End | undefined;
  readonly sender: End | undefined;
}

async function macsOf(
  request: TraceRequest,
  { source, destination, vrf, input, sender }: Way,
  ends: readonly End[],
  world: World,
): Promise<Pick<Probe, 'sourceMac' | 'destinationMac'>> {
  const given = (text: string | undefined, field: 'sourceMac' | 'destinationMac'): Uint8Array | undefined => {
    if (text === undefined) return undefined;
    const mac = parseMac(text);
    if (mac) return mac;
    throw new TraceError(`${field}: ${JSON.stringify(text)} is no MAC address such as 02:fe:00:00:00:01`, field);
  };
  if (!input) return { sourceMac: madeUpMac, destinationMac: madeUpMac };
  // The address of a neighbour that is behind another interface is left alone: bridges would learn that it moved.
  const found = sender ? undefined : await world.locate(source, vrf);
  const senderMac = sender ? macOf(sender, world) : found?.interface === input.name ? found.mac : undefined;
  return {
    sourceMac: given(request.sourceMac, 'sourceMac') ?? senderMac ?? madeUpMac,
    destinationMac:
      given(request.destinationMac, 'destinationMac') ?? (await receiverMac(destination, vrf, input, ends, world)),
  };
}

function macOf({ key }: Pick<End, 'key'>, { macs }: World): Uint8Array | undefined {
  return parseMac(macs.get(key) ?? '');
}

/** Whom a host behind this interface would send it to: its router, or in a bridge domain the owner of the address. */
async function receiverMac(
  destination: Ip,
  vrf: number,
  input: End,
  ends: readonly End[],
  world: World,
): Promise<Uint8Array> {
  const domain = domainOf(input.name, world.snapshot);
  if (!domain) return macOf(input, world) ?? madeUpMac;
  const bviName = domain.interfaces.find((port) => port.bridgedVirtualInterface)?.name;
  const bvi = ends.find(({ name, own }) => own && name === bviName);
  const inSubnet = bvi?.addresses.some((prefix) => contains(prefix, destination)) ?? true;
  const isBvi = bvi?.addresses.some(({ address }) => sameIp(address, destination));
  const owner = ends.find(
    ({ own, addresses }) => !own && addresses.some(({ address }) => sameIp(address, destination)),
  );
  const listed = domain.arpTerminationTable.find(({ ipAddress }) => {
    const address = parseIp(ipAddress);
    return address && sameIp(address, destination);
  });
  const known =
    isBvi || !inSubnet
      ? bvi && macOf(bvi, world)
      : (parseMac(listed?.physAddress ?? '') ??
        (owner && macOf(owner, world)) ??
        (await world.locate(destination, bvi?.vrf ?? vrf)).mac);
  if (known) return known;
  throw new TraceError(
    `destinationMac: whose address ${formatIp(destination)} is in bridge domain ${domain.name} is not known; name it (--destination-mac)`,
    'destinationMac',
  );
}

function domainOf(port: string, snapshot: Snapshot): BridgeDomain | undefined {
  for (const { applied } of snapshot.nodes({ kind: 'vpp.l2.bridge-domain' })) {
    const domain = applied as BridgeDomain | null;
    if (domain?.interfaces.some(({ name, bridgedVirtualInterface }) => name === port && !bridgedVirtualInterface))
      return domain;
  }
  return undefined;
}
