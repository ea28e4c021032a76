/** `vpp.srv6.steering` in the Linux kernel: routes that send along the segments of a policy (seg6). */

import { create } from '@bufbuild/protobuf';
import { formatPrefix, parsePrefix } from '../../../model/address.ts';
import { SteeringSchema } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { Steering } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { Key } from '../../../model/key.ts';
import { readSeg6, seg6 } from '../../../kernel/netlink/seg6.ts';
import type { Seg6Mode } from '../../../kernel/netlink/seg6.ts';
import { routeProtocols, routingTables, tableOfVrf, vrfOfTable } from '../../../kernel/pipeline/numbers.ts';
import type { Route } from '../../../kernel/netlink/route.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { spelledIp } from '../../equality.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { routePlace } from '../../kernel/upkeep.ts';
import type { KernelPolicy, SegmentPath, SegmentPlace } from '../kernel-metadata.ts';
import { srPolicyKey, steeringKey } from '../model.ts';
import type { FrameSteering, SteeredFrames } from './frames.ts';
import { hasLeaks, readLeaks } from './leaks.ts';
import type { SegmentLeaks } from './leaks.ts';
import { samePaths } from './paths.ts';
import { legsOf, metricOf } from './routes.ts';
import type { Leg, SegmentRoutes } from './routes.ts';

/** What is steered: packets to a prefix, or the frames of an interface. */
export type KernelSteering = { readonly place: SegmentPlace } | { readonly frames: SteeredFrames };

type Context = RetrieveContext<Steering, KernelSteering>;
type Item = Retrieved<Steering, KernelSteering>;

export function steeringHandler(
  engine: KernelEngine,
  routes: SegmentRoutes,
  leaks: SegmentLeaks,
  frames: FrameSteering,
  lacking: () => string | undefined,
): Handler<Steering, KernelSteering> {
  async function make(context: OperationContext, key: Key, value: Steering, exists: boolean): Promise<KernelSteering> {
    const policy = policyOf(context, key, value);
    if (value.traffic.case === 'l2Traffic') {
      if (!policy.encapsulates) throw new SchedulerError('failed', needsEncapsulation(value, 'frames'), NO_USE);
      if (policy.place.table !== MAIN) throw new SchedulerError('unimplemented', otherVrf(value), NO_USE);
      const { interfaceName } = value.traffic.value;
      return { frames: await frames.make(context, key, interfaceName, policy.paths, legsFor(policy, 'l2encap')) };
    }
    const place = placeOf(value)!;
    if (!policy.encapsulates && place.destination.address.family === 4)
      throw new SchedulerError('failed', needsEncapsulation(value, 'IPv4 packets'), NO_USE);
    const legs = legsFor(policy, policy.encapsulates ? 'encap' : 'inline');
    const leaking = place.table !== policy.place.table;
    if (leaking && policy.place.table !== MAIN) throw new SchedulerError('unimplemented', otherVrf(value), NO_USE);
    const leakingPaths = leaking ? policy.paths : [];
    await leaks.open(key, place.table, leakingPaths);
    await (exists ? routes.replace(key, place, legs) : routes.add(key, place, legs));
    await leaks.settle(key, place.table, leakingPaths);
    return { place };
  }

  return {
    kind: 'vpp.srv6.steering',
    engine: 'kernel',
    support: { grade: 'proven', needs: ['seg6'] },
    unsupported() {
      const lack = lacking();
      return lack === undefined ? undefined : `kernel: ${lack}`;
    },
    dependencies: (_key, { policyRef }) => {
      if (policyRef.case !== 'policyBsid') return [];
      const prefixes = policyKeys(policyRef.value);
      return [{ label: `segments of SRv6 policy ${policyRef.value}`, anyOf: { prefixes }, watches: 'change' }];
    },
    recreate: (_key, from, to) => trafficOf(from) !== trafficOf(to),
    create: (context, key, value) => make(context, key, value, false),
    update: (context, key, _from, to) => make(context, key, to, true),
    refresh: (context, key, value) => make(context, key, value, true),
    async remove(_context, key, _value, metadata) {
      if ('frames' in metadata) await frames.remove(key, metadata.frames);
      else {
        await routes.remove(key, metadata.place);
        await leaks.close(key);
      }
    },
    async retrieve(context) {
      const items = [
        ...(await retrieve(engine, routes, leaks, context)),
        ...(await frames.retrieve(
          context,
          (value) => findPolicy(context, value)?.paths ?? [],
          (value, legs) => isMade(context, value, legs),
        )),
      ];
      return context.keys ? items.filter(({ key }) => context.keys!.has(key)) : items;
    },
    retrieveAfter: ['vpp.interfaces', 'vpp.srv6.policy'],
    retriable: (error) => !(error instanceof SchedulerError) || error.retriable,
  };
}

const NO_USE = { retriable: false };
const MAIN = tableOfVrf(0);

function otherVrf({ policyRef }: Steering): string {
  return `kernel: segments of a VRF can be reached from that VRF only; policy ${policyRef.value} would have to be in VRF 0`;
}

function needsEncapsulation({ policyRef }: Steering, what: string): string {
  return `policy ${policyRef.value} puts its segments into IPv6 packets; for ${what} it needs srh_encapsulation`;
}

function trafficOf(value: Steering): string {
  const place = placeOf(value);
  return place ? routePlace(place) : `${value.traffic.case === 'l2Traffic' ? value.traffic.value.interfaceName : ''}`;
}

/** Undefined for frames. */
function placeOf({ traffic }: Steering): SegmentPlace | undefined {
  if (traffic.case !== 'l3Traffic') return undefined;
  const destination = parsePrefix(traffic.value.prefixAddress, { bare: true })!;
  const table = tableOfVrf(traffic.value.installationVrfId);
  return { destination, table, metric: metricOf(destination.address.family) };
}

/** The key of a policy has its binding segment as its author spelled it. Many steerings in a row are into one policy. */
function policyKeys(bsid: string): readonly Key[] {
  if (latest.bsid === bsid) return latest.keys;
  const canonical = spelledIp(bsid);
  const keys = canonical === bsid ? [srPolicyKey(bsid)] : [srPolicyKey(bsid), srPolicyKey(canonical)];
  latest = { bsid, keys };
  return keys;
}

let latest: { readonly bsid: string; readonly keys: readonly Key[] } = { bsid: '', keys: [] };

function findPolicy(graph: GraphView, { policyRef }: Steering): KernelPolicy | undefined {
  if (policyRef.case !== 'policyBsid') return undefined;
  for (const key of policyKeys(policyRef.value)) {
    const policy = graph.metadata<KernelPolicy>(key);
    if (policy) return policy;
  }
  return undefined;
}

function policyOf(graph: GraphView, key: Key, value: Steering): KernelPolicy {
  const policy = findPolicy(graph, value);
  if (!policy) throw new SchedulerError('failed', `SRv6 policy ${value.policyRef.value} is not there`, { key });
  return policy;
}

/** Made once for each policy as it is: thousands of steerings may share it. */
const legsOfPolicies = new WeakMap<KernelPolicy, Map<Seg6Mode, readonly Leg[]>>();

function legsFor(policy: KernelPolicy, mode: Seg6Mode): readonly Leg[] {
  const byMode = legsOfPolicies.get(policy) ?? new Map<Seg6Mode, readonly Leg[]>();
  legsOfPolicies.set(policy, byMode);
  let legs = byMode.get(mode);
  if (!legs) {
    legs = policy.paths.map(({ weight, segments }) => ({ weight, encapsulation: seg6({ mode, segments }) }));
    byMode.set(mode, legs);
  }
  return legs;
}

interface Sent {
  readonly mode: Seg6Mode;
  readonly paths: readonly SegmentPath[];
}

function readLegs(legs: readonly Leg[]): Sent | undefined {
  let mode: Seg6Mode | undefined;
  const paths: SegmentPath[] = [];
  for (const { weight, encapsulation } of legs) {
    const read = readSeg6(encapsulation);
    if (!read || (mode !== undefined && mode !== read.mode)) return undefined;
    mode = read.mode;
    paths.push({ weight, segments: read.segments });
  }
  return mode === undefined ? undefined : { mode, paths };
}

/** Whether these legs are what the policy of the steering says now. */
function isMade(graph: GraphView, value: Steering, legs: readonly Leg[]): boolean {
  const policy = findPolicy(graph, value);
  const sent = readLegs(legs);
  if (!policy || !sent) return false;
  const mode = value.traffic.case === 'l2Traffic' ? 'l2encap' : policy.encapsulates ? 'encap' : 'inline';
  return sent.mode === mode && samePaths(sent.paths, policy.paths);
}

async function retrieve(
  { driver }: KernelEngine,
  routes: SegmentRoutes,
  leaks: SegmentLeaks,
  context: Context,
): Promise<readonly Item[]> {
  const dump = driver.dump(context.session, driver.vswitch);
  const [all, links] = await Promise.all([dump.routes(), dump.linksByName()]);
  const device = routes.device.see(links);
  const expected = new Map<string, { readonly key: Key; readonly value: Steering }>();
  for (const [key, { value }] of context.expected) {
    const place = placeOf(value);
    if (place) expected.set(routePlace(place), { key, value });
  }
  const items: Item[] = [];
  const open = readLeaks(all);
  for (const route of all) {
    if (!isSteered(route)) continue;
    const legs = legsOf(route, device);
    if (!readLegs(legs)) continue;
    const { destination, table, metric } = route;
    const place = { destination, table, metric };
    const wanted = expected.get(routePlace(place));
    const right = wanted && isMade(context, wanted.value, legs) && isReachable(context, wanted.value, table, open);
    const value = right ? wanted.value : elsewhere(place, wanted?.value);
    const key = wanted?.key ?? steeringKey(value.name);
    leaks.join(key, open.get(table) ?? []);
    routes.found(key, place, device);
    items.push({ key, value, metadata: { place }, origin: 'ours' });
  }
  return items;
}

/** Whether the outer packet gets to the first segments. */
function isReachable(graph: GraphView, value: Steering, table: number, open: ReturnType<typeof readLeaks>): boolean {
  const policy = findPolicy(graph, value);
  return policy !== undefined && (policy.place.table === table || hasLeaks(open.get(table), policy.paths));
}

function isSteered({ protocol, table, encapsulation, nextHops }: Route): boolean {
  if (protocol !== routeProtocols.srv6 || table >= routingTables.srv6Steering.first) return false;
  return encapsulation !== undefined || nextHops !== undefined;
}

/** What goes along other segments than those of the wanted policy, or is wanted by nobody. */
function elsewhere({ destination, table }: SegmentPlace, wanted: Steering | undefined): Steering {
  const l3Traffic = { prefixAddress: formatPrefix(destination), installationVrfId: vrfOfTable(table) ?? 0 };
  return create(SteeringSchema, {
    name: wanted?.name ?? `${l3Traffic.prefixAddress} in VRF ${l3Traffic.installationVrfId}`,
    policyRef: { case: 'policyBsid', value: '::' },
    traffic: wanted?.traffic ?? { case: 'l3Traffic', value: l3Traffic },
  });
}
