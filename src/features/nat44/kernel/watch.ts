/** Tells the scheduler when somebody else changed the NAT table. */

import type { ForeignChange } from '../../../kernel/nftables/index.ts';
import type { Key } from '../../../model/key.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';
import type { Nat } from './nat.ts';
import { poolChain, sets, twicePoolChain, natTable } from './table.ts';
import { ownRuleText } from './vrf-rules.ts';
import { vrfSets } from './vrf-sets.ts';
import { isVrfChain } from './vrf-table.ts';

const GLOBAL = 'vpp.nat.nat44-global';
const INTERFACES = ['vpp.nat.nat44-interface', 'vpp.nat.nat44-global.interface'];
const POOLS = ['vpp.nat.nat44-pool', 'vpp.nat.nat44-global.address'];
const MAPPINGS = ['vpp.nat.dnat44'];

const sides = new Set<string>([sets.inside.name, sets.outside.name, sets.output.name]);
const pools = new Set<string>([
  sets.pools.name,
  sets.twicePools.name,
  sets.poolShares.name,
  sets.twicePoolShares.name,
  vrfSets.shares.name,
  sets.mappedAddresses.name,
  poolChain,
  twicePoolChain,
]);

const inVrfs = new Set<string>(Object.values(vrfSets).map(({ name }) => name));

export function watchTable(nat: Nat, scheduler: Scheduler, signal: AbortSignal): void {
  const stop = nat.nft.watch(
    ({ family, name }) => family === natTable.family && name === natTable.name,
    (changes) => {
      nat.chains.forget();
      const kinds = new Set(changes === undefined ? everything : changes.flatMap(kindsOf));
      const keys = [...kinds].flatMap((kind) => keysOf(scheduler, kind));
      const what = changes?.map(({ object, name, what: how, by }) => `${object} ${name} ${how} by ${by}`).join(', ');
      if (keys.length > 0) scheduler.recheck(keys, what ?? 'nftables events were lost');
    },
  );
  const { driver } = nat.engine;
  const stopRules = driver.events.subscribe((event) => {
    if (event.type !== 'rule' || event.namespace.id !== driver.vswitch.id || ownRuleText(event.value) === undefined)
      return;
    const keys = [...INTERFACES, ...MAPPINGS].flatMap((kind) => keysOf(scheduler, kind));
    if (keys.length > 0) scheduler.recheck(keys, `a rule of a VRF was ${event.action}`);
  });
  signal.addEventListener(
    'abort',
    () => {
      stop();
      stopRules();
    },
    { once: true },
  );
}

const everything = [GLOBAL, ...INTERFACES, ...POOLS, ...MAPPINGS];

/** What the kernel puts in and takes out by itself. */
const passing = new Set<string>(
  [sets.affinity, sets.mapped, sets.mappedBack, sets.mappedClaims].map(({ name }) => name),
);

/** Kinds whose objects the change may concern. */
function kindsOf({ object, name }: ForeignChange): readonly string[] {
  if (passing.has(name) && object === 'element') return [];
  if (sides.has(name)) return INTERFACES;
  if (pools.has(name)) return POOLS;
  if (inVrfs.has(name) || isVrfChain(name)) return [...INTERFACES, ...MAPPINGS];
  if (object === 'element') return MAPPINGS;
  if (name.startsWith('balance-')) return MAPPINGS;
  return everything;
}

function keysOf(scheduler: Scheduler, kind: string): readonly Key[] {
  return Array.from(scheduler.snapshot().nodes({ kind }), ({ key }) => key);
}
