/** Makers of types whose interface is one device that one message makes: VLANs, bonds and most tunnels. */

import type { Interface, Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { isKernelError } from '../../../kernel/errors.ts';
import type { KernelError } from '../../../kernel/errors.ts';
import { changeLink } from '../../../kernel/netlink/link.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import type { LinkKind } from '../../../kernel/netlink/link-kinds.ts';
import { deviceName } from '../../../kernel/ownership/device-name.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { Dependency } from '../../../scheduler/kind.ts';
import type { GraphView, OperationContext } from '../../../scheduler/handler.ts';
import type { Key } from '../../../model/key.ts';
import type { Dump } from '../../../kernel/rtnl/dump.ts';
import { interfaceKey } from '../model/keys.ts';
import { interfaceRoles } from './roles.ts';
import { commonSettings, makeDevice, markOf, ownMark, readCommon, removeDevice } from '../../kernel/device.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { KernelInterface } from '../kernel-metadata.ts';
import { sameShape } from './device-shape.ts';
import type { DeviceMaker, Found } from './maker.ts';

/** The parameters of the device of one interface. */
export interface DeviceShape {
  readonly kind: LinkKind;
  /** Index of the device below it (IFLA_LINK). */
  readonly link?: number;
}

export interface SingleDevice {
  readonly type: Interface_Type;
  readonly role: string;
  /** What this kernel may lack, in words: `VLAN devices`. */
  readonly title: string;
  /** The kernel module that brings the devices, where it may be none of those that are loaded on demand. */
  readonly module?: string;
  /** True: no Ethernet frames, and no MAC address. */
  readonly layer3?: (value: Interface) => boolean;
  /** The type has no parameters that matter. */
  readonly withoutParameters?: true;
  unsupported?(value: Interface): string | undefined;
  dependencies?(value: Interface): readonly Dependency[];
  /** Throws SchedulerError when something that it refers to has no device. */
  shape(graph: GraphView, value: Interface): DeviceShape;
  /** Whether the kernel cannot change the device of `from` into that of `to`. */
  recreate(from: Interface, to: Interface): boolean;
  /** What of the shape is sent with a change in place. Default: all. */
  changed?(shape: DeviceShape): LinkKind;
  /** What an error of the kernel means, and what helps. EEXIST: not the name. */
  hint?(error: KernelError, value: Interface): string | undefined;
  /** After the device was made, or changed. */
  complete?(context: OperationContext, value: Interface, link: { readonly index: number }): Promise<void>;
  /** The parameters as they are, where they are more than the shape. Default: as wanted. */
  parameters?(found: Found): Promise<Interface['link']>;
}

export function singleDeviceMaker(engine: KernelEngine, device: SingleDevice): DeviceMaker {
  const rtnl = engine.driver.rtnl(engine.driver.vswitch);
  const { type, role } = device;
  return {
    type,
    role,
    unsupported(value) {
      if (device.layer3?.(value) && value.physAddress !== '')
        return 'kernel: the tunnel carries IP packets and has no MAC address; leave phys_address empty';
      return device.unsupported?.(value);
    },
    ...(device.dependencies && { dependencies: device.dependencies }),
    async create(context, value) {
      const { kind, link: below } = device.shape(context, value);
      const { up, ...settings } = commonSettings(value);
      const name = deviceName(value.name);
      const spec = { ...settings, name, alias: markOf(engine, role, value.name), kind };
      const making = makeDevice(rtnl, below === undefined ? spec : { ...spec, link: below });
      const link = await explained(device, value, making);
      const finish = async (): Promise<void> => {
        await device.complete?.(context, value, link);
        if (up) await rtnl.request(changeLink({ index: link.index }, { up }));
      };
      try {
        await explained(device, value, finish());
      } catch (error) {
        await removeDevice(rtnl, link.index);
        throw error;
      }
      return metadataOf(link);
    },
    // A wish for an MTU that is given up: only a new device knows what the kernel would have chosen.
    recreate: (from, to) => from.vrf !== to.vrf || (from.mtu !== 0 && to.mtu === 0) || device.recreate(from, to),
    async change(context, from, to, metadata) {
      const shape = device.shape(context, to);
      if (!sameShape(device.shape(context, from).kind, shape.kind)) {
        const kind = device.changed?.(shape) ?? shape.kind;
        await explained(device, to, rtnl.request(changeLink({ index: metadata.ifindex }, { kind })));
      }
      await explained(device, to, device.complete?.(context, to, { index: metadata.ifindex }) ?? Promise.resolve());
      return metadata;
    },
    remove: (_context, _value, { ifindex }) => removeDevice(rtnl, ifindex),
    async read(found) {
      const { link, wanted } = found;
      const shape = wishOf(device, await withDevices(engine, found), wanted);
      if (!shape) return wanted.link.case === undefined ? { value: wanted, metadata: metadataOf(link) } : undefined;
      if (!link.kind || !sameShape(shape.kind, link.kind) || (shape.link ?? 0) !== below(link)) return undefined;
      const parameters = (await device.parameters?.(found)) ?? wanted.link;
      return { value: { ...wanted, ...readCommon(link, wanted), link: parameters }, metadata: metadataOf(link) };
    },
  };
}

/** Interfaces are found one after the other: what the graph does not know yet of one, its device says. */
async function withDevices(engine: KernelEngine, { graph, dump, session }: Found): Promise<GraphView> {
  const devices = await devicesOf(engine, dump, session);
  return {
    metadata: <M>(key: Key) => (graph.metadata(key) ?? devices.get(key)) as M | undefined,
    applied: (key) => graph.applied(key),
    appliedUnder: (prefix) => graph.appliedUnder(prefix),
    desired: (key) => graph.desired(key),
    dependants: (key) => graph.dependants(key),
  };
}

const known = new WeakMap<object, Promise<ReadonlyMap<Key, KernelInterface>>>();

function devicesOf(engine: KernelEngine, dump: Dump, session: object): Promise<ReadonlyMap<Key, KernelInterface>> {
  let devices = known.get(session);
  if (!devices) known.set(session, (devices = readDevices(engine, dump)));
  return devices;
}

async function readDevices(engine: KernelEngine, dump: Dump): Promise<ReadonlyMap<Key, KernelInterface>> {
  const devices = new Map<Key, KernelInterface>();
  for (const link of await dump.links()) {
    const mark = ownMark(engine, link);
    if (mark && interfaceRoles.has(mark.role)) devices.set(interfaceKey(mark.name), metadataOf(link));
  }
  return devices;
}

/** Tunnels say it in their parameters, too, and the kernel repeats it there. */
function below({ kind, link }: Link): number {
  if (kind && 'link' in kind && kind.link !== undefined) return kind.link;
  return kind?.type === 'vlan' ? (link ?? 0) : 0;
}

/** Undefined while something that the device needs is not there. */
function wishOf(device: SingleDevice, graph: GraphView, wanted: Interface): DeviceShape | undefined {
  if (wanted.link.case === undefined && !device.withoutParameters) return undefined;
  try {
    return device.shape(graph, wanted);
  } catch (error) {
    if (error instanceof SchedulerError) return undefined;
    throw error;
  }
}

async function explained<T>({ title, module, hint }: SingleDevice, value: Interface, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isKernelError(error)) throw error;
    if (error.code === 'EOPNOTSUPP') {
      const remedy = module === undefined ? '' : `; modprobe ${module} helps where the module is installed`;
      const message = `kernel: this kernel has no ${title} (${error.message})${remedy}`;
      throw new SchedulerError('unimplemented', message, { retriable: false, cause: error });
    }
    const help = hint?.(error, value);
    if (help === undefined) throw error;
    throw new SchedulerError('failed', `${error.message}; ${help}`, { retriable: true, cause: error });
  }
}

function metadataOf({ index, name }: Link): KernelInterface {
  const device = { ifindex: index, name };
  return { ...device, port: device };
}
