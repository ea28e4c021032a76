/** DUMMY and VRF_DEVICE: devices that consist of themselves. Both need a kernel that has them. */

import { Interface_Type as Type } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { isKernelError } from '../../../kernel/errors.ts';
import type { LinkKind } from '../../../kernel/netlink/link-kinds.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import type { Namespace } from '../../../kernel/namespace/namespace.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import { commonSettings, makeDevice, markOf, removeMarked } from '../../kernel/device.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { hostIfName } from '../model/parts.ts';
import type { LinuxMaker } from './maker.ts';
import { wantedName } from './wanted-name.ts';

export function dummyMaker(engine: KernelEngine): LinuxMaker {
  const role = 'linux-dummy';
  return {
    type: Type.DUMMY,
    role,
    async create(_context, value, namespace) {
      const link = await make(engine, role, value, namespace, { type: 'dummy' });
      return { ifindex: link.index, name: link.name, namespace };
    },
    remove: (_context, value, metadata) =>
      removeMarked(engine.driver.rtnl(metadata.namespace), metadata, markOf(engine, role, value.name)),
    read: async ({ link, wanted }) => (link.kind?.type === 'dummy' ? wanted : undefined),
  };
}

export function vrfDeviceMaker(engine: KernelEngine): LinuxMaker {
  const role = 'linux-vrf';
  return {
    type: Type.VRF_DEVICE,
    role,
    async create(_context, value, namespace) {
      const table = tableOf(value);
      const link = await make(engine, role, value, namespace, { type: 'vrf', table });
      await acceptForListeners(engine, namespace);
      return { ifindex: link.index, name: link.name, namespace, table };
    },
    remove: (_context, value, metadata) =>
      removeMarked(engine.driver.rtnl(metadata.namespace), metadata, markOf(engine, role, value.name)),
    async read({ link, wanted }) {
      return link.kind?.type === 'vrf' && link.kind.table === tableOf(wanted) ? wanted : undefined;
    },
  };
}

function tableOf({ link }: Interface): number {
  return link.case === 'vrfDev' ? link.value.routingTable : 0;
}

async function make(
  engine: KernelEngine,
  role: string,
  value: Interface,
  namespace: Namespace,
  kind: LinkKind,
): Promise<Link> {
  const spec = { ...commonSettings(value), name: hostIfName(value), alias: markOf(engine, role, value.name), kind };
  try {
    const names = { engine, device: wantedName(value, namespace) };
    return await makeDevice(engine.driver.rtnl(namespace), spec, names);
  } catch (cause) {
    if (!isKernelError(cause, 'EOPNOTSUPP')) throw cause;
    const message = `kernel: this kernel has no devices of type ${kind.type}`;
    throw new SchedulerError('unimplemented', message, { retriable: false, cause });
  }
}

/** Listeners that are bound to no VRF get connections of all VRFs, as without VRFs. */
async function acceptForListeners({ driver }: KernelEngine, namespace: Namespace): Promise<void> {
  const sysctl = driver.sysctl(namespace);
  await Promise.all([sysctl.write('net/ipv4/tcp_l3mdev_accept', 1), sysctl.write('net/ipv4/udp_l3mdev_accept', 1)]);
}
