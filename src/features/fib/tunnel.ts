import { parseIp } from '../../model/address.ts';
import type { Ip } from '../../model/address.ts';
import type { Interface } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { GraphView } from '../../scheduler/handler.ts';
import { interfaceKey } from '../interface/model.ts';

/** The other end of an applied VXLAN tunnel; undefined for what is none. */
export function remoteOf(graph: Pick<GraphView, 'applied'>, name: string): Ip | undefined {
  const link = (graph.applied(interfaceKey(name)) as Interface | undefined)?.link;
  return link?.case === 'vxlan' ? parseIp(link.value.dstAddress) : undefined;
}
