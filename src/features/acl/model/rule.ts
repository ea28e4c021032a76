/** What a rule means, whatever its spelling. */

import { formatIp, formatPrefix, networkOf, parseIp, parseMac, parsePrefix } from '../../../model/address.ts';
import type { Family, Prefix } from '../../../model/address.ts';
import type {
  ACL_Rule,
  ACL_Rule_IpRule,
  ACL_Rule_IpRule_Icmp_Range,
  ACL_Rule_IpRule_PortRange,
  ACL_Rule_MacIpRule,
} from '../../../model/gen/ligato/vpp/acl/acl_pb.js';

/** IP protocol numbers (IANA). */
export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const ICMPV6 = 58;

/** Numbers from first to last, both included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** The conditions of an `ip_rule`; what is undefined is not looked at. */
export interface IpMatch {
  /** Undefined: both families. */
  readonly family: Family | undefined;
  /** Host bits cleared. */
  readonly source: Prefix | undefined;
  readonly destination: Prefix | undefined;
  readonly protocol: number | undefined;
  readonly sourcePorts: Range | undefined;
  readonly destinationPorts: Range | undefined;
  readonly icmpTypes: Range | undefined;
  readonly icmpCodes: Range | undefined;
  readonly tcpFlags: { readonly mask: number; readonly value: number } | undefined;
}

/** The conditions of a `macip_rule`. */
export interface MacIpMatch {
  /** Host bits cleared; length 0 is any address of the family. */
  readonly source: Prefix;
  /** 6 bytes each; bits of `mac` outside `macMask` are cleared. An empty mask (all zero) is any MAC address. */
  readonly mac: Uint8Array;
  readonly macMask: Uint8Array;
}

/** The conditions of a right rule. */
export function ipMatch({ ip, icmp, tcp, udp }: ACL_Rule_IpRule): IpMatch {
  const source = networkFrom(ip?.sourceNetwork ?? '');
  const destination = networkFrom(ip?.destinationNetwork ?? '');
  const ports = tcp ?? udp;
  const implied = icmp ? (icmp.icmpv6 ? ICMPV6 : ICMP) : tcp ? TCP : udp ? UDP : undefined;
  const icmpFamily = icmp && (icmp.icmpv6 ? 6 : 4);
  return {
    family: source?.address.family ?? destination?.address.family ?? icmpFamily,
    source: narrowing(source),
    destination: narrowing(destination),
    protocol: ip?.protocol || implied,
    sourcePorts: portsFrom(ports?.sourcePortRange),
    destinationPorts: portsFrom(ports?.destinationPortRange),
    icmpTypes: numbersFrom(icmp?.icmpTypeRange),
    icmpCodes: numbersFrom(icmp?.icmpCodeRange),
    tcpFlags: tcp && tcp.tcpFlagsMask !== 0 ? { mask: tcp.tcpFlagsMask, value: tcp.tcpFlagsValue } : undefined,
  };
}

export function macIpMatch(rule: ACL_Rule_MacIpRule): MacIpMatch {
  const address = parseIp(rule.sourceAddress)!;
  const macMask = parseMac(rule.sourceMacAddressMask) ?? new Uint8Array(6);
  const mac = (parseMac(rule.sourceMacAddress) ?? macMask).map((byte, index) => byte & macMask[index]!);
  return { source: networkOf({ address, length: rule.sourceAddressPrefix }), mac, macMask };
}

function networkFrom(text: string): Prefix | undefined {
  const prefix = text === '' ? undefined : parsePrefix(text, { bare: true });
  return prefix && networkOf(prefix);
}

function narrowing(prefix: Prefix | undefined): Prefix | undefined {
  return prefix?.length === 0 ? undefined : prefix;
}

function portsFrom(range: ACL_Rule_IpRule_PortRange | undefined): Range | undefined {
  if (range === undefined || (range.lowerPort === 0 && range.upperPort === 65535)) return undefined;
  return { first: range.lowerPort, last: range.upperPort };
}

function numbersFrom(range: ACL_Rule_IpRule_Icmp_Range | undefined): Range | undefined {
  if (range === undefined || (range.first === 0 && range.last === 255)) return undefined;
  return { first: range.first, last: range.last };
}

/** Two rules with the same text do the same. */
export function ruleText({ action, ipRule, macipRule }: ACL_Rule): string {
  if (macipRule !== undefined) {
    const { source, mac, macMask } = macIpMatch(macipRule);
    return `${action} ${formatPrefix(source)} ${mac.join('.')} ${macMask.join('.')}`;
  }
  if (ipRule === undefined) return `${action}`;
  const match = ipMatch(ipRule);
  const networks = [match.source, match.destination].map((prefix) =>
    prefix === undefined ? 'any' : `${formatIp(prefix.address)}/${prefix.length}`,
  );
  const ranges = [match.sourcePorts, match.destinationPorts, match.icmpTypes, match.icmpCodes].map((range) =>
    range === undefined ? 'any' : `${range.first}-${range.last}`,
  );
  const flags = match.tcpFlags === undefined ? 'any' : `${match.tcpFlags.value}/${match.tcpFlags.mask}`;
  return [action, match.family, ...networks, match.protocol, ...ranges, flags].join(' ');
}
