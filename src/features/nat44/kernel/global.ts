/** `vpp.nat.nat44-global` in the Linux kernel: the table with everything that mappings, pools and interfaces are put into. */

import { create } from '@bufbuild/protobuf';
import { Nat44GlobalSchema } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Nat44Global } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import { isKernelError } from '../../../kernel/errors.ts';
import { deleteTable, ensureNoTable } from '../../../kernel/nftables/index.ts';
import type { Difference } from '../../../kernel/nftables/index.ts';
import type { Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { NAT44_GLOBAL_KEY } from '../model/keys.ts';
import type { Nat } from './nat.ts';
import { allSets, natTable, ownChains, writeSkeleton } from './table.ts';

export function globalHandler(nat: Nat): Handler<Nat44Global, undefined> {
  return {
    kind: 'vpp.nat.nat44-global',
    engine: 'kernel',
    async create(_context, _key, value) {
      nat.chains.forget();
      nat.vrfs.endpointIndependent = value.endpointIndependent;
      await nat.nft.apply([...ensureNoTable(natTable), ...writeSkeleton(value)]);
      return undefined;
    },
    // Sessions of the other mode would hold ends that nobody knows of: all of NAT comes anew.
    recreate: (_key, from, to) => from.endpointIndependent !== to.endpointIndependent,
    async update(_context, _key, _from, value) {
      await nat.nft.apply(writeSkeleton(value));
      return undefined;
    },
    async remove() {
      nat.chains.forget();
      try {
        await nat.nft.apply([deleteTable(natTable)]);
      } catch (error) {
        if (!isKernelError(error, 'ENOENT')) throw error;
      }
    },
    retrieve: (context) => retrieve(nat, context),
  };
}

async function retrieve(
  nat: Nat,
  context: RetrieveContext<Nat44Global, undefined>,
): Promise<readonly Retrieved<Nat44Global, undefined>[]> {
  if (!(await nat.isThere(context.session))) return [];
  const expected = context.expected.get(NAT44_GLOBAL_KEY)?.value;
  const found = (value: Nat44Global) => [
    { key: NAT44_GLOBAL_KEY, value, metadata: undefined, origin: 'ours' as const },
  ];
  // Nobody wants it: whatever it was, its removal takes the table away.
  if (!expected) return found(create(Nat44GlobalSchema));
  nat.vrfs.endpointIndependent = expected.endpointIndependent;
  const differences = await nat.nft.compare({
    table: natTable,
    sets: allSets,
    chains: ownChains(expected).map((chain) => ({ ...chain })),
  });
  const damages = differences.filter(isDamage);
  if (damages.length === 0) return found(expected);
  if (damages.every(({ object, name }) => object === 'rule' && gateKeys.has(name))) {
    return found({ ...expected, forwarding: !expected.forwarding });
  }
  // Not a field of the model: names what is wrong and differs from every wish.
  return found({
    ...expected,
    table: damages.map(({ object, name, what }) => `${object} ${name} ${what}`),
  } as Nat44Global);
}

const gateKeys = new Set(
  ownChains({ forwarding: false, endpointIndependent: false }).flatMap(({ name, rules }) =>
    name === 'gate' ? rules.map(({ key }) => key) : [],
  ),
);

/** Chains of pools and of the balancer belong to others. */
function isDamage({ object, what }: Difference): boolean {
  return object !== 'element' && !(object === 'chain' && what === 'unexpected');
}
