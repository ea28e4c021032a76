/** What the quick start proves, in order. */

import type { Theatre } from '../theatre.ts';
import { accessLists } from './access-lists.ts';
import { lan } from './lan.ts';
import { lifecycle } from './lifecycle.ts';
import { shop } from './shop.ts';

export interface Check {
  readonly name: string;
  /** Resolves with what was measured; rejects with what went wrong. */
  run(theatre: Theatre): Promise<string>;
}

export const checks: readonly Check[] = [...lan, ...accessLists, ...shop, ...lifecycle];
