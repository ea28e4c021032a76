/**
 * SUB_INTERFACE: a VLAN device on the device of its parent. Bound loosely, so that it is up or down by itself, as in VPP, and
 * only the carrier follows the parent. A sub-interface of a sub-interface is the inner tag of two (QinQ).
 */

import {
  GreLink_Type,
  Interface_Type,
  SubInterface_TagRewriteOptions as Rewrite,
} from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView } from '../../../scheduler/handler.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { KernelDevice, KernelInterface } from '../kernel-metadata.ts';
import { interfaceKey } from '../model/keys.ts';
import type { DeviceMaker } from './maker.ts';
import { singleDeviceMaker } from './single-device.ts';
import { rewritesTags, rewriteTags, stacksTags, tagSteps } from './tag-rewrite.ts';
import { NO_DEVICE, TagStack } from './tag-stack.ts';

export const SUB_ROLE = 'sub';

/** VPP refuses these for a sub-interface of one tag, and no other can be configured. */
const OFF_TWO: ReadonlySet<Rewrite> = new Set([Rewrite.POP2, Rewrite.TRANSLATE21, Rewrite.TRANSLATE22]);
function rewriteProblem(value: Interface): string | undefined {
  const { tagRwOption: rewrite } = subOf(value);
  if (OFF_TWO.has(rewrite))
    return `kernel: ${Rewrite[rewrite]} takes two tags off, and a sub-interface has one (VPP refuses this, too)`;
  if (stacksTags(value) && value.vrf !== 0)
    return `kernel: an interface with ${Rewrite[rewrite]} is in layer 2 and cannot be in VRF ${value.vrf}; leave vrf out`;
  return undefined;
}

export function subInterfaceMaker(engine: KernelEngine): DeviceMaker {
  const single = vlanMaker(engine);
  const stack = new TagStack(engine);
  return {
    ...single,
    async create(context, value) {
      const made = await single.create(context, value);
      if (!stacksTags(value)) return made;
      try {
        return withPort(made, await stack.make(value, made.ifindex));
      } catch (error) {
        await stack.remove(value.name);
        await single.remove(context, value, made);
        throw error;
      }
    },
    recreate: (from, to) => stacksTags(from) !== stacksTags(to) || single.recreate!(from, to),
    async change(context, from, to, metadata) {
      if (stacksTags(to)) await stack.rewrite(to);
      return single.change!(context, from, to, metadata);
    },
    async remove(context, value, metadata) {
      if (metadata.broken || metadata.frames) await stack.remove(value.name);
      if (metadata.ifindex !== NO_DEVICE) await single.remove(context, value, metadata);
    },
    async read(found) {
      const { dump, link, wanted } = found;
      const item = await single.read(found);
      const stacked = wanted.link.case !== undefined && stacksTags(wanted);
      if (!stacked) return (await stack.isThere(dump, wanted.name)) ? undefined : item;
      const port = await stack.read(dump, link, wanted);
      if (!item || !port) return undefined;
      const metadata = withPort(item.metadata, port);
      if (await stack.rewrites(dump, wanted)) return { ...item, metadata };
      return { value: { ...item.value, link: somethingElse(wanted) }, metadata };
    },
    strays: (links) => Promise.resolve(stack.strays(links, SUB_ROLE)),
  };
}

function withPort(device: KernelInterface, port: KernelDevice): KernelInterface {
  return { ...device, port, frames: port };
}

function vlanMaker(engine: KernelEngine): DeviceMaker {
  const rtnl = engine.driver.rtnl(engine.driver.vswitch);
  return singleDeviceMaker(engine, {
    type: Interface_Type.SUB_INTERFACE,
    role: SUB_ROLE,
    title: 'VLAN devices',
    module: '8021q',
    unsupported: rewriteProblem,
    shape(graph, value) {
      const { subId: id } = subOf(value);
      const link = parentOf(graph, value);
      return { kind: { type: 'vlan', id, protocol: 0x8100, looseBinding: true }, link };
    },
    recreate(from, to) {
      const [one, other] = [subOf(from), subOf(to)];
      return one.parentName !== other.parentName || one.subId !== other.subId;
    },
    hint({ code }, value) {
      if (code !== 'EEXIST') return undefined;
      const { subId, parentName } = subOf(value);
      return `VLAN ${subId} of ${parentName} belongs to another device: remove that one or choose another VLAN`;
    },
    complete: (_context, value, { index }) => rewriteTags(rtnl, index, tagSteps(value), 'ingress'),
    async parameters({ link, wanted }) {
      return (await rewritesTags(rtnl, link.index, tagSteps(wanted), 'ingress')) ? wanted.link : somethingElse(wanted);
    },
  });
}

/** Not expressible: something else is done to the tags than what is wanted. */
function somethingElse(wanted: Interface): Interface['link'] {
  const sub = subOf(wanted);
  const tagRwOption = sub.tagRwOption === Rewrite.POP1 ? Rewrite.DISABLED : Rewrite.POP1;
  return { case: 'sub', value: { ...sub, tagRwOption } };
}

function subOf({ link }: Interface) {
  if (link.case !== 'sub') throw new TypeError('no sub-interface');
  return link.value;
}

function parentOf(graph: GraphView, value: Interface): number {
  const { parentName } = subOf(value);
  const parent = graph.metadata<KernelInterface>(interfaceKey(parentName));
  if (!parent) throw new SchedulerError('failed', `interface ${parentName} has no device`);
  const wanted = graph.desired(interfaceKey(parentName)) as Interface | undefined;
  if (!wanted || hasFrames(wanted)) return parent.ifindex;
  const message = `kernel: ${parentName} carries IP packets, which have no VLAN tags; choose an interface with Ethernet frames`;
  throw new SchedulerError('unimplemented', message, { retriable: false });
}

function hasFrames({ type, link }: Interface): boolean {
  if (type === Interface_Type.IPIP_TUNNEL || type === Interface_Type.WIREGUARD_TUNNEL) return false;
  if (link.case === 'vxlan') return link.value.gpe === undefined;
  return link.case !== 'gre' || link.value.tunnelType !== GreLink_Type.L3;
}
