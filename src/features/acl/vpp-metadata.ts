/** What the VPP engine knows of an applied access list (`context.metadata<VppAcl>(aclKey(name))`). */

import { SchedulerError } from '../../scheduler/errors.ts';
import type { GraphView } from '../../scheduler/handler.ts';
import { aclKey } from './model.ts';

export interface VppAcl {
  /** VPP's number of the list; lists by IP header and by MAC address are numbered apart. */
  readonly index: number;
  readonly macip: boolean;
}

/** Throws SchedulerError `failed` when the list is not in VPP. */
export function vppAclOf(graph: GraphView, name: string): VppAcl {
  const known = graph.metadata<VppAcl>(aclKey(name));
  if (!known) throw new SchedulerError('failed', `ACL ${name} is not in VPP`);
  return known;
}
