/** What has to hold of an access control list. */

import { bitsOf, parseIp } from '../../../model/address.ts';
import type { Family } from '../../../model/address.ts';
import { ACL_Rule_Action as Action } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import type {
  ACL,
  ACL_Rule,
  ACL_Rule_IpRule,
  ACL_Rule_IpRule_Icmp_Range,
  ACL_Rule_IpRule_PortRange,
  ACL_Rule_IpRule_Tcp,
  ACL_Rule_MacIpRule,
} from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import type { Problem } from '../../../scheduler/kind.ts';
import {
  enumProblem,
  ipProblem,
  macProblem,
  nameProblem,
  prefixProblem,
  rangeProblem,
  report,
  reportDuplicates,
} from '../../check.ts';
import { ICMP, ICMPV6, TCP, UDP } from './rule.ts';

export function validateAcl({ name, rules, interfaces }: ACL): readonly Problem[] {
  const problems: Problem[] = [];
  report(problems, nameProblem(name), 'name');
  if (rules.length === 0) report(problems, 'is empty: at least one rule is required', 'rules');
  const macip = rules[0]?.macipRule !== undefined;
  for (let index = 0; index < rules.length; index++) reportRule(problems, rules[index]!, index, macip);
  if (interfaces === undefined) return problems;
  if (macip && interfaces.egress.length > 0) {
    report(problems, 'MACIP rules filter what comes in; only `ingress` is accepted', 'interfaces.egress');
  }
  reportInterfaces(problems, interfaces.ingress, 'interfaces.ingress');
  reportInterfaces(problems, interfaces.egress, 'interfaces.egress');
  return problems;
}

function reportInterfaces(problems: Problem[], names: readonly string[], field: string): void {
  for (let index = 0; index < names.length; index++) {
    report(problems, nameProblem(names[index]!, 'the name of an interface'), field, index);
  }
  reportDuplicates(problems, names, (name) => name, field);
}

function reportRule(problems: Problem[], rule: ACL_Rule, index: number, macip: boolean): void {
  const { action, ipRule, macipRule } = rule;
  report(problems, enumProblem(action, Action), 'rules', index, 'action');
  if (ipRule === undefined && macipRule === undefined) {
    return report(problems, 'has no conditions: `ip_rule` or `macip_rule` is required', 'rules', index);
  }
  if (ipRule !== undefined && macipRule !== undefined) {
    report(problems, 'has both `ip_rule` and `macip_rule`; one of them is accepted', 'rules', index);
  } else if (macip !== (macipRule !== undefined)) {
    const wanted = macip ? 'macip_rule' : 'ip_rule';
    report(problems, `is of another kind than the first rule; \`${wanted}\` is accepted`, 'rules', index);
  }
  if (ipRule !== undefined) reportIpRule(problems, ipRule, index);
  if (macipRule === undefined) return;
  if (action === Action.REFLECT) {
    report(problems, 'REFLECT is for `ip_rule`; PERMIT and DENY are accepted', 'rules', index, 'action');
  }
  reportMacIpRule(problems, macipRule, index);
}

function reportIpRule(problems: Problem[], { ip, icmp, tcp, udp }: ACL_Rule_IpRule, index: number): void {
  const family = reportNetworks(problems, ip, index);
  const given = [icmp && 'icmp', tcp && 'tcp', udp && 'udp'].filter((name) => name !== undefined);
  if (given.length > 1) {
    const problem = `${given.join(' and ')} exclude each other; one of icmp, tcp, udp is accepted`;
    report(problems, problem, 'rules', index, 'ip_rule');
  }
  if (icmp !== undefined) {
    const expected = icmp.icmpv6 ? 6 : 4;
    if (family !== undefined && family !== expected) {
      const problem = `${icmp.icmpv6} does not go with IPv${family} networks; ${!icmp.icmpv6} is accepted`;
      report(problems, problem, 'rules', index, 'ip_rule.icmp.icmpv6');
    }
    reportIcmpRange(problems, icmp.icmpCodeRange, index, 'ip_rule.icmp.icmp_code_range');
    reportIcmpRange(problems, icmp.icmpTypeRange, index, 'ip_rule.icmp.icmp_type_range');
  }
  if (tcp !== undefined) reportTcp(problems, tcp, index);
  if (udp !== undefined) {
    reportPorts(problems, udp.destinationPortRange, index, 'ip_rule.udp.destination_port_range');
    reportPorts(problems, udp.sourcePortRange, index, 'ip_rule.udp.source_port_range');
  }
  reportProtocol(problems, ip?.protocol ?? 0, { icmp, tcp, udp }, index);
}

function reportNetworks(problems: Problem[], ip: ACL_Rule_IpRule['ip'], index: number): Family | undefined {
  if (ip === undefined) return undefined;
  const { destinationNetwork: to, sourceNetwork: from } = ip;
  if (from !== '') report(problems, prefixProblem(from), 'rules', index, 'ip_rule.ip.source_network');
  if (to !== '') report(problems, prefixProblem(to), 'rules', index, 'ip_rule.ip.destination_network');
  const source = familyOf(from);
  const destination = familyOf(to);
  if (source !== undefined && destination !== undefined && source !== destination) {
    const problem = `${to} is IPv${destination}, the source is IPv${source}; both have to be of one family`;
    report(problems, problem, 'rules', index, 'ip_rule.ip.destination_network');
  }
  return destination ?? source;
}

function familyOf(network: string): Family | undefined {
  if (network === '') return undefined;
  return network.includes(':') ? 6 : 4;
}

type Layer4 = Pick<ACL_Rule_IpRule, 'icmp' | 'tcp' | 'udp'>;

function reportProtocol(problems: Problem[], protocol: number, { icmp, tcp, udp }: Layer4, index: number): void {
  const expected = icmp ? (icmp.icmpv6 ? ICMPV6 : ICMP) : tcp ? TCP : udp ? UDP : undefined;
  let problem = rangeProblem(protocol, 0, 255, 'IP protocol');
  if (problem === undefined && expected !== undefined && protocol !== 0 && protocol !== expected) {
    problem = `${protocol} is not the protocol of the conditions; ${expected} is, or 0`;
  }
  report(problems, problem, 'rules', index, 'ip_rule.ip.protocol');
}

function reportTcp(problems: Problem[], tcp: ACL_Rule_IpRule_Tcp, index: number): void {
  reportPorts(problems, tcp.destinationPortRange, index, 'ip_rule.tcp.destination_port_range');
  reportPorts(problems, tcp.sourcePortRange, index, 'ip_rule.tcp.source_port_range');
  const { tcpFlagsMask: mask, tcpFlagsValue: value } = tcp;
  report(problems, rangeProblem(mask, 0, 255, 'TCP flags'), 'rules', index, 'ip_rule.tcp.tcp_flags_mask');
  let problem = rangeProblem(value, 0, 255, 'TCP flags');
  if (problem === undefined && (value & ~mask) !== 0) {
    problem = `${value} has flags that tcp_flags_mask ${mask} leaves out, so no packet could match`;
  }
  report(problems, problem, 'rules', index, 'ip_rule.tcp.tcp_flags_value');
}

function reportPorts(
  problems: Problem[],
  range: ACL_Rule_IpRule_PortRange | undefined,
  index: number,
  field: string,
): void {
  if (range === undefined) return;
  const { lowerPort: lower, upperPort: upper } = range;
  const wrong = rangeProblem(lower, 0, 65535, 'port');
  if (wrong !== undefined) report(problems, wrong, 'rules', index, `${field}.lower_port`);
  const order = upper < lower ? `${upper} is before lower_port ${lower}` : undefined;
  const late = rangeProblem(upper, 0, 65535, 'port') ?? order;
  if (late !== undefined) report(problems, late, 'rules', index, `${field}.upper_port`);
}

function reportIcmpRange(
  problems: Problem[],
  range: ACL_Rule_IpRule_Icmp_Range | undefined,
  index: number,
  field: string,
): void {
  if (range === undefined) return;
  const { first, last } = range;
  const wrong = rangeProblem(first, 0, 255);
  if (wrong !== undefined) report(problems, wrong, 'rules', index, `${field}.first`);
  const late = rangeProblem(last, 0, 255) ?? (last < first ? `${last} is before first ${first}` : undefined);
  if (late !== undefined) report(problems, late, 'rules', index, `${field}.last`);
}

function reportMacIpRule(problems: Problem[], rule: ACL_Rule_MacIpRule, index: number): void {
  const { sourceAddress, sourceAddressPrefix: length, sourceMacAddress: mac, sourceMacAddressMask: mask } = rule;
  const anyAddress = { unspecified: true, multicast: true };
  report(problems, ipProblem(sourceAddress, anyAddress), 'rules', index, 'macip_rule.source_address');
  const bits = bitsOf(parseIp(sourceAddress)?.family ?? 6);
  report(problems, rangeProblem(length, 0, bits, 'bits'), 'rules', index, 'macip_rule.source_address_prefix');
  if (mac === '' && mask === '') return;
  report(problems, macProblem(mac, true), 'rules', index, 'macip_rule.source_mac_address');
  report(problems, macProblem(mask, true), 'rules', index, 'macip_rule.source_mac_address_mask');
}
