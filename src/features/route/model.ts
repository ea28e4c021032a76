/** Routes: `vpp.route`. Several objects with the same table and destination are the paths of one route. */

import { isUnspecified, parseIp } from '../../model/address.ts';
import type { Family } from '../../model/address.ts';
import { Route_RouteType as RouteType } from '../../model/gen/ligato/vpp/l3/route_pb.js';
import type { Route } from '../../model/gen/ligato/vpp/l3/route_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Dependency, Kind, Problem } from '../../scheduler/kind.ts';
import { enumProblem, ipProblem, nameProblem, prefixProblem, rangeProblem, report } from '../check.ts';
import { equivalence, sameIpText, sameNetworkText, spelledNetwork } from '../equality.ts';
import { interfaceDependency } from '../interface/model.ts';
import { ofLast } from '../memo.ts';
import { allocationDependency, isReference, referenceProblem } from '../netalloc/model.ts';
import { anyVrfDependency, vrfDependency } from '../vrf/model.ts';

const PREFIX = 'config/vpp/v2/route/';

export const route: Kind<Route> = {
  name: 'vpp.route',
  prefix: PREFIX,
  validate: (_key, value) => validate(value),
  equivalent: equivalence<Route>({
    dstNetwork: sameNetworkText,
    nextHopAddr: (left, right) => sameIpText(specifiedIp(left), specifiedIp(right)),
    weight: (left, right) => (left || 1) === (right || 1),
  }),
  dependencies: (_key, value) => dependencies(value),
};

/** The address of the next hop, a reference to one, or empty for none (directly on the interface). */
export function nextHopOf({ nextHopAddr }: Route): string {
  return specifiedIp(nextHopAddr);
}

function specifiedIp(text: string): string {
  const address = text.startsWith('0') || text.startsWith(':') ? parseIp(text) : undefined;
  return address !== undefined && isUnspecified(address) ? '' : text;
}

/** The share of traffic of this path relative to the others. */
export function weightOf({ weight }: Route): number {
  return weight || 1;
}

/** Family of the destination or the next hop; undefined when both are references. */
export function routeFamily({ dstNetwork, nextHopAddr }: Route): Family | undefined {
  return familyOf(dstNetwork) ?? familyOf(nextHopAddr);
}

function familyOf(text: string): Family | undefined {
  if (text === '' || isReference(text)) return undefined;
  return text.includes(':') ? 6 : 4;
}

function validate(value: Route): readonly Problem[] {
  const { type, dstNetwork, outgoingInterface: out } = value;
  const problems: Problem[] = [];
  report(problems, enumProblem(type, RouteType), 'type');
  report(problems, destinationProblem(dstNetwork, out), 'dst_network');
  report(problems, nextHopProblem(value), 'next_hop_addr');
  if (out !== '') report(problems, nameProblem(out), 'outgoing_interface');
  report(problems, rangeProblem(value.weight, 0, 255), 'weight');
  report(problems, rangeProblem(value.preference, 0, 255), 'preference');
  if (type === RouteType.INTER_VRF && value.viaVrfId === value.vrfId && nextHopOf(value) === '' && out === '') {
    report(
      problems,
      `${value.viaVrfId} is the route's own table, it would lead to itself; another is accepted`,
      'via_vrf_id',
    );
  }
  return problems;
}

function destinationProblem(text: string, outgoingInterface: string): string | undefined {
  if (isReference(text)) return referenceProblem(text, outgoingInterface, 'any');
  return prefixProblem(text, { network: true });
}

function nextHopProblem(value: Route): string | undefined {
  const { type, nextHopAddr, dstNetwork, outgoingInterface } = value;
  if (nextHopAddr === '') {
    if (type !== RouteType.INTRA_VRF || outgoingInterface !== '') return undefined;
    return 'is missing: a next hop, an outgoing interface or both are required';
  }
  if (isReference(nextHopAddr)) return referenceProblem(nextHopAddr, outgoingInterface, 'any');
  const problem = ipProblem(nextHopAddr, { unspecified: true });
  if (problem !== undefined) return problem;
  const family = familyOf(dstNetwork);
  const nextHop = parseIp(nextHopAddr)!;
  // A route of one family may be reached by the other (RFC 5549), but only over a given interface.
  if (family !== undefined && family !== nextHop.family && outgoingInterface === '') {
    return `${nextHopAddr} is not IPv${family} as the destination is`;
  }
  return undefined;
}

/** Most routes lead out of the same few interfaces and need no more than these: they share what says so. */
const onInterface = ofLast((name: string): readonly Dependency[] => [interfaceDependency(name)]);

function dependencies(value: Route): readonly Dependency[] {
  const { type, vrfId, viaVrfId, dstNetwork, nextHopAddr, outgoingInterface: out } = value;
  if (
    type === RouteType.INTRA_VRF &&
    vrfId === 0 &&
    out !== '' &&
    !isReference(dstNetwork) &&
    !isReference(nextHopAddr)
  )
    return onInterface(out);
  const wanted: Dependency[] = [];
  const add = (dependency: Dependency | undefined) => {
    if (dependency !== undefined && !wanted.some(({ label }) => label === dependency.label)) wanted.push(dependency);
  };
  const family = routeFamily(value);
  if (out !== '') add(interfaceDependency(out));
  add(family === undefined ? anyVrfDependency(vrfId) : vrfDependency(vrfId, family));
  if (type === RouteType.INTER_VRF) {
    add(family === undefined ? anyVrfDependency(viaVrfId) : vrfDependency(viaVrfId, family));
  }
  add(allocationDependency(dstNetwork, out));
  add(allocationDependency(nextHopAddr, out));
  return wanted;
}

/** The key of a route, as the model makes it: the destination canonical, the next hop as it is configured. */
export function routeKey({ outgoingInterface, vrfId, dstNetwork, nextHopAddr }: Pick<Route, KeyField>): Key {
  const out = outgoingInterface === '' ? '' : `if/${outgoingInterface}/`;
  // Without a mask the destination stays as it is written.
  const destination = dstNetwork.includes('/') ? spelledNetwork(dstNetwork) : dstNetwork;
  const via = nextHopAddr === '' ? '' : `/gw/${nextHopAddr}`;
  return asKey(`${PREFIX}${out}vrf/${vrfId}/dst/${destination}${via}`);
}

type KeyField = 'outgoingInterface' | 'vrfId' | 'dstNetwork' | 'nextHopAddr';
