/** What the quick start proves, in order. */

import { accessLists } from './access-lists.ts';
import type { Check } from './check.ts';
import { lan } from './lan.ts';
import { lifecycle } from './lifecycle.ts';
import { shop } from './shop.ts';
import { vppLifecycle, vppRestart } from './vpp-lifecycle.ts';
import type { Theatre } from '../theatre.ts';

export function checksFor(theatre: Theatre): readonly Check[] {
  const own = theatre.node('node1').engine === 'vpp' ? vppLifecycle : lifecycle;
  const mixed = theatre.nodes.some(({ engine, isGuest }) => engine === 'vpp' && !isGuest) ? vppRestart : [];
  return [...lan, ...accessLists, ...shop, ...own, ...mixed];
}
