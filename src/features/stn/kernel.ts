/** Steal the NIC in the Linux kernel: the card stays with the kernel, and so do the addresses of the host. */

import type { Handler } from '../../scheduler/handler.ts';
import { explainedHandler } from '../support.ts';
import { stnRule } from './model.ts';

export function kernelHandlers(): readonly Handler[] {
  const explanation =
    'the card was never taken from the kernel: packets to the address are delivered by the namespace that has it, or routed there; ' +
    'nothing is programmed';
  return [explainedHandler(stnRule.name, 'kernel', explanation)];
}
