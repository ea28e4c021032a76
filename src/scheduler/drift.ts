/** Differences between what is believed to be applied and what the data plane holds. */

import { differingFields } from './difference.ts';
import type { Graph } from './graph.ts';
import { equivalent } from './replacement.ts';
import type { Reading } from './retrieval.ts';
import type { Drift } from './scheduler.ts';

/** Objects that are being worked on, or were since the reading began, are left out. */
export function* compare(
  graph: Graph,
  { registration, items, keys, began }: Reading,
): Generator<void, readonly Drift[]> {
  const drifts: Drift[] = [];
  const found = new Set<string>();
  let steps = 0;
  for (const { key, value, origin } of items) {
    if ((++steps & 63) === 0) yield;
    found.add(key);
    const node = graph.get(key);
    if (node !== undefined && (node.attempt !== undefined || node.uncertain || node.touched > began)) continue;
    const applied = node?.applied;
    if (applied === undefined) {
      if (origin === 'ours') drifts.push({ key, problem: 'unexpected', fields: [], applied: null, retrieved: value });
    } else if (!equivalent(registration, key, value, applied.value)) {
      drifts.push({
        key,
        problem: 'different',
        fields: differingFields(applied.value, value),
        applied: applied.value,
        retrieved: value,
      });
    }
  }
  for (const candidate of keys ?? graph.nodes.values()) {
    if ((++steps & 63) === 0) yield;
    const node = typeof candidate === 'string' ? graph.get(candidate) : candidate;
    if (node?.applied === undefined || node.registration !== registration || found.has(node.key)) continue;
    if (node.attempt !== undefined || node.uncertain || node.touched > began) continue;
    drifts.push({ key: node.key, problem: 'missing', fields: [], applied: node.applied.value, retrieved: null });
  }
  return drifts;
}
