import type { Interface } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';

export interface Tunnel {
  readonly type: string;
  readonly source: string;
  /** Empty: several, found by next hop. */
  readonly destination: string;
  readonly id?: number;
}

/** Ends of the tunnel that an interface is; undefined when it is none. */
export function tunnelOf({ link }: Interface): Tunnel | undefined {
  switch (link.case) {
    case 'vxlan':
      return { type: 'VXLAN', source: link.value.srcAddress, destination: link.value.dstAddress, id: link.value.vni };
    case 'gre':
      return { type: 'GRE', source: link.value.srcAddr, destination: link.value.dstAddr };
    case 'gtpu':
      return { type: 'GTPU', source: link.value.srcAddr, destination: link.value.dstAddr, id: link.value.teid };
    case 'ipip':
      return { type: 'IPIP', source: link.value.srcAddr, destination: link.value.dstAddr };
    case 'wireguard':
      return { type: 'WIREGUARD', source: link.value.srcAddr, destination: '' };
    default:
      return undefined;
  }
}
