/** What a VXLAN tunnel is between its two ends, as its interface says it and as a device has it. */

import { formatIp, isMulticast, parseIp } from '../../../model/address.ts';
import type { Ip } from '../../../model/address.ts';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Vxlan } from '../../../kernel/netlink/link-kind-model.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView } from '../../../scheduler/handler.ts';
import type { KernelInterface } from '../kernel-metadata.ts';
import { interfaceKey } from '../model/keys.ts';
import { outerDevice } from './tunnel-underlay.ts';

export interface Underlay {
  readonly vni: number;
  readonly local: Ip;
  /** The other end, or the multicast group. */
  readonly remote: Ip;
  /** Index of the device of the VRF that the packets are routed in, or of the one that multicast goes out of. */
  readonly link: number | undefined;
}

export function vxlanOf({ link }: Interface) {
  if (link.case !== 'vxlan') throw new TypeError('no VXLAN tunnel');
  return link.value;
}

/** Throws SchedulerError when the VRF or the carrier of the tunnel has no device. */
export function underlayOf(graph: GraphView, value: Interface): Underlay {
  const { vni, srcAddress, dstAddress, multicast } = vxlanOf(value);
  const local = parseIp(srcAddress)!;
  const remote = parseIp(dstAddress)!;
  const link = isMulticast(remote) ? carrierOf(graph, multicast) : outerDevice(graph, value.vrf, local);
  return { vni, local, remote, link };
}

/** Undefined while the tunnel has nothing to run over. */
export function underlayIfAny(graph: GraphView, wanted: Interface): Underlay | undefined {
  try {
    return underlayOf(graph, wanted);
  } catch (error) {
    if (error instanceof SchedulerError) return undefined;
    throw error;
  }
}

function carrierOf(graph: GraphView, name: string): number {
  const carrier = graph.metadata<KernelInterface>(interfaceKey(name));
  if (!carrier) throw new SchedulerError('failed', `interface ${name} has no device`);
  return carrier.ifindex;
}

/** UDP port of VXLAN (RFC 7348); VPP uses no other. */
export const VXLAN_PORT = 4789;

/** UDP port of VXLAN-GPE (IANA). */
export const GPE_PORT = 4790 as const;

/** VPP sends IPv4 without UDP checksums. What comes from a group tells who is behind which end; else there is one end only. */
export function kindOf({ vni, local, remote, link }: Underlay, port: number): Vxlan {
  return {
    type: 'vxlan',
    id: vni,
    local,
    remote,
    port,
    learning: isMulticast(remote),
    ...(local.family === 4 && { udpChecksum: false }),
    ...(link !== undefined && { link }),
  };
}

/** The parameters of the tunnel as its device has them, spelled as wanted where they mean the same. */
export function vxlanRead(wanted: Interface, { id = 0, local, remote }: Vxlan) {
  const value = vxlanOf(wanted);
  const srcAddress = spelled(value.srcAddress, local);
  const dstAddress = spelled(value.dstAddress, remote);
  return { case: 'vxlan', value: { ...value, vni: id, srcAddress, dstAddress } } as const;
}

function spelled(wanted: string, found: Ip | undefined): string {
  const ip = parseIp(wanted);
  const text = found ? formatIp(found) : '';
  return ip && formatIp(ip) === text ? wanted : text;
}
