/** Chains of the Linux packet filter: `linux.iptables.rulechain`. One object is the whole content of one chain. */

import {
  RuleChain_ChainType as ChainType,
  RuleChain_Policy as Policy,
  RuleChain_Protocol as Protocol,
  RuleChain_Table as Table,
} from '../../model/gen/ligato/linux/iptables/iptables_pb.js';
import type { RuleChain } from '../../model/gen/ligato/linux/iptables/iptables_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Kind, Problem } from '../../scheduler/kind.ts';
import { enumProblem, nameProblem, quote, report, reportDuplicates } from '../check.ts';
import { equivalence, sameList, sameTextSet } from '../equality.ts';
import { linuxInterfaceDependency } from '../linux-interface/model.ts';
import { namespaceDependency, namespaceLabel, reportNamespace, sameNamespace } from '../namespace/model.ts';
import { ruleProblem, tokens } from './model/rule.ts';

export { tokens } from './model/rule.ts';

const PREFIX = 'config/linux/iptables/v2/rulechain/';

export const ruleChain: Kind<RuleChain> = {
  name: 'linux.iptables.rulechain',
  prefix: PREFIX,
  validate: (_key, value) => validate(value),
  equivalent: equivalence<RuleChain>({
    namespace: sameNamespace,
    interfaces: sameTextSet,
    rules: (left, right) => sameList(left, right, sameRule),
  }),
  dependencies(_key, { interfaces, namespace }) {
    const wanted = [...new Set(interfaces)].map(linuxInterfaceDependency);
    const microservice = namespaceDependency(namespace);
    return microservice === undefined ? wanted : [microservice, ...wanted];
  },
  claims: (_key, value) => {
    const family = value.protocol === Protocol.IPV6 ? 'IPv6' : 'IPv4';
    return [`${family} chain ${Table[value.table]} ${chainName(value)} in ${namespaceLabel(value.namespace)}`];
  },
};

/** The chain's name in the kernel. */
export function chainName({ chainType, chainName: custom }: RuleChain): string {
  return chainType === ChainType.CUSTOM ? custom : (ChainType[chainType] ?? '');
}

/** The order of tokens matters: `-s A -d B` is not `-s B -d A`. */
function sameRule(left: string, right: string): boolean {
  return left === right || sameList(tokens(left) ?? [left], tokens(right) ?? [right], Object.is);
}

/** The built-in chains that each table has. */
const CHAINS: { readonly [T in Table]: readonly ChainType[] } = {
  [Table.FILTER]: [ChainType.INPUT, ChainType.FORWARD, ChainType.OUTPUT],
  [Table.NAT]: [ChainType.PREROUTING, ChainType.INPUT, ChainType.OUTPUT, ChainType.POSTROUTING],
  [Table.MANGLE]: [ChainType.PREROUTING, ChainType.INPUT, ChainType.FORWARD, ChainType.OUTPUT, ChainType.POSTROUTING],
  [Table.RAW]: [ChainType.PREROUTING, ChainType.OUTPUT],
  [Table.SECURITY]: [ChainType.INPUT, ChainType.FORWARD, ChainType.OUTPUT],
};

function validate(value: RuleChain): readonly Problem[] {
  const { name, namespace, interfaces, protocol, table, chainType, rules } = value;
  const problems: Problem[] = [];
  report(problems, nameProblem(name), 'name');
  reportNamespace(problems, namespace);
  for (let index = 0; index < interfaces.length; index++) {
    report(problems, nameProblem(interfaces[index]!, 'the name of a Linux interface'), 'interfaces', index);
  }
  reportDuplicates(problems, interfaces, (text) => text, 'interfaces');
  report(problems, enumProblem(protocol, Protocol), 'protocol');
  report(problems, enumProblem(table, Table), 'table');
  report(problems, enumProblem(chainType, ChainType) ?? chainProblem(table, chainType), 'chain_type');
  if (chainType === ChainType.CUSTOM) report(problems, customNameProblem(value.chainName), 'chain_name');
  report(problems, policyProblem(value), 'default_policy');
  for (let index = 0; index < rules.length; index++) report(problems, ruleProblem(rules[index]!), 'rules', index);
  return problems;
}

function chainProblem(table: Table, chain: ChainType): string | undefined {
  const chains = CHAINS[table];
  if (chain === ChainType.CUSTOM || chains === undefined || chains.includes(chain)) return undefined;
  const accepted = [...chains, ChainType.CUSTOM].map((type) => ChainType[type]).join(', ');
  return `${ChainType[chain]} is no chain of table ${Table[table]}, which has ${accepted}`;
}

/** Names with a meaning of their own: built-in chains and targets. */
const RESERVED = new Set([...Object.keys(ChainType), 'ACCEPT', 'DROP', 'QUEUE', 'RETURN']);
/** XT_EXTENSION_MAXNAMELEN of the kernel, less the final zero. */
const LONGEST_CHAIN_NAME = 28;

function customNameProblem(name: string): string | undefined {
  const problem = nameProblem(name, 'the name of a custom chain', LONGEST_CHAIN_NAME);
  if (problem !== undefined) return problem;
  if (RESERVED.has(name)) return `${name} is the name of a built-in chain or target`;
  return /^[^\s\-!][^\s]*$/.test(name)
    ? undefined
    : `${quote(name)} is not the name of a chain: no blanks, no leading \`-\` or \`!\``;
}

function policyProblem({ defaultPolicy: policy, table, chainType }: RuleChain): string | undefined {
  const problem = enumProblem(policy, Policy);
  if (problem !== undefined || policy === Policy.NONE) return problem;
  if (table !== Table.FILTER || chainType === ChainType.CUSTOM) {
    return `${Policy[policy]} is not accepted: only built-in chains of table FILTER have a policy`;
  }
  if (policy === Policy.ACCEPT || policy === Policy.DROP) return undefined;
  return `${Policy[policy]} is not accepted: the kernel knows the policies ACCEPT and DROP`;
}

export function ruleChainKey(name: string): Key {
  return asKey(PREFIX + name);
}
