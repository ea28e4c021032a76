/** NAT44 in VPP: its endpoint-dependent mode (plugin nat, module nat44_ed). */

import type { Handler } from '../../scheduler/handler.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { dnatHandler } from './vpp/dnat.ts';
import { globalHandler } from './vpp/global.ts';
import { interfaceHandlers } from './vpp/interface.ts';
import { poolHandlers } from './vpp/pool.ts';
import { vrfHandlers } from './vpp/vrf.ts';

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [
    globalHandler(engine),
    ...interfaceHandlers(engine),
    ...poolHandlers(engine),
    dnatHandler(engine),
    ...vrfHandlers(engine),
  ] as readonly Handler[];
}
