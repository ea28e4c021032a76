/** Access lists in VPP: its ACL plugin. Lists carry their name in their tag. */

import type { Handler } from '../../scheduler/handler.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { aclHandler } from './vpp/acl.ts';
import { bindingHandler } from './vpp/binding.ts';

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [aclHandler(engine), bindingHandler(engine)] as readonly Handler[];
}
