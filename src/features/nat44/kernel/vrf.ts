/** Routes between VRFs for translated packets: `vpp.nat.nat44-vrf` and `vpp.nat.nat44-vrf-route`. */

import type { Nat44VrfRoute, Nat44VrfTable } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Handler } from '../../../scheduler/handler.ts';
import type { Value } from '../../../scheduler/kind.ts';

const reason = 'kernel: NAT44 between VRFs is not supported; addresses are translated in VRF 0';

export function vrfHandlers(): readonly Handler[] {
  return [
    refuse<Nat44VrfTable>('vpp.nat.nat44-vrf'),
    refuse<Nat44VrfRoute>('vpp.nat.nat44-vrf-route'),
  ] as readonly Handler[];
}

function refuse<V extends Value>(kind: string): Handler<V, undefined> {
  const never = () => Promise.reject(new Error(reason));
  return { kind, engine: 'kernel', unsupported: () => reason, create: never, remove: () => Promise.resolve() };
}
