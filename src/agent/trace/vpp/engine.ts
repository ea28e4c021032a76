/** Traces in VPP: a packet of its packet generator, what its tracer says of each node, and its tables for the routes. */

import { setTimeout } from 'node:timers/promises';
import { formatIp, formatMac, type Ip, parseMac } from '../../../model/address.ts';
import type { VppBridgeDomain } from '../../../features/bridge-domain/vpp-metadata.ts';
import type { Key } from '../../../model/key.ts';
import type { VppEngine } from '../../../features/vpp/engine.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';
import type { VppClient } from '../../../vpp/index.ts';
import { frameOf, packetOf } from '../packet.ts';
import { TraceError } from '../trace-error.ts';
import type { Probe, TraceEngine, Whereabouts } from '../trace.ts';
import { complete, lookUp } from './completion.ts';
import { factsOf } from './facts.ts';
import { inject, injectBridged, type Injection } from './injection.ts';
import { type NamedInterface, VppNames } from './names.ts';
import { readNodes } from './reading.ts';
import type { TracedNode } from './text.ts';
import type { VppReading } from './way.ts';

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
        return complete(client, reading, names);
      }
    },
  };
}

async function sendOnce(client: VppClient, probe: Probe, names: VppNames, signal: AbortSignal): Promise<VppReading> {
  const injection = injectionOf(probe, names);
  const read = async (nodes: readonly TracedNode[]): Promise<VppReading> =>
    readNodes(nodes, probe, names, await factsOf(client, nodes, names.snapshot, signal));
  const reading = await read(await inject(client, injection, signal));
  const wrong = reading.frameIndex !== undefined && reading.frameIndex !== injection.index;
  if (!wrong || !isLayer2(probe, names)) return reading;
  const { device } = new VppNames(names.snapshot, await client.list('sw_interface_dump', {})).interface(
    reading.frameIndex ?? -1,
  );
  return read(await injectBridged(client, injection, device, signal));
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
