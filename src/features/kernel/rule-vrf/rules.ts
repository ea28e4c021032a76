/** Rules of the kernel's routing that put packets into the table of a VRF where it has no device. */

import { bitsOf, parsePrefix } from '../../../model/address.ts';
import type { Family, Ip } from '../../../model/address.ts';
import { describeRule } from '../../../kernel/netlink/rule.ts';
import type { Rule, RuleSpec } from '../../../kernel/netlink/rule.ts';
import { markOf, marks } from '../../../kernel/pipeline/marks.ts';
import { routeProtocols, rulePreferences, tableOfVrf } from '../../../kernel/pipeline/numbers.ts';

const protocol = routeProtocols.vrf;
const families = [4, 6] as const satisfies readonly Family[];
const LOCAL = 255;
const MAIN = 254;

/** Largest id of a VRF that a packet can be marked with. */
export const mostRuleVrf = marks.vrf.limit;

/** The mark of packets of this VRF. */
export function vrfMark(vrf: number): number {
  return markOf(marks.vrf, vrf);
}

/** Of all VRFs together: neighbour discovery and link-local addresses are the same business everywhere. */
export function commonRules(): readonly RuleSpec[] {
  const [first, last] = [rulePreferences.vrfLinkLocal.first, rulePreferences.vrfLinkLocal.last];
  return [
    { family: 6, priority: first, to: parsePrefix('ff00::/8')!, table: LOCAL, protocol },
    { family: 6, priority: first, to: parsePrefix('fe80::/10')!, table: LOCAL, protocol },
    { family: 6, priority: last, to: parsePrefix('fe80::/10')!, table: MAIN, protocol },
  ];
}

/** Of one family of a VRF: what is marked, which are answers and errors of the router, too. */
export function tableRule(vrf: number, family: Family): RuleSpec {
  const priority = rulePreferences.vrfMark.first;
  return { family, priority, mark: vrfMark(vrf), mask: marks.vrf.mask, table: tableOfVrf(vrf), protocol };
}

/** Of a device: what comes in by it (ARP is not marked) and what is bound to it. */
export function deviceRules(device: string, vrf: number): readonly RuleSpec[] {
  const table = tableOfVrf(vrf);
  const { first } = rulePreferences.vrfDevice;
  return families.flatMap((family) => [
    { family, priority: first, inputInterface: device, table, protocol },
    { family, priority: first + 1, outputInterface: device, table, protocol },
  ]);
}

/** Of an address: what the router sends with it. */
export function addressRule(address: Ip, vrf: number): RuleSpec {
  const priority = rulePreferences.vrfDevice.last;
  const from = { address, length: bitsOf(address.family) };
  return { family: address.family, priority, inputInterface: 'lo', from, table: tableOfVrf(vrf), protocol };
}

/** Tells one rule of ours from another; undefined for those of others. */
export function ownRuleText(rule: Rule): string | undefined {
  return rule.protocol === protocol && rule.l3mdev !== true ? ruleText(rule) : undefined;
}

export function ruleText(rule: RuleSpec): string {
  const narrowed = [rule.tos, rule.invert, rule.ipProtocol, rule.suppressPrefixLength];
  const mask = rule.mark === undefined ? '' : `/${(rule.mask ?? 0xffff_ffff).toString(16)}`;
  return `${describeRule(rule)}${mask}${narrowed.every((part) => part === undefined) ? '' : ` ${narrowed.join()}`}`;
}
