/**
 * `vpp.interfaces.bond-member`: the device of the member belongs to the bond. The kernel takes a device only while it is down, gives it the MAC
 * address and the MTU of the bond, and gives both back when it leaves.
 */

import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { changeLink } from '../../../kernel/netlink/link.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { ownMark } from '../../kernel/device.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { KernelInterface } from '../kernel-metadata.ts';
import { bondMemberKey, interfaceKey } from '../model/keys.ts';
import type { BondMember } from '../model/parts.ts';
import { BOND_ROLE } from './bond.ts';
import { interfaceRoles } from './roles.ts';

export interface KernelBondMember {
  readonly ifindex: number;
  readonly bond: number;
}

export function bondMemberHandler(engine: KernelEngine): Handler<BondMember, KernelBondMember> {
  const rtnl = engine.driver.rtnl(engine.driver.vswitch);

  /** The kernel brings a device up that joins and takes one down that leaves; VPP leaves that to the interface. */
  async function setState(graph: GraphView, name: string, index: number): Promise<void> {
    const { enabled } = (graph.desired(interfaceKey(name)) as Interface | undefined) ?? { enabled: false };
    await rtnl.request(changeLink({ index }, { up: enabled }));
  }

  return {
    kind: 'vpp.interfaces.bond-member',
    engine: 'kernel',
    async create(context, key, value) {
      const bond = deviceOf(context, key, value.bond);
      const { ifindex } = deviceOf(context, key, value.interface);
      await rtnl.request(changeLink({ index: ifindex }, { up: false }));
      try {
        await rtnl.request(changeLink({ index: ifindex }, { master: bond.ifindex }));
      } finally {
        await setState(context, value.interface, ifindex);
      }
      return { ifindex, bond: bond.ifindex };
    },
    // What is said of LACP is said of the whole bond.
    update: (_context, _key, _from, _to, metadata) => Promise.resolve(metadata),
    async remove(context, _key, value, { ifindex }) {
      try {
        await rtnl.request(changeLink({ index: ifindex }, { master: 0 }));
        await setState(context, value.interface, ifindex);
      } catch (error) {
        if (!isKernelError(error, 'ENODEV')) throw error;
      }
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

function deviceOf(graph: GraphView, key: Key, name: string): KernelInterface {
  const device = graph.metadata<KernelInterface>(interfaceKey(name));
  if (!device) throw new SchedulerError('failed', `interface ${name} has no device`, { key });
  return device;
}

async function retrieve(
  engine: KernelEngine,
  context: RetrieveContext<BondMember, KernelBondMember>,
): Promise<readonly Retrieved<BondMember, KernelBondMember>[]> {
  const links = await engine.driver.dump(context.session, engine.driver.vswitch).linksByIndex();
  const retrieved: Retrieved<BondMember, KernelBondMember>[] = [];
  for (const link of links.values()) {
    const member = ownMark(engine, link);
    const master = link.master === undefined ? undefined : links.get(link.master);
    const bond = master && ownMark(engine, master);
    if (!member || !interfaceRoles.has(member.role) || bond?.role !== BOND_ROLE) continue;
    const key = bondMemberKey(bond.name, member.name);
    if (context.keys && !context.keys.has(key)) continue;
    const value = context.expected.get(key)?.value ?? {
      bond: bond.name,
      interface: member.name,
      isPassive: false,
      isLongTimeout: false,
    };
    retrieved.push({ key, value, metadata: { ifindex: link.index, bond: master!.index }, origin: 'ours' });
  }
  return retrieved;
}
