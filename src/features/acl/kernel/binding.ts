/**
 * `vpp.acls.acl.interface` in the Linux kernel: the lists of an interface and direction are one base chain, always written as a
 * whole, in the order of the lists' names.
 */

import { addChain } from '../../../kernel/nftables/index.ts';
import type { Key } from '../../../model/key.ts';
import type { AggregateChange, GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelInterface } from '../../interface/kernel-metadata.ts';
import { interfaceKey } from '../../interface/model.ts';
import { type AclInterface, aclInterfaceKey } from '../model.ts';
import { type Binding, deviceOf } from './device.ts';
import type { MacipBinding } from './macip.ts';
import { interfaceChain, interfaceRules, rewriteChain } from './program.ts';
import { type Chains, holds } from '../../kernel/shared-table.ts';
import type { SpreadTable, SpreadTables } from '../../kernel/spread-tables.ts';

export function bindingHandler(tables: SpreadTables, macip: MacipBinding): Handler<AclInterface, Binding> {
  return {
    kind: 'vpp.acls.acl.interface',
    engine: 'kernel',
    aggregate: (_key, { interface: name, direction, macip: byMac }) => (byMac ? undefined : `${direction} ${name}`),
    reconcile: (context, change) => reconcile(tables, context, change),
    create: (context, key, value) => macip.bind(context, value, deviceOf(context, key, value)),
    remove: (_context, _key, value, metadata) => macip.unbind(value, metadata),
    retrieve: async (context) => [...(await retrieve(tables, context)), ...(await macip.retrieve(context))],
    retrieveAfter: ['vpp.interfaces', 'vpp.acls.acl'],
  };
}

async function reconcile(
  tables: SpreadTables,
  graph: GraphView,
  { before, after }: AggregateChange<AclInterface, Binding>,
): Promise<ReadonlyMap<Key, Binding | Error>> {
  const outcome = new Map<Key, Binding | Error>();
  const [first] = after;
  if (first === undefined) {
    for (const { value, metadata } of before.values()) {
      const { name } = interfaceChain(metadata.device, value.direction);
      await (metadata.table ?? tables.of(value.interface)).removeChain(name);
    }
    return outcome;
  }
  const [key, value] = first;
  const device = deviceOf(graph, key, value);
  const chain = interfaceChain(device.device, value.direction);
  const rules = interfaceRules(namesOf(after.values()), value.direction);
  const shared = tables.of(value.interface);
  shared.use([chain.name]);
  await shared.apply([addChain(shared.table, chain), ...rewriteChain(shared.table, chain.name, rules)]);
  for (const one of after.keys()) outcome.set(one, device);
  return outcome;
}

/** The order in which lists work is that of their names, whatever the order in which they came. */
function namesOf(values: Iterable<AclInterface>): string[] {
  return Array.from(values, ({ acl }) => acl).sort();
}

async function retrieve(
  tables: SpreadTables,
  context: RetrieveContext<AclInterface, Binding>,
): Promise<readonly Retrieved<AclInterface, Binding>[]> {
  const wanted = chainsWanted(tables, context);
  const found = await tables.read(context.session, context.keys && tablesOf(wanted.values(), context.keys));
  const retrieved: Retrieved<AclInterface, Binding>[] = [];
  const known = new Set<string>();
  for (const [place, members] of wanted) {
    known.add(place);
    // What was not read would count as gone.
    if (context.keys && !isAmong(members.members, context.keys)) continue;
    retrieved.push(...readChain(found.get(members.table), members));
  }
  if (context.keys) return retrieved;
  for (const [table, chains] of found) retrieved.push(...unwanted(table, chains, known, context));
  return retrieved;
}

interface Wanted {
  readonly table: SpreadTable;
  readonly chain: string;
  readonly device: Binding;
  readonly members: Map<Key, AclInterface>;
}

/** Those with the bindings in question. */
function tablesOf(wanted: Iterable<Wanted>, keys: ReadonlySet<Key>): ReadonlySet<SpreadTable> {
  const tables = new Set<SpreadTable>();
  for (const { table, members } of wanted) {
    if (isAmong(members, keys)) tables.add(table);
  }
  return tables;
}

function isAmong(members: ReadonlyMap<Key, unknown>, keys: ReadonlySet<Key>): boolean {
  for (const key of members.keys()) if (keys.has(key)) return true;
  return false;
}

function placeOf({ table }: SpreadTable, chain: string): string {
  return `${table.name} ${chain}`;
}

/** Expected bindings by the place they have to be in. Those of interfaces without a device are in none. */
function chainsWanted(
  tables: SpreadTables,
  context: RetrieveContext<AclInterface, Binding>,
): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  for (const [key, { value }] of context.expected) {
    const device = context.metadata<KernelInterface>(interfaceKey(value.interface));
    if (value.macip || !device) continue;
    const table = tables.of(value.interface);
    const chain = interfaceChain(device.name, value.direction).name;
    const place = placeOf(table, chain);
    const entry = wanted.get(place) ?? {
      table,
      chain,
      device: { device: device.name, ifindex: device.ifindex },
      members: new Map(),
    };
    wanted.set(place, entry);
    entry.members.set(key, value);
  }
  return wanted;
}

/** All bindings of a chain that is as it should be; of another only those whose jump is where it should be. */
function readChain(
  chains: Chains | undefined,
  { table, chain, device, members }: Wanted,
): Retrieved<AclInterface, Binding>[] {
  const [first] = members.values();
  if (first === undefined || !chains?.has(chain)) return [];
  const rules = interfaceRules(namesOf(members.values()), first.direction);
  const whole = holds(chains, chain, rules, table.table.family);
  const found = new Set(chains.get(chain)?.map((rule) => rule.key));
  const intact = whole || holdsFrame(chains, table, chain, first);
  return Array.from(members)
    .filter(([, { acl }]) => whole || (intact && found.has(`list ${acl}`)))
    .map(([key, value]) => ({ key, value, metadata: device, origin: 'ours' }));
}

/** Whether everything in the chain but the jumps to lists is right, and jumps are where they belong. */
function holdsFrame(chains: Chains, { table }: SpreadTable, chain: string, { direction }: AclInterface): boolean {
  const lists = (chains.get(chain) ?? []).flatMap(({ key }) =>
    key?.startsWith('list ') ? [key.slice('list '.length)] : [],
  );
  return holds(chains, chain, interfaceRules(lists, direction), table.family);
}

/** Chains of interfaces that nobody wants a list on: what is left of an earlier configuration. */
function unwanted(
  table: SpreadTable,
  chains: Chains,
  known: ReadonlySet<string>,
  context: RetrieveContext<AclInterface, Binding>,
): Retrieved<AclInterface, Binding>[] {
  const left: Retrieved<AclInterface, Binding>[] = [];
  for (const [chain, rules] of chains) {
    const [, prefix, device] = /^(in|out)-(.+)$/.exec(chain) ?? [];
    if (known.has(placeOf(table, chain)) || device === undefined) continue;
    const direction = prefix === 'in' ? 'ingress' : 'egress';
    for (const { key } of rules) {
      if (!key?.startsWith('list ')) continue;
      const acl = key.slice('list '.length);
      const binding = aclInterfaceKey(acl, direction, device);
      if (context.expected.has(binding)) continue;
      const value: AclInterface = { acl, interface: device, direction, macip: false };
      left.push({ key: binding, value, metadata: { device, ifindex: 0, table }, origin: 'ours' });
    }
  }
  return left;
}
