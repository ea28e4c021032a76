/** Linux interfaces in the Linux kernel. */

import type { Handler } from '../../scheduler/handler.ts';
import type { KernelEngine } from '../kernel-engine.ts';
import { linuxAddressHandler } from './kernel/address.ts';
import { linuxInterfaceHandler } from './kernel/interface.ts';

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  return [linuxInterfaceHandler(engine), linuxAddressHandler(engine)] as readonly Handler[];
}
