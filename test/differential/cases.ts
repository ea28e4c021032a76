/** Cases that are kept (`cases.yaml`): what was found once, with the outcome that is right, and what an engine does instead on purpose. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { CaseConfig } from './network.ts';
import type { Outcome } from './exchange.ts';
import type { Step } from './packets.ts';

export interface KeptCase {
  readonly name: string;
  readonly why: string;
  readonly config: CaseConfig;
  readonly steps: readonly Step[];
  readonly right: Outcome;
  /** What VPP does instead, and the name of the known difference (`differences.ts`). */
  readonly vpp?: { readonly difference: string; readonly outcome: Outcome };
}

export const casesFile = join(import.meta.dirname, 'cases.yaml');

export function keptCases(): readonly KeptCase[] {
  return load(readFileSync(casesFile, 'utf8')) as readonly KeptCase[];
}
