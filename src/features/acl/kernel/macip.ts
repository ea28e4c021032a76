/**
 * MACIP lists in the Linux kernel: one base chain on the ingress of the interface. A rule looks at the source MAC address and
 * the source IP address; of ARP at the sender's in the packet, so that nobody announces an address that is not his. What no
 * rule permits is dropped; other protocols than ARP and IP pass.
 */

import { formatMac, formatPrefix } from '../../../model/address.ts';
import type { Key } from '../../../model/key.ts';
import { ACL_Rule_Action as Action } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import type { ACL, ACL_Rule_MacIpRule } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import {
  accept,
  addChain,
  addTable,
  arp,
  type Chain,
  drop,
  ether,
  type Field,
  ip,
  ip6,
  meta,
  type Nftables,
  type Rule,
  type Statement,
  type Table,
} from '../../../kernel/nftables/index.ts';
import { stages, tables } from '../../../kernel/pipeline/index.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelInterface } from '../../interface/kernel-metadata.ts';
import { interfaceKey } from '../../interface/model.ts';
import { type AclInterface, aclInterfaceKey, aclKey, macIpMatch } from '../model.ts';
import type { Binding } from './device.ts';
import { holds } from '../../kernel/shared-table.ts';
import { type SpreadTable, SpreadTables } from '../../kernel/spread-tables.ts';
import { rewriteChain } from './program.ts';

const macipTables: Table = { family: 'netdev', name: tables.macip, comment: 'MACIP lists of the ligature agent' };

export class MacipBinding {
  readonly tables: SpreadTables;

  constructor(nft: Nftables) {
    this.tables = new SpreadTables(nft, macipTables, (table) => [addTable(table)]);
  }

  async bind(graph: GraphView, value: AclInterface, device: Binding): Promise<Binding> {
    const chain = chainOf(device.device);
    const shared = this.tables.of(value.interface);
    shared.use([chain.name]);
    await this.tables.apply([shared], () => [
      addChain(shared.table, chain),
      ...rewriteChain(shared.table, chain.name, this.#rules(graph, value)),
    ]);
    return device;
  }

  async unbind({ interface: name }: AclInterface, { device, table }: Binding): Promise<void> {
    await (table ?? this.tables.of(name)).removeChain(chainOf(device).name);
  }

  /** New rules on every interface that the list is on, in one transaction. */
  async rewrite(graph: GraphView, list: ACL): Promise<void> {
    const bound = (list.interfaces?.ingress ?? []).flatMap((name) => {
      const binding = graph.metadata<Binding>(aclInterfaceKey(list.name, 'ingress', name));
      return binding ? [{ name, chain: chainOf(binding.device).name, shared: this.tables.of(name) }] : [];
    });
    if (bound.length === 0) return;
    await this.tables.apply(new Set(bound.map(({ shared }) => shared)), () =>
      bound.flatMap(({ name, chain, shared }) => rewriteChain(shared.table, chain, rulesOf(list, name))),
    );
  }

  async retrieve(context: RetrieveContext<AclInterface, Binding>): Promise<Retrieved<AclInterface, Binding>[]> {
    const tables = await this.tables.read(context.session, this.#concerned(context));
    const retrieved: Retrieved<AclInterface, Binding>[] = [];
    const known = new Set<string>();
    for (const [key, { value }] of context.expected) {
      const device = context.metadata<KernelInterface>(interfaceKey(value.interface));
      if (!value.macip || !device || (context.keys && !context.keys.has(key))) continue;
      const { name } = chainOf(device.name);
      const table = this.tables.of(value.interface);
      known.add(`${table.table.name} ${name}`);
      const list = listOf(context, value);
      const chains = tables.get(table);
      if (!list || !chains || !holds(chains, name, rulesOf(list, value.interface), table.table.family)) continue;
      retrieved.push({ key, value, metadata: { device: device.name, ifindex: device.ifindex }, origin: 'ours' });
    }
    if (context.keys) return retrieved;
    for (const [table, chains] of tables) {
      for (const [chain, rules] of chains) {
        const left = known.has(`${table.table.name} ${chain}`) ? undefined : leftover(table, chain, rules[0]?.key);
        if (left) retrieved.push(left);
      }
    }
    return retrieved;
  }

  /** The tables of the bindings in question; undefined: all. */
  #concerned({ keys, expected }: RetrieveContext<AclInterface, Binding>): ReadonlySet<SpreadTable> | undefined {
    if (!keys) return undefined;
    const bindings = Array.from(keys, (key) => expected.get(key)?.value).filter((value) => value?.macip);
    return new Set(bindings.map((value) => this.tables.of(value!.interface)));
  }

  #rules(graph: GraphView, value: AclInterface): Rule[] {
    const list = listOf(graph, value);
    if (!list) throw new SchedulerError('failed', `ACL ${value.acl} is not applied`, { key: aclKey(value.acl) });
    return rulesOf(list, value.interface);
  }
}

function listOf(graph: GraphView, { acl }: AclInterface): ACL | undefined {
  const key: Key = aclKey(acl);
  return (graph.applied(key) ?? graph.desired(key)) as ACL | undefined;
}

function chainOf(device: string): Chain {
  const { hook, priority, type } = stages.macip;
  return { name: `in-${device}`, base: { type, hook, priority, devices: [device] } };
}

/** The first rule carries the name of list and interface, so that what nobody wants any more can be told and removed. */
function rulesOf({ name, rules }: ACL, interfaceName: string): Rule[] {
  const lists = rules.flatMap(({ action, macipRule }, index) =>
    macipRule === undefined
      ? []
      : matches(macipRule).map((statements, part) => rule(`rule ${index + 1}.${part + 1}`, statements, action)),
  );
  const others = [meta.protocol.ne('ip'), meta.protocol.ne('ip6'), meta.protocol.ne('arp'), accept];
  return [
    { key: `${encodeURIComponent(name)} ${encodeURIComponent(interfaceName)}`.slice(0, 127), statements: others },
    ...lists,
    { key: 'no rule permits', statements: [drop] },
  ];
}

function rule(key: string, statements: readonly Statement[], action: Action): Rule {
  return { key, statements: [...statements, action === Action.PERMIT ? accept : drop] };
}

/** IPv4 and its ARP, or IPv6. */
function matches(macip: ACL_Rule_MacIpRule): Statement[][] {
  const { source, mac, macMask } = macIpMatch(macip);
  const prefix = formatPrefix(source);
  const from = (field: Field): Statement[] =>
    macMask.some((byte) => byte !== 0) ? [field.masked(formatMac(macMask)).eq(formatMac(mac))] : [];
  if (source.address.family === 6) {
    return [[meta.protocol.eq('ip6'), ...from(ether.saddr), ip6.saddr.within(prefix)]];
  }
  return [
    [meta.protocol.eq('ip'), ...from(ether.saddr), ip.saddr.within(prefix)],
    [meta.protocol.eq('arp'), ...from(arp.etherSaddr), arp.ipSaddr.within(prefix)],
  ];
}

function leftover(
  table: SpreadTable,
  chain: string,
  key: string | undefined,
): Retrieved<AclInterface, Binding> | undefined {
  const [acl, name] = (key ?? '').split(' ').map(decodeURIComponent);
  if (!acl || !name) return undefined;
  const value: AclInterface = { acl, interface: name, direction: 'ingress', macip: true };
  const metadata = { device: chain.slice('in-'.length), ifindex: 0, table };
  return { key: aclInterfaceKey(acl, 'ingress', name), value, metadata, origin: 'ours' };
}
