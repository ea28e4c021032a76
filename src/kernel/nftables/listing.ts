/** Reads tables, chains, rules, sets and elements out of the kernel. */

import { Attributes, type MessageView } from '../netlink/reader.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { dump } from './conversation.ts';
import { hookNumber } from './encode.ts';
import { ElementCodec, type ListedElement } from './element-codec.ts';
import { readCounter, type RawElement } from './element-reader.ts';
import { normalForm } from './normal-form.ts';
import type { BaseChain, Hook, NftSet, TableReference } from './objects.ts';
import type { ListedChain, ListedContent, ListedRule, ListedSet, ListedTable } from './port.ts';
import { definitionFrom } from './set-definition.ts';
import { attribute, families, inetHooks, message, netdevHooks, arpHooks, type Family } from './uapi.ts';

/** Length of `struct nfgenmsg` before the attributes. */
const generic = 4;

const familyNames = new Map(Object.entries(families).map(([name, number]) => [number as number, name as Family]));

function nameOfTable({ family, name }: TableReference): string {
  return `table ${family} ${name}`;
}

export async function listTables(namespace: Namespace): Promise<ListedTable[]> {
  const tables: ListedTable[] = [];
  await dump(namespace, {
    type: message.getTable,
    family: 0,
    operation: 'list tables',
    visit: (view) => {
      const family = familyNames.get(view.buffer[view.payload]!);
      if (family) tables.push(readTable(view, family));
    },
    restart: () => void (tables.length = 0),
  });
  return tables;
}

function readTable(view: MessageView, family: Family): ListedTable {
  const at = Attributes.of(view, generic);
  let name = '';
  let handle = 0n;
  let comment: string | undefined;
  while (at.next()) {
    if (at.type === attribute.table.name) name = at.string();
    else if (at.type === attribute.table.handle) handle = be64(at);
    else if (at.type === attribute.table.userdata) comment = readComment(at);
  }
  return { family, name, handle, comment };
}

function be64(at: Attributes): bigint {
  return at.buffer.readBigUInt64BE(at.at);
}

/** The text of a userdata TLV of type 0, which is the comment of tables, chains and rules alike. */
export function readComment(at: Attributes): string | undefined {
  const end = at.at + at.length;
  for (let offset = at.at; offset + 2 <= end; offset += 2 + at.buffer[offset + 1]!) {
    if (at.buffer[offset] === 0) return at.buffer.toString('utf8', offset + 2, offset + 1 + at.buffer[offset + 1]!);
  }
  return undefined;
}

export async function listChains(namespace: Namespace, table: TableReference): Promise<ListedChain[]> {
  const chains: ListedChain[] = [];
  await dump(namespace, {
    type: message.getChain,
    family: families[table.family],
    operation: `list chains of ${nameOfTable(table)}`,
    visit: (view) => {
      const chain = readChain(view, table);
      if (chain) chains.push(chain);
    },
    restart: () => void (chains.length = 0),
  });
  return chains;
}

function readChain(view: MessageView, table: TableReference): ListedChain | undefined {
  const at = Attributes.of(view, generic);
  let name = '';
  let handle = 0n;
  let comment: string | undefined;
  let type = '';
  let policy: 'accept' | 'drop' = 'accept';
  let hook: Omit<BaseChain, 'type' | 'policy'> | undefined;
  while (at.next()) {
    if (at.type === attribute.chain.table && at.string() !== table.name) return undefined;
    if (at.type === attribute.chain.name) name = at.string();
    else if (at.type === attribute.chain.handle) handle = be64(at);
    else if (at.type === attribute.chain.type) type = at.string();
    else if (at.type === attribute.chain.policy) policy = at.be32() === 0 ? 'drop' : 'accept';
    else if (at.type === attribute.chain.hook) hook = readHook(at.nested(), table.family);
    else if (at.type === attribute.chain.userdata) comment = readComment(at);
  }
  const base = hook && { ...hook, type: type as BaseChain['type'], policy };
  return { name, handle, base, comment };
}

function readHook(at: Attributes, family: Family): Omit<BaseChain, 'type' | 'policy'> {
  let hook: Hook = 'prerouting';
  let priority = 0;
  const devices: string[] = [];
  while (at.next()) {
    if (at.type === attribute.hook.number) hook = hookName(family, at.be32());
    else if (at.type === attribute.hook.priority) priority = at.be32() | 0;
    else if (at.type === attribute.hook.device && devices.length === 0) devices.push(at.string());
    else if (at.type === attribute.hook.devices) {
      devices.length = 0;
      for (const list = at.nested(); list.next(); ) devices.push(list.string());
    }
  }
  return devices.length === 0 ? { hook, priority } : { hook, priority, devices };
}

function hookName(family: Family, number: number): Hook {
  const names = Object.keys(family === 'netdev' ? netdevHooks : family === 'arp' ? arpHooks : inetHooks) as Hook[];
  return names.find((name) => hookNumber(family, name) === number) ?? 'prerouting';
}

export async function listRules(namespace: Namespace, table: TableReference, chain?: string): Promise<ListedRule[]> {
  const rules: ListedRule[] = [];
  await dump(namespace, {
    type: message.getRule,
    family: families[table.family],
    operation: `list rules of ${nameOfTable(table)}`,
    fill: (encoder) => {
      encoder.attributeString(attribute.rule.table, table.name);
      if (chain !== undefined) encoder.attributeString(attribute.rule.chain, chain);
    },
    visit: (view) => void rules.push(readRule(Attributes.of(view, generic))),
    restart: () => void (rules.length = 0),
  });
  return rules;
}

/** A rule of a dump or an event. */
export function readRule(at: Attributes): ListedRule & { readonly table: string } {
  let table = '';
  let chain = '';
  let handle = 0n;
  let key: string | undefined;
  let fingerprint = '';
  let counter: ListedRule['counter'];
  while (at.next()) {
    if (at.type === attribute.rule.table) table = at.string();
    else if (at.type === attribute.rule.chain) chain = at.string();
    else if (at.type === attribute.rule.handle) handle = be64(at);
    else if (at.type === attribute.rule.userdata) key = readComment(at);
    else if (at.type === attribute.rule.expressions) {
      fingerprint = normalForm(at.buffer, at.at, at.at + at.length);
      counter = firstCounter(at.nested());
    }
  }
  return { table, chain, handle, key, fingerprint, counter };
}

function firstCounter(list: Attributes): ListedRule['counter'] {
  while (list.next()) {
    const counter = readCounter(list.buffer, list.at, list.at + list.length);
    if (counter) return counter;
  }
  return undefined;
}

export async function listSets(namespace: Namespace, table: TableReference): Promise<ListedSet[]> {
  const sets: ListedSet[] = [];
  await dump(namespace, {
    type: message.getSet,
    family: families[table.family],
    operation: `list sets of ${nameOfTable(table)}`,
    fill: (encoder) => encoder.attributeString(attribute.set.table, table.name),
    visit: (view) => void sets.push(readSet(view)),
    restart: () => void (sets.length = 0),
  });
  return sets;
}

function readSet(view: MessageView): ListedSet {
  const at = Attributes.of(view, generic);
  let name = '';
  let handle = 0n;
  while (at.next()) {
    if (at.type === attribute.set.name) name = at.string();
    else if (at.type === attribute.set.handle) handle = be64(at);
  }
  return { name, handle, definition: definitionFrom(Attributes.of(view, generic)) };
}

export async function listElements(namespace: Namespace, table: TableReference, set: NftSet): Promise<ListedElement[]> {
  const codec = new ElementCodec(set);
  const raw: RawElement[] = [];
  const restart = (): void => void (raw.length = 0);
  await dumpElements(namespace, table, codec, { take: (element) => void raw.push(element), restart });
  return codec.join(raw);
}

/** Who gets elements as they come; `restart` says that those so far do not count. */
export interface ElementTaker {
  take(element: RawElement): void;
  restart(): void;
}

export function dumpElements(
  namespace: Namespace,
  table: TableReference,
  codec: ElementCodec,
  taker: ElementTaker,
): Promise<void> {
  const take = (element: RawElement): void => taker.take(element);
  return dump(namespace, {
    type: message.getElement,
    family: families[table.family],
    operation: `list elements of set ${codec.set.name} of ${nameOfTable(table)}`,
    fill: (encoder) => {
      encoder.attributeString(attribute.elementList.table, table.name);
      encoder.attributeString(attribute.elementList.set, codec.set.name);
    },
    visit: (view) => {
      for (const at = Attributes.of(view, generic); at.next(); ) {
        if (at.type === attribute.elementList.elements) codec.decode(at.buffer, at.at, at.at + at.length, take);
      }
    },
    restart: () => taker.restart(),
  });
}

/** A table's chains, rules and sets; undefined when there is no such table. */
export async function listContent(namespace: Namespace, reference: TableReference): Promise<ListedContent | undefined> {
  const tables = await listTables(namespace);
  const table = tables.find(({ family, name }) => family === reference.family && name === reference.name);
  if (!table) return undefined;
  const [chains, rules, sets] = await Promise.all([
    listChains(namespace, reference),
    listRules(namespace, reference),
    listSets(namespace, reference),
  ]);
  return { table, chains, rules, sets };
}
