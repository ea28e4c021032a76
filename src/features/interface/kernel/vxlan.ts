/**
 * VXLAN_TUNNEL: a vxlan device for each tunnel, with one remote end or one multicast group. Tunnels of one VNI have different UDP
 * ports inside the namespace (`vxlan-ports.ts`) and one on the wire (`vxlan-arrivals.ts`), so that each has its own bridge domain,
 * split-horizon group, access lists, MAC and MTU, as in VPP.
 */

import { create } from '@bufbuild/protobuf';
import { formatIp, isMulticast } from '../../../model/address.ts';
import { Interface_Type, InterfaceSchema } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { isKernelError } from '../../../kernel/errors.ts';
import { getLink } from '../../../kernel/netlink/link.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import { appendFdb, NTF_SELF, NUD_PERMANENT } from '../../../kernel/netlink/neighbour.ts';
import { deviceName } from '../../../kernel/ownership/device-name.ts';
import type { Dump } from '../../../kernel/rtnl/dump.ts';
import { commonSettings, makeDevice, markOf, ownMark, readCommon, removeDevice } from '../../kernel/device.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { DeviceMaker } from './maker.ts';
import { gpeMaker, gpeProblem, isGpe } from './vxlan-gpe.ts';
import { VxlanArrivals } from './vxlan-arrivals.ts';
import { VxlanPorts } from './vxlan-ports.ts';
import { kindOf, underlayIfAny, underlayOf, VXLAN_PORT, vxlanRead } from './vxlan-underlay.ts';
import type { Underlay } from './vxlan-underlay.ts';

const ROLE = 'vxlan';
const UNSPECIFIED = new Uint8Array(6);

/** What the tunnels of one engine share. */
class Tunnels {
  readonly ports = new VxlanPorts();
  readonly arrivals: VxlanArrivals;

  constructor({ driver }: KernelEngine) {
    this.arrivals = new VxlanArrivals(driver.nft(driver.vswitch));
  }

  static readonly #known = new WeakMap<KernelEngine, Tunnels>();

  static of(engine: KernelEngine): Tunnels {
    let tunnels = Tunnels.#known.get(engine);
    if (!tunnels) Tunnels.#known.set(engine, (tunnels = new Tunnels(engine)));
    return tunnels;
  }
}

/** Names of tunnels that need more than their device, for the watch of what others change. */
export function redirectedTunnels(engine: KernelEngine): Iterable<string> {
  return Tunnels.of(engine).arrivals.names();
}

export function vxlanMaker(engine: KernelEngine): DeviceMaker {
  const rtnl = engine.driver.rtnl(engine.driver.vswitch);
  const { ports, arrivals } = Tunnels.of(engine);
  const gpe = gpeMaker(engine, ROLE, arrivals);

  async function make(value: Interface, underlay: Underlay): Promise<{ readonly link: Link; readonly port: number }> {
    const name = deviceName(value.name);
    const alias = markOf(engine, ROLE, value.name);
    const taken = new Set<number>();
    for (;;) {
      const port = ports.claim(value.name, underlay, taken);
      try {
        const spec = { ...commonSettings(value), name, alias, kind: kindOf(underlay, port) };
        return { link: await makeDevice(rtnl, spec), port };
      } catch (error) {
        ports.release(value.name);
        // The kernel says the same of a name and of a VNI that somebody else has.
        if (!isKernelError(error, 'EEXIST') || (await rtnl.get(getLink({ name })))) throw error;
        taken.add(port);
      }
    }
  }

  async function complete(value: Interface, underlay: Underlay, port: number): Promise<void> {
    if (port !== VXLAN_PORT) await arrivals.add({ ...underlay, name: value.name, port });
  }

  return {
    type: Interface_Type.VXLAN_TUNNEL,
    role: ROLE,
    unsupported: (value) => (isGpe(value) ? gpeProblem(value) : undefined),
    async create(context, value) {
      if (isGpe(value)) return gpe.create(context, value);
      const underlay = underlayOf(context, value);
      const { link, port } = await make(value, underlay);
      await complete(value, underlay, port);
      return metadataOf(link);
    },
    recreate: (from, to) => from.vrf !== to.vrf || !sameTunnel(from, to),
    async change(context, from, to, metadata) {
      if (isGpe(to)) return gpe.change(context, from, to, metadata);
      const underlay = underlayOf(context, to);
      const link = await rtnl.get(getLink({ index: metadata.ifindex }));
      if (link?.kind?.type === 'vxlan') await complete(to, underlay, link.kind.port ?? VXLAN_PORT);
      if (isMulticast(underlay.remote)) return metadata;
      const entry = { link: metadata.ifindex, mac: UNSPECIFIED, remote: underlay.remote };
      await rtnl.request(appendFdb({ ...entry, state: NUD_PERMANENT, flags: NTF_SELF })).catch(unlessThere);
      return metadata;
    },
    async remove(context, value, metadata) {
      // Of one that nobody wants it is not known which of the two it is.
      if (isGpe(value) || value.link.case === undefined) await gpe.remove(context, value, metadata);
      const { ifindex } = metadata;
      await arrivals.remove(value.name);
      if (ifindex !== NO_DEVICE) await removeDevice(rtnl, ifindex);
      ports.release(value.name);
    },
    async read(found) {
      const { link, dump, graph, wanted, session } = found;
      if (link.kind?.type !== 'vxlan') return undefined;
      if (isGpe(wanted) !== (link.kind.gpe === true)) return undefined;
      if (isGpe(wanted)) return gpe.read(found);
      const { id: vni = 0, port = VXLAN_PORT, local, remote } = link.kind;
      const arrival = local && remote && { name: wanted.name, vni, local, remote, link: link.kind.link, port };
      if (arrival) ports.adopt(wanted.name, arrival, port);
      if (arrival && port !== VXLAN_PORT) arrivals.adopt(arrival);
      // Found, but nobody wants it: it goes as a whole.
      if (wanted.link.case !== 'vxlan') return { value: wanted, metadata: metadataOf(link) };
      const underlay = underlayIfAny(graph, wanted);
      if (!underlay || !arrival || underlay.link !== (link.kind.link || undefined)) return undefined;
      const value = { ...wanted, ...readCommon(link, wanted), link: vxlanRead(wanted, link.kind) };
      const works =
        (port === VXLAN_PORT || (await arrivals.has(session, arrival))) && (await floods(dump, link, underlay));
      // Not expressible: the device is up, but does not send to the other end, or does not hear from it.
      return { value: works ? value : { ...value, enabled: false }, metadata: metadataOf(link) };
    },
    async strays(links) {
      const names = new Set(links.map((link) => ownMark(engine, link)).map((mark) => mark?.name ?? ''));
      return (await arrivals.strays(names)).map((name) => {
        const nothing = { ifindex: NO_DEVICE, name };
        const value = create(InterfaceSchema, { name, type: Interface_Type.VXLAN_TUNNEL });
        return { value, metadata: { ...nothing, port: nothing, broken: true } };
      });
    },
  };
}

/** No device has this index: of a tunnel there is only what its device would need. */
const NO_DEVICE = 0;

function metadataOf({ index, name }: Link) {
  const device = { ifindex: index, name };
  return { ...device, port: device };
}

function sameTunnel({ link: left }: Interface, { link: right }: Interface): boolean {
  if (left.case !== 'vxlan' || right.case !== 'vxlan') return left.case === right.case;
  const [one, other] = [left.value, right.value];
  return (
    one.gpe?.protocol === other.gpe?.protocol &&
    one.gpe?.decapVrfId === other.gpe?.decapVrfId &&
    one.vni === other.vni &&
    one.multicast === other.multicast &&
    one.srcAddress.toLowerCase() === other.srcAddress.toLowerCase() &&
    one.dstAddress.toLowerCase() === other.dstAddress.toLowerCase()
  );
}

/** The device knows its group itself; the other end is an entry of its forwarding table that others can remove. */
async function floods(dump: Dump, { index }: Link, { remote }: Underlay): Promise<boolean> {
  if (isMulticast(remote)) return true;
  const wanted = formatIp(remote);
  for (const entry of await dump.fdb()) {
    if (entry.link !== index || !entry.remote || entry.mac.some((byte) => byte !== 0)) continue;
    if (formatIp(entry.remote) === wanted) return true;
  }
  return false;
}

function unlessThere(error: unknown): void {
  if (!isKernelError(error, 'EEXIST')) throw error;
}
