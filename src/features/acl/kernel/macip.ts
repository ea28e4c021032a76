/**
 * MACIP lists in the Linux kernel: one base chain on the ingress of the interface. A rule looks at the source MAC address and
 * the source IP address; of ARP at the sender's in the packet, so that nobody announces an address that is not his. What no
 * rule permits is dropped; other protocols than ARP and IP pass.
 */

import { formatMac, formatPrefix } from '../../../model/address.ts';
import type { Key } from '../../../model/key.ts';
import { ACL_Rule_Action as Action } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import type { ACL, ACL_Rule_MacIpRule } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import { isKernelError } from '../../../kernel/errors.ts';
import {
  accept,
  addChain,
  addRule,
  addTable,
  arp,
  type Chain,
  deleteChain,
  drop,
  ether,
  type Field,
  flushChain,
  ip,
  ip6,
  meta,
  type Nftables,
  type Operation,
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
import { holds, SharedTable } from '../../kernel/shared-table.ts';

export const macipTable: Table = { family: 'netdev', name: tables.macip, comment: 'MACIP lists of the ligature agent' };

export class MacipBinding {
  readonly #table: SharedTable;

  constructor(nft: Nftables) {
    this.#table = new SharedTable(nft, macipTable, () => [addTable(macipTable)]);
  }

  async bind(graph: GraphView, value: AclInterface, device: Binding): Promise<Binding> {
    const chain = chainOf(device.device);
    await this.#table.apply([
      addChain(macipTable, chain),
      flushChain(macipTable, chain.name),
      ...this.#rules(graph, value).map((rule) => addRule(macipTable, chain.name, rule)),
    ]);
    return device;
  }

  async unbind({ device }: Binding): Promise<void> {
    const { name } = chainOf(device);
    try {
      await this.#table.nft.apply([flushChain(macipTable, name), deleteChain(macipTable, name)]);
    } catch (error) {
      if (!isKernelError(error, 'ENOENT')) throw error;
    }
  }

  /** New rules on every interface that the list is on, in one transaction. */
  async rewrite(graph: GraphView, list: ACL): Promise<void> {
    const operations: Operation[] = [];
    for (const name of list.interfaces?.ingress ?? []) {
      const bound = graph.metadata<Binding>(aclInterfaceKey(list.name, 'ingress', name));
      if (!bound) continue;
      const { name: chain } = chainOf(bound.device);
      operations.push(
        flushChain(macipTable, chain),
        ...rulesOf(list, name).map((rule) => addRule(macipTable, chain, rule)),
      );
    }
    if (operations.length > 0) await this.#table.apply(operations);
  }

  forget(): void {
    this.#table.forget();
  }

  async retrieve(context: RetrieveContext<AclInterface, Binding>): Promise<Retrieved<AclInterface, Binding>[]> {
    const chains = await this.#table.read(context.session);
    const retrieved: Retrieved<AclInterface, Binding>[] = [];
    const known = new Set<string>();
    for (const [key, { value }] of context.expected) {
      const device = context.metadata<KernelInterface>(interfaceKey(value.interface));
      if (!value.macip || !device) continue;
      const { name } = chainOf(device.name);
      known.add(name);
      const list = listOf(context, value);
      if (!list || !holds(chains, name, rulesOf(list, value.interface), macipTable.family)) continue;
      retrieved.push({ key, value, metadata: { device: device.name, ifindex: device.ifindex }, origin: 'ours' });
    }
    if (context.keys) return retrieved;
    for (const [chain, rules] of chains) {
      const left = known.has(chain) ? undefined : leftover(chain, rules[0]?.key);
      if (left) retrieved.push(left);
    }
    return retrieved;
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

function leftover(chain: string, key: string | undefined): Retrieved<AclInterface, Binding> | undefined {
  const [acl, name] = (key ?? '').split(' ').map(decodeURIComponent);
  if (!acl || !name) return undefined;
  const value: AclInterface = { acl, interface: name, direction: 'ingress', macip: true };
  const metadata = { device: chain.slice('in-'.length), ifindex: 0 };
  return { key: aclInterfaceKey(acl, 'ingress', name), value, metadata, origin: 'ours' };
}
