/** Traces in VPP: a packet of its packet generator, what its tracer says of each node, and its tables for the routes. */

import { setTimeout } from 'node:timers/promises';
import { formatIp, formatMac, type Ip, parseMac } from '../../../model/address.ts';
import type { VppBridgeDomain } from '../../../features/bridge-domain/vpp-metadata.ts';
import type { Key } from '../../../model/key.ts';
import type { VppEngine } from '../../../features/vpp/engine.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';
import { isVppError, type VppClient } from '../../../vpp/index.ts';
import { receiverBehind } from '../endpoints.ts';
import { frameOf, packetOf } from '../packet.ts';
import { TraceError } from '../trace-error.ts';
import type { Hop, Probe, TraceEngine, TraceResult, Verdict, Whereabouts } from '../trace.ts';
import { inject, injectBridged, type Injection } from './injection.ts';
import { type NamedInterface, VppNames } from './names.ts';
import { readNodes, type LookedUp, type VppReading } from './reading.ts';

/** How often a packet is sent whose next hop has to be asked for first, and ms between. */
const attempts = 3;
const pause = 1_000;

export function vppTraceEngine({ client }: Pick<VppEngine, 'client'>, scheduler: Scheduler): TraceEngine {
  const namesNow = async (): Promise<VppNames> =>
    new VppNames(scheduler.snapshot(), await client.list('sw_interface_dump', {}));
  return {
    name: 'vpp',
    locate: async (address, vrf) => locate(client, address, vrf, await namesNow()),
    async send(probe, signal) {
      const names = await namesNow();
      for (let attempt = 1; ; attempt++) {
        const reading = await sendOnce(client, probe, names, signal);
        if (reading.isWaiting && attempt < attempts) {
          // The first packet makes VPP ask for its neighbour, and is dropped.
          await setTimeout(pause, undefined, { signal });
          continue;
        }
        return complete(client, reading, probe, names);
      }
    },
  };
}

async function sendOnce(client: VppClient, probe: Probe, names: VppNames, signal: AbortSignal): Promise<VppReading> {
  const injection = injectionOf(probe, names);
  const reading = readNodes(await inject(client, injection, signal), probe, names);
  const wrong = reading.frameIndex !== undefined && reading.frameIndex !== injection.index;
  if (!wrong || !isLayer2(probe, names)) return reading;
  const { device } = new VppNames(names.snapshot, await client.list('sw_interface_dump', {})).interface(
    reading.frameIndex ?? -1,
  );
  return readNodes(await injectBridged(client, injection, device, signal), probe, names);
}

function injectionOf(probe: Probe, names: VppNames): Injection {
  const { number, source } = probe;
  if (probe.input === undefined) {
    const owner = names.owner(formatIp(source));
    if (!owner) throw new TraceError(`from: no interface of VPP has the address ${formatIp(source)}`, 'from');
    const node = source.family === 4 ? 'ip4-lookup' : 'ip6-lookup';
    return { bytes: packetOf(probe), device: owner.device, index: owner.index, node, number };
  }
  const input = names.named(probe.input);
  if (!input) throw new TraceError(`interface: ${probe.input} is not in VPP yet`, 'interface', 'failed');
  return { bytes: frameOf(probe), device: input.device, index: input.index, node: 'ethernet-input', number };
}

/** Its frames are bridged or cross-connected. */
function isLayer2({ input }: Probe, names: VppNames): boolean {
  const port = input === undefined ? undefined : names.named(input);
  if (!port) return false;
  const domain = names.domainOf(port);
  if (domain) return !domain.isBvi;
  for (const { applied } of names.snapshot.nodes({ kind: 'vpp.l2.xconnect' }))
    if ((applied as { receiveInterface: string } | null)?.receiveInterface === input) return true;
  return false;
}

/** Names the routes that were found, and whom the packet went to. */
async function complete(client: VppClient, reading: VppReading, probe: Probe, names: VppNames): Promise<TraceResult> {
  const hops: Hop[] = [...reading.hops];
  let { verdict } = reading;
  for (const looked of reading.lookedUp) {
    const hop = hops[looked.at];
    const found = await routeOf(client, looked, probe, names);
    if (!hop || !found) continue;
    const { key: _key, ...rest } = hop;
    hops[looked.at] = { ...rest, text: found.text, ...(found.key !== undefined && { key: found.key }) };
    const isLast = looked === reading.lookedUp.at(-1);
    if (isLast && found.drops && verdict.outcome === 'dropped')
      verdict = { outcome: 'dropped', text: found.drops, ...(found.key !== undefined && { key: found.key }) };
  }
  return {
    hops,
    verdict: withReceiver(verdict, reading, names),
    notes: ['the packet was real: whoever it reached got it'],
  };
}

interface FoundRoute {
  readonly text: string;
  readonly key?: string;
  /** Why nothing comes of it. */
  readonly drops?: string;
}

async function routeOf(
  client: VppClient,
  { destination, fib, via, output }: LookedUp,
  { vrf }: Probe,
  names: VppNames,
): Promise<FoundRoute | undefined> {
  // The tracer tells VPP's number of the table, nobody its id: it is the VRF of the packet, as long as none is changed to.
  const table = fib === 0 ? 0 : vrf;
  const route = await lookUp(client, destination, table);
  if (!route)
    return { text: `VRF ${table}: no route to ${destination}`, drops: `VRF ${table} has no route to ${destination}` };
  const { prefix, paths } = route;
  const [first] = paths;
  const isDrop = first === undefined || first.type === 'FIB_API_PATH_TYPE_DROP';
  const { key, what } = names.route(table, prefix, via, output);
  const way = `${via === undefined ? '' : ` via ${via}`}${output ? ` out of ${output.name}` : ''}`;
  const isNone = isDrop && key === undefined;
  const drops = isNone ? `VRF ${table} has no route to ${destination}` : `VRF ${table}: route ${prefix} drops it`;
  return {
    text: isNone ? `VRF ${table}: no route to ${destination}` : `VRF ${table}: ${what} ${prefix}${way}`,
    ...(key !== undefined && { key }),
    ...(isDrop && { drops }),
  };
}

async function lookUp(client: VppClient, destination: string, table_id: number) {
  const prefix = `${destination}/${destination.includes(':') ? 128 : 32}`;
  try {
    const reply = await client.request(client.pick('ip_route_lookup_v2', 'ip_route_lookup'), {
      table_id,
      exact: 0,
      prefix,
    });
    return reply.route;
  } catch (error) {
    if (isVppError(error)) return undefined;
    throw error;
  }
}

/** The Linux interface at the other end of a TAP or of a VETH. */
function withReceiver(verdict: Verdict, { hops }: VppReading, names: VppNames): Verdict {
  if (verdict.outcome !== 'forwarded') return verdict;
  const key = hops.findLast(({ by }) => by === 'interface')?.key;
  const name = key === undefined ? undefined : names.snapshot.node(key as Key)?.label;
  const receiver = name === undefined ? undefined : receiverBehind(name, names.snapshot);
  return receiver === undefined ? verdict : { ...verdict, text: `${verdict.text}, to Linux interface ${receiver}` };
}

async function locate(client: VppClient, address: Ip, vrf: number, names: VppNames): Promise<Whereabouts> {
  const route = await lookUp(client, formatIp(address), vrf);
  const path = route?.paths.find(({ type }) => type === 'FIB_API_PATH_TYPE_NORMAL');
  if (!path || path.sw_if_index === 0xffff_ffff) return {};
  const device = names.interface(path.sw_if_index);
  const isDirect = /^(?:0\.0\.0\.0|::)$/.test(path.nh.address);
  const next = isDirect ? formatIp(address) : path.nh.address;
  const af = address.family === 4 ? ('ADDRESS_IP4' as const) : ('ADDRESS_IP6' as const);
  const neighbours = await client.list('ip_neighbor_dump', { sw_if_index: device.index, af });
  const text = neighbours.find(({ neighbor }) => neighbor.ip_address === next)?.neighbor.mac_address;
  const mac = text === undefined ? undefined : parseMac(text);
  const port = mac && (await portOf(client, device, formatMac(mac), names));
  const found = port ?? (device.key === undefined ? undefined : device);
  return { ...(found && { interface: found.name }), ...(mac && { mac }) };
}

/** Behind which port of the BVI's bridge domain a MAC address is. */
async function portOf(
  client: VppClient,
  bvi: NamedInterface,
  mac: string,
  names: VppNames,
): Promise<NamedInterface | undefined> {
  const domain = names.domainOf(bvi);
  const bdId = domain && (names.snapshot.node(domain.key as Key)?.metadata as VppBridgeDomain | undefined)?.bdId;
  if (bdId === undefined) return undefined;
  const entries = await client.list('l2_fib_table_dump', { bd_id: bdId });
  const entry = entries.find((one) => one.mac === mac);
  return entry && names.interface(entry.sw_if_index);
}
