/**
 * VXLAN_TUNNEL with `gpe` (IP4, IP6): the kernel makes such a device only without ends of its own (collect metadata), and it
 * carries IP packets without Ethernet frames. So each tunnel has a device on a UDP port of its own; traffic control tells packets
 * that leave by it where to go, and nftables leads what arrives on the port of VXLAN-GPE to the device, by both ends and VNI.
 */

import { formatIp, isMulticast, parseIp } from '../../../model/address.ts';
import { VxlanLink_Gpe_Protocol as Protocol } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { isKernelError, unless } from '../../../kernel/errors.ts';
import { getLink } from '../../../kernel/netlink/link.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import { addClsact, deleteFilters } from '../../../kernel/netlink/tc.ts';
import { addTunnelKey, listTunnelKeys } from '../../../kernel/netlink/tc-tunnel-key.ts';
import type { TunnelKeyFilter } from '../../../kernel/netlink/tc-tunnel-key.ts';
import { deviceName } from '../../../kernel/ownership/device-name.ts';
import { tcPreferences, vxlanGpePorts } from '../../../kernel/pipeline/numbers.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import { commonSettings, makeDevice, markOf, readCommon, removeDevice } from '../../kernel/device.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { DeviceMaker } from './maker.ts';
import { TUNNEL_TTL } from './tunnel-underlay.ts';
import type { Arrival, VxlanArrivals } from './vxlan-arrivals.ts';
import { VxlanPorts } from './vxlan-ports.ts';
import { GPE_PORT, underlayIfAny, underlayOf, vxlanOf } from './vxlan-underlay.ts';
import type { Underlay } from './vxlan-underlay.ts';

const priority = tcPreferences.tunnelEnds.first;
/** Of the device; without one of its own a device over a VRF would have that of the VRF, 65,535 bytes. */
const MTU = 1500;
const ETHER_TYPES: Readonly<Partial<Record<Protocol, number>>> = { [Protocol.IP4]: 0x0800, [Protocol.IP6]: 0x86dd };

export function isGpe({ link }: Interface): boolean {
  return link.case === 'vxlan' && link.value.gpe !== undefined;
}

export function gpeProblem(value: Interface): string | undefined {
  const { gpe, dstAddress } = vxlanOf(value);
  const { protocol = Protocol.UNKNOWN, decapVrfId = 0 } = gpe ?? {};
  if (ETHER_TYPES[protocol] === undefined)
    return `kernel: vxlan.gpe.protocol ${Protocol[protocol]}: a device of the kernel for VXLAN-GPE carries IP packets only (measured with Linux 6.1: Ethernet frames sent to it leave without their header, those that arrive are dropped); IP4 and IP6 are possible, and plain VXLAN for frames`;
  if (isMulticast(parseIp(dstAddress)!))
    return 'kernel: a VXLAN-GPE tunnel has one other end here, no group; choose a unicast vxlan.dst_address';
  if (value.physAddress !== '')
    return 'kernel: the tunnel carries IP packets and has no MAC address; leave phys_address empty';
  const addressed = value.ipAddresses.length > 0 || value.unnumbered !== undefined || value.setDhcpClient;
  if (addressed && decapVrfId !== value.vrf)
    return `kernel: the device of a tunnel is in one VRF, its addresses in ${value.vrf} and what comes out of it in ${decapVrfId} (vxlan.gpe.decap_vrf_id) are two; choose the same, or leave the addresses out`;
  return undefined;
}

export function gpeMaker(
  engine: KernelEngine,
  role: string,
  arrivals: VxlanArrivals,
): Required<Pick<DeviceMaker, 'create' | 'change' | 'remove' | 'read'>> {
  const rtnl = engine.driver.rtnl(engine.driver.vswitch);
  const ports = new VxlanPorts({ range: vxlanGpePorts });

  async function make(value: Interface, underlay: Underlay): Promise<{ readonly link: Link; readonly port: number }> {
    const name = deviceName(value.name);
    const alias = markOf(engine, role, value.name);
    const below = underlay.link === undefined ? {} : { link: underlay.link };
    const taken = new Set<number>();
    for (;;) {
      const port = ports.claim(value.name, underlay, taken);
      const kind = { type: 'vxlan', port, learning: false, collectMetadata: true, gpe: true, ...below } as const;
      try {
        return { link: await makeDevice(rtnl, { mtu: MTU, ...commonSettings(value), name, alias, kind }), port };
      } catch (error) {
        ports.release(value.name);
        const another = isKernelError(error, 'EEXIST', 'EADDRINUSE') && !(await rtnl.get(getLink({ name })));
        if (!another) throw explained(error);
        taken.add(port);
      }
    }
  }

  async function lead(value: Interface, underlay: Underlay, index: number, port: number): Promise<void> {
    const place = { link: index, direction: 'egress', priority } as const;
    await rtnl.request(deleteFilters(place)).catch(unless('ENOENT', 'EINVAL'));
    await rtnl.request(addClsact(index)).catch(unless('EEXIST'));
    await rtnl.request(addTunnelKey(filterOf(value, underlay, index))).catch((error: unknown) => {
      throw explained(error);
    });
    await arrivals.add({ ...underlay, name: value.name, port, wirePort: GPE_PORT });
  }

  return {
    async create(context, value) {
      const underlay = underlayOf(context, value);
      const { link, port } = await make(value, underlay);
      try {
        await lead(value, underlay, link.index, port);
      } catch (error) {
        await arrivals.removeNamed(value.name);
        await removeDevice(rtnl, link.index);
        ports.release(value.name);
        throw error;
      }
      return metadataOf(link);
    },
    async change(context, _from, to, metadata) {
      const link = await rtnl.get(getLink({ index: metadata.ifindex }));
      if (link?.kind?.type === 'vxlan' && link.kind.port !== undefined)
        await lead(to, underlayOf(context, to), link.index, link.kind.port);
      return metadata;
    },
    async remove(_context, value, { ifindex }) {
      await arrivals.removeNamed(value.name);
      if (ifindex !== 0) await removeDevice(rtnl, ifindex);
      ports.release(value.name);
    },
    async read({ link, graph, wanted, session }) {
      // Found, but nobody wants it: it goes as a whole.
      if (wanted.link.case !== 'vxlan') return { value: wanted, metadata: metadataOf(link) };
      const underlay = underlayIfAny(graph, wanted);
      const kind = link.kind?.type === 'vxlan' ? link.kind : undefined;
      const port = kind?.port ?? 0;
      if (!underlay || !kind?.gpe || !kind.collectMetadata || underlay.link !== (kind.link || undefined))
        return undefined;
      if (port < vxlanGpePorts.first || port > vxlanGpePorts.last) return undefined;
      ports.adopt(wanted.name, underlay, port);
      const arrival: Arrival = { ...underlay, name: wanted.name, port, wirePort: GPE_PORT };
      arrivals.adopt(arrival);
      const filters = (await rtnl.dump(listTunnelKeys({ link: link.index }))).filter(
        (filter) => filter.priority === priority,
      );
      const wish = textOf(filterOf(wanted, underlay, link.index));
      const works = filters.length === 1 && textOf(filters[0]!) === wish && (await arrivals.has(session, arrival));
      const value = { ...wanted, ...readCommon(link, wanted), link: wanted.link };
      // Not expressible: the device is up, but does not send to the other end, or does not hear from it.
      return { value: works ? value : { ...value, enabled: false }, metadata: metadataOf(link) };
    },
  };
}

/** Only packets of the tunnel's protocol get an end to go to; the device drops what has none. */
function filterOf(value: Interface, { vni, local, remote }: Underlay, link: number): TunnelKeyFilter {
  const protocol = ETHER_TYPES[vxlanOf(value).gpe?.protocol ?? Protocol.UNKNOWN] ?? 0;
  const ends = { id: vni, source: local, destination: remote, port: GPE_PORT };
  return { link, priority, protocol, ...ends, ttl: TUNNEL_TTL, checksum: local.family === 6 };
}

function textOf({ protocol, id, source, destination, port, ttl, checksum }: TunnelKeyFilter): string {
  return [protocol, id, formatIp(source), formatIp(destination), port, ttl, checksum].join(' ');
}

function explained(error: unknown): unknown {
  if (!isKernelError(error, 'EOPNOTSUPP', 'ENOENT')) return error;
  const message = `kernel: this kernel lacks what VXLAN-GPE needs (vxlan, cls_matchall, act_tunnel_key): ${error.message}`;
  return new SchedulerError('unimplemented', message, { retriable: false, cause: error });
}

function metadataOf({ index, name }: Link) {
  const device = { ifindex: index, name };
  return { ...device, port: device };
}
