/** Records of flows in VPP: exporter 0, and the plugin `flowprobe`, whose parameters come before its interfaces. */

import type { Handler } from '../../scheduler/handler.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { exporterHandler } from './vpp/exporter.ts';
import { featureHandler } from './vpp/feature.ts';
import { paramsHandler } from './vpp/params.ts';

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [exporterHandler(engine), paramsHandler(engine), featureHandler(engine)] as readonly Handler[];
}
