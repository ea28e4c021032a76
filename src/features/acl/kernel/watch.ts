/** Tells the scheduler when somebody else changed our tables, or a device took its chain with it. */

import type { ForeignChange, Nftables } from '../../../kernel/nftables/index.ts';
import type { Key } from '../../../model/key.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';
import { aclKey } from '../model.ts';
import { aclTable, listOfChain } from './program.ts';
import { macipTable } from './macip.ts';

export function watchTables(nft: Nftables, scheduler: Scheduler, forget: () => void, signal: AbortSignal): void {
  const stop = nft.watch(
    ({ name }) => name === aclTable.name || name === macipTable.name,
    (changes) => {
      forget();
      const keys = changes === undefined ? all(scheduler) : changes.flatMap((change) => keysOf(scheduler, change));
      const what = changes
        ?.map(({ object, name, what: how }) => `${object} ${name} ${how}`.replace('  ', ' '))
        .join(', ');
      if (keys.length > 0) scheduler.recheck([...new Set(keys)], what ?? 'nftables events were lost');
    },
  );
  signal.addEventListener('abort', stop, { once: true });
}

/** Objects that a chain or rule belongs to; all when the shared part was touched. Sessions come and go by themselves. */
function keysOf(scheduler: Scheduler, { object, name }: ForeignChange): Key[] {
  if (object === 'element') return [];
  const list = object === 'table' || object === 'set' ? undefined : listOfChain(name);
  if (list) return [aclKey(list.name)];
  const device = /^(?:in|out)-(.+)$/.exec(name)?.[1];
  if (object === 'table' || object === 'set' || device === undefined) return all(scheduler);
  return bindings(scheduler)
    .filter(([, bound]) => bound === device)
    .map(([key]) => key);
}

function bindings(scheduler: Scheduler): [Key, string | undefined][] {
  return Array.from(scheduler.snapshot().nodes({ kind: 'vpp.acls.acl.interface' }), ({ key, metadata }) => [
    key,
    (metadata as { device?: string } | undefined)?.device,
  ]);
}

function all(scheduler: Scheduler): Key[] {
  const lists = Array.from(scheduler.snapshot().nodes({ kind: 'vpp.acls.acl' }), ({ key }) => key);
  return [...lists, ...bindings(scheduler).map(([key]) => key)];
}
