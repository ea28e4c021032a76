/** `vpp.acls.acl` in the Linux kernel: the chains of a list, one for each direction in which it is used. */

import { create } from '@bufbuild/protobuf';
import { ACLSchema } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import type { ACL } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import { isKernelError } from '../../../kernel/errors.ts';
import { addChain, deleteChain, flushChain, type Operation } from '../../../kernel/nftables/index.ts';
import type { Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { aclKey, type Direction, isMacip } from '../model.ts';
import type { MacipBinding } from './macip.ts';
import { aclTable, listChain, listOfChain, rewriteChain } from './program.ts';
import { listRules } from './rules.ts';
import { type Chains, holds, type SharedTable } from '../../kernel/shared-table.ts';

/** Nothing has to be remembered: chains are named after the list. */
type Metadata = undefined;

const directions = ['ingress', 'egress'] as const;

export function aclHandler(table: SharedTable, macip: MacipBinding): Handler<ACL, Metadata> {
  return {
    kind: 'vpp.acls.acl',
    engine: 'kernel',
    async create(_context, _key, value) {
      await table.apply(directionsOf(value).flatMap((direction) => writeList(value, direction)));
      return undefined;
    },
    recreate: (_key, from, to) => isMacip(from) !== isMacip(to),
    // One transaction: a packet meets either the old rules or the new ones, and sessions stay.
    async update(context, _key, from, to) {
      if (isMacip(to)) await macip.rewrite(context, to);
      const wanted = directionsOf(to);
      const gone = directionsOf(from).filter((direction) => !wanted.includes(direction));
      await table.apply(wanted.flatMap((direction) => writeList(to, direction)));
      await Promise.all(gone.map((direction) => removeChain(table, listChain(to.name, direction))));
      return undefined;
    },
    async remove(_context, _key, value) {
      await Promise.all(directions.map((direction) => removeChain(table, listChain(value.name, direction))));
    },
    retrieve: (context) => retrieve(table, context),
  };
}

/** MACIP lists live on the interfaces alone (macip.ts); a list that no interface uses needs no chain. */
function directionsOf(value: ACL): readonly Direction[] {
  if (isMacip(value)) return [];
  return directions.filter((direction) => (value.interfaces?.[direction] ?? []).length > 0);
}

function writeList(value: ACL, direction: Direction): Operation[] {
  const chain = listChain(value.name, direction);
  return [addChain(aclTable, { name: chain }), ...rewriteChain(chain, listRules(value, direction))];
}

/** A chain that is gone already is fine. */
export async function removeChain(table: SharedTable, chain: string): Promise<void> {
  try {
    await table.nft.apply([flushChain(aclTable, chain), deleteChain(aclTable, chain)]);
  } catch (error) {
    if (!isKernelError(error, 'ENOENT')) throw error;
  }
}

async function retrieve(
  table: SharedTable,
  context: RetrieveContext<ACL, Metadata>,
): Promise<readonly Retrieved<ACL, Metadata>[]> {
  const chains = await table.read(context.session);
  const retrieved: Retrieved<ACL, Metadata>[] = [];
  for (const [key, { value }] of context.expected) {
    if (context.keys && !context.keys.has(key)) continue;
    if (isWhole(chains, value)) retrieved.push({ key, value, metadata: undefined, origin: 'ours' });
    else if (isThere(chains, value))
      retrieved.push({ key, value: { ...value, rules: [] }, metadata: undefined, origin: 'ours' });
  }
  for (const name of listNames(chains)) {
    const key = aclKey(name);
    if (context.expected.has(key) || (context.keys && !context.keys.has(key))) continue;
    retrieved.push({ key, value: create(ACLSchema, { name }), metadata: undefined, origin: 'ours' });
  }
  return retrieved;
}

function isThere(chains: Chains, value: ACL): boolean {
  return directionsOf(value).some((direction) => chains.has(listChain(value.name, direction)));
}

function isWhole(chains: Chains, value: ACL): boolean {
  return directionsOf(value).every((direction) =>
    holds(chains, listChain(value.name, direction), listRules(value, direction), aclTable.family),
  );
}

function listNames(chains: Chains): ReadonlySet<string> {
  const lists = Array.from(chains.keys(), listOfChain).filter((list) => list !== undefined);
  return new Set(lists.map(({ name }) => name));
}
