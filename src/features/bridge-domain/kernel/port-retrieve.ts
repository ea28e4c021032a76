/** Which devices are ports of our bridges, and with which flags. */

import { formatMac } from '../../../model/address.ts';
import type { Key } from '../../../model/key.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import type { Dump } from '../../../kernel/rtnl/dump.ts';
import { NTF_STICKY } from '../../../kernel/netlink/neighbour.ts';
import { deviceName } from '../../../kernel/ownership/device-name.ts';
import { parseMark } from '../../../kernel/ownership/mark.ts';
import { deviceGroups } from '../../../kernel/pipeline/index.ts';
import type { RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelInterface } from '../../interface/kernel-metadata.ts';
import { interfaceKey } from '../../interface/model.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { KernelBridgePort } from '../kernel-metadata.ts';
import { bridgeDomainInterfaceKey } from '../model.ts';
import type { BridgeDomainInterface } from '../model.ts';
import type { BridgeReading } from './bridge-reading.ts';
import type { BridgeRules } from './bridge-rules.ts';
import { domainOf } from './domain.ts';

type Context = RetrieveContext<BridgeDomainInterface, KernelBridgePort>;
type Found = Retrieved<BridgeDomainInterface, KernelBridgePort>;

export async function retrievePorts(
  engine: KernelEngine,
  rules: BridgeRules,
  context: Context,
): Promise<readonly Found[]> {
  const dump = engine.driver.dump(context.session, engine.driver.vswitch);
  const links = await dump.linksByIndex();
  const reading = await rules.read(context.session);
  const retrieved: Found[] = [];
  const known = new Set<string>();
  for (const [key, { value }] of context.expected) {
    const device = context.metadata<KernelInterface>(interfaceKey(value.interface));
    const link = device && links.get(device.port.ifindex);
    const bridge = link?.master === undefined ? undefined : links.get(link.master);
    if (!device || !link || !bridge || domainOf(engine, bridge) !== value.bridgeDomain) continue;
    known.add(`${bridge.index} ${link.index}`);
    const router = value.bridgedVirtualInterface ? links.get(device.ifindex) : undefined;
    const found = { link, bridge, router, shared: device.shared === true };
    retrieved.push(await read(found, dump, reading, key, value));
  }
  if (context.keys) return retrieved;
  for (const link of links.values()) {
    const bridge = link.master === undefined ? undefined : links.get(link.master);
    const domain = bridge && domainOf(engine, bridge);
    if (!bridge || domain === undefined || known.has(`${bridge.index} ${link.index}`)) continue;
    retrieved.push(unexpected(engine, reading, link, bridge, domain));
  }
  return [...retrieved, ...strayPorts(engine, reading, context, links)];
}

/** Ports that only the rules know: their devices went, or were taken out, when no agent was there; nobody wants them back. */
function strayPorts(
  engine: KernelEngine,
  reading: BridgeReading,
  context: Context,
  links: ReadonlyMap<number, Link>,
): readonly Found[] {
  const bridges = new Map([...links.values()].map((link) => [link.name, link]));
  const known = new Set<string>();
  for (const { name, master } of links.values()) {
    const bridge = master === undefined ? undefined : links.get(master);
    if (bridge !== undefined && domainOf(engine, bridge) !== undefined) known.add(name);
  }
  for (const { value } of context.expected.values()) {
    known.add(deviceName(value.interface)).add(deviceName(value.interface, 'p'));
    const device = context.metadata<KernelInterface>(interfaceKey(value.interface));
    if (device !== undefined) known.add(device.port.name);
  }
  const found: Found[] = [];
  for (const [port, bridge] of reading.ports) {
    const device = known.has(port) ? undefined : bridges.get(bridge);
    const domain = device && domainOf(engine, device);
    if (!device || domain === undefined) continue;
    const metadata = { bridge: { ifindex: device.index, name: bridge }, ifindex: NO_DEVICE, name: port, shared: false };
    found.push({ key: bridgeDomainInterfaceKey(domain, port), value: bare(domain, port), metadata, origin: 'ours' });
  }
  return found;
}

/** No device has this index. */
export const NO_DEVICE = 0;

interface Port {
  readonly link: Link;
  readonly bridge: Link;
  /** Device of the loopback that should be the BVI. */
  readonly router: Link | undefined;
  readonly shared: boolean;
}

async function read(
  port: Port,
  dump: Dump,
  reading: BridgeReading,
  key: Key,
  wanted: BridgeDomainInterface,
): Promise<Found> {
  const { link, bridge, router, shared } = port;
  const knownRouter = router !== undefined && (await hasRouterEntry(dump, link, router));
  const value = {
    ...fromLink(link, wanted, reading),
    bridgedVirtualInterface: wanted.bridgedVirtualInterface && knownRouter,
    // A port that the rules do not know of is not filtered.
    forward: reading.ports.get(link.name) === bridge.name ? wanted.forward : !wanted.forward,
  };
  const metadata = metadataOf(link, bridge, shared);
  return { key, value, metadata: router ? { ...metadata, routerAddress: router.address } : metadata, origin: 'ours' };
}

async function hasRouterEntry(dump: Dump, link: Link, router: Link): Promise<boolean> {
  const mac = formatMac(router.address);
  const entries = await dump.fdb();
  return entries.some(
    (entry) => entry.link === link.index && (entry.flags & NTF_STICKY) !== 0 && formatMac(entry.mac) === mac,
  );
}

function fromLink(link: Link, wanted: BridgeDomainInterface, reading: BridgeReading): BridgeDomainInterface {
  const group = splitHorizonGroupOf(link.group, wanted);
  const { broadcastFlood, multicastFlood, flood, learning } = link.port ?? {};
  return {
    ...wanted,
    splitHorizonGroup: group > 0 && reading.separates(group) ? group : 0,
    flood: broadcastFlood === multicastFlood ? broadcastFlood === true : !wanted.flood,
    unknownUnicastFlood: flood === true,
    learn: learning === true,
  };
}

function splitHorizonGroupOf(group: number, { bridgedVirtualInterface }: BridgeDomainInterface): number {
  const { first, last } = bridgedVirtualInterface ? deviceGroups.splitHorizonRouter : deviceGroups.splitHorizon;
  return group >= first && group <= last ? group - first + 1 : 0;
}

/** Ours, when a device of ours is in the wrong place; somebody else's device in our bridge is left alone. */
function unexpected(engine: KernelEngine, reading: BridgeReading, link: Link, bridge: Link, domain: string): Found {
  const mark = parseMark(link.alias);
  const ours = mark?.owner === engine.owner || reading.ports.has(link.name);
  const name = mark?.owner === engine.owner ? mark.name : link.name;
  const key = bridgeDomainInterfaceKey(domain, name);
  return {
    key,
    value: fromLink(link, bare(domain, name), reading),
    metadata: metadataOf(link, bridge, false),
    origin: ours ? 'ours' : 'foreign',
  };
}

function metadataOf(link: Link, bridge: Link, shared: boolean): KernelBridgePort {
  return { bridge: { ifindex: bridge.index, name: bridge.name }, ifindex: link.index, name: link.name, shared };
}

function bare(bridgeDomain: string, name: string): BridgeDomainInterface {
  return {
    bridgeDomain,
    interface: name,
    bridgedVirtualInterface: false,
    splitHorizonGroup: 0,
    flood: false,
    unknownUnicastFlood: false,
    forward: false,
    learn: false,
  };
}
