/** Traces in the kernel: a real packet, what nftables tells of it, and the kernel's tables for what no rule decides. */

import type { KernelEngine } from '../../../features/kernel/engine.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { type Link, listLinks } from '../../../kernel/netlink/link.ts';
import type { TraceEvent } from '../../../kernel/nftables/index.ts';
import { tables } from '../../../kernel/pipeline/index.ts';
import { tracePacket, type PacketTrace } from '../../../kernel/trace/session.ts';
import { formatIp, type Ip } from '../../../model/address.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';
import { frameOf, headerOfProbe, packetOf } from '../packet.ts';
import { TraceError } from '../trace-error.ts';
import type { Probe, TraceEngine, Whereabouts } from '../trace.ts';
import { conclude } from './conclusion.ts';
import { Lookups } from './lookups.ts';
import { KernelNames } from './names.ts';
import { readEvents, type Rules } from './reading.ts';
import { Settling } from './settling.ts';

/** ms. The kernel asks for a neighbour three times, a second apart. */
const patience = 4_000;
/** Devices of one nftables chain. */
const mostDevices = 256;

export function kernelTraceEngine(engine: KernelEngine, scheduler: Scheduler): TraceEngine {
  const { driver } = engine;
  const lookups = new Lookups(driver);
  const rtnl = driver.rtnl(driver.vswitch);
  const namesNow = async () => new KernelNames(scheduler.snapshot(), await rtnl.dump(listLinks()));
  return {
    name: 'kernel',
    locate: async (address, vrf) => locate(address, vrf, await namesNow(), lookups),
    async send(probe, signal) {
      const links = await rtnl.dump(listLinks());
      const names = new KernelNames(scheduler.snapshot(), links);
      const devices = placesOf(links, names);
      const settling = new Settling({ probe, names, lookups, seesDepartures: devices.complete });
      const options = {
        recognition: { family: probe.source.family, number: probe.number },
        devices: devices.names,
        isOver: (events: readonly TraceEvent[]) => settling.isOver(events),
        patience,
        signal,
      };
      const trace = await sendProbe(engine, probe, names, options);
      const rules = await rulesOf(engine, trace.events);
      const read = await readEvents(trace.events, probe, { names, lookups, rules, start: headerOfProbe(probe) });
      const result = await conclude(read, { probe, names, lookups, trace, seesDepartures: devices.complete });
      if (probe.portIsOurs) await forget(engine, probe);
      return { ...result, notes: [...notesOf(devices), ...result.notes] };
    },
  };
}

type Options = Parameters<typeof tracePacket>[2];

async function sendProbe(
  engine: KernelEngine,
  probe: Probe,
  names: KernelNames,
  options: Options,
): Promise<PacketTrace> {
  const { driver } = engine;
  if (probe.input === undefined) {
    const vrf = probe.vrf === 0 ? undefined : names.vrfDevice(probe.vrf);
    if (probe.vrf !== 0 && vrf === undefined) {
      if (!names.hasVrf(probe.vrf)) throw new TraceError(`vrf: the switch has no VRF ${probe.vrf}`, 'vrf');
      const message = `vrf: VRF ${probe.vrf} has no device on this kernel: a packet is traced into it from an interface only`;
      throw new TraceError(message, 'vrf', 'unimplemented');
    }
    const own = { packet: packetOf(probe), destination: probe.destination.bytes, ...(vrf && { device: vrf.name }) };
    return tracePacket(driver, own, options);
  }
  const input = names.deviceNamed(probe.input);
  if (!input) throw new TraceError(`interface: ${probe.input} has no device yet`, 'interface', 'failed');
  if (names.link(input.index)?.up !== true) return { events: [] };
  try {
    return await tracePacket(driver, { frame: frameOf(probe), input: { index: input.index } }, options);
  } catch (error) {
    if (!isKernelError(error, 'ENOENT', 'EACCES', 'EPERM', 'EOPNOTSUPP')) throw error;
    const needs = 'a trace needs the kernel modules sch_ingress, act_mirred and cls_matchall or cls_u32';
    throw new TraceError(
      `kernel: no packet can be sent through ${probe.input}: ${error.message}; ${needs}`,
      undefined,
      'unimplemented',
    );
  }
}

interface Places {
  readonly names: readonly string[];
  readonly complete: boolean;
}

/** Devices of the configuration first. */
function placesOf(links: readonly Link[], names: KernelNames): Places {
  const known = links.filter(({ index, name }) => name !== 'lo' && names.device(index).type !== 'other');
  const others = links.filter(({ index, name }) => name !== 'lo' && names.device(index).type === 'other');
  const all = [...known, ...others].map(({ name }) => name);
  return { names: all.slice(0, mostDevices), complete: all.length <= mostDevices };
}

function notesOf({ complete }: Places): readonly string[] {
  return complete
    ? []
    : [`the switch has more than ${mostDevices} devices: at others it is not seen how the packet comes in and leaves`];
}

/** The rules of the tables that had a word. A table that changes meanwhile gives rules without names. */
async function rulesOf({ driver }: KernelEngine, events: readonly TraceEvent[]): Promise<Rules> {
  const nft = driver.nft(driver.vswitch);
  const seen = new Map(events.map(({ table }) => [`${table.family} ${table.name}`, table]));
  const keys = new Map<string, string>();
  for (const [text, table] of seen) {
    if (table.name === tables.trace) continue;
    const listed = await nft.rules(table).catch((error: unknown) => {
      if (isKernelError(error, 'ENOENT')) return [];
      throw error;
    });
    for (const { handle, key } of listed) if (key !== undefined) keys.set(`${text} ${handle}`, key);
  }
  return {
    keyOf: ({ table, rule }) => keys.get(`${table.family} ${table.name} ${rule ?? 0n}`) ?? `handle ${rule ?? 0n}`,
  };
}

/** The connection that the packet made. */
async function forget({ driver }: KernelEngine, { source, destination, sourcePort, protocol }: Probe): Promise<void> {
  if (protocol === 'icmp') return;
  const original = { source: formatIp(source), destination: formatIp(destination), sourcePort };
  await driver.conntrack(driver.vswitch).end({ original });
}

async function locate(address: Ip, vrf: number, names: KernelNames, lookups: Lookups): Promise<Whereabouts> {
  const domain = vrf === 0 ? undefined : names.vrfDevice(vrf);
  const routing = await lookups.routing({ destination: address, ...(domain && { outputLink: domain.index }) });
  if (typeof routing === 'string' || routing.way.link === undefined) return {};
  const device = names.device(routing.way.link);
  const next = routing.way.gateway ?? address;
  const neighbour = await lookups.neighbour(next, routing.way.link);
  const mac = neighbour?.mac?.length === 6 ? neighbour.mac : undefined;
  const port = mac && (await names.portOf(device, mac, lookups));
  const found = port ?? (device.type === 'interface' ? device : undefined);
  return { ...(found && { interface: found.name }), ...(mac && { mac }) };
}
