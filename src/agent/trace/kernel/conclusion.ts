/** What became of the packet, and where no rule said so, why: out of the kernel's tables. */

import type { Route } from '../../../kernel/netlink/route.ts';
import { tableOfVrf } from '../../../kernel/pipeline/index.ts';
import type { PacketTrace } from '../../../kernel/trace/session.ts';
import { formatIp, parseIp } from '../../../model/address.ts';
import { receiverBehind } from '../endpoints.ts';
import type { Hop, Probe, TraceResult, Verdict } from '../trace.ts';
import type { Lookups } from './lookups.ts';
import { routeText, type KernelNames, type NamedDevice } from './names.ts';
import type { Progress, ReadTrace } from './reading.ts';
import { rulingOf } from './security.ts';
import { SegmentPath } from './segments.ts';

export interface Circumstances {
  readonly probe: Probe;
  readonly names: KernelNames;
  readonly lookups: Lookups;
  readonly trace: PacketTrace;
  readonly seesDepartures: boolean;
}

export async function conclude(read: ReadTrace, circumstances: Circumstances): Promise<TraceResult> {
  const lost = read.verdict
    ? undefined
    : ((await lostOnItsSegments(read.last, circumstances)) ?? (await stoppedByIpsec(read.last, circumstances)));
  const hops = [...read.hops, ...(lost?.hops ?? [])];
  const verdict = read.verdict ?? lost?.verdict ?? (await verdictOf(read.last, circumstances));
  const told = hops.some(({ observed }) => !observed);
  const notes = [
    ...(told ? ['what is marked with ~ was looked up in the tables of the kernel; the rest was seen'] : []),
    'the packet was real: whoever it reached got it',
  ];
  return { hops, verdict, notes };
}

/** Steered along segments, it has not come out: where the first list loses it. */
async function lostOnItsSegments(
  { place, header, input }: Progress,
  { probe, names, lookups }: Circumstances,
): Promise<Pick<TraceResult, 'hops' | 'verdict'> | undefined> {
  if (place !== 'prerouting' && place !== 'translated' && place !== 'output') return undefined;
  const [way] = await new SegmentPath(probe, names, lookups).ways(header);
  if (!way) return undefined;
  const { segment, via, dropped, vrf = 0 } = way;
  const last = way.hops.at(-1);
  const object = last?.key === undefined ? {} : { key: last.key };
  const drop = (text: string) => ({ hops: way.hops, verdict: { outcome: 'dropped', text, ...object } as const });
  if (dropped !== undefined) return drop(dropped);
  const target = via ?? segment ?? header.destination;
  const route = await lookups.match(parseIp(target)!, tableOfVrf(vrf));
  if (!route) return drop(`VRF ${vrf} has no route to ${target}`);
  if (header.ttl <= 1 && input !== undefined) return drop('its TTL ends here');
  return {
    hops: way.hops,
    verdict: { outcome: 'unknown', text: `the kernel has a route to ${target} and did not take it`, ...object },
  };
}

/** The kernel asks security policies as it routes: what they drop has no device yet. */
async function stoppedByIpsec(
  { place, header, input, mark }: Progress,
  { probe, names, lookups, trace }: Circumstances,
): Promise<Pick<TraceResult, 'hops' | 'verdict'> | undefined> {
  const isRefused = place === 'sent by us' && trace.refused !== undefined;
  if (place !== 'prerouting' && place !== 'translated' && !isRefused) return undefined;
  const [source, destination] = [parseIp(header.source)!, parseIp(header.destination)!];
  const routing = await lookups.routing({
    destination,
    ...(input !== undefined && { inputLink: input, source }),
    ...(mark !== undefined && mark !== 0 && { mark }),
  });
  const output = typeof routing === 'string' ? undefined : routing.way.link;
  if (typeof routing === 'string' || output === undefined || probe.ttl <= 1) return undefined;
  const ruling = await rulingOf(header, output, { snapshot: names.snapshot(), lookups });
  if (!ruling?.drops) return undefined;
  const { key, what } = names.route(routing.route, routing.way);
  const text = `${names.vrfName(routing.route.table)}: ${what} ${routeText(routing.route, routing.way, names)}`;
  const route: Hop = { by: 'route', text, observed: false, ...(key !== undefined && { key }) };
  const { hop } = ruling;
  const object = hop.key === undefined ? {} : { key: hop.key };
  return { hops: [route, hop], verdict: { outcome: 'dropped', text: `${hop.by}: ${hop.text}`, ...object } };
}

async function verdictOf(last: Progress, circumstances: Circumstances): Promise<Verdict> {
  const { names, trace } = circumstances;
  switch (last.place) {
    case 'input':
      return deliveredTo(last, names);
    case 'egress':
      return departedBy(names.device(last.output ?? 0), names);
    case 'sent':
      return undelivered(last, circumstances);
    case 'sent by us':
      return trace.refused ? unroutable(last, circumstances, trace.refused.code) : neverArrived(circumstances);
    case 'ingress':
      return {
        outcome: 'dropped',
        text: 'the kernel took it for nobody: the frame is not for the MAC address of the interface, or its IP header is wrong',
      };
    case 'bridge-prerouting':
    case 'bridge-input':
    case 'bridge-forward':
    case 'bridge-postrouting':
      return bridgedNowhere(last, names);
    default:
      return unroutable(last, circumstances);
  }
}

function deliveredTo({ header, input }: Progress, names: KernelNames): Verdict {
  const device = input === undefined ? undefined : names.device(input);
  return {
    outcome: 'delivered',
    text: `to the switch itself: ${header.destination} is its own address`,
    ...(device?.key !== undefined && { key: device.key }),
  };
}

function departedBy(device: NamedDevice, names: KernelNames): Verdict {
  const far = device.value && receiverBehind(device.name, names.snapshot());
  const to = far === undefined ? '' : `, to Linux interface ${far}`;
  return {
    outcome: 'forwarded',
    text: `out of ${device.name}${to}`,
    ...(device.key !== undefined && { key: device.key }),
  };
}

/** It was routed, and did not leave: the neighbour is missing, or nobody could look. */
async function undelivered(last: Progress, { lookups, names, seesDepartures }: Circumstances): Promise<Verdict> {
  const device = names.device(last.output ?? 0);
  const destination = parseIp(last.header.destination)!;
  const routing = await lookups.routing({ destination, ...(last.output !== undefined && { outputLink: last.output }) });
  const next = typeof routing === 'string' ? destination : (routing.way.gateway ?? destination);
  const neighbour = await lookups.neighbour(next, device.index);
  const common = device.key === undefined ? {} : { key: device.key };
  if (!neighbour?.mac) {
    const asked = next.family === 4 ? 'ARP' : 'neighbour discovery';
    return { outcome: 'dropped', text: `nobody on ${device.name} answers ${asked} for ${formatIp(next)}`, ...common };
  }
  if (names.link(device.index)?.lowerUp === false)
    return { outcome: 'dropped', text: `${device.name} has no carrier`, ...common };
  if (!seesDepartures) return { outcome: 'forwarded', text: `out of ${device.name} (not seen there)`, ...common };
  return { outcome: 'unknown', text: `it was to leave by ${device.name}, and was not seen there`, ...common };
}

function neverArrived({ probe, names }: Circumstances): Verdict {
  const device = probe.input === undefined ? undefined : names.deviceNamed(probe.input);
  if (!device) return { outcome: 'unknown', text: 'the packet was not seen anywhere' };
  const key = device.key === undefined ? {} : { key: device.key };
  if (names.link(device.index)?.up !== true)
    return { outcome: 'dropped', text: `interface ${device.name} is down`, ...key };
  return { outcome: 'unknown', text: `the packet was not seen at ${device.name}`, ...key };
}

function bridgedNowhere({ input }: Progress, names: KernelNames): Verdict {
  const bridge = input === undefined ? undefined : names.bridgeOf(input);
  return {
    outcome: 'dropped',
    text: `bridge domain ${bridge?.name ?? ''} has no other port for it: the destination is behind the port it came from, or floods go nowhere`,
    ...(bridge && { key: bridge.key }),
  };
}

const refusals: Readonly<Record<string, string>> = {
  ENETUNREACH: 'no route',
  EHOSTUNREACH: 'no route',
  EINVAL: 'the source or destination is none that may be routed (martian), or the route says drop',
  EXDEV: 'its source would not be answered by the interface it came in by (rp_filter)',
  EACCES: 'the route prohibits it',
};

async function unroutable(
  last: Progress,
  { probe, names, lookups }: Circumstances,
  refused?: string,
): Promise<Verdict> {
  const { header, input, mark } = last;
  const destination = parseIp(header.destination)!;
  if (refused === undefined && header.ttl <= 1) return { outcome: 'dropped', text: 'its TTL ends here' };
  const table = tableOfVrf(probe.vrf);
  const route = await lookups.match(destination, table);
  const where = names.vrfName(table);
  if (!route) return { outcome: 'dropped', text: `${where} has no route to ${header.destination}` };
  if (route.type !== 'unicast' && route.type !== 'local') return droppedBy(route, where, names);
  const source = parseIp(header.source)!;
  const reason =
    refused ??
    (await lookups.routing({
      destination,
      ...(input !== undefined && { inputLink: input, source }),
      ...(mark !== undefined && mark !== 0 && { mark }),
    }));
  if (typeof reason !== 'string')
    return { outcome: 'unknown', text: `the kernel has a route to ${header.destination} and did not take it` };
  if (refused === 'EPERM') return { outcome: 'dropped', text: 'a filter dropped what the switch sends' };
  return { outcome: 'dropped', text: `${where}: ${header.destination}: ${refusals[reason] ?? reason}` };
}

function droppedBy(route: Route, where: string, names: KernelNames): Verdict {
  const { key } = names.route(route, route);
  const prefix = `${formatIp(route.destination.address)}/${route.destination.length}`;
  return {
    outcome: 'dropped',
    text: `${where}: route ${prefix} drops it (${route.type})`,
    ...(key !== undefined && { key }),
  };
}
