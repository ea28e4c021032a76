/** Rule chains in the Linux kernel. */

import type { Handler } from '../../scheduler/handler.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { ruleChainHandler } from './kernel/chain.ts';

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  return [ruleChainHandler(engine)] as readonly Handler[];
}
