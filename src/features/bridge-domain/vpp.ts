/** Bridge domains in VPP. Ours carry their name in their tag. */

import type { Handler } from '../../scheduler/handler.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { arpEntryHandler } from './vpp/arp-entry.ts';
import { domainHandler } from './vpp/domain.ts';
import { portHandler } from './vpp/port.ts';

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [domainHandler(engine), portHandler(engine), arpEntryHandler(engine)] as readonly Handler[];
}
