/**
 * `vpp.acls.acl.interface` in the Linux kernel: the lists of an interface and direction are one base chain, always written as a
 * whole, in the order of the lists' names.
 */

import { isKernelError } from '../../../kernel/errors.ts';
import { addChain, type Chain, deleteChain, flushChain } from '../../../kernel/nftables/index.ts';
import type { Key } from '../../../model/key.ts';
import type { AggregateChange, GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelInterface } from '../../interface/kernel-metadata.ts';
import { interfaceKey } from '../../interface/model.ts';
import { type AclInterface, aclInterfaceKey } from '../model.ts';
import { type Binding, deviceOf } from './device.ts';
import type { MacipBinding } from './macip.ts';
import { aclTable, interfaceChain, interfaceRules, rewriteChain } from './program.ts';
import { type Chains, holds, type SharedTable } from '../../kernel/shared-table.ts';

export function bindingHandler(table: SharedTable, macip: MacipBinding): Handler<AclInterface, Binding> {
  return {
    kind: 'vpp.acls.acl.interface',
    engine: 'kernel',
    aggregate: (_key, { interface: name, direction, macip: byMac }) => (byMac ? undefined : `${direction} ${name}`),
    reconcile: (context, change) => reconcile(table, context, change),
    create: (context, key, value) => macip.bind(context, value, deviceOf(context, key, value)),
    remove: (_context, _key, _value, metadata) => macip.unbind(metadata),
    retrieve: async (context) => [...(await retrieve(table, context)), ...(await macip.retrieve(context))],
    retrieveAfter: ['vpp.interfaces', 'vpp.acls.acl'],
  };
}

async function reconcile(
  table: SharedTable,
  graph: GraphView,
  { before, after }: AggregateChange<AclInterface, Binding>,
): Promise<ReadonlyMap<Key, Binding | Error>> {
  const outcome = new Map<Key, Binding | Error>();
  const [first] = after;
  if (first === undefined) {
    for (const { value, metadata } of before.values())
      await removeChainOf(table, interfaceChain(metadata.device, value.direction));
    return outcome;
  }
  const [key, value] = first;
  const device = deviceOf(graph, key, value);
  const chain = interfaceChain(device.device, value.direction);
  const rules = interfaceRules(namesOf(after.values()), value.direction);
  await table.apply([addChain(aclTable, chain), ...rewriteChain(chain.name, rules)]);
  for (const one of after.keys()) outcome.set(one, device);
  return outcome;
}

/** The order in which lists work is that of their names, whatever the order in which they came. */
function namesOf(values: Iterable<AclInterface>): string[] {
  return Array.from(values, ({ acl }) => acl).sort();
}

/** The chain may have gone with its device. */
async function removeChainOf(table: SharedTable, { name }: Chain): Promise<void> {
  try {
    await table.nft.apply([flushChain(aclTable, name), deleteChain(aclTable, name)]);
  } catch (error) {
    if (!isKernelError(error, 'ENOENT')) throw error;
  }
}

async function retrieve(
  table: SharedTable,
  context: RetrieveContext<AclInterface, Binding>,
): Promise<readonly Retrieved<AclInterface, Binding>[]> {
  const chains = await table.read(context.session);
  const retrieved: Retrieved<AclInterface, Binding>[] = [];
  const known = new Set<string>();
  for (const members of chainsWanted(context).values()) {
    known.add(members.chain);
    retrieved.push(...readChain(chains, members));
  }
  if (!context.keys) retrieved.push(...unwanted(chains, known, context));
  return retrieved;
}

interface Wanted {
  readonly chain: string;
  readonly device: Binding;
  readonly members: Map<Key, AclInterface>;
}

/** Expected bindings by the chain they have to be in. Those of interfaces without a device are in none. */
function chainsWanted(context: RetrieveContext<AclInterface, Binding>): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  for (const [key, { value }] of context.expected) {
    const device = context.metadata<KernelInterface>(interfaceKey(value.interface));
    if (value.macip || !device) continue;
    const chain = interfaceChain(device.name, value.direction).name;
    const entry = wanted.get(chain) ?? {
      chain,
      device: { device: device.name, ifindex: device.ifindex },
      members: new Map(),
    };
    wanted.set(chain, entry);
    entry.members.set(key, value);
  }
  return wanted;
}

/** All bindings of a chain that is as it should be; of another only those whose jump is where it should be. */
function readChain(chains: Chains, { chain, device, members }: Wanted): Retrieved<AclInterface, Binding>[] {
  const [first] = members.values();
  if (first === undefined || !chains.has(chain)) return [];
  const rules = interfaceRules(namesOf(members.values()), first.direction);
  const whole = holds(chains, chain, rules, aclTable.family);
  const found = new Set(chains.get(chain)?.map((rule) => rule.key));
  const intact = whole || holdsFrame(chains, chain, first);
  return Array.from(members)
    .filter(([, { acl }]) => whole || (intact && found.has(`list ${acl}`)))
    .map(([key, value]) => ({ key, value, metadata: device, origin: 'ours' }));
}

/** Whether everything in the chain but the jumps to lists is right, and jumps are where they belong. */
function holdsFrame(chains: Chains, chain: string, { direction }: AclInterface): boolean {
  const lists = (chains.get(chain) ?? []).flatMap(({ key }) =>
    key?.startsWith('list ') ? [key.slice('list '.length)] : [],
  );
  return holds(chains, chain, interfaceRules(lists, direction), aclTable.family);
}

/** Chains of interfaces that nobody wants a list on: what is left of an earlier configuration. */
function unwanted(
  chains: Chains,
  known: ReadonlySet<string>,
  context: RetrieveContext<AclInterface, Binding>,
): Retrieved<AclInterface, Binding>[] {
  const left: Retrieved<AclInterface, Binding>[] = [];
  for (const [chain, rules] of chains) {
    const [, prefix, device] = /^(in|out)-(.+)$/.exec(chain) ?? [];
    if (known.has(chain) || device === undefined) continue;
    const direction = prefix === 'in' ? 'ingress' : 'egress';
    for (const { key } of rules) {
      if (!key?.startsWith('list ')) continue;
      const acl = key.slice('list '.length);
      const binding = aclInterfaceKey(acl, direction, device);
      if (context.expected.has(binding)) continue;
      const value: AclInterface = { acl, interface: device, direction, macip: false };
      left.push({ key: binding, value, metadata: { device, ifindex: 0 }, origin: 'ours' });
    }
  }
  return left;
}
