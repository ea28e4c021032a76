/** Reads entries back: from the bridges, and from the set of what is dropped. */

import { create } from '@bufbuild/protobuf';
import { formatIp, formatMac, parseMac } from '../../model/address.ts';
import type { Ip } from '../../model/address.ts';
import { FIBEntry_Action as Action, FIBEntrySchema } from '../../model/gen/ligato/vpp/l2/fib_pb.js';
import type { FIBEntry } from '../../model/gen/ligato/vpp/l2/fib_pb.js';
import type { Key } from '../../model/key.ts';
import { isKernelError } from '../../kernel/errors.ts';
import { NTF_STICKY, NUD_NOARP } from '../../kernel/netlink/neighbour.ts';
import type { FdbEntry } from '../../kernel/netlink/neighbour.ts';
import type { RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import { bridgeTable, dropSetOf, type KernelBridge, type KernelBridgePort } from '../bridge-domain/kernel-metadata.ts';
import { BRIDGE_DOMAIN_PREFIX, bridgeDomainInterfacePrefix } from '../bridge-domain/model.ts';
import type { BridgeDomainInterface } from '../bridge-domain/model.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import type { KernelFib } from './kernel-metadata.ts';
import { fibKey } from './model.ts';
import { remoteOf } from './tunnel.ts';

type Context = RetrieveContext<FIBEntry, KernelFib>;
type Found = Retrieved<FIBEntry, KernelFib>;

interface Domain {
  readonly name: string;
  readonly bridge: KernelBridge;
  /** By index of the device. */
  readonly ports: ReadonlyMap<number, Port>;
}

interface Port extends KernelBridgePort {
  readonly interface: string;
}

export async function retrieveEntries(engine: KernelEngine, context: Context): Promise<readonly Found[]> {
  const domains = domainsOf(context);
  const wanted = byPlace(context);
  const found = [...(await forwarded(engine, context, domains, wanted)), ...(await dropped(engine, domains, wanted))];
  return context.keys ? found.filter(({ key }) => context.keys!.has(key)) : found;
}

function domainsOf(context: Context): readonly Domain[] {
  return [...context.appliedUnder(BRIDGE_DOMAIN_PREFIX)].flatMap(([key]) => {
    const bridge = context.metadata<KernelBridge>(key);
    if (!bridge) return [];
    const name = key.slice(BRIDGE_DOMAIN_PREFIX.length);
    return [{ name, bridge, ports: portsOf(context, name) }];
  });
}

function portsOf(context: Context, domain: string): ReadonlyMap<number, Port> {
  const ports = new Map<number, Port>();
  for (const [key, value] of context.appliedUnder(bridgeDomainInterfacePrefix(domain))) {
    const port = context.metadata<KernelBridgePort>(key);
    if (port) ports.set(port.ifindex, { ...port, interface: (value as BridgeDomainInterface).interface });
  }
  return ports;
}

interface Wanted {
  readonly key: Key;
  readonly value: FIBEntry;
}

/** What is expected, by domain and address in one spelling. */
function byPlace(context: Context): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  for (const [key, { value }] of context.expected) {
    const mac = parseMac(value.physAddress);
    if (mac) wanted.set(`${value.bridgeDomain} ${formatMac(mac)}`, { key, value });
  }
  return wanted;
}

async function forwarded(
  engine: KernelEngine,
  context: Context,
  domains: readonly Domain[],
  wanted: ReadonlyMap<string, Wanted>,
): Promise<readonly Found[]> {
  const byBridge = new Map(domains.map((domain) => [domain.bridge.ifindex, domain]));
  const found: Found[] = [];
  if (byBridge.size === 0) return found;
  const entries = await engine.driver.dump(context.session, engine.driver.vswitch).fdb();
  const remotes = new Set(entries.flatMap(({ link, mac, remote }) => (remote ? [tunnelText(link, mac, remote)] : [])));
  for (const entry of entries) {
    const domain = entry.master === undefined ? undefined : byBridge.get(entry.master);
    const port = domain?.ports.get(entry.link);
    // Static entries only: what is learned is nobody's, what is permanent are addresses of the ports themselves.
    if (!domain || !port || entry.state !== NUD_NOARP) continue;
    const known = wanted.get(`${domain.name} ${formatMac(entry.mac)}`);
    const remote = port.shared && known ? remoteOf(context, known.value.outgoingInterface) : undefined;
    // Half an entry is none.
    if (remote && !remotes.has(tunnelText(entry.link, entry.mac, remote))) continue;
    const item = forwardedEntry(entry, domain, port, known);
    if (item) found.push(remote ? { ...item, metadata: { ...item.metadata, remote } } : item);
  }
  return found;
}

function tunnelText(link: number, mac: Uint8Array, remote: Ip): string {
  return `${link} ${formatMac(mac)} ${formatIp(remote)}`;
}

function forwardedEntry(entry: FdbEntry, domain: Domain, port: Port, known: Wanted | undefined): Found | undefined {
  const physAddress = formatMac(entry.mac);
  const router = port.routerAddress !== undefined && formatMac(port.routerAddress) === physAddress;
  // The port brings this one itself.
  if (router && !known) return undefined;
  const sticky = (entry.flags & NTF_STICKY) !== 0;
  const key = known?.key ?? fibKey(domain.name, physAddress);
  const value = known
    ? { ...known.value, action: Action.FORWARD, ...placeOf(known.value, port, sticky, router) }
    : create(FIBEntrySchema, {
        physAddress,
        bridgeDomain: domain.name,
        outgoingInterface: port.interface,
        staticConfig: sticky,
      });
  const metadata = { bridge: domain.bridge, mac: entry.mac, port: port.ifindex, ...(router ? { router } : {}) };
  return { key, value, metadata, origin: known ? 'ours' : 'foreign' };
}

/** Learning may have moved an entry that is not static: that is what it is for. */
function placeOf(wanted: FIBEntry, port: Port, sticky: boolean, router: boolean) {
  if (router) return { outgoingInterface: sameDevice(wanted, port) };
  if (!sticky && !wanted.staticConfig) return {};
  return { outgoingInterface: sameDevice(wanted, port), staticConfig: sticky };
}

/** Interfaces that share a device are told apart by nothing in the bridge. */
function sameDevice(wanted: FIBEntry, port: Port): string {
  return port.shared ? wanted.outgoingInterface : port.interface;
}

async function dropped(
  engine: KernelEngine,
  domains: readonly Domain[],
  wanted: ReadonlyMap<string, Wanted>,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  const elements = await Promise.all(domains.map(({ bridge }) => droppedBy(engine, bridge)));
  for (const [domain, physAddress] of domains.flatMap((each, at) => elements[at]!.map((mac) => [each, mac] as const))) {
    const known = wanted.get(`${domain.name} ${physAddress}`);
    const bare = { physAddress, bridgeDomain: domain.name, action: Action.DROP };
    const value = known ? { ...known.value, action: Action.DROP } : create(FIBEntrySchema, bare);
    const key = known?.key ?? fibKey(domain.name, physAddress);
    found.push({ key, value, metadata: { bridge: domain.bridge, mac: parseMac(physAddress)! }, origin: 'ours' });
  }
  return found;
}

async function droppedBy(engine: KernelEngine, bridge: KernelBridge): Promise<readonly string[]> {
  try {
    const elements = await engine.driver.nft(engine.driver.vswitch).elements(bridgeTable, dropSetOf(bridge));
    return elements.map(({ key }) => String(key[0]));
  } catch (error) {
    if (!isKernelError(error, 'ENOENT')) throw error;
    return [];
  }
}
