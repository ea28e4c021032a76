/** From a configured Linux route to the one the kernel has to have. */

import { parseIp, parsePrefix } from '../../../model/address.ts';
import { Route_Scope as Scope } from '../../../model/gen/ligato/linux/l3/route_pb.js';
import type { Route } from '../../../model/gen/ligato/linux/l3/route_pb.js';
import type { Route as KernelRouteEntry } from '../../../kernel/netlink/route.ts';
import { routingTables } from '../../../kernel/pipeline/numbers.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView } from '../../../scheduler/handler.ts';
import type { KernelLinuxInterface, KernelLinuxVrf } from '../../linux-interface/kernel-metadata.ts';
import { linuxInterfaceKey } from '../../linux-interface/model.ts';
import { resolveAddress } from '../../netalloc/model.ts';
import type { KernelLinuxRoute } from '../kernel-metadata.ts';
import { gatewayOf } from '../model.ts';

/** Throws a retriable SchedulerError when something it names is not there. */
export function targetOf(graph: GraphView, value: Route): KernelLinuxRoute {
  const { outgoingInterface: out, dstNetwork, metric } = value;
  const device = graph.metadata<KernelLinuxInterface>(linuxInterfaceKey(out));
  if (!device) throw new SchedulerError('failed', `Linux interface ${out} has no device`);
  const { namespace, ifindex: link } = device;
  const destination = parsePrefix(resolveAddress(graph, dstNetwork, out, 'network') ?? '');
  if (!destination) throw new SchedulerError('failed', `${dstNetwork} is not allocated`);
  const isIpv4 = destination.address.family === 4;
  const via = gatewayOf(value);
  const gateway = via === '' ? undefined : parseIp(resolveAddress(graph, via, out, 'address') ?? '');
  if (via !== '' && !gateway) throw new SchedulerError('failed', `${via} is not allocated`);
  return {
    namespace,
    destination,
    ...(gateway ? { gateway } : {}),
    link,
    table: tableOf(graph, out),
    metric: metric === 0 && !isIpv4 ? IPV6_DEFAULT : metric,
    scope: isIpv4 ? SCOPES[value.scope]! : SCOPES[Scope.GLOBAL]!,
  };
}

/** What the kernel makes of metric 0 for IPv6. */
export const IPV6_DEFAULT = 1024;

/** RT_SCOPE_... */
const SCOPES: Readonly<Record<number, number>> = {
  [Scope.GLOBAL]: 0,
  [Scope.SITE]: 200,
  [Scope.LINK]: 253,
  [Scope.HOST]: 254,
};

export function scopeName(scope: number): Scope {
  const found = Object.entries(SCOPES).find(([, number]) => number === scope);
  return found ? Number(found[0]) : Scope.GLOBAL;
}

/** Routes of an interface in a VRF belong into its table. */
function tableOf(graph: GraphView, interfaceName: string): number {
  for (const [key] of graph.appliedUnder(`linux/interface/${interfaceName}/vrf`)) {
    const membership = graph.metadata<KernelLinuxVrf>(key);
    if (membership) return membership.table;
  }
  return routingTables.defaultVrf;
}

/** Whether this is the way that is wanted, whoever made it. */
export function leadsThere(route: KernelRouteEntry, target: KernelLinuxRoute): boolean {
  const { gateway, link, type } = route;
  if (type !== 'unicast' || link !== target.link || route.scope !== target.scope) return false;
  if (!gateway || !target.gateway) return gateway === target.gateway;
  return gateway.bytes.every((byte, index) => byte === target.gateway!.bytes[index]);
}
