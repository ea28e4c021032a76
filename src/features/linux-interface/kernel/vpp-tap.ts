/**
 * TAP_TO_VPP beside VPP: the device that VPP made of a TAP in its own namespace, which is the agent's, taken into the namespace of the
 * Linux interface. VPP holds it by a file descriptor, so packets flow wherever it is, and it goes with the TAP or with VPP.
 */

import { Interface_Type as Type } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { Interface_Type as SwitchType } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface as SwitchInterface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { isKernelError } from '../../../kernel/errors.ts';
import type { Namespace } from '../../../kernel/namespace/namespace.ts';
import { changeLink, getLink } from '../../../kernel/netlink/link.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView } from '../../../scheduler/handler.ts';
import { interfaceKey } from '../../interface/model/keys.ts';
import { hostNameOfTap } from '../../interface/model/tap-name.ts';
import { commonSettings, markOf, ownMark } from '../../kernel/device.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { hostIfName } from '../model/parts.ts';
import type { LinuxMaker } from './maker.ts';

const role = 'linux-vpp-tap';

export function vppTapMaker(engine: KernelEngine): LinuxMaker {
  const { driver } = engine;

  /** Where VPP made it; where a crash left it, before it was marked or after. */
  async function locate(
    home: string,
    value: Interface,
    wanted: Namespace,
  ): Promise<{ readonly link: Link; readonly namespace: Namespace } | undefined> {
    const places = [
      { namespace: driver.own, name: home },
      { namespace: wanted, name: hostIfName(value) },
    ];
    for (const { namespace, name } of places) {
      const link = await driver.rtnl(namespace).get(getLink({ name }));
      if (link?.kind?.type !== 'tun') continue;
      const mark = ownMark(engine, link);
      if (mark ? mark.role === role && mark.name === value.name : (link.alias ?? '') === '') return { link, namespace };
    }
    return undefined;
  }

  return {
    type: Type.TAP_TO_VPP,
    role,
    async create(context, value, namespace) {
      const name = hostIfName(value);
      const home = hostNameOfTap(tapOf(context, value));
      const found = await locate(home, value, namespace);
      if (!found) {
        const text = `${home}, which VPP made of TAP ${tapName(value)}, is not in ${driver.own.label}: the agent has to be in the network namespace of VPP`;
        throw new SchedulerError('failed', text);
      }
      const isThere = found.namespace.id === namespace.id;
      const selector = { index: found.link.index };
      // Down first: a device that is up is not renamed.
      await driver.rtnl(found.namespace).request(changeLink(selector, { up: false }));
      await driver.rtnl(found.namespace).request(changeLink(selector, isThere ? { name } : { namespace, name }));
      const rtnl = driver.rtnl(namespace);
      const moved = await rtnl.get(getLink({ name }));
      if (!moved) throw new SchedulerError('failed', `${name} vanished from ${namespace.label}`);
      const settings = { ...commonSettings(value), alias: markOf(engine, role, value.name) };
      await rtnl.request(changeLink({ index: moved.index }, settings));
      return { ifindex: moved.index, name, namespace };
    },
    async remove(context, value, { ifindex, namespace }) {
      const tap = context.desired(interfaceKey(tapName(value))) as SwitchInterface | undefined;
      // A TAP that goes takes its device with it.
      if (tap?.type !== SwitchType.TAP) return;
      const rtnl = driver.rtnl(namespace);
      try {
        await rtnl.request(changeLink({ index: ifindex }, { up: false, alias: '' }));
        const away = namespace.id === driver.own.id ? {} : { namespace: driver.own };
        await rtnl.request(changeLink({ index: ifindex }, { ...away, name: hostNameOfTap(tap) }));
      } catch (error) {
        if (!isKernelError(error, 'ENODEV', 'ENOENT')) throw error;
      }
    },
    async read({ link, wanted }) {
      return link.kind?.type === 'tun' ? wanted : undefined;
    },
  };
}

function tapName({ link }: Interface): string {
  return link.case === 'tap' ? link.value.vppTapIfName : '';
}

function tapOf(graph: GraphView, value: Interface): SwitchInterface {
  const tap = graph.applied(interfaceKey(tapName(value))) as SwitchInterface | undefined;
  if (tap?.type === SwitchType.TAP) return tap;
  const what = tap === undefined ? 'is not there' : `is ${SwitchType[tap.type]}`;
  throw new SchedulerError('failed', `interface ${tapName(value)} ${what}; TAP_TO_VPP needs a TAP`);
}
