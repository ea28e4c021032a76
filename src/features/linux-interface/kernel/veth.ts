/**
 * VETH: two Linux interfaces that wait for each other. The first one made makes the pair, each end in its namespace under its
 * final name; the second one finds its end there. Whichever goes first takes both.
 */

import {
  Interface_Type as Type,
  VethLink_ChecksumOffloading as Offloading,
} from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Interface, VethLink } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { NetNamespace_ReferenceType } from '../../../model/gen/ligato/linux/namespace/namespace_pb.js';
import { parseMac } from '../../../model/address.ts';
import { changeLink, getLink } from '../../../kernel/netlink/link.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import type { VethPeer } from '../../../kernel/netlink/link-kinds.ts';
import type { Namespace } from '../../../kernel/namespace/namespace.ts';
import { readChecksumOffload, setChecksumOffload } from '../../../kernel/syscall/ethtool.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView } from '../../../scheduler/handler.ts';
import { commonSettings, makeDevice, markOf, removeMarked } from '../../kernel/device.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { isFarEndIn, reportLostFarEnd } from '../../kernel/far-end.ts';
import { findNamespace, namespaceOf } from '../../kernel/namespace.ts';
import type { KernelLinuxInterface } from '../kernel-metadata.ts';
import { linuxInterfaceKey } from '../model/keys.ts';
import { hostIfName } from '../model/parts.ts';
import { wantedName } from './wanted-name.ts';
import type { LinuxMaker } from './maker.ts';

const role = 'linux-veth';

export function vethMaker(engine: KernelEngine): LinuxMaker {
  const { driver } = engine;

  async function makePair(graph: GraphView, value: Interface, namespace: Namespace): Promise<Link> {
    const peer = otherEnd(engine, graph, value);
    const spec = {
      ...commonSettings(value),
      name: hostIfName(value),
      alias: markOf(engine, role, value.name),
      kind: { type: 'veth', peer },
    } as const;
    const other = peerName(value);
    return makeDevice(driver.rtnl(namespace), spec, {
      engine,
      device: wantedName(value, namespace),
      peer: {
        key: linuxInterfaceKey(value.name),
        field: `host_if_name of Linux interface ${other}`,
        name: peer.name,
        namespace: peer.namespace,
        alias: markOf(engine, role, other),
      },
    });
  }

  async function takeEnd(value: Interface, namespace: Namespace, other: KernelLinuxInterface): Promise<Link> {
    const name = hostIfName(value);
    const rtnl = driver.rtnl(namespace);
    const link = await rtnl.get(getLink({ name }));
    if (link?.kind?.type !== 'veth' || link.link !== other.ifindex) {
      reportLostFarEnd(engine, linuxInterfaceKey(peerName(value)));
      throw new SchedulerError('failed', `${name} in ${namespace.label} is not the other end of ${other.name}`);
    }
    const settings = { ...commonSettings(value), alias: markOf(engine, role, value.name) };
    await rtnl.request(changeLink({ index: link.index }, settings));
    return link;
  }

  return {
    type: Type.VETH,
    role,
    async create(context, value, namespace) {
      const other = context.metadata<KernelLinuxInterface>(linuxInterfaceKey(peerName(value)));
      const link = other ? await takeEnd(value, namespace, other) : await makePair(context, value, namespace);
      const metadata = { ifindex: link.index, name: hostIfName(value), namespace };
      offload(engine, metadata, checksums(value));
      return metadata;
    },
    async change(from, to, metadata) {
      const wanted = checksums(to);
      const before = checksums(from);
      // DEFAULT after something else: what the kernel does by itself.
      offload(engine, metadata, {
        ...(wanted.rx !== before.rx && { rx: wanted.rx ?? true }),
        ...(wanted.tx !== before.tx && { tx: wanted.tx ?? true }),
      });
    },
    remove: (_context, value, metadata) =>
      removeMarked(driver.rtnl(metadata.namespace), metadata, markOf(engine, role, value.name)),
    async read({ link, namespace, session, graph, wanted }) {
      if (link.kind?.type !== 'veth' || wanted.link.case !== 'veth') return undefined;
      if (!(await hasOtherEnd(engine, session, graph, { link, namespace }, wanted))) return undefined;
      const asked = checksums(wanted);
      if (asked.rx === undefined && asked.tx === undefined) return wanted;
      const { rx, tx } = driver.within(namespace, () => readChecksumOffload(link.name));
      const value: VethLink = {
        ...wanted.link.value,
        rxChecksumOffloading: asked.rx === undefined ? Offloading.CHKSM_OFFLOAD_DEFAULT : offloading(rx),
        txChecksumOffloading: asked.tx === undefined ? Offloading.CHKSM_OFFLOAD_DEFAULT : offloading(tx),
      };
      return { ...wanted, link: { case: 'veth', value } };
    },
  };
}

function peerName({ link }: Interface): string {
  return link.case === 'veth' ? link.value.peerIfName : '';
}

/** The other end as it is wanted. */
function otherEnd(
  engine: KernelEngine,
  graph: GraphView,
  value: Interface,
): VethPeer & { readonly namespace: Namespace } {
  const other = graph.desired(linuxInterfaceKey(peerName(value))) as Interface | undefined;
  if (!other) throw new SchedulerError('failed', `VETH peer ${peerName(value)} is not wanted any more`);
  const address = other.physAddress === '' ? undefined : parseMac(other.physAddress);
  return {
    name: hostIfName(other),
    namespace: namespaceOf(engine, graph, other.namespace),
    ...(address ? { address } : {}),
    ...(other.mtu > 0 ? { mtu: other.mtu } : {}),
  };
}

/** Whether the other end finds its device: not when its namespace was replaced while something held the old one. */
async function hasOtherEnd(
  engine: KernelEngine,
  session: object,
  graph: GraphView,
  { link, namespace }: { readonly link: Link; readonly namespace: Namespace },
  value: Interface,
): Promise<boolean> {
  const key = linuxInterfaceKey(peerName(value));
  const other = graph.desired(key) as Interface | undefined;
  if (!other) return true;
  const wanted = findNamespace(engine, graph, other.namespace);
  // Of a process or file that is gone nobody knows; a named namespace would be made.
  if (!wanted && other.namespace?.type !== NetNamespace_ReferenceType.NSID) return true;
  const known = graph.metadata<KernelLinuxInterface>(key)?.namespace;
  // An AF_PACKET interface may have it in the vswitch.
  return isFarEndIn(engine, session, link, namespace, [wanted, known, engine.driver.vswitch]);
}

/** What is asked for; undefined: nothing. */
interface Checksums {
  readonly rx?: boolean;
  readonly tx?: boolean;
}

function checksums({ link }: Interface): Checksums {
  if (link.case !== 'veth') return {};
  const rx = wish(link.value.rxChecksumOffloading);
  const tx = wish(link.value.txChecksumOffloading);
  return { ...(rx !== undefined && { rx }), ...(tx !== undefined && { tx }) };
}

function wish(setting: Offloading): boolean | undefined {
  return setting === Offloading.CHKSM_OFFLOAD_DEFAULT ? undefined : setting === Offloading.CHKSM_OFFLOAD_ENABLED;
}

function offloading(on: boolean): Offloading {
  return on ? Offloading.CHKSM_OFFLOAD_ENABLED : Offloading.CHKSM_OFFLOAD_DISABLED;
}

function offload({ driver }: KernelEngine, { name, namespace }: KernelLinuxInterface, wanted: Checksums): void {
  if (wanted.rx === undefined && wanted.tx === undefined) return;
  driver.within(namespace, () => setChecksumOffload(name, wanted));
}
