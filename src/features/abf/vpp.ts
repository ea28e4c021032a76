/** Forwarding by access list in VPP: its ABF plugin. */

import type { Handler } from '../../scheduler/handler.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { attachmentHandler } from './vpp/attachment.ts';
import { policyHandler } from './vpp/policy.ts';

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [policyHandler(engine), attachmentHandler(engine)] as readonly Handler[];
}
