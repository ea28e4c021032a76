/** Rules of the kernel's routing that read the marks of NAT: each leads to the table of a VRF, whatever VRF the packet came from. */

import type { RuleSpec, Rule } from '../../../kernel/netlink/rule.ts';
import { marks } from '../../../kernel/pipeline/marks.ts';
import { routeProtocols, rulePreferences, tableOfVrf } from '../../../kernel/pipeline/numbers.ts';
import { inwardMark, routedMask } from './vrf-marks.ts';

export function vrfRule(vrf: number): RuleSpec {
  return {
    family: 4,
    priority: rulePreferences.nat.first,
    mark: inwardMark(vrf),
    mask: vrf === 0 ? routedMask : marks.vrf.mask,
    table: tableOfVrf(vrf),
    protocol: routeProtocols.natAddress,
  };
}

/** The text of a rule of ours; undefined for others. */
export function ownRuleText(found: Rule): string | undefined {
  return found.protocol === routeProtocols.natAddress && found.family === 4 ? ruleText(found) : undefined;
}

export function ruleText({ priority, mark, mask, table, suppressPrefixLength }: RuleSpec): string {
  return [priority, mark, mask ?? 0xffff_ffff, table, suppressPrefixLength ?? -1].join(' ');
}
