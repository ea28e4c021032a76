/** What the VPP engine knows of an applied interface (`context.metadata<VppInterface>(interfaceKey(name))`). */

import { SchedulerError } from '../../scheduler/errors.ts';
import type { GraphView } from '../../scheduler/handler.ts';
import { interfaceKey } from './model/keys.ts';

export interface VppInterface {
  /** VPP's number of the interface. Given to another one as soon as this one is deleted. */
  readonly swIfIndex: number;
  /** Found, but not whole: has to be made anew. */
  readonly broken?: true;
}

/** VPP's number of an applied interface. Throws SchedulerError `failed` when there is none. */
export function swIfIndexOf(graph: GraphView, name: string): number {
  const known = graph.metadata<VppInterface>(interfaceKey(name));
  if (!known) throw new SchedulerError('failed', `interface ${name} is not in VPP`);
  return known.swIfIndex;
}

/** In which VRFs an interface is (`vpp.interfaces.vrf`, `vpp.interfaces.inherited-vrf`). */
export interface VppInterfaceVrf {
  readonly swIfIndex: number;
  /** Table of each family that was set. */
  readonly ipv4?: number;
  readonly ipv6?: number;
}
