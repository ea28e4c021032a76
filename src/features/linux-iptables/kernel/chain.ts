/** `linux.iptables.rulechain` in the Linux kernel. The text of rules is iptables' own, so its programs read and write it. */

import { create } from '@bufbuild/protobuf';
import {
  RuleChain_ChainType as ChainType,
  RuleChain_Policy as Policy,
  RuleChain_Table as Table,
  RuleChainSchema,
} from '../../../model/gen/ligato/linux/iptables/iptables_pb.js';
import type {
  RuleChain,
  RuleChain_Protocol as Protocol,
} from '../../../model/gen/ligato/linux/iptables/iptables_pb.js';
import type { Namespace } from '../../../kernel/namespace/namespace.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { namespaceDeparturesOf } from '../../kernel/namespace-departure.ts';
import { namespaceFactsOf } from '../../kernel/namespace-facts.ts';
import { findNamespace, namespaceOf } from '../../kernel/namespace.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { KernelRuleChain } from '../kernel-metadata.ts';
import { chainName } from '../model.ts';
import { parseSaved, spelledRule } from './saved.ts';
import type { SavedChain } from './saved.ts';
import { PacketFilters } from './tables.ts';
import type { ChainChange } from './tables.ts';

type Item = Retrieved<RuleChain, KernelRuleChain>;

export function ruleChainHandler(engine: KernelEngine): Handler<RuleChain, KernelRuleChain> {
  const filters = new PacketFilters(engine.driver);

  async function make(graph: GraphView, value: RuleChain): Promise<KernelRuleChain> {
    const namespace = namespaceOf(engine, graph, value.namespace);
    await filters.change(namespace, value.protocol, contentOf(value));
    const saved = parseSaved(await filters.save(namespace, value.protocol)).get(placeOf(value));
    return { namespace, ...(saved ? { saved: saved.rules } : {}) };
  }

  return {
    kind: 'linux.iptables.rulechain',
    engine: 'kernel',
    unsupported(_key, { protocol }) {
      const lacking = PacketFilters.lacking(protocol);
      return lacking && `kernel: ${lacking}`;
    },
    dependencies: (_key, value) => namespaceFactsOf(engine).dependencies(value.namespace),
    create: (context, _key, value) => make(context, value),
    recreate: (_key, from, to) =>
      placeOf(from) !== placeOf(to) ||
      from.protocol !== to.protocol ||
      (from.defaultPolicy !== Policy.NONE && to.defaultPolicy === Policy.NONE) ||
      JSON.stringify(from.namespace ?? null) !== JSON.stringify(to.namespace ?? null),
    update: (context, _key, _from, to) => make(context, to),
    async remove(_context, _key, value, { namespace }) {
      // With its namespace it is gone.
      if (!engine.driver.namespaces.alive(namespace)) return;
      await filters.change(namespace, value.protocol, emptinessOf(value));
      namespaceDeparturesOf(engine).leave(value.namespace);
    },
    retrieve: (context) => retrieve(engine, filters, context),
    retrieveAfter: ['linux.microservice'],
  };
}

function tableOf({ table }: RuleChain): string {
  return (Table[table] ?? 'FILTER').toLowerCase();
}

function placeOf(value: RuleChain): string {
  return `${tableOf(value)} ${chainName(value)}`;
}

/** A custom chain is made, or emptied if it is there; a built-in one is emptied. */
function contentOf(value: RuleChain): ChainChange {
  const name = chainName(value);
  const isCustom = value.chainType === ChainType.CUSTOM;
  const policy = isCustom ? '-' : value.defaultPolicy === Policy.NONE ? undefined : Policy[value.defaultPolicy];
  return {
    table: tableOf(value),
    declarations: policy === undefined ? [] : [`:${name} ${policy} [0:0]`],
    flushes: [`-F ${name}`],
    rules: value.rules.map((rule) => `-A ${name} ${rule}`),
    removals: [],
  };
}

/** What is there when nobody wants anything: no custom chain; of a built-in one no rules, and the policy of a new namespace. */
function emptinessOf(value: RuleChain): ChainChange {
  const name = chainName(value);
  const isCustom = value.chainType === ChainType.CUSTOM;
  return {
    table: tableOf(value),
    // The declaration makes it again if somebody removed it: then there is nothing that could fail.
    declarations: isCustom
      ? [`:${name} - [0:0]`]
      : value.defaultPolicy === Policy.NONE
        ? []
        : [`:${name} ACCEPT [0:0]`],
    flushes: [`-F ${name}`],
    rules: [],
    removals: isCustom ? [`-X ${name}`] : [],
  };
}

async function retrieve(
  engine: KernelEngine,
  filters: PacketFilters,
  context: RetrieveContext<RuleChain, KernelRuleChain>,
): Promise<readonly Item[]> {
  const readings = new Map<string, Promise<ReadonlyMap<string, SavedChain>>>();
  const read = (namespace: Namespace, protocol: Protocol): Promise<ReadonlyMap<string, SavedChain>> => {
    const id = `${namespace.id} ${protocol}`;
    let reading = readings.get(id);
    if (!reading) readings.set(id, (reading = filters.save(namespace, protocol, context.signal).then(parseSaved)));
    return reading;
  };
  const items = await Promise.all(
    [...context.expected].map(async ([key, { value, metadata }]): Promise<Item | undefined> => {
      if (context.keys && !context.keys.has(key)) return undefined;
      const namespace = findNamespace(engine, context, value.namespace);
      if (!namespace || PacketFilters.lacking(value.protocol)) return undefined;
      const found = (await read(namespace, value.protocol)).get(placeOf(value));
      if (!found && (value.chainType === ChainType.CUSTOM || value.rules.length > 0)) return undefined;
      const chain = found ?? { policy: 'ACCEPT', rules: [] };
      const there = { namespace, saved: chain.rules };
      return { key, value: valueOf(value, chain, metadata?.saved), metadata: there, origin: 'ours' };
    }),
  );
  return items.filter((item) => item !== undefined);
}

/** The value with what differs: rules are compared in order. */
function valueOf(wanted: RuleChain, found: SavedChain, known: readonly string[] | undefined): RuleChain {
  const isSame = known
    ? sameLines(known, found.rules)
    : sameLines(wanted.rules.map(spelledRule), found.rules.map(spelledRule));
  const policy = wanted.defaultPolicy === Policy.NONE ? Policy.NONE : policyOf(found.policy);
  if (isSame && policy === wanted.defaultPolicy) return wanted;
  return create(RuleChainSchema, { ...wanted, rules: isSame ? wanted.rules : [...found.rules], defaultPolicy: policy });
}

function sameLines(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((line, index) => line === right[index]);
}

function policyOf(name: string): Policy {
  return name === 'DROP' ? Policy.DROP : name === 'ACCEPT' ? Policy.ACCEPT : Policy.NONE;
}
