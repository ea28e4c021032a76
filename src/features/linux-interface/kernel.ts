/** Linux interfaces in the Linux kernel. */

import type { Handler } from '../../scheduler/handler.ts';
import type { KernelEngine } from '../kernel-engine.ts';
import { linuxAddressHandler } from './kernel/address.ts';
import { linuxInterfaceHandler } from './kernel/interface.ts';
import { linuxVrfHandler } from './kernel/vrf.ts';

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  return [linuxInterfaceHandler(engine), linuxVrfHandler(engine), linuxAddressHandler(engine)] as readonly Handler[];
}

export { watchHost as watch } from './kernel/watch.ts';
