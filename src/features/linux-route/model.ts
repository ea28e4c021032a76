/** Routes of the Linux kernel: `linux.l3.route`. */

import { contains, networkOf, parseIp, parsePrefix } from '../../model/address.ts';
import type { Ip } from '../../model/address.ts';
import { Route_Scope as Scope } from '../../model/gen/ligato/linux/l3/route_pb.js';
import type { Route } from '../../model/gen/ligato/linux/l3/route_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Dependency, Kind, Part, Problem, Value } from '../../scheduler/kind.ts';
import { enumProblem, ipProblem, nameProblem, prefixProblem, report } from '../check.ts';
import { equivalence, sameIpText, sameNetworkText, spelledNetwork } from '../equality.ts';
import {
  linuxAddressDependency,
  linuxInterfaceAddressPrefix,
  linuxInterfaceUpDependency,
} from '../linux-interface/model.ts';
import type { LinuxInterfaceAddress } from '../linux-interface/model.ts';
import {
  allocationDependency,
  isReference,
  neighbourGatewayKey,
  parseReference,
  referenceProblem,
} from '../netalloc/model.ts';

const PREFIX = 'config/linux/l3/v2/route/';

/** Property of a route of scope LINK: gateways in its destination can be reached. */
export interface LinkLocalRoute {
  readonly interface: string;
  /** Canonical, or a reference. */
  readonly destination: string;
}

export const linuxRoute: Kind<Route> = {
  name: 'linux.l3.route',
  prefix: PREFIX,
  validate: (_key, value) => validate(value),
  equivalent: equivalence<Route>({
    dstNetwork: sameNetworkText,
    gwAddr: (left, right) => sameIpText(gateway(left), gateway(right)),
  }),
  parts: (_key, value) => (value.scope === Scope.LINK ? [linkLocalPart(value)] : NO_PARTS),
  dependencies: (_key, value) => dependencies(value),
};

const NO_PARTS: readonly Part[] = [];

/** The gateway, a reference to one, or empty for none: an unspecified address is none. */
export function gatewayOf({ gwAddr }: Route): string {
  return gateway(gwAddr);
}

function gateway(text: string): string {
  return text === '0.0.0.0' || text === '::' ? '' : text;
}

function validate({ outgoingInterface: out, scope, dstNetwork, gwAddr }: Route): readonly Problem[] {
  const problems: Problem[] = [];
  report(problems, nameProblem(out, 'the name of a Linux interface'), 'outgoing_interface');
  report(problems, enumProblem(scope, Scope, { zero: false }), 'scope');
  const destination = isReference(dstNetwork)
    ? referenceProblem(dstNetwork, out, 'any')
    : prefixProblem(dstNetwork, { network: true });
  report(problems, destination, 'dst_network');
  report(problems, gatewayProblem(gwAddr, scope, dstNetwork, out), 'gw_addr');
  return problems;
}

function gatewayProblem(text: string, scope: Scope, destination: string, out: string): string | undefined {
  if (gateway(text) === '') return undefined;
  if (scope === Scope.LINK || scope === Scope.HOST) {
    return `${text} is not accepted: a route of scope ${Scope[scope]} has no gateway`;
  }
  if (isReference(text)) return referenceProblem(text, out, 'gateway');
  const problem = ipProblem(text);
  if (problem !== undefined || isReference(destination)) return problem;
  const family = destination.includes(':') ? 6 : 4;
  return parseIp(text)!.family === family ? undefined : `${text} is not IPv${family} as the destination is`;
}

function dependencies({ outgoingInterface: out, dstNetwork, gwAddr }: Route): readonly Dependency[] {
  const wanted = [linuxInterfaceUpDependency(out), linuxAddressDependency(out)];
  const destination = allocationDependency(dstNetwork, out);
  if (destination !== undefined) wanted.push(destination);
  const via = gateway(gwAddr);
  if (via === '') return wanted;
  const allocation = allocationDependency(via, out);
  if (allocation !== undefined && allocation.label !== destination?.label) wanted.push(allocation);
  wanted.push(gatewayDependency(via, out));
  return wanted;
}

/** The gateway lies in the destination of a LINK route or in the subnet of an address of the interface. */
function gatewayDependency(via: string, out: string): Dependency {
  const label = `gateway ${via} reachable by ${out}`;
  const reference = parseReference(via, out);
  if (reference !== undefined) {
    const neighbour = neighbourGatewayKey(reference.network, reference.interfaceName);
    return { label, anyOf: { prefixes: [linkLocalRoutePrefix(out), neighbour] } };
  }
  const host = parseIp(via)!;
  const prefixes = [linkLocalRoutePrefix(out), linuxInterfaceAddressPrefix(out)];
  return { label, anyOf: { prefixes, where: (_key, value) => covers(value, host) } };
}

/** What is behind a reference is known only when it is resolved: then the kernel judges. */
function covers(value: Value, host: Ip): boolean {
  const { address, destination } = value as Partial<LinuxInterfaceAddress & LinkLocalRoute>;
  const text = destination ?? address ?? '';
  if (isReference(text)) return true;
  const prefix = parsePrefix(text, { bare: true });
  return prefix !== undefined && contains(networkOf(prefix), host);
}

function linkLocalPart({ outgoingInterface: out, dstNetwork }: Route): Part {
  const value: LinkLocalRoute = { interface: out, destination: spelledNetwork(dstNetwork) };
  return { key: linkLocalRouteKey(out, value.destination), value };
}

function linkLocalRoutePrefix(interfaceName: string): string {
  return `linux/link-local-route/${interfaceName}/dest-address`;
}

/** `network` is canonical, with prefix length. */
export function linkLocalRouteKey(interfaceName: string, network: string): Key {
  return asKey(`${linkLocalRoutePrefix(interfaceName)}/${network}`);
}

/** The key of a route, as the model makes it. */
export function linuxRouteKey({ dstNetwork, outgoingInterface }: Pick<Route, 'dstNetwork' | 'outgoingInterface'>): Key {
  // Without a mask the destination stays as it is written.
  const destination = dstNetwork.includes('/') ? spelledNetwork(dstNetwork) : dstNetwork;
  return asKey(`${PREFIX}${destination}/${outgoingInterface}`);
}
