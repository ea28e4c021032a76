/** `vpp.acls.acl` in the Linux kernel: the chains of a list, one for each direction in which it is used. */

import { create } from '@bufbuild/protobuf';
import { ACLSchema } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import type { ACL } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import { addChain, type Operation } from '../../../kernel/nftables/index.ts';
import type { Key } from '../../../model/key.ts';
import type { Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { type Chains, holds } from '../../kernel/shared-table.ts';
import type { SpreadTable, SpreadTables } from '../../kernel/spread-tables.ts';
import { aclKey, type Direction, isMacip } from '../model.ts';
import type { MacipBinding } from './macip.ts';
import { listChain, listOfChain, rewriteChain } from './program.ts';
import { listRules } from './rules.ts';

/** A chain of a list: one for each direction, in each table of an interface that the list is on. */
interface Place {
  readonly table: SpreadTable;
  readonly direction: Direction;
}

/** Where its chains are. */
export type Metadata = readonly Place[];

const directions = ['ingress', 'egress'] as const;

export function aclHandler(tables: SpreadTables, macip: MacipBinding): Handler<ACL, Metadata> {
  return {
    kind: 'vpp.acls.acl',
    engine: 'kernel',
    create: (_context, _key, value) => write(tables, value),
    recreate: (_key, from, to) => isMacip(from) !== isMacip(to),
    // One transaction: a packet meets either the old rules or the new ones, and sessions stay.
    async update(context, _key, _from, to, before) {
      if (isMacip(to)) await macip.rewrite(context, to);
      const places = await write(tables, to);
      await removeChains(
        to.name,
        before.filter((place) => !places.some((kept) => isSame(kept, place))),
      );
      return places;
    },
    remove: (_context, _key, { name }, places) => removeChains(name, places),
    retrieve: (context) => retrieve(tables, context),
  };
}

/** MACIP lists live on the interfaces alone (macip.ts); a list that no interface uses needs no chain. */
function placesOf(tables: SpreadTables, value: ACL): Place[] {
  if (isMacip(value)) return [];
  return directions.flatMap((direction) => {
    const used = new Set((value.interfaces?.[direction] ?? []).map((name) => tables.of(name)));
    return Array.from(used, (table) => ({ table, direction }));
  });
}

function isSame(left: Place, right: Place): boolean {
  return left.table === right.table && left.direction === right.direction;
}

async function write(tables: SpreadTables, value: ACL): Promise<Metadata> {
  const places = placesOf(tables, value);
  if (places.length === 0) return places;
  for (const { table, direction } of places) table.use([listChain(value.name, direction)]);
  await tables.apply(
    places.map(({ table }) => table),
    () => places.flatMap((place) => writeList(place, value)),
  );
  return places;
}

function writeList({ table: { table }, direction }: Place, value: ACL): Operation[] {
  const chain = listChain(value.name, direction);
  return [addChain(table, { name: chain }), ...rewriteChain(table, chain, listRules(value, direction))];
}

async function removeChains(name: string, places: Metadata): Promise<void> {
  await Promise.all(places.map(({ table, direction }) => table.removeChain(listChain(name, direction))));
}

async function retrieve(
  tables: SpreadTables,
  context: RetrieveContext<ACL, Metadata>,
): Promise<readonly Retrieved<ACL, Metadata>[]> {
  const found = await tables.read(context.session, tablesOf(tables, context));
  const there = placesByList(found);
  const retrieved: Retrieved<ACL, Metadata>[] = [];
  for (const [key, { value }] of context.expected) {
    if (context.keys && !context.keys.has(key)) continue;
    const metadata = there.get(value.name) ?? [];
    const wanted = placesOf(tables, value);
    const isWhole = wanted.length === metadata.length && wanted.every((place) => isIntact(found, place, value));
    if (isWhole) retrieved.push({ key, value, metadata, origin: 'ours' });
    else if (metadata.length > 0) retrieved.push({ key, value: { ...value, rules: [] }, metadata, origin: 'ours' });
  }
  for (const [name, metadata] of there) {
    const key: Key = aclKey(name);
    if (context.expected.has(key) || (context.keys && !context.keys.has(key))) continue;
    retrieved.push({ key, value: create(ACLSchema, { name }), metadata, origin: 'ours' });
  }
  return retrieved;
}

/** Those that the keys in question have something in; undefined: all. */
function tablesOf(
  tables: SpreadTables,
  { keys, expected }: RetrieveContext<ACL, Metadata>,
): ReadonlySet<SpreadTable> | undefined {
  if (!keys) return undefined;
  const concerned = new Set<SpreadTable>();
  for (const key of keys) {
    const known = expected.get(key);
    if (!known) return undefined;
    for (const { table } of [...placesOf(tables, known.value), ...(known.metadata ?? [])]) concerned.add(table);
  }
  return concerned;
}

function isIntact(found: ReadonlyMap<SpreadTable, Chains>, { table, direction }: Place, value: ACL): boolean {
  const chains = found.get(table);
  return (
    chains !== undefined &&
    holds(chains, listChain(value.name, direction), listRules(value, direction), table.table.family)
  );
}

/** Where which lists have chains, wanted or not. */
function placesByList(found: ReadonlyMap<SpreadTable, Chains>): ReadonlyMap<string, Metadata> {
  const places = new Map<string, Place[]>();
  for (const [table, chains] of found) {
    for (const chain of chains.keys()) {
      const list = listOfChain(chain);
      if (!list) continue;
      const known = places.get(list.name);
      if (known) known.push({ table, direction: list.direction });
      else places.set(list.name, [{ table, direction: list.direction }]);
    }
  }
  return places;
}
