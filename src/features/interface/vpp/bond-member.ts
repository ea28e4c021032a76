/** `vpp.interfaces.bond-member` in VPP. */

import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { vppDump } from '../../vpp/dump.ts';
import type { VppDump } from '../../vpp/dump.ts';
import { lacking } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { bondMemberKey, interfaceKey } from '../model/keys.ts';
import type { BondMember } from '../model/parts.ts';
import { swIfIndexOf } from '../vpp-metadata.ts';
import { keepingIpv6 } from './mac-change.ts';

const ADD = ['bond_add_member', 'bond_enslave'] as const;
const DETACH = ['bond_detach_member', 'bond_detach_slave'] as const;

/** Both, in VPP's numbers. */
export interface Membership {
  readonly bond: number;
  readonly member: number;
}

export function bondMemberHandler(engine: VppEngine): Handler<BondMember, Membership> {
  const { client } = engine;
  const turns = new Map<number, Promise<unknown>>();
  /** One member of a bond after the other: it is seen which of them changes the bond's MAC address. */
  const inTurn = (bond: number, work: () => Promise<unknown>): Promise<unknown> => {
    const turn = (turns.get(bond) ?? Promise.resolve()).then(work, work);
    turns.set(bond, turn);
    return turn;
  };
  return {
    kind: 'vpp.interfaces.bond-member',
    engine: 'vpp',
    unsupported: () => lacking(engine, ADD, DETACH),
    // VPP means to refuse sub-interfaces of members (-80), but 26.06 marks no member and makes them: they get no packets.
    async create(context, _key, { bond: bondName, interface: name, isPassive, isLongTimeout }) {
      const [bond, member] = [swIfIndexOf(context, bondName), swIfIndexOf(context, name)];
      const options = { is_passive: isPassive, is_long_timeout: isLongTimeout };
      const fields = { sw_if_index: member, bond_sw_if_index: bond, ...options };
      const add = () => client.request(client.pick(...ADD), fields, { signal: context.signal });
      // A bond without a MAC address of its own takes that of its first member.
      const hasOwn = (context.applied(interfaceKey(bondName)) as Interface | undefined)?.physAddress !== '';
      await inTurn(bond, () => (hasOwn ? add() : keepingIpv6(engine, context, bond, add)));
      return { bond, member };
    },
    async remove({ signal }, _key, _value, { member }) {
      // It is none any more, or went with the bond.
      await removed(client.request(client.pick(...DETACH), { sw_if_index: member }, { signal }), 'INVALID_INTERFACE');
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<BondMember, Membership>,
): Promise<readonly Retrieved<BondMember, Membership>[]> {
  const dump = vppDump(engine, context.session);
  const interfaces = await dump.interfaces();
  const retrieved: Retrieved<BondMember, Membership>[] = [];
  for (const { bond, member, isPassive, isLongTimeout } of await membersOf(dump)) {
    const bondName = interfaces.at(bond)?.tag ?? '';
    if (bondName === '') continue;
    const value = { bond: bondName, interface: interfaces.nameOf(member), isPassive, isLongTimeout };
    const key = bondMemberKey(bondName, value.interface);
    if (context.keys && !context.keys.has(key)) continue;
    retrieved.push({ key, value, metadata: { bond, member }, origin: 'ours' });
  }
  return retrieved;
}

/** Members of all bonds. */
export async function membersOf(
  dump: VppDump,
): Promise<readonly (Membership & Pick<BondMember, 'isPassive' | 'isLongTimeout'>)[]> {
  const interfaces = await dump.interfaces();
  const bonds = [...interfaces.all()].filter(({ interface_dev_type }) => interface_dev_type === 'bond');
  const lists = bonds.map(async ({ sw_if_index: bond, type }) => {
    if (type === 'IF_API_TYPE_SUB') return [];
    const members = [
      ...(await dump.list('sw_member_interface_dump', { sw_if_index: bond })),
      ...(await dump.list('sw_interface_slave_dump', { sw_if_index: bond })),
    ];
    return members.map(({ sw_if_index, is_passive, is_long_timeout }) => ({
      bond,
      member: sw_if_index,
      isPassive: is_passive,
      isLongTimeout: is_long_timeout,
    }));
  });
  return (await Promise.all(lists)).flat();
}
