/** Segment routing over IPv6 in VPP. Its messages have return values of their own, which are no errors of VPP's list. */

import type { Handler } from '../../scheduler/handler.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { globalHandler } from './vpp/global.ts';
import { localSidHandler } from './vpp/local-sid.ts';
import { policyHandler } from './vpp/policy.ts';
import { steeringHandler } from './vpp/steering.ts';

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [
    localSidHandler(engine),
    policyHandler(engine),
    steeringHandler(engine),
    globalHandler(engine),
  ] as readonly Handler[];
}
