/** Neighbour scanning in VPP: its message went with release 20.01. */

import type { Handler } from '../../scheduler/handler.ts';
import { unimplementedHandler } from '../support.ts';
import { ipScanNeighbor } from './model.ts';

export function vppHandlers(): readonly Handler[] {
  const reason =
    'VPP has no message for it since release 20.01 (ip_scan_neighbor_enable_disable is gone): learned neighbours are kept until they ' +
    'are replaced, or asked and forgotten after an age that is one for all VPP (set ip neighbor-config)';
  return [unimplementedHandler(ipScanNeighbor.name, 'vpp', reason)];
}
