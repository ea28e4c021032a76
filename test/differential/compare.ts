/** Where the outcomes of two engines differ, and which of that is known to be so, by name. */

import type { CaseConfig } from './network.ts';
import { knownDifferences } from './differences.ts';
import type { Engine } from './engines.ts';
import { type Outcome, Refused } from './exchange.ts';
import { normal } from './normal.ts';
import { isReply, type Step } from './packets.ts';

export interface Disagreement {
  /** Undefined: the configuration itself is taken by one engine only. */
  readonly step: number | undefined;
  readonly kernel: readonly string[];
  readonly vpp: readonly string[];
}

export interface Comparison {
  readonly disagreements: readonly Disagreement[];
  /** Names of known differences, once for each step. */
  readonly known: readonly string[];
  /** Packets that got through on both in the same way. */
  readonly passed: number;
  readonly refused: boolean;
}

export interface Engines {
  readonly kernel: Engine;
  readonly vpp: Engine;
}

/** Cause of a difference that nobody knew. */
const NEW = '';

export async function compare(engines: Engines, config: CaseConfig, steps: readonly Step[]): Promise<Comparison> {
  const [kernel, vpp] = await Promise.all([
    outcomeOf(engines.kernel, config, steps),
    outcomeOf(engines.vpp, config, steps),
  ]);
  if (kernel instanceof Refused || vpp instanceof Refused) {
    const text = (outcome: Outcome | Refused) => (outcome instanceof Refused ? [outcome.message] : []);
    const both = kernel instanceof Refused && vpp instanceof Refused;
    const disagreements = both ? [] : [{ step: undefined, kernel: text(kernel), vpp: text(vpp) }];
    return { disagreements, known: [], passed: 0, refused: true };
  }
  return { ...differing(config, steps, kernel, vpp), refused: false };
}

async function outcomeOf(engine: Engine, config: CaseConfig, steps: readonly Step[]): Promise<Outcome | Refused> {
  try {
    return normal(config, steps, await engine.run(config, steps));
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

function differing(config: CaseConfig, steps: readonly Step[], kernel: Outcome, vpp: Outcome) {
  const disagreements: Disagreement[] = [];
  const known: string[] = [];
  const causes = new Map<number, string>();
  let passed = 0;
  for (const [index, step] of steps.entries()) {
    const sides = { kernel: kernel[index]!, vpp: vpp[index]! };
    if (sides.kernel.join('\n') === sides.vpp.join('\n')) {
      if (sides.kernel.length > 0) passed += 1;
      continue;
    }
    // Who answers what only one engine delivered says no more than the call did.
    const cause = isReply(step) ? causes.get(step.replyTo) : undefined;
    const own = () => knownDifferences.find((one) => one.explains({ config, step, ...sides }))?.name;
    const name = cause ?? own() ?? NEW;
    causes.set(index, name);
    if (name !== NEW) known.push(name);
    else if (cause === undefined) disagreements.push({ step: index, ...sides });
  }
  return { disagreements, known, passed };
}
