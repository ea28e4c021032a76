/**
 * `vpp.nat.nat44-vrf` and `vpp.nat.nat44-vrf-route` in the Linux kernel: the VRFs that translated packets of a VRF leave by, in this
 * order. Without them those that have an outside interface.
 */

import type { Nat44VrfRoute, Nat44VrfTable } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Handler } from '../../../scheduler/handler.ts';
import type { Value } from '../../../scheduler/kind.ts';
import type { Nat } from './nat.ts';
import { vrfProblem } from './vrf-marks.ts';

export function vrfHandlers(nat: Nat): readonly Handler[] {
  return [
    handler<Nat44VrfTable>(nat, 'vpp.nat.nat44-vrf', ({ srcVrfId, destVrfIds }) => ({
      source: srcVrfId,
      destinations: destVrfIds,
    })),
    handler<Nat44VrfRoute>(nat, 'vpp.nat.nat44-vrf-route', ({ srcVrfId, destVrfId }) => ({
      source: srcVrfId,
      destinations: [destVrfId],
    })),
  ] as readonly Handler[];
}

interface Way {
  readonly source: number;
  readonly destinations: readonly number[];
}

function handler<V extends Value>(nat: Nat, kind: string, read: (value: V) => Way): Handler<V, undefined> {
  const set = async (key: string, value: V): Promise<undefined> => {
    const { source, destinations } = read(value);
    await nat.vrfs.destinations(key, source, destinations);
    return undefined;
  };
  return {
    kind,
    engine: 'kernel',
    unsupported(_key, value) {
      const { source, destinations } = read(value);
      if (source === 0)
        return 'kernel: packets of VRF 0 leave by VRF 0: routes between VRFs (INTER_VRF) lead to others';
      return [source, ...destinations]
        .map((vrf) => vrfProblem(nat.engine, vrf))
        .find((problem) => problem !== undefined);
    },
    create: (_context, key, value) => set(key, value),
    update: (_context, key, _from, to) => set(key, to),
    async remove(_context, key, value) {
      await nat.vrfs.destinations(key, read(value).source, undefined);
    },
    // What the rules are is looked at with the interfaces that need them.
    async retrieve(context) {
      if (!(await nat.isThere(context.session))) return [];
      for (const [key, { value }] of context.expected) {
        const { source, destinations } = read(value);
        nat.vrfs.rememberDestinations(key, source, destinations);
      }
      return Array.from(context.expected)
        .filter(([key]) => !context.keys || context.keys.has(key))
        .map(([key, { value }]) => ({ key, value, metadata: undefined, origin: 'ours' as const }));
    },
  };
}
