/**
 * TAP: a veth pair. The near end is the interface, the far end is what a pod or the host gets under `host_if_name`. When the
 * Linux interface that takes the far end is known already, the pair is created with its far end in that namespace and under
 * its final name and MAC: moving it later costs 20 ms.
 */

import { create } from '@bufbuild/protobuf';
import {
  NetNamespace_ReferenceType,
  NetNamespaceSchema,
} from '../../../model/gen/ligato/linux/namespace/namespace_pb.js';
import { Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface as LinuxInterface } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { parseMac } from '../../../model/address.ts';
import type { Namespace } from '../../../kernel/namespace/namespace.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import type { VethPeer } from '../../../kernel/netlink/link-kinds.ts';
import { deviceName } from '../../../kernel/ownership/device-name.ts';
import type { GraphView } from '../../../scheduler/handler.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { isFarEndIn } from '../../kernel/far-end.ts';
import { findNamespace, obtainNamespace } from '../../kernel/namespace.ts';
import type { KernelLinuxInterface } from '../../linux-interface/kernel-metadata.ts';
import { hostIfName, linuxInterfaceKey } from '../../linux-interface/model.ts';
import type { FarEnd, KernelInterface } from '../kernel-metadata.ts';
import { interfaceKey } from '../model/keys.ts';
import { commonSettings, makeDevice, markOf, readCommon, removeDevice } from '../../kernel/device.ts';
import type { DeviceMaker } from './maker.ts';

type Peer = VethPeer & { readonly namespace: Namespace };

export function tapMaker(engine: KernelEngine): DeviceMaker {
  const { driver } = engine;
  const rtnl = driver.rtnl(driver.vswitch);
  return {
    type: Interface_Type.TAP,
    role: 'tap',
    async create(context, value) {
      const name = deviceName(value.name);
      const { peer, made, user } = farEndOf(engine, context, value, obtainNamespace);
      const spec = {
        ...commonSettings(value),
        name,
        alias: markOf(engine, 'tap', value.name),
        kind: { type: 'veth', peer },
      } as const;
      const link = await makeDevice(rtnl, spec, {
        engine,
        device: { key: interfaceKey(value.name), field: 'the device name', name, namespace: driver.vswitch },
        peer: {
          key: interfaceKey(value.name),
          field: user === undefined ? 'tap.host_if_name' : `host_if_name of Linux interface ${user}`,
          name: peer.name,
          namespace: peer.namespace,
          ...(user !== undefined && { alias: markOf(engine, 'linux-tap', user) }),
        },
      });
      const device = { ifindex: link.index, name };
      return { ...device, port: device, farEnd: { ...farEnd(link.link!, peer, value), made } };
    },
    remove: (_context, _value, metadata) => removeDevice(rtnl, metadata.ifindex),
    recreate: (from, to) => hostName(from) !== hostName(to) || microserviceOf(from) !== microserviceOf(to),
    async read({ link, session, graph, wanted }) {
      if (link.kind?.type !== 'veth' || link.link === undefined) return undefined;
      if (!(await canBeTaken(engine, session, graph, link, wanted))) return undefined;
      const device = { ifindex: link.index, name: link.name };
      const metadata = {
        ...device,
        port: device,
        farEnd: farEnd(link.link, farEndOf(engine, graph, wanted).peer, wanted),
      };
      return { value: { ...wanted, ...readCommon(link, wanted) }, metadata };
    },
  };
}

function farEnd(ifindex: number, { name, namespace }: Peer, value: Interface): FarEnd {
  return { ifindex, name, namespace, home: hostName(value) };
}

/** Name of the far end as long as no Linux interface gives it another one. */
function hostName({ name, link }: Interface): string {
  const configured = link.case === 'tap' ? link.value.hostIfName : '';
  return configured === '' ? deviceName(name, 'host') : configured;
}

function farEndOf(
  engine: KernelEngine,
  graph: GraphView,
  value: Interface,
  look: typeof findNamespace = findNamespace,
): { readonly peer: Peer; readonly made: NonNullable<FarEnd['made']>; readonly user?: string } {
  const user = linuxUser(graph, value.name);
  const namespace = user && look(engine, graph, user.namespace);
  if (!user || !namespace) {
    const mtu = value.mtu > 0 ? { mtu: value.mtu } : {};
    const peer = { name: hostName(value), namespace: homeOf(engine, graph, value), ...mtu };
    return { peer, made: { physAddress: '', mtu: value.mtu } };
  }
  const address = user.physAddress === '' ? undefined : parseMac(user.physAddress);
  const mtu = user.mtu > 0 ? user.mtu : value.mtu;
  const peer = {
    name: hostIfName(user),
    namespace,
    ...(address ? { address } : {}),
    ...(mtu > 0 ? { mtu } : {}),
  };
  return { peer, made: { physAddress: user.physAddress, mtu }, user: user.name };
}

/**
 * Whether the Linux interface that wants the far end finds it: not when its namespace was replaced by another of that name while
 * something held the old one. A far end that nobody wants may be wherever somebody took it.
 */
async function canBeTaken(
  engine: KernelEngine,
  session: object,
  graph: GraphView,
  near: Link,
  value: Interface,
): Promise<boolean> {
  const user = linuxUser(graph, value.name);
  if (!user) return true;
  const wanted = findNamespace(engine, graph, user.namespace);
  // Of a process or file that is gone nobody knows; a named namespace would be made.
  if (!wanted && user.namespace?.type !== NetNamespace_ReferenceType.NSID) return true;
  const { own, vswitch } = engine.driver;
  const taken = graph.metadata<KernelLinuxInterface>(linuxInterfaceKey(user.name))?.namespace;
  const made = graph.metadata<KernelInterface>(interfaceKey(value.name))?.farEnd?.namespace;
  const places = [wanted, taken, made, homeOf(engine, graph, value), own, vswitch];
  return isFarEndIn(engine, session, near, vswitch, places);
}

function microserviceOf({ link }: Interface): string {
  return link.case === 'tap' ? link.value.toMicroservice : '';
}

/** Where the far end waits: in the microservice it is for, or in the agent's namespace. */
function homeOf(engine: KernelEngine, graph: GraphView, value: Interface): Namespace {
  const reference = microserviceOf(value);
  if (reference === '') return engine.driver.own;
  const microservice = create(NetNamespaceSchema, { type: NetNamespace_ReferenceType.MICROSERVICE, reference });
  return findNamespace(engine, graph, microservice) ?? engine.driver.own;
}

/** The Linux interface that is going to take the far end. */
function linuxUser(graph: GraphView, name: string): LinuxInterface | undefined {
  for (const [, value] of graph.dependants(interfaceKey(name))) {
    const candidate = value as LinuxInterface;
    if (candidate.$typeName !== 'ligato.linux.interfaces.Interface' || candidate.link.case !== 'tap') continue;
    if (candidate.link.value.vppTapIfName === name) return candidate;
  }
  return undefined;
}
