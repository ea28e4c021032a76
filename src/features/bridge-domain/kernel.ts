/** Bridge domains in the Linux kernel. */

import type { Handler } from '../../scheduler/handler.ts';
import type { KernelEngine } from '../kernel-engine.ts';
import { arpEntryHandler } from './kernel/arp-entry.ts';
import { BridgeRules } from './kernel/bridge-rules.ts';
import { domainHandler } from './kernel/domain.ts';
import { portHandler } from './kernel/port.ts';

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  const rules = new BridgeRules(engine);
  return [
    domainHandler(engine, rules),
    portHandler(engine, rules),
    arpEntryHandler(engine, rules),
  ] as readonly Handler[];
}
