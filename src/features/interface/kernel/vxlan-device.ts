/** What the tunnels of one VXLAN network ask of the device they share. */

import { formatIp, isMulticast, parseIp } from '../../../model/address.ts';
import type { Ip } from '../../../model/address.ts';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Vxlan } from '../../../kernel/netlink/link-kind-model.ts';
import type { GraphView } from '../../../scheduler/handler.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import { commonSettings } from '../../kernel-device.ts';
import type { KernelVrf } from '../../vrf/kernel-metadata.ts';
import { vrfTableKey } from '../../vrf/model.ts';
import type { KernelInterface } from '../kernel-metadata.ts';
import { interfaceKey } from '../model/keys.ts';

/** UDP port of VXLAN (RFC 7348); VPP uses no other. */
const PORT = 4789;

/** The part of the device that all its tunnels have to agree on. */
export interface Underlay {
  readonly local: Ip;
  /** Index of the device of the VRF that the packets are routed in, or of the one that multicast goes out of. */
  readonly link: number | undefined;
  /** Multicast group: the tunnel has the device for itself. */
  readonly group: Ip | undefined;
}

export function vxlanOf({ link }: Interface) {
  if (link.case !== 'vxlan') throw new TypeError('no VXLAN tunnel');
  return link.value;
}

export function remoteOf(value: Interface): Ip {
  return parseIp(vxlanOf(value).dstAddress)!;
}

/** Throws SchedulerError when the VRF or the carrier of the tunnel has no device. */
export function underlayOf(graph: GraphView, value: Interface): Underlay {
  const { srcAddress, multicast } = vxlanOf(value);
  const local = parseIp(srcAddress)!;
  const remote = remoteOf(value);
  if (isMulticast(remote)) return { local, link: carrierOf(graph, multicast), group: remote };
  return { local, link: value.vrf === 0 ? undefined : vrfDeviceOf(graph, value.vrf, local), group: undefined };
}

function carrierOf(graph: GraphView, name: string): number {
  const carrier = graph.metadata<KernelInterface>(interfaceKey(name));
  if (!carrier) throw new SchedulerError('failed', `interface ${name} has no device`);
  return carrier.ifindex;
}

function vrfDeviceOf(graph: GraphView, vrf: number, { family }: Ip): number {
  const device = graph.metadata<KernelVrf>(vrfTableKey(vrf, family))?.ifindex;
  if (device !== undefined) return device;
  const message = `kernel: VRF ${vrf} has no device, so that tunnels cannot be routed in it`;
  throw new SchedulerError('unimplemented', message, { retriable: false });
}

export function sameUnderlay(left: Underlay, right: Underlay): boolean {
  return describe(left) === describe(right);
}

function describe({ local, link, group }: Underlay): string {
  return `${formatIp(local)} ${link ?? 0} ${group ? formatIp(group) : ''}`;
}

export function underlayOfDevice({ local, link, remote }: Vxlan): Underlay | undefined {
  return (
    local && { local, link: link === 0 ? undefined : link, group: remote && isMulticast(remote) ? remote : undefined }
  );
}

/** VPP sends IPv4 without UDP checksums. */
export function kindOf(vni: number, { local, link, group }: Underlay): Vxlan {
  return {
    type: 'vxlan',
    id: vni,
    local,
    port: PORT,
    learning: true,
    ...(local.family === 4 && { udpChecksum: false }),
    ...(link !== undefined && { link }),
    ...(group && { remote: group }),
  };
}

/** MAC, MTU and state from all tunnels: the device is up when one of them is. */
export function sharedSettings(values: readonly Interface[]) {
  return commonSettings({
    physAddress: values.find(({ physAddress }) => physAddress !== '')?.physAddress ?? '',
    mtu: values.find(({ mtu }) => mtu > 0)?.mtu ?? 0,
    enabled: values.some(({ enabled }) => enabled),
  });
}

/** Why a tunnel cannot have the device of another one; undefined when it can. */
export function conflict(
  first: Interface,
  firstUnderlay: Underlay,
  other: Interface,
  underlay: Underlay,
): string | undefined {
  const shares = `kernel: tunnels of VNI ${vxlanOf(first).vni} share a device`;
  if (firstUnderlay.group || underlay.group)
    return `${shares}, and one to a multicast group needs it for itself (${first.name} has it)`;
  if (!sameUnderlay(firstUnderlay, underlay)) {
    return `${shares}: src_address and vrf have to be those of ${first.name} (${formatIp(firstUnderlay.local)}, VRF ${first.vrf})`;
  }
  if (
    first.physAddress !== '' &&
    other.physAddress !== '' &&
    first.physAddress.toLowerCase() !== other.physAddress.toLowerCase()
  ) {
    return `${shares}: phys_address has to be that of ${first.name} (${first.physAddress})`;
  }
  if (first.mtu > 0 && other.mtu > 0 && first.mtu !== other.mtu) {
    return `${shares}: mtu has to be that of ${first.name} (${first.mtu})`;
  }
  return undefined;
}
