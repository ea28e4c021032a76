/**
 * TAP_TO_VPP: the far end of a TAP of the vswitch. Created in the same plan it is in its namespace already, else it is moved
 * there. It goes back to where it came from when the Linux interface goes and the TAP stays.
 */

import { Interface_Type as Type } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { isKernelError } from '../../../kernel/errors.ts';
import { changeLink, getLink } from '../../../kernel/netlink/link.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import type { Namespace } from '../../../kernel/namespace/namespace.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView } from '../../../scheduler/handler.ts';
import type { FarEnd, KernelInterface } from '../../interface/kernel-metadata.ts';
import { interfaceKey } from '../../interface/model/keys.ts';
import { commonSettings, markOf } from '../../kernel/device.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { explainedName } from '../../kernel/taken-name.ts';
import { absent, reportLostFarEnd } from '../../kernel/far-end.ts';
import { hostIfName } from '../model/parts.ts';
import type { LinuxMaker } from './maker.ts';
import { wantedName } from './wanted-name.ts';

const role = 'linux-tap';

export function tapMaker(engine: KernelEngine): LinuxMaker {
  const { driver } = engine;
  /** Far ends that a Linux interface has had: they are not as they were made. */
  const taken = new WeakSet<FarEnd>();

  return {
    type: Type.TAP_TO_VPP,
    role,
    async create(context, value, namespace) {
      const name = hostIfName(value);
      const farEnd = tapOf(context, value)?.farEnd;
      const isNew = farEnd && !taken.has(farEnd);
      if (farEnd) taken.add(farEnd);
      if (isNew && (await takeNew(engine, value, namespace, farEnd)))
        return { ifindex: farEnd.ifindex, name, namespace };
      const found = await locate(engine, context, value, namespace);
      const here = driver.rtnl(found.namespace);
      const named = async (naming: Promise<void>): Promise<void> => {
        try {
          await naming;
        } catch (error) {
          throw await explainedName(engine, wantedName(value, namespace), error);
        }
      };
      if (found.namespace.id !== namespace.id) await named(here.request(changeLink(found.link, { namespace, name })));
      const rtnl = driver.rtnl(namespace);
      const moved = found.namespace.id === namespace.id ? found.link : await rtnl.get(getLink({ name }));
      if (!moved) throw new SchedulerError('failed', `${name} vanished from ${namespace.label}`);
      const settings = { ...commonSettings(value), alias: markOf(engine, role, value.name) };
      await named(
        rtnl.request(changeLink({ index: moved.index }, moved.name === name ? settings : { ...settings, name })),
      );
      return { ifindex: moved.index, name, namespace };
    },
    async remove(context, value, { ifindex, namespace }) {
      const tap = tapOf(context, value);
      // A TAP that goes takes its far end with it.
      if (!tap?.farEnd || context.desired(interfaceKey(tapName(value))) === undefined) return;
      const rtnl = driver.rtnl(namespace);
      try {
        await rtnl.request(changeLink({ index: ifindex }, { up: false, alias: '' }));
        const away = namespace.id === driver.own.id ? {} : { namespace: driver.own };
        await rtnl.request(changeLink({ index: ifindex }, { ...away, name: tap.farEnd.home }));
      } catch (error) {
        if (!isKernelError(error, 'ENODEV', 'ENOENT')) throw error;
      }
    },
    async read({ link, graph, wanted }) {
      return link.link !== undefined && link.link === tapOf(graph, wanted)?.ifindex ? wanted : undefined;
    },
  };
}

/**
 * Marks a far end that was made for this Linux interface a moment ago, in its namespace and under its name, and brings it up. What
 * it was made with is not set again: a MAC address that is set, even to what it is, makes the kernel forget neighbours and tell
 * everybody. False: it is somewhere else.
 */
async function takeNew(
  engine: KernelEngine,
  value: Interface,
  namespace: Namespace,
  { ifindex, name, namespace: birthplace, made }: FarEnd,
): Promise<boolean> {
  if (!made || birthplace.id !== namespace.id || name !== hostIfName(value)) return false;
  if (made.physAddress !== value.physAddress || (value.mtu > 0 && made.mtu !== value.mtu)) return false;
  const alias = markOf(engine, role, value.name);
  try {
    await engine.driver.rtnl(namespace).request(changeLink({ index: ifindex }, { up: value.enabled, alias }));
    return true;
  } catch (error) {
    if (isKernelError(error, 'ENODEV')) return false;
    throw error;
  }
}

function tapName({ link }: Interface): string {
  return link.case === 'tap' ? link.value.vppTapIfName : '';
}

function tapOf(graph: GraphView, value: Interface): KernelInterface | undefined {
  return graph.metadata<KernelInterface>(interfaceKey(tapName(value)));
}

/** Where the far end is now: where it was created, where it is wanted, or in the agent's namespace. */
async function locate(
  engine: KernelEngine,
  graph: GraphView,
  value: Interface,
  wanted: Namespace,
): Promise<{ readonly link: Link; readonly namespace: Namespace }> {
  const { driver } = engine;
  const tap = tapOf(graph, value);
  if (!tap?.farEnd) throw new SchedulerError('failed', `interface ${tapName(value)} has no far end`);
  const { ifindex, namespace: birthplace } = tap.farEnd;
  for (const namespace of distinct([birthplace, wanted, driver.own])) {
    const rtnl = driver.rtnl(namespace);
    for (const selector of [{ index: ifindex }, { name: tap.farEnd.home }, { name: hostIfName(value) }]) {
      const link = await rtnl.get(getLink(selector)).catch(absent);
      if (link?.kind?.type === 'veth' && link.link === tap.ifindex) return { link, namespace };
    }
  }
  reportLostFarEnd(engine, interfaceKey(tapName(value)));
  throw new SchedulerError('failed', `the far end of ${tapName(value)} is in a namespace that is not known`);
}

function distinct(namespaces: readonly Namespace[]): readonly Namespace[] {
  return [...new Map(namespaces.map((namespace) => [namespace.id, namespace])).values()];
}
