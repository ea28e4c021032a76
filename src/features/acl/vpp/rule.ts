/** From configured rules to rules of VPP's, and back. */

import { create } from '@bufbuild/protobuf';
import { formatMac, formatPrefix, parsePrefix } from '../../../model/address.ts';
import { ACL_Rule_Action as Action, ACL_RuleSchema } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import type { ACL_Rule } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import type { AclAction, AclRule, IpProto, MacipAclRule } from '../../../vpp/index.ts';
import { ICMP, ICMPV6, ipMatch, macIpMatch, TCP, UDP } from '../model.ts';
import type { IpMatch, Range } from '../model.ts';

const actions: Readonly<Record<Action, AclAction>> = {
  [Action.DENY]: 'ACL_ACTION_API_DENY',
  [Action.PERMIT]: 'ACL_ACTION_API_PERMIT',
  [Action.REFLECT]: 'ACL_ACTION_API_PERMIT_REFLECT',
};

/** Names that VPP gives to protocol numbers (IANA). */
const protocols = new Map<IpProto, number>([
  ['IP_API_PROTO_HOPOPT', 0],
  ['IP_API_PROTO_ICMP', ICMP],
  ['IP_API_PROTO_IGMP', 2],
  ['IP_API_PROTO_TCP', TCP],
  ['IP_API_PROTO_UDP', UDP],
  ['IP_API_PROTO_GRE', 47],
  ['IP_API_PROTO_ESP', 50],
  ['IP_API_PROTO_AH', 51],
  ['IP_API_PROTO_ICMP6', ICMPV6],
  ['IP_API_PROTO_EIGRP', 88],
  ['IP_API_PROTO_OSPF', 89],
  ['IP_API_PROTO_SCTP', 132],
  ['IP_API_PROTO_RESERVED', 255],
]);

const ANY_PORT: Range = { first: 0, last: 65_535 };
const ANY_ICMP: Range = { first: 0, last: 255 };
const anyNetwork = { 4: '0.0.0.0/0', 6: '::/0' } as const;

/** VPP's rules are of one family each: one of both families becomes two. */
export function aclRules(rules: readonly ACL_Rule[]): readonly AclRule[] {
  return rules.flatMap(({ action, ipRule }) => {
    if (ipRule === undefined) return [];
    const match = ipMatch(ipRule);
    const families = match.family === undefined ? ([4, 6] as const) : [match.family];
    return families.map((family) => aclRule(actions[action], match, family));
  });
}

/** Networks without host bits: VPP refuses others. */
function aclRule(is_permit: AclAction, match: IpMatch, family: 4 | 6): AclRule {
  const { source, destination, protocol = 0, tcpFlags } = match;
  const any = isIcmp(protocol) ? ANY_ICMP : ANY_PORT;
  const [first, second] = [
    match.icmpTypes ?? match.sourcePorts ?? any,
    match.icmpCodes ?? match.destinationPorts ?? any,
  ];
  return {
    is_permit,
    src_prefix: source === undefined ? anyNetwork[family] : formatPrefix(source),
    dst_prefix: destination === undefined ? anyNetwork[family] : formatPrefix(destination),
    proto: protocol,
    srcport_or_icmptype_first: first.first,
    srcport_or_icmptype_last: first.last,
    dstport_or_icmpcode_first: second.first,
    dstport_or_icmpcode_last: second.last,
    tcp_flags_mask: tcpFlags?.mask ?? 0,
    tcp_flags_value: tcpFlags?.value ?? 0,
  };
}

export function macipRules(rules: readonly ACL_Rule[]): readonly MacipAclRule[] {
  return rules.flatMap(({ action, macipRule }) => {
    if (macipRule === undefined) return [];
    const { source, mac, macMask } = macIpMatch(macipRule);
    return [
      {
        is_permit: actions[action],
        src_mac: formatMac(mac),
        src_mac_mask: formatMac(macMask),
        src_prefix: formatPrefix(source),
      },
    ];
  });
}

export function sameAclRules(left: readonly AclRule[], right: readonly AclRule[]): boolean {
  return left.length === right.length && left.every((rule, index) => aclRuleText(rule) === aclRuleText(right[index]!));
}

function aclRuleText(rule: AclRule): string {
  const ports = `${rule.srcport_or_icmptype_first}-${rule.srcport_or_icmptype_last} ${rule.dstport_or_icmpcode_first}-${rule.dstport_or_icmpcode_last}`;
  const flags = `${rule.tcp_flags_value}/${rule.tcp_flags_mask}`;
  return `${rule.is_permit} ${rule.src_prefix} ${rule.dst_prefix} ${numberOf(rule.proto)} ${ports} ${flags}`;
}

export function readAclRule(rule: AclRule): ACL_Rule {
  const protocol = numberOf(rule.proto);
  const source = { first: rule.srcport_or_icmptype_first, last: rule.srcport_or_icmptype_last };
  const destination = { first: rule.dstport_or_icmpcode_first, last: rule.dstport_or_icmpcode_last };
  const ports = { sourcePortRange: portRange(source), destinationPortRange: portRange(destination) };
  const flags = { tcpFlagsMask: rule.tcp_flags_mask, tcpFlagsValue: rule.tcp_flags_value };
  const icmp = { icmpv6: protocol === ICMPV6, icmpTypeRange: source, icmpCodeRange: destination };
  return create(ACL_RuleSchema, {
    action: actionOf(rule.is_permit),
    ipRule: {
      ip: { sourceNetwork: rule.src_prefix, destinationNetwork: rule.dst_prefix, protocol },
      ...(isIcmp(protocol) ? { icmp } : {}),
      ...(protocol === TCP ? { tcp: { ...ports, ...flags } } : {}),
      ...(protocol === UDP ? { udp: ports } : {}),
    },
  });
}

export function readMacipRule(rule: MacipAclRule): ACL_Rule {
  const { address, length } = splitPrefix(rule.src_prefix);
  return create(ACL_RuleSchema, {
    action: actionOf(rule.is_permit),
    macipRule: {
      sourceAddress: address,
      sourceAddressPrefix: length,
      sourceMacAddress: rule.src_mac,
      sourceMacAddressMask: rule.src_mac_mask,
    },
  });
}

function splitPrefix(text: string): { readonly address: string; readonly length: number } {
  return { address: text.slice(0, text.indexOf('/')), length: parsePrefix(text)?.length ?? 0 };
}

function portRange({ first, last }: Range) {
  return { lowerPort: first, upperPort: last };
}

function isIcmp(protocol: number): boolean {
  return protocol === ICMP || protocol === ICMPV6;
}

function numberOf(protocol: IpProto): number {
  return typeof protocol === 'number' ? protocol : (protocols.get(protocol) ?? 0);
}

function actionOf(action: AclAction): Action {
  if (action === actions[Action.REFLECT]) return Action.REFLECT;
  return action === actions[Action.PERMIT] ? Action.PERMIT : Action.DENY;
}
