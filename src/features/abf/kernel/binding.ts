/** `vpp.abfs.abf.interface` in the Linux kernel: the policies of an interface are one chain, always written as a whole. */

import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { addChain, addElements, deleteChain, deleteElements, flushChain } from '../../../kernel/nftables/index.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { AggregateChange, GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelInterface } from '../../interface/kernel-metadata.ts';
import { interfaceKey } from '../../interface/model.ts';
import { type Chains, holds, type SharedTable } from '../../kernel/shared-table.ts';
import { abfInterfaceKey } from '../model.ts';
import type { AbfInterface } from '../model.ts';
import * as program from './program.ts';

/** Name of the device whose chain it is in. */
export interface Binding {
  readonly device: string;
}

type Item = Retrieved<AbfInterface, Binding>;

export function bindingHandler(shared: SharedTable): Handler<AbfInterface, Binding> {
  return {
    kind: 'vpp.abfs.abf.interface',
    engine: 'kernel',
    aggregate: (_key, { interface: name }) => name,
    reconcile: (context, change) => reconcile(shared, context, change),
    create: inAggregate,
    update: inAggregate,
    remove: inAggregate,
    retrieve: (context) => retrieve(shared, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.abfs.abf'],
  };
}

/** Never called, as all have an aggregate. */
function inAggregate(): Promise<never> {
  return Promise.reject(new SchedulerError('usage', 'policies of an interface are made by reconcile'));
}

async function reconcile(
  shared: SharedTable,
  graph: GraphView,
  { before, after }: AggregateChange<AbfInterface, Binding>,
): Promise<ReadonlyMap<Key, Binding | Error>> {
  const outcome = new Map<Key, Binding | Error>();
  const [first] = after.values();
  const device = first && deviceOf(graph, first.interface);
  const old = new Set(Array.from(before.values(), ({ metadata }) => metadata?.device));
  for (const name of old) if (name !== undefined && name !== device) await unbind(shared, name);
  if (device === undefined) return outcome;
  const chain = program.interfaceChain(device);
  await shared.apply([
    addChain(program.abfTable, { name: chain }),
    ...program.rewriteChain(chain, program.interfaceRules([...after.values()])),
    addElements(program.abfTable, program.interfaces, [program.interfaceElement(device)]),
  ]);
  for (const key of after.keys()) outcome.set(key, { device });
  return outcome;
}

function deviceOf(graph: GraphView, name: string): string {
  const device = graph.metadata<KernelInterface>(interfaceKey(name));
  if (!device) throw new SchedulerError('failed', `interface ${name} has no device`);
  return device.name;
}

async function unbind({ nft }: SharedTable, device: string): Promise<void> {
  const { abfTable, interfaces, interfaceChain } = program;
  const chain = interfaceChain(device);
  for (const operations of [
    [deleteElements(abfTable, interfaces, [{ key: [device] }])],
    [flushChain(abfTable, chain), deleteChain(abfTable, chain)],
  ]) {
    await nft.apply(operations).catch((error: unknown) => {
      if (!isKernelError(error, 'ENOENT')) throw error;
    });
  }
}

async function retrieve(
  shared: SharedTable,
  context: RetrieveContext<AbfInterface, Binding>,
): Promise<readonly Item[]> {
  const chains = await shared.read(context.session);
  if (chains.size === 0) return [];
  const { abfTable, interfaces, steer, steerRules } = program;
  const isShared = holds(chains, steer.name, steerRules, abfTable.family);
  const elements = isShared ? await shared.nft.elements(abfTable, interfaces) : [];
  const bound = new Set(elements.map(({ key }) => String(key[0])));
  const items: Item[] = [];
  const known = new Set<string>();
  for (const [device, members] of expectedByDevice(context)) {
    const chain = program.interfaceChain(device);
    known.add(chain);
    if (!bound.has(device)) continue;
    const there = policiesThere(chains, chain);
    const isRight = holds(chains, chain, program.interfaceRules(there), abfTable.family);
    for (const [key, value] of members) {
      if (!there.some(({ abf, ipv6 }) => abf === value.abf && ipv6 === value.ipv6)) continue;
      const found = there.find(({ abf, priority }) => abf === value.abf && priority === value.priority);
      // In a chain with anything else in it, nothing is as it should be.
      const seen = isRight && found ? value : { ...value, priority: -1 };
      if (!context.keys || context.keys.has(key))
        items.push({ key, value: seen, metadata: { device }, origin: 'ours' });
    }
  }
  if (!context.keys) items.push(...strangers(chains, known, context));
  return items;
}

/** As the keys of its rules say. */
function policiesThere(chains: Chains, chain: string): readonly AbfInterface[] {
  return (chains.get(chain) ?? []).flatMap(({ key }) => {
    const policy = program.policyOfRule(key);
    return policy ? [{ ...policy, interface: '' }] : [];
  });
}

function expectedByDevice(
  context: RetrieveContext<AbfInterface, Binding>,
): ReadonlyMap<string, ReadonlyMap<Key, AbfInterface>> {
  const byDevice = new Map<string, Map<Key, AbfInterface>>();
  for (const [key, { value }] of context.expected) {
    const device = context.metadata<KernelInterface>(interfaceKey(value.interface))?.name;
    if (device === undefined) continue;
    const members = byDevice.get(device) ?? new Map<Key, AbfInterface>();
    byDevice.set(device, members.set(key, value));
  }
  return byDevice;
}

/** Chains of interfaces that nobody wants a policy on. */
function strangers(
  chains: Chains,
  known: ReadonlySet<string>,
  { expected }: RetrieveContext<AbfInterface, Binding>,
): readonly Item[] {
  const items: Item[] = [];
  for (const [chain, rules] of chains) {
    const device = program.deviceOfChain(chain);
    if (device === undefined || known.has(chain)) continue;
    for (const { key: rule } of rules) {
      const policy = program.policyOfRule(rule);
      const key = policy && abfInterfaceKey(policy.abf, device);
      if (!key || expected.has(key)) continue;
      items.push({ key, value: { ...policy, interface: device }, metadata: { device }, origin: 'ours' });
    }
  }
  return items;
}
