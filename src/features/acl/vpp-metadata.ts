/** What the VPP engine knows of an applied access list (`context.metadata<VppAcl>(aclKey(name))`). */

import { SchedulerError } from '../../scheduler/errors.ts';
import type { GraphView } from '../../scheduler/handler.ts';
import { vppDump } from '../vpp/dump.ts';
import { NO_INDEX } from '../vpp/engine.ts';
import type { VppEngine } from '../vpp/engine.ts';
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

/**
 * Names of the lists by IP header that have a tag, by VPP's number. A second list of one name is left of a creation whose outcome
 * nobody knew: no configuration has the name it goes by.
 */
export async function aclNames(
  engine: VppEngine,
  { session }: { readonly session: object },
): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>();
  const taken = new Set<string>();
  for (const { tag, acl_index } of await vppDump(engine, session).list('acl_dump', { acl_index: NO_INDEX })) {
    if (tag === '') continue;
    names.set(acl_index, taken.has(tag) ? `${tag}/ip/${acl_index}` : tag);
    taken.add(tag);
  }
  return names;
}
