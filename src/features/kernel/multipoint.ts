/** Tunnels to several peers (IPIP, POINT_TO_MULTIPOINT), as routes over them need to know them. */

import { IPIPLink_Mode as Mode } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { GraphView } from '../../scheduler/handler.ts';
import { interfaceKey } from '../interface/model.ts';

export interface Multipoint {
  /** The VRF that its own packets are routed in. */
  readonly outside: number;
  /** The VRF that it is an interface of. */
  readonly inside: number;
}

/** Undefined for any other interface, and for one that is not there. */
export function multipointOf(graph: GraphView, name: string): Multipoint | undefined {
  const value = graph.applied(interfaceKey(name)) as Interface | undefined;
  if (value?.link?.case !== 'ipip' || value.link.value.tunnelMode !== Mode.POINT_TO_MULTIPOINT) return undefined;
  return { outside: value.vrf, inside: insideOf(graph, value) };
}

/** Without addresses it is in the main table, whatever its packets are routed in. */
function insideOf(graph: GraphView, { ipAddresses, unnumbered, setDhcpClient, vrf }: Interface): number {
  if (unnumbered === undefined) return ipAddresses.length > 0 || setDhcpClient ? vrf : 0;
  const lender = graph.applied(interfaceKey(unnumbered.interfaceWithIp)) as Interface | undefined;
  return lender?.vrf ?? 0;
}
