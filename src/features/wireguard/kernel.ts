/** Peers of WireGuard tunnels in the Linux kernel. */

import type { Handler } from '../../scheduler/handler.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { peerHandler } from './kernel/peer.ts';

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  return [peerHandler(engine)] as readonly Handler[];
}
