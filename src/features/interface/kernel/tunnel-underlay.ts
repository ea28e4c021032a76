/** The network that the packets of a tunnel run in. */

import type { Ip } from '../../../model/address.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView } from '../../../scheduler/handler.ts';
import type { KernelVrf } from '../../vrf/kernel-metadata.ts';
import { vrfTableKey } from '../../vrf/model.ts';

/** VPP's TTL and hop limit of a tunnel's own packets. */
export const TUNNEL_TTL = 254;

/** IP6_TNL_F_IGN_ENCAP_LIMIT: no destination options (RFC 2473, 4.1.1), which VPP neither sends nor knows. */
export const NO_ENCAPSULATION_LIMIT = 1;

/** Index of the device of the VRF that the tunnel's packets are routed in; undefined in VRF 0. Throws SchedulerError. */
export function outerDevice(graph: GraphView, vrf: number, { family }: Ip): number | undefined {
  if (vrf === 0) return undefined;
  const device = graph.metadata<KernelVrf>(vrfTableKey(vrf, family))?.ifindex;
  if (device !== undefined) return device;
  const message = `kernel: VRF ${vrf} has no device, so that the packets of tunnels cannot be routed in it: that needs vrf devices (kernel module vrf)`;
  throw new SchedulerError('unimplemented', message, { retriable: false });
}
