/** Makes a failing case small: drops what is not needed for it to fail. */

import type { CaseConfig, Json } from './network.ts';
import { isReply, type Step } from './packets.ts';

export interface Case {
  readonly config: CaseConfig;
  readonly steps: readonly Step[];
}

/** `fails` is asked at most `tries` times. */
export async function shrink(
  from: Case,
  around: number | undefined,
  fails: (candidate: Case) => Promise<boolean>,
  tries = 60,
): Promise<Case> {
  let best = from;
  let left = tries;
  const attempt = async (candidate: Case): Promise<boolean> => {
    if (left === 0) return false;
    left -= 1;
    if (!(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  const needed = around === undefined ? new Set<number>() : chainOf(from.steps, around);
  if (!(await attempt({ ...best, steps: keep(from.steps, needed) }))) {
    for (let index = best.steps.length - 1; index >= 0 && left > 0; index--) {
      await attempt({ ...best, steps: without(best.steps, index) });
    }
  }
  for (let again = true; again && left > 0; ) {
    again = false;
    for (const smaller of reductions(best.config)) {
      if (await attempt({ ...best, config: smaller as CaseConfig })) {
        again = true;
        break;
      }
    }
  }
  return best;
}

/** A step and what it answers. */
function chainOf(steps: readonly Step[], index: number): Set<number> {
  const chain = new Set([index]);
  for (let at = steps[index]; at && isReply(at); at = steps[at.replyTo]) chain.add(at.replyTo);
  return chain;
}

function keep(steps: readonly Step[], wanted: ReadonlySet<number>): readonly Step[] {
  const kept = [...steps.keys()].filter((index) => wanted.has(index));
  const numbers = new Map(kept.map((index, position) => [index, position]));
  return kept.map((index) => {
    const step = steps[index]!;
    return isReply(step) ? { ...step, replyTo: numbers.get(step.replyTo)! } : step;
  });
}

/** Without a step and all that answers it. */
function without(steps: readonly Step[], gone: number): readonly Step[] {
  const wanted = new Set<number>();
  for (const [index, step] of steps.entries()) {
    if (index !== gone && (!isReply(step) || wanted.has(step.replyTo))) wanted.add(index);
  }
  return keep(steps, wanted);
}

/** The same with one thing less: large things first. */
function* reductions(value: Json): Generator<Json> {
  if (Array.isArray(value)) {
    const list = value as readonly Json[];
    for (const index of list.keys()) if (list.length > 1) yield list.toSpliced(index, 1);
    for (const [index, item] of list.entries()) for (const one of reductions(item)) yield list.with(index, one);
  } else if (typeof value === 'object') {
    const fields = Object.entries(value as { readonly [name: string]: Json });
    for (const [name] of fields) yield Object.fromEntries(fields.filter(([other]) => other !== name));
    for (const [name, item] of fields) for (const one of reductions(item)) yield { ...(value as object), [name]: one };
  }
}
