/** Neighbour scanning in the Linux kernel: it does so by itself. */

import type { Handler } from '../../scheduler/handler.ts';
import { explainedHandler } from '../support.ts';
import { ipScanNeighbor } from './model.ts';

export function kernelHandlers(): readonly Handler[] {
  const explanation =
    'neighbours that are used are asked whether they are still there within 30 s on average, ones that are not used are forgotten ' +
    '(net.ipv4.neigh and net.ipv6.neigh: base_reachable_time_ms, gc_stale_time); mode, intervals and threshold change nothing';
  return [explainedHandler(ipScanNeighbor.name, 'kernel', explanation)];
}
