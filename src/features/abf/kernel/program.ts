/**
 * The nftables table of forwarding by access list:
 *
 *   steer        base chain in prerouting: what a cross-connect takes is left alone, the rest goes to the chain of its interface
 *   on-DEVICE    the policies of an interface, in the order of their priorities
 *   policy-N     the rules of the policy's access list: what one permits is marked for the policy and asks no other
 *
 * The mark says which routing table the packet is looked up in.
 */

import type { Family } from '../../../model/address.ts';
import { ACL_Rule_Action as Action } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import type { ACL } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import {
  accept,
  addChain,
  addRule,
  addSet,
  addTable,
  flushChain,
  goBack,
  jump,
  meta,
  setMarkBits,
  types,
} from '../../../kernel/nftables/index.ts';
import type { Chain, Element, NftSet, Operation, Rule, Table } from '../../../kernel/nftables/index.ts';
import { markOf, marks, stages, tables } from '../../../kernel/pipeline/index.ts';
import { aclMatch } from '../../kernel/acl-match.ts';
import type { AbfInterface } from '../model.ts';

export const abfTable: Table = { family: 'inet', name: tables.abf, comment: 'ABF policies of the ligature agent' };

/** Device -> its chain. */
export const interfaces: NftSet = { name: 'interfaces', key: [types.ifname], data: 'verdict' };

const { hook, priority } = stages.abf;
export const steer: Chain = { name: 'steer', base: { type: 'filter', hook, priority } };
export const steerRules: readonly Rule[] = [
  { key: 'taken', statements: [meta.mark.masked(marks.abf.mask).ne(0), accept] },
  { key: 'interfaces', statements: [meta.iifname.verdictFrom(interfaces)] },
];

export function sharedOperations(): Operation[] {
  return [
    addTable(abfTable),
    addSet(abfTable, interfaces),
    addChain(abfTable, steer),
    ...rewriteChain(steer.name, steerRules),
  ];
}

/** The chain's rules become these, in one step with whatever else is in the transaction. */
export function rewriteChain(chain: string, rules: readonly Rule[]): Operation[] {
  return [flushChain(abfTable, chain), ...rules.map((rule) => addRule(abfTable, chain, rule))];
}

export function interfaceChain(device: string): string {
  return `on-${device}`;
}

export function deviceOfChain(chain: string): string | undefined {
  return chain.startsWith('on-') ? chain.slice('on-'.length) : undefined;
}

export function interfaceElement(device: string): Element {
  return { key: [device], data: { verdict: 'goto', chain: interfaceChain(device) } };
}

export function policyChain(index: number): string {
  return `policy-${index}`;
}

export function policyOfChain(chain: string): number | undefined {
  return chain.startsWith('policy-') ? Number(chain.slice('policy-'.length)) : undefined;
}

/** Policies in rising order of priority; of equal ones the smaller index first. */
export function interfaceRules(policies: readonly AbfInterface[]): readonly Rule[] {
  const sorted = policies.toSorted((left, right) => left.priority - right.priority || left.abf - right.abf);
  return sorted.map(({ abf, ipv6, priority: order }) => ({
    key: `policy ${abf} priority ${order} IPv${ipv6 ? 6 : 4}`,
    statements: [meta.protocol.eq(ipv6 ? 'ip6' : 'ip'), jump(policyChain(abf))],
  }));
}

/** A policy on an interface, from the key of its rule. */
export function policyOfRule(key: string | undefined): Omit<AbfInterface, 'interface'> | undefined {
  const [, abf, order, family] = /^policy (\d+) priority (\d+) IPv([46])$/.exec(key ?? '') ?? [];
  if (abf === undefined) return undefined;
  return { abf: Number(abf), priority: Number(order), ipv6: family === '6' };
}

/** REFLECT permits, too, as in VPP: no session is made. */
export function policyRules({ rules }: ACL, mark: number): readonly Rule[] {
  const take = [setMarkBits(markOf(marks.abf, mark), marks.abf.mask), accept];
  return rules.map((rule, index) => ({
    key: `rule ${index + 1}`,
    statements: [...aclMatch(rule), ...(rule.action === Action.DENY ? [goBack] : take)],
  }));
}

export function familiesOf(attached: readonly { readonly isIpv6: boolean }[]): readonly Family[] {
  const families: readonly Family[] = [4, 6];
  return families.filter((family) => attached.some(({ isIpv6 }) => isIpv6 === (family === 6)));
}
