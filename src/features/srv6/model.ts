/** Segment routing over IPv6: `vpp.srv6.*`. */

import type { LocalSID, Policy, SRv6Global, Steering } from '../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Dependency, Kind, Problem } from '../../scheduler/kind.ts';
import { ipProblem, nameProblem, prefixProblem, report } from '../check.ts';
import { equivalence, sameIpText, sameSet, spelledIp, spelledNetwork } from '../equality.ts';
import { layer2Claim } from '../bridge-domain/model.ts';
import { interfaceDependency } from '../interface/model.ts';
import { vrfDependency } from '../vrf/model.ts';
import { functionDependencies, reportFunction, sameFunction } from './model/end-function.ts';

const LOCALSID_PREFIX = 'config/vpp/srv6/v2/localsid/';
const POLICY_PREFIX = 'config/vpp/srv6/v2/policy/';
const STEERING_PREFIX = 'config/vpp/srv6/v2/steering/';
/** The whole key: one object on an agent. */
export const SRV6_GLOBAL_KEY: Key = asKey('config/vpp/srv6/v2/srv6-global');

const IPV6 = { family: 6 } as const;
/** VPP's messages have room for as many. */
const MOST_SEGMENTS = 16;

export const localSid: Kind<LocalSID> = {
  name: 'vpp.srv6.localsid',
  prefix: LOCALSID_PREFIX,
  validate(_key, { sid, endFunction }) {
    const problems: Problem[] = [];
    report(problems, ipProblem(sid, IPV6), 'sid');
    reportFunction(problems, endFunction);
    return problems;
  },
  equivalent: equivalence<LocalSID>({ sid: sameIpText, endFunction: sameFunction }),
  dependencies: (_key, { installationVrfId, endFunction }) =>
    unique([vrfDependency(installationVrfId, 6), ...functionDependencies(endFunction)]),
  claims: (_key, { sid, installationVrfId }) => [segmentClaim(sid, installationVrfId)],
};

export const srPolicy: Kind<Policy> = {
  name: 'vpp.srv6.policy',
  prefix: POLICY_PREFIX,
  validate(_key, { bsid, segmentLists }) {
    const problems: Problem[] = [];
    report(problems, ipProblem(bsid, IPV6), 'bsid');
    if (segmentLists.length === 0) report(problems, 'is empty: at least one list is required', 'segment_lists');
    for (const [index, { segments }] of segmentLists.entries()) {
      if (segments.length < 1 || segments.length > MOST_SEGMENTS) {
        const message = `has ${segments.length} segments; 1-${MOST_SEGMENTS} are accepted`;
        report(problems, message, 'segment_lists', index, 'segments');
      }
      for (const [at, segment] of segments.entries()) {
        report(problems, ipProblem(segment, IPV6), 'segment_lists', index, `segments[${at}]`);
      }
    }
    return problems;
  },
  equivalent: equivalence<Policy>({
    bsid: sameIpText,
    segmentLists: (left, right) => sameSet(left, right, listText),
  }),
  dependencies: (_key, { installationVrfId }) => unique([vrfDependency(installationVrfId, 6)]),
  claims: (_key, { bsid, installationVrfId }) => [segmentClaim(bsid, installationVrfId)],
};

export const steering: Kind<Steering> = {
  name: 'vpp.srv6.steering',
  prefix: STEERING_PREFIX,
  validate: (_key, value) => validateSteering(value),
  equivalent: equivalence<Steering>({
    policyRef: (left, right) => policyText(left) === policyText(right),
    traffic: (left, right) => trafficText(left) === trafficText(right),
  }),
  dependencies: (_key, { policyRef, traffic }) =>
    unique([policyDependency(policyRef), ...trafficDependencies(traffic)]),
  // Frames that go along segments are taken from bridges and cross-connects.
  claims: (_key, { traffic }) =>
    traffic.case === 'l2Traffic' ? [layer2Claim(traffic.value.interfaceName)] : [`steering of ${trafficText(traffic)}`],
};

export const srv6Global: Kind<SRv6Global> = {
  name: 'vpp.srv6.srv6-global',
  prefix: SRV6_GLOBAL_KEY,
  label: () => 'SRv6',
  validate(_key, { encapSourceAddress }) {
    const problems: Problem[] = [];
    report(problems, ipProblem(encapSourceAddress, IPV6), 'encap_source_address');
    return problems;
  },
  equivalent: equivalence<SRv6Global>({ encapSourceAddress: sameIpText }),
};

export const srv6Kinds: readonly Kind[] = [localSid, srPolicy, steering, srv6Global];

/** `sid` as it is configured. */
export function localSidKey(sid: string): Key {
  return asKey(LOCALSID_PREFIX + sid);
}

/** `bsid` as it is configured. */
export function srPolicyKey(bsid: string): Key {
  return asKey(POLICY_PREFIX + bsid);
}

export function steeringKey(name: string): Key {
  return asKey(STEERING_PREFIX + name);
}

/** A binding segment and a segment with a function cannot be the same. */
function segmentClaim(sid: string, vrf: number): string {
  return `segment ${spelledIp(sid)} in VRF ${vrf}`;
}

function unique(dependencies: readonly (Dependency | undefined)[]): readonly Dependency[] {
  const byLabel = new Map<string, Dependency>();
  for (const dependency of dependencies) if (dependency !== undefined) byLabel.set(dependency.label, dependency);
  return [...byLabel.values()];
}

function listText({ weight, segments }: Policy['segmentLists'][number]): string {
  return `${weight || 1} ${segments.map(spelledIp).join(' ')}`;
}

function validateSteering({ name, policyRef, traffic }: Steering): readonly Problem[] {
  const problems: Problem[] = [];
  report(problems, nameProblem(name), 'name');
  if (policyRef.case === 'policyBsid') report(problems, ipProblem(policyRef.value, IPV6), 'policy_bsid');
  else if (policyRef.case === undefined) report(problems, 'is missing: the policy is required', 'policy_bsid');
  else report(problems, 'an index means nothing to the next data plane; policy_bsid is accepted', 'policy_index');
  switch (traffic.case) {
    case 'l2Traffic':
      report(problems, nameProblem(traffic.value.interfaceName), 'l2_traffic.interface_name');
      break;
    case 'l3Traffic':
      report(problems, prefixProblem(traffic.value.prefixAddress, { network: true }), 'l3_traffic.prefix_address');
      break;
    default:
      report(problems, 'is missing: l2_traffic or l3_traffic is required', 'l3_traffic');
  }
  return problems;
}

function policyText(policy: Steering['policyRef']): string {
  return policy.case === 'policyBsid' ? spelledIp(policy.value) : `index ${policy.value}`;
}

/** The policy by its key, which has the binding segment as its author spelled it. */
function policyDependency(policy: Steering['policyRef']): Dependency | undefined {
  if (policy.case !== 'policyBsid') return undefined;
  const label = `SRv6 policy ${policy.value}`;
  const canonical = srPolicyKey(spelledIp(policy.value));
  const written = srPolicyKey(policy.value);
  return written === canonical ? { label, key: written } : { label, anyOf: { prefixes: [written, canonical] } };
}

function trafficText(traffic: Steering['traffic']): string {
  if (traffic.case === 'l2Traffic') return `interface ${traffic.value.interfaceName}`;
  if (traffic.case === undefined) return 'nothing';
  return `${spelledNetwork(traffic.value.prefixAddress)} in VRF ${traffic.value.installationVrfId}`;
}

function trafficDependencies(traffic: Steering['traffic']): readonly (Dependency | undefined)[] {
  if (traffic.case === 'l2Traffic') return [interfaceDependency(traffic.value.interfaceName)];
  if (traffic.case === undefined) return [];
  const { installationVrfId, prefixAddress } = traffic.value;
  return [vrfDependency(installationVrfId, prefixAddress.includes(':') ? 6 : 4)];
}
