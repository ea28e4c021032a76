/**
 * Segment routing in the kernel: routes pack packets, hand them on and unpack them, and nothing tells of it but the headers before and
 * after. Which steps lead from the one to the other is worked out from the routes.
 */

import { tableOfVrf, vrfOfTable } from '../../../kernel/pipeline/index.ts';
import { canonicalIp, formatPrefix, parseIp } from '../../../model/address.ts';
import type { Policy } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { Snapshot } from '../../../scheduler/scheduler.ts';
import {
  functionText,
  localSidOf,
  type Named,
  policyOf,
  policyOfSteering,
  prefixSteering,
  unpacks,
} from '../objects/segments.ts';
import type { TracePlace } from '../../../kernel/trace/table.ts';
import type { Header, Hop, Probe } from '../trace.ts';
import type { Lookups } from './lookups.ts';
import type { KernelNames } from './names.ts';

/** Where the segments lead. */
export interface SegmentEnd {
  readonly hops: readonly Hop[];
  /** The packet that goes on is an outer one, to this segment; undefined: the one inside. */
  readonly segment?: string;
  /** It goes to this next hop, whatever routes say. */
  readonly via?: string;
  /** VRF that what was inside is routed in. */
  readonly vrf?: number;
  /** Nothing goes on. */
  readonly dropped?: string;
}

const routingHeader = '43';
const packed = new Set([routingHeader, '41', '4']);

export function isPacked({ protocol }: Header): boolean {
  return packed.has(protocol);
}

/** What the routes do with a packet; `segments` are those that it has still before it, the first is its destination. */
export async function segmentWays(
  before: Header,
  vrf: number,
  segments: readonly string[],
  { snapshot, lookups }: { readonly snapshot: Snapshot; readonly lookups: Lookups },
): Promise<readonly SegmentEnd[]> {
  if (localSidOf(snapshot, before.destination))
    return [along(segments.length > 0 ? segments : [before.destination], segments.length > 0, snapshot)];
  const destination = parseIp(before.destination)!;
  const policy = policyOf(snapshot, before.destination);
  if (policy) return waysOf(policy, [], snapshot);
  const route = await lookups.match(destination, tableOfVrf(vrf));
  if (!route || route.type !== 'unicast') return [];
  const table = vrfOfTable(route.table) ?? vrf;
  const steering = prefixSteering(snapshot, formatPrefix(route.destination), table);
  const steered = steering && policyOfSteering(snapshot, steering.value);
  if (!steering || !steered) return [];
  const text = `VRF ${table}: SRv6 steering of ${formatPrefix(route.destination)}`;
  return waysOf(steered, [{ by: 'route', text, key: steering.key, observed: true }], snapshot);
}

/** One for each list of the policy. */
function waysOf({ value, key }: Named<Policy>, hops: readonly Hop[], snapshot: Snapshot): readonly SegmentEnd[] {
  const count = value.segmentLists.length;
  return value.segmentLists.map(({ segments }, at) => {
    const names = segments.map((segment) => canonicalIp(segment) ?? segment);
    const how = value.srhEncapsulation ? 'wraps it' : 'puts segments into it';
    const text = `policy ${value.bsid} ${how}, list ${at + 1} of ${count}: ${names.join(', ')}`;
    const policy: Hop = { by: 'SRv6 policy', text, key, rule: at + 1, observed: true };
    const end = along(names, true, snapshot);
    return { ...end, hops: [...hops, policy, ...end.hops] };
  });
}

/** From segment to segment, as long as they end here. */
function along(segments: readonly string[], hasList: boolean, snapshot: Snapshot): SegmentEnd {
  const hops: Hop[] = [];
  for (const [at, segment] of segments.entries()) {
    const local = localSidOf(snapshot, segment);
    if (!local) return { hops, segment };
    const { endFunction } = local.value;
    const text = `${segment} ends here: ${functionText(local.value)}${hasList ? ' (outer packet)' : ''}`;
    hops.push({ by: 'segment', text, key: local.key, observed: true });
    const via = endFunction.value && 'nextHop' in endFunction.value ? endFunction.value.nextHop : undefined;
    if (unpacks(local.value)) {
      const vrf = endFunction.value && 'vrfId' in endFunction.value ? endFunction.value.vrfId : undefined;
      return { hops, ...(via !== undefined && { via }), ...(vrf !== undefined && { vrf }) };
    }
    const next = segments[at + 1];
    if (!hasList) return { hops, dropped: 'the packet has no list of segments' };
    if (next === undefined) return { hops, dropped: `${segment} is the last segment, and leads on to none` };
    if (via !== undefined) return { hops, segment: next, via };
  }
  return { hops, dropped: 'there is no segment' };
}

/** The way that the packet was seen to take; of several the first, without its number. */
export function takenOf(ways: readonly SegmentEnd[], after: Header): SegmentEnd | undefined {
  const fitting = ways.filter(({ segment, dropped }) => {
    if (dropped !== undefined) return false;
    return segment === undefined ? !isPacked(after) : isPacked(after) && canonicalIp(segment) === after.destination;
  });
  const [first] = fitting;
  if (!first || fitting.length === 1) return first;
  const hops = first.hops.map((hop) => {
    if (hop.by !== 'SRv6 policy') return hop;
    const { rule: _rule, ...rest } = hop;
    return { ...rest, text: hop.text.replace(/list \d+ of (\d+): .*/, 'one of its $1 lists') };
  });
  return { ...first, hops };
}

/** Looks at a packet that is traced for what segment routing does with it, once. */
export class SegmentPath {
  readonly #probe: Probe;
  readonly #names: KernelNames;
  readonly #lookups: Lookups;
  readonly #isConfigured: boolean;

  constructor(probe: Probe, names: KernelNames, lookups: Lookups) {
    this.#probe = probe;
    this.#names = names;
    this.#lookups = lookups;
    const kinds = ['vpp.srv6.localsid', 'vpp.srv6.steering', 'vpp.srv6.policy'];
    this.#isConfigured = kinds.some((kind) => [...names.snapshot().nodes({ kind })].length > 0);
  }

  /** What the routes do with a packet that looks like this. */
  ways(before: Header): Promise<readonly SegmentEnd[]> {
    if (!this.#isConfigured) return Promise.resolve([]);
    const tables = { snapshot: this.#names.snapshot(), lookups: this.#lookups };
    return segmentWays(before, this.#probe.vrf, [], tables);
  }

  /** Undefined: nothing that is seen here. */
  async next(place: TracePlace, before: Header, after: Header): Promise<SegmentEnd | undefined> {
    // Routes are asked for before a packet is forwarded, and for the switch's own as it is sent.
    if (place !== 'forward' && !(place === 'routed' && isPacked(after) && !isPacked(before))) return undefined;
    return takenOf(await this.ways(before), after);
  }
}
