import type { Node } from './node.ts';

/** Which value has what this one needs for itself, and what that is; undefined when there is none. */
export function describeConflict({ conflict, goal }: Node): string | undefined {
  if (conflict === undefined) return undefined;
  const taken = new Set([...(conflict.goal?.claims ?? []), ...(conflict.applied?.claims ?? [])]);
  const shared = goal?.claims.filter((claim) => taken.has(claim)) ?? [];
  const what =
    shared.length === 0 ? '' : `: only one can have ${shared.join(' and ')}; change or remove one of the two`;
  return `conflicts with ${conflict.key}${what}`;
}
