/** VPP interfaces in VPP. */

import type { Handler } from '../../scheduler/handler.ts';
import type { VppEngine } from '../vpp-engine.ts';
import { addressHandler } from './vpp/address.ts';
import { bondMemberHandler } from './vpp/bond-member.ts';
import { interfaceHandler } from './vpp/interface.ts';
import { handlersOfWhatIsNotHere } from './vpp/not-here.ts';
import { unnumberedHandler } from './vpp/unnumbered.ts';
import { inheritedVrfHandler, vrfHandler } from './vpp/vrf.ts';

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [
    interfaceHandler(engine),
    vrfHandler(engine),
    inheritedVrfHandler(engine),
    addressHandler(engine),
    unnumberedHandler(engine),
    bondMemberHandler(engine),
    ...handlersOfWhatIsNotHere(),
  ] as readonly Handler[];
}

export { watchInterfaces as watch } from './vpp/watch.ts';
