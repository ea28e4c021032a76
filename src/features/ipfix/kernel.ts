/** Flow records in the Linux kernel: there are none. */

import type { Handler } from '../../scheduler/handler.ts';
import { unimplementedHandler } from '../support.ts';
import { flowProbeFeature, flowProbeParams, ipfix } from './model.ts';

export function kernelHandlers(): readonly Handler[] {
  const reason =
    'the kernel makes no flow records, and the exporters of the distribution (softflowd, pmacctd) can select neither what is recorded (L2, L3, ' +
    'L4) nor a direction, and take no source address or packet size; run one of them beside the agent';
  return [ipfix, flowProbeParams, flowProbeFeature].map(({ name }) => unimplementedHandler(name, 'kernel', reason));
}
