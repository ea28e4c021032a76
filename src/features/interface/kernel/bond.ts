/** BOND_INTERFACE: a bond device. Its members are parts of it (`bond-member.ts`). */

import {
  BondLink_LoadBalance,
  BondLink_Mode,
  Interface_Type,
} from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Bond } from '../../../kernel/netlink/link-kind-model.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { DeviceMaker } from './maker.ts';
import { singleDeviceMaker } from './single-device.ts';

export const BOND_ROLE = 'bond';

const MODES: Readonly<Record<number, number>> = {
  [BondLink_Mode.ROUND_ROBIN]: 0,
  [BondLink_Mode.ACTIVE_BACKUP]: 1,
  [BondLink_Mode.XOR]: 2,
  [BondLink_Mode.BROADCAST]: 3,
  [BondLink_Mode.LACP]: 4,
};

const HASHES: Readonly<Record<number, number>> = {
  [BondLink_LoadBalance.L2]: 0,
  [BondLink_LoadBalance.L34]: 1,
  [BondLink_LoadBalance.L23]: 2,
};

/** How often the kernel looks whether members have a link, ms. 0, its default, would never notice. */
const LOOK_EVERY = 100;

export function bondMaker(engine: KernelEngine): DeviceMaker {
  return singleDeviceMaker(engine, {
    type: Interface_Type.BOND_INTERFACE,
    role: BOND_ROLE,
    title: 'bonding devices',
    module: 'bonding',
    unsupported(value) {
      const { mode, bondedInterfaces } = bondOf(value);
      if (mode !== BondLink_Mode.LACP) return undefined;
      for (const [field, pick] of [
        ['is_passive', 'isPassive'],
        ['is_long_timeout', 'isLongTimeout'],
      ] as const) {
        if (new Set(bondedInterfaces.map((member) => member[pick])).size > 1)
          return `kernel: all members of a bond have the same ${field}; set it for all or for none`;
      }
      return undefined;
    },
    shape: (_graph, value) => ({ kind: kindOf(value) }),
    // The kernel changes mode and LACP options only while the bond is down or empty.
    recreate(from, to) {
      const [one, other] = [kindOf(from), kindOf(to)];
      return one.mode !== other.mode || one.lacpRate !== other.lacpRate || one.lacpActive !== other.lacpActive;
    },
    changed: ({ kind }) => ({ type: 'bond', ...hashOf(kind as Bond) }),
  });
}

function hashOf({ hashPolicy }: Bond): Partial<Bond> {
  return hashPolicy === undefined ? {} : { hashPolicy };
}

function bondOf({ link }: Interface) {
  if (link.case !== 'bond') throw new TypeError('no bond');
  return link.value;
}

function kindOf(value: Interface): Bond {
  const { mode, lb, bondedInterfaces } = bondOf(value);
  const hashed = mode === BondLink_Mode.XOR || mode === BondLink_Mode.LACP;
  return {
    type: 'bond',
    mode: MODES[mode]!,
    miimon: LOOK_EVERY,
    ...(hashed && { hashPolicy: HASHES[lb]! }),
    ...(mode === BondLink_Mode.LACP && {
      lacpRate: bondedInterfaces.some(({ isLongTimeout }) => isLongTimeout) ? 0 : 1,
      ...lacpActivity(bondedInterfaces.some(({ isPassive }) => isPassive)),
    }),
  };
}

/** Active is the kernel's default, and older kernels know nothing else. */
function lacpActivity(passive: boolean): Partial<Bond> {
  return passive ? { lacpActive: false } : {};
}
