/** What the VPP engine knows of an applied bridge domain. */

import { SchedulerError } from '../../scheduler/errors.ts';
import type { GraphView } from '../../scheduler/handler.ts';
import { bridgeDomainKey } from './model.ts';

export interface VppBridgeDomain {
  /** VPP's number of the bridge domain. */
  readonly bdId: number;
}

/** VPP's number of an applied bridge domain. Throws SchedulerError `failed` when there is none. */
export function bdIdOf(graph: GraphView, name: string): number {
  const known = graph.metadata<VppBridgeDomain>(bridgeDomainKey(name));
  if (!known) throw new SchedulerError('failed', `bridge domain ${name} is not in VPP`);
  return known.bdId;
}
