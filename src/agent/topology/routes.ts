/** Routes of both models in one form, to be listed and searched. */

import type { Route as LinuxRoute } from '../../model/gen/ligato/linux/l3/route_pb.js';
import type { Route } from '../../model/gen/ligato/vpp/l3/route_pb.js';
import { Route_RouteType } from '../../model/gen/ligato/vpp/l3/route_pb.js';
import type { Snapshot } from '../../scheduler/scheduler.ts';

export interface TopologyRoute {
  readonly key: string;
  readonly model: string;
  readonly state: string;
  readonly destination: string;
  readonly nextHop: string;
  readonly interface: string;
  readonly type: string;
  /** VRF of the switch; Linux routes are where their interface is. */
  readonly vrf?: number;
  readonly metric: number;
}

export function* routesOf(snapshot: Snapshot): Generator<TopologyRoute> {
  for (const { key, state, desired, applied } of snapshot.nodes({ kind: 'vpp.route' })) {
    const value = (desired ?? applied) as Route | null;
    if (value === null) continue;
    yield {
      key,
      model: 'vpp.route',
      state,
      destination: value.dstNetwork,
      nextHop: value.nextHopAddr,
      interface: value.outgoingInterface,
      type: Route_RouteType[value.type] ?? '',
      vrf: value.vrfId,
      metric: value.preference,
    };
  }
  for (const { key, state, desired, applied } of snapshot.nodes({ kind: 'linux.l3.route' })) {
    const value = (desired ?? applied) as LinuxRoute | null;
    if (value === null) continue;
    yield {
      key,
      model: 'linux.l3.route',
      state,
      destination: value.dstNetwork,
      nextHop: value.gwAddr,
      interface: value.outgoingInterface,
      type: 'INTRA_VRF',
      metric: value.metric,
    };
  }
}
