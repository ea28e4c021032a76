/** IPsec in VPP: associations, policies in databases, protection of tunnels. */

import type { Handler } from '../../scheduler/handler.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { associationHandler } from './vpp/association.ts';
import { databaseHandler, databaseInterfaceHandler } from './vpp/database.ts';
import { policyHandler } from './vpp/policy.ts';
import { protectionHandler } from './vpp/protection.ts';

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [
    associationHandler(engine),
    databaseHandler(engine),
    databaseInterfaceHandler(engine),
    policyHandler(engine),
    protectionHandler(engine),
  ] as readonly Handler[];
}
