/** `linux.interfaces.interface.vrf`: a Linux interface belongs to a VRF device of its namespace. */

import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { changeLink } from '../../../kernel/netlink/link.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { KernelLinuxInterface, KernelLinuxVrf } from '../kernel-metadata.ts';
import { linuxInterfaceKey } from '../model/keys.ts';
import type { LinuxInterfaceVrf } from '../model/parts.ts';

export function linuxVrfHandler(engine: KernelEngine): Handler<LinuxInterfaceVrf, KernelLinuxVrf> {
  const { driver } = engine;
  return {
    kind: 'linux.interfaces.interface.vrf',
    engine: 'kernel',
    async create(context, key, value) {
      const wanted = membership(context, key, value);
      if (value.existing === '') {
        const { ifindex, namespace, device } = wanted;
        await driver.rtnl(namespace).request(changeLink({ index: ifindex }, { master: device }));
      }
      return wanted;
    },
    async remove(_context, _key, { existing }, { ifindex, namespace }) {
      if (existing !== '') return;
      try {
        await driver.rtnl(namespace).request(changeLink({ index: ifindex }, { master: 0 }));
      } catch (error) {
        if (!isKernelError(error, 'ENODEV', 'ENOENT')) throw error;
      }
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['linux.interfaces.interface'],
  };
}

function membership(graph: GraphView, key: Key, { interface: name, vrfDevice }: LinuxInterfaceVrf): KernelLinuxVrf {
  const member = graph.metadata<KernelLinuxInterface>(linuxInterfaceKey(name));
  const device = graph.metadata<KernelLinuxInterface>(linuxInterfaceKey(vrfDevice));
  if (!member) throw new SchedulerError('failed', `Linux interface ${name} has no device`, { key });
  if (device?.table === undefined) throw new SchedulerError('failed', `${vrfDevice} is no VRF device`, { key });
  if (device.namespace.id !== member.namespace.id) {
    const message = `${name} is in ${member.namespace.label}, its VRF ${vrfDevice} is in ${device.namespace.label}`;
    throw new SchedulerError('failed', message, { key });
  }
  const { ifindex, namespace } = member;
  return { ifindex, namespace, device: device.ifindex, table: device.table };
}

async function retrieve(
  { driver }: KernelEngine,
  context: RetrieveContext<LinuxInterfaceVrf, KernelLinuxVrf>,
): Promise<readonly Retrieved<LinuxInterfaceVrf, KernelLinuxVrf>[]> {
  const retrieved: Retrieved<LinuxInterfaceVrf, KernelLinuxVrf>[] = [];
  for (const [key, { value }] of context.expected) {
    if (context.keys && !context.keys.has(key)) continue;
    const member = context.metadata<KernelLinuxInterface>(linuxInterfaceKey(value.interface));
    const device = context.metadata<KernelLinuxInterface>(linuxInterfaceKey(value.vrfDevice));
    if (!member || device?.table === undefined) continue;
    const link = (await driver.dump(context.session, member.namespace).linksByIndex()).get(member.ifindex);
    if (link?.master !== device.ifindex) continue;
    const { ifindex, namespace } = member;
    const metadata = { ifindex, namespace, device: device.ifindex, table: device.table };
    retrieved.push({ key, value, metadata, origin: 'ours' });
  }
  return retrieved;
}
