/** A difference between the engines that is meant to be, and what it explains. */

import type { CaseConfig } from './network.ts';
import type { Step } from './packets.ts';

export interface Compared {
  readonly config: CaseConfig;
  readonly step: Step;
  readonly kernel: readonly string[];
  readonly vpp: readonly string[];
}

export interface KnownDifference {
  readonly name: string;
  /** For users: what each engine does. */
  readonly text: string;
  explains(compared: Compared): boolean;
}
