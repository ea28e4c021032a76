/** VPP interfaces in VPP. */

import type { Handler } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { addressHandler } from './vpp/address.ts';
import { bondMemberHandler } from './vpp/bond-member.ts';
import { interfaceHandler } from './vpp/interface.ts';
import { dhcpClientHandler, watchLeases } from './vpp/dhcp-client.ts';
import { ip6ndHandler } from './vpp/ip6nd.ts';
import { receivingHandlers } from './vpp/receiving.ts';
import { unnumberedHandler } from './vpp/unnumbered.ts';
import { inheritedVrfHandler, vrfHandler } from './vpp/vrf.ts';
import { watchInterfaces } from './vpp/watch.ts';

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [
    interfaceHandler(engine),
    vrfHandler(engine),
    inheritedVrfHandler(engine),
    addressHandler(engine),
    unnumberedHandler(engine),
    bondMemberHandler(engine),
    dhcpClientHandler(engine),
    ip6ndHandler(engine),
    ...receivingHandlers(engine),
  ] as readonly Handler[];
}

export async function watch(engine: VppEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  await Promise.all([watchInterfaces(engine, scheduler, signal), watchLeases(engine, scheduler, signal)]);
}
