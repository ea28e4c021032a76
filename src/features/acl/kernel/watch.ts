/** Tells the scheduler when somebody else changed our tables, or a device took its chain with it. */

import type { ForeignChange } from '../../../kernel/nftables/index.ts';
import type { Key } from '../../../model/key.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';
import { aclKey, type AclInterface } from '../model.ts';
import type { Binding } from './device.ts';
import type { SpreadTables } from '../../kernel/spread-tables.ts';
import type { Metadata } from './acl.ts';
import { listOfChain } from './program.ts';

/** `tables` are those of one namespace. */
export function watchTables(tables: readonly SpreadTables[], scheduler: Scheduler, signal: AbortSignal): void {
  const stop = tables[0]?.nft.watch(
    ({ name }) => tables.some((some) => some.has(name)),
    (changes) => {
      for (const some of tables) some.forget();
      const keys =
        changes === undefined
          ? concerned(tables, scheduler)
          : changes.flatMap((change) => keysOf(tables, scheduler, change));
      const what = changes
        ?.map(({ object, name, what: how }) => `${object} ${name} ${how}`.replace('  ', ' '))
        .join(', ');
      if (keys.length > 0) scheduler.recheck([...new Set(keys)], what ?? 'nftables events were lost');
    },
  );
  if (stop) signal.addEventListener('abort', stop, { once: true });
}

/** Objects that a chain or rule belongs to; all of its table when the shared part was touched. Sessions come and go by themselves. */
function keysOf(tables: readonly SpreadTables[], scheduler: Scheduler, { object, name, table }: ForeignChange): Key[] {
  if (object === 'element') return [];
  const isShared = object === 'table' || object === 'set';
  const list = isShared ? undefined : listOfChain(name);
  if (list) return [aclKey(list.name)];
  const device = isShared ? undefined : /^(?:in|out)-(.+)$/.exec(name)?.[1];
  if (device === undefined) return concerned(tables, scheduler, (tableName) => tableName === table.name);
  return bindings(scheduler)
    .filter(({ metadata }) => metadata?.device === device)
    .map(({ key }) => key);
}

interface Bound {
  readonly key: Key;
  readonly value: AclInterface | undefined;
  readonly metadata: Binding | undefined;
}

function bindings(scheduler: Scheduler): Bound[] {
  return Array.from(
    scheduler.snapshot().nodes({ kind: 'vpp.acls.acl.interface' }),
    ({ key, applied, desired, metadata }) => ({
      key,
      value: (applied ?? desired) as AclInterface | undefined,
      metadata: metadata as Binding | undefined,
    }),
  );
}

/** Lists and bindings in the tables that `isMeant` says; all without it. */
function concerned(
  tables: readonly SpreadTables[],
  scheduler: Scheduler,
  isMeant: (tableName: string) => boolean = () => true,
): Key[] {
  const lists = Array.from(scheduler.snapshot().nodes({ kind: 'vpp.acls.acl' }))
    .filter(({ metadata }) => (metadata as Metadata | undefined)?.some(({ table }) => isMeant(table.table.name)))
    .map(({ key }) => key);
  const bound = bindings(scheduler)
    .filter(({ value }) => !value || tables.some((some) => isMeant(some.of(value.interface).table.name)))
    .map(({ key }) => key);
  return [...lists, ...bound];
}
