/** Punting in VPP: redirections of packets for the router, and sockets that packets are handed to. */

import type { Handler } from '../../scheduler/handler.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { redirectHandler } from './vpp/redirect.ts';
import { exceptionHandler, toHostHandler } from './vpp/socket.ts';

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [redirectHandler(engine), toHostHandler(engine), exceptionHandler(engine)] as readonly Handler[];
}
