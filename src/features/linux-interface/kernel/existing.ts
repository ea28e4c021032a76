/**
 * LOOPBACK and EXISTING: devices that somebody else made. State, MTU and MAC are set as wanted and given back as they were; the
 * device itself stays.
 */

import { Interface_Type as Type } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { isKernelError } from '../../../kernel/errors.ts';
import { changeLink, getLink } from '../../../kernel/netlink/link.ts';
import type { LinkSettings } from '../../../kernel/netlink/link.ts';
import type { Namespace } from '../../../kernel/namespace/namespace.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import { forgetState, formerSettings, formerStateOf, recallState, rememberState } from '../../kernel/adoption.ts';
import { commonSettings } from '../../kernel/device.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { hostIfName, waitsForAddresses } from '../model/parts.ts';
import type { LinuxMaker } from './maker.ts';

/** `lo` of a namespace. It stays up when the Linux interface goes: others need it. */
export function loopbackMaker(engine: KernelEngine): LinuxMaker {
  const { driver } = engine;
  return {
    type: Type.LOOPBACK,
    async create(_context, value, namespace) {
      const rtnl = driver.rtnl(namespace);
      const link = await rtnl.get(getLink({ name: 'lo' }));
      if (!link) throw new SchedulerError('failed', `${namespace.label} has no lo`);
      const { address: _none, ...settings } = commonSettings(value);
      await rtnl.request(changeLink({ index: link.index }, settings));
      return { ifindex: link.index, name: 'lo', namespace };
    },
    remove: () => Promise.resolve(),
  };
}

export function existingMaker(engine: KernelEngine): LinuxMaker {
  const { driver } = engine;
  return {
    type: Type.EXISTING,
    async create(_context, value, namespace) {
      const name = hostIfName(value);
      const rtnl = driver.rtnl(namespace);
      const link = await rtnl.get(getLink({ name }));
      if (!link) throw new SchedulerError('failed', `${name} is not there`, { retriable: true });
      const id = adoptionOf(namespace, value);
      if (!recallState(engine, id)) await rememberState(engine, id, formerStateOf(link));
      await rtnl.request(changeLink({ index: link.index }, settingsFor(value)));
      return { ifindex: link.index, name, namespace };
    },
    async remove(_context, value, { ifindex, namespace }) {
      const id = adoptionOf(namespace, value);
      const former = recallState(engine, id);
      if (former) await settle(engine, namespace, ifindex, formerSettings(former));
      await forgetState(engine, id);
    },
  };
}

/** The MAC address of a link that others care for is not touched. */
function settingsFor(value: Interface): LinkSettings {
  const { address, ...settings } = commonSettings(value);
  return address && !waitsForAddresses(value) ? { ...settings, address } : settings;
}

function adoptionOf(namespace: Namespace, value: Interface): string {
  return `linux/${namespace.label}/${hostIfName(value)}`;
}

async function settle(
  { driver }: KernelEngine,
  namespace: Namespace,
  index: number,
  settings: LinkSettings,
): Promise<void> {
  try {
    await driver.rtnl(namespace).request(changeLink({ index }, settings));
  } catch (error) {
    if (!isKernelError(error, 'ENODEV', 'ENOENT')) throw error;
  }
}
