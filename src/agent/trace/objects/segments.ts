/** SRv6 objects of the configuration, and what they do in words. */

import { spelledIp, spelledNetwork } from '../../../features/equality.ts';
import { contains, type Ip, parsePrefix } from '../../../model/address.ts';
import type { LocalSID, Policy, Steering } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { Key } from '../../../model/key.ts';
import type { Snapshot } from '../../../scheduler/scheduler.ts';

export interface Named<T> {
  readonly key: Key;
  readonly value: T;
}

export function localSidOf(snapshot: Snapshot, sid: string): Named<LocalSID> | undefined {
  const wanted = spelledIp(sid);
  return find<LocalSID>(snapshot, 'vpp.srv6.localsid', (value) => spelledIp(value.sid) === wanted);
}

export function policyOf(snapshot: Snapshot, bsid: string): Named<Policy> | undefined {
  const wanted = spelledIp(bsid);
  return find<Policy>(snapshot, 'vpp.srv6.policy', (value) => spelledIp(value.bsid) === wanted);
}

/** What steers frames of an interface. */
export function frameSteering(snapshot: Snapshot, name: string): Named<Steering> | undefined {
  return find<Steering>(
    snapshot,
    'vpp.srv6.steering',
    ({ traffic }) => traffic.case === 'l2Traffic' && traffic.value.interfaceName === name,
  );
}

/** What steers exactly this prefix of a VRF. */
export function prefixSteering(snapshot: Snapshot, prefix: string, vrf: number): Named<Steering> | undefined {
  const wanted = spelledNetwork(prefix);
  return find<Steering>(snapshot, 'vpp.srv6.steering', ({ traffic }) => {
    if (traffic.case !== 'l3Traffic' || traffic.value.installationVrfId !== vrf) return false;
    return spelledNetwork(traffic.value.prefixAddress) === wanted;
  });
}

/** Of those that a packet to this address was steered by, the most specific whose policy goes to this segment first. */
export function steeringTo(snapshot: Snapshot, destination: Ip, first: string): Named<Policy> | undefined {
  let best: { readonly length: number; readonly policy: Named<Policy> } | undefined;
  for (const { applied } of snapshot.nodes({ kind: 'vpp.srv6.steering' })) {
    const { traffic } = (applied as Steering | null) ?? {};
    const prefix = traffic?.case === 'l3Traffic' ? parsePrefix(traffic.value.prefixAddress) : undefined;
    if (!prefix || !contains(prefix, destination) || (best && best.length >= prefix.length)) continue;
    const policy = policyOfSteering(snapshot, applied as Steering);
    if (policy && listsFrom(policy.value, first).length > 0) best = { length: prefix.length, policy };
  }
  return best?.policy;
}

export function policyOfSteering(snapshot: Snapshot, { policyRef }: Steering): Named<Policy> | undefined {
  return policyRef.case === 'policyBsid' ? policyOf(snapshot, policyRef.value) : undefined;
}

/** Numbers, from 1, of the lists that begin with this segment. */
function listsFrom({ segmentLists }: Policy, first: string): readonly number[] {
  const wanted = spelledIp(first);
  return segmentLists.flatMap(({ segments }, at) => (spelledIp(segments[0] ?? '') === wanted ? [at + 1] : []));
}

/** Which list of a policy was taken: its number, where the first segment tells, and in words. */
export function listTaken(policy: Policy, first: string): { readonly rule?: number; readonly text: string } {
  const { segmentLists } = policy;
  const numbers = listsFrom(policy, first);
  const [number] = numbers;
  if (number === undefined || numbers.length > 1)
    return { text: number === undefined ? `segment ${first}` : `one of its lists ${numbers.join(', ')}` };
  const segments = segmentLists[number - 1]!.segments.map(spelledIp).join(', ');
  return { rule: number, text: `list ${number} of ${segmentLists.length}: ${segments}` };
}

/** `End.DX4: unpacks it, to 10.2.0.2 out of two` */
export function functionText({ endFunction }: LocalSID): string {
  const to = (nextHop: string, out: string) => `to ${nextHop} out of ${out}`;
  switch (endFunction.case) {
    case 'baseEndFunction':
      return 'End: on to the next segment';
    case 'endFunctionX':
      return `End.X: on to the next segment, ${to(endFunction.value.nextHop, endFunction.value.outgoingInterface)}`;
    case 'endFunctionT':
      return `End.T: on to the next segment, in VRF ${endFunction.value.vrfId}`;
    case 'endFunctionDx2':
      return `End.DX2: unpacks the frame, out of ${endFunction.value.outgoingInterface}`;
    case 'endFunctionDx4':
      return `End.DX4: unpacks it, ${to(endFunction.value.nextHop, endFunction.value.outgoingInterface)}`;
    case 'endFunctionDx6':
      return `End.DX6: unpacks it, ${to(endFunction.value.nextHop, endFunction.value.outgoingInterface)}`;
    case 'endFunctionDt4':
      return `End.DT4: unpacks it, on in VRF ${endFunction.value.vrfId}`;
    case 'endFunctionDt6':
      return `End.DT6: unpacks it, on in VRF ${endFunction.value.vrfId}`;
    case 'endFunctionAd':
      return 'End.AD: hands it to a service';
    default:
      return 'it has no function';
  }
}

/** The packet that leaves is the one inside. */
export function unpacks({ endFunction }: LocalSID): boolean {
  return endFunction.case?.startsWith('endFunctionD') === true;
}

function find<T>(snapshot: Snapshot, kind: string, fits: (value: T) => boolean): Named<T> | undefined {
  for (const { key, applied } of snapshot.nodes({ kind })) {
    const value = applied as T | null;
    if (value && fits(value)) return { key, value };
  }
  return undefined;
}
