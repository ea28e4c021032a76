/** BOND_INTERFACE: several Ethernet interfaces as one. Its members are parts of their own (`bond-member.ts`). */

import {
  BondLink_LoadBalance as Balance,
  BondLink_Mode as Mode,
  Interface_Type,
} from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { linkOf } from './maker.ts';
import type { InterfaceMaker } from './maker.ts';

const CREATE = ['bond_create2', 'bond_create'] as const;

const modes = {
  [Mode.UNKNOWN]: 'BOND_API_MODE_ROUND_ROBIN',
  [Mode.ROUND_ROBIN]: 'BOND_API_MODE_ROUND_ROBIN',
  [Mode.ACTIVE_BACKUP]: 'BOND_API_MODE_ACTIVE_BACKUP',
  [Mode.XOR]: 'BOND_API_MODE_XOR',
  [Mode.BROADCAST]: 'BOND_API_MODE_BROADCAST',
  [Mode.LACP]: 'BOND_API_MODE_LACP',
} as const;
const balances = {
  [Balance.L2]: 'BOND_API_LB_ALGO_L2',
  [Balance.L34]: 'BOND_API_LB_ALGO_L34',
  [Balance.L23]: 'BOND_API_LB_ALGO_L23',
  [Balance.RR]: 'BOND_API_LB_ALGO_RR',
  [Balance.BC]: 'BOND_API_LB_ALGO_BC',
  [Balance.AB]: 'BOND_API_LB_ALGO_AB',
} as const;

export function bondMaker(engine: VppEngine): InterfaceMaker {
  const { client } = engine;
  return {
    type: Interface_Type.BOND_INTERFACE,
    deviceTypes: ['bond'],
    // Given when it is made: else the bond would take that of its first member.
    macIsFixed: true,
    unsupported: () => lacking(engine, CREATE, ['bond_delete'], ['sw_bond_interface_dump', 'sw_interface_bond_dump']),
    async create({ signal }, value) {
      const { id, mode, lb } = linkOf(value, 'bond');
      const mac = value.physAddress === '' ? {} : { use_custom_mac: true, mac_address: value.physAddress };
      const fields = { id, mode: modes[mode], lb: balances[lb], ...mac };
      return (await client.request(client.pick(...CREATE), fields, { signal })).sw_if_index;
    },
    async remove({ signal }, _value, { swIfIndex }) {
      await client.request('bond_delete', { sw_if_index: swIfIndex }, { signal });
    },
    recreate(from, to) {
      const [before, after] = [linkOf(from, 'bond'), linkOf(to, 'bond')];
      return before.id !== after.id || before.mode !== after.mode || before.lb !== after.lb;
    },
    async read({ details, dump, wanted }) {
      const bonds = [
        ...(await dump.list('sw_bond_interface_dump', { sw_if_index: NO_INDEX })),
        ...(client.has('sw_bond_interface_dump') ? [] : await dump.list('sw_interface_bond_dump', {})),
      ];
      const bond = bonds.find(({ sw_if_index }) => sw_if_index === details.sw_if_index);
      if (!bond || wanted.link.case !== 'bond') return undefined;
      const { value } = wanted.link;
      const mode = modeOf(bond.mode);
      // Modes that hash nothing have an algorithm of VPP's own.
      const hashes = mode === Mode.XOR || mode === Mode.LACP;
      const lb = hashes && bond.lb !== balances[value.lb] ? balanceOf(bond.lb) : value.lb;
      return { case: 'bond', value: { ...value, id: bond.id, mode, lb } };
    },
  };
}

function modeOf(name: string | number): Mode {
  const known = [Mode.ROUND_ROBIN, Mode.ACTIVE_BACKUP, Mode.XOR, Mode.BROADCAST, Mode.LACP];
  return known.find((mode) => modes[mode] === name) ?? Mode.UNKNOWN;
}

function balanceOf(name: string | number): Balance {
  return [Balance.L2, Balance.L34, Balance.L23].find((balance) => balances[balance] === name) ?? Balance.RR;
}
