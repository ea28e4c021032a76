/** What the quick start proves, in order. */

import { accessLists } from './access-lists.ts';
import type { Check } from './check.ts';
import { lan } from './lan.ts';
import { lifecycle } from './lifecycle.ts';
import { shop } from './shop.ts';

export const checks: readonly Check[] = [...lan, ...accessLists, ...shop, ...lifecycle];
