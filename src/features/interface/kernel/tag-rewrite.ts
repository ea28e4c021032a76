/**
 * What happens to VLAN tags of frames of a sub-interface in layer 2. The kernel's VLAN device has taken the tag of the
 * sub-interface off; VPP leaves it on unless told to rewrite. So steps are counted from the frame without that tag.
 */

import { SubInterface_TagRewriteOptions as Rewrite } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { isKernelError } from '../../../kernel/errors.ts';
import { addClsact, deleteFilters } from '../../../kernel/netlink/tc.ts';
import type { Direction } from '../../../kernel/netlink/tc.ts';
import { addTagFilter, listTagFilters } from '../../../kernel/netlink/tc-vlan.ts';
import type { TagStep } from '../../../kernel/netlink/tc-vlan.ts';
import { tcPreferences } from '../../../kernel/pipeline/numbers.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';

const DOT1Q = 0x8100;
const DOT1AD = 0x88a8;
const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];
const priority = tcPreferences.tagRewrite.first;

/** These leave more than one tag on a frame: see `tag-stack.ts`. */
const STACKED: ReadonlySet<Rewrite> = new Set([Rewrite.PUSH1, Rewrite.PUSH2, Rewrite.TRANSLATE12]);

/** Whether frames of the interface have several tags in their bridge domain. */
export function stacksTags(value: Interface): boolean {
  return value.link.case === 'sub' && isLayer2(value) && STACKED.has(value.link.value.tagRwOption);
}

/** What is done at the VLAN device when a frame enters; leaving undoes it. None in layer 3, where VPP does not look at tags either. */
export function tagSteps(value: Interface): readonly TagStep[] {
  if (value.link.case !== 'sub' || !isLayer2(value) || stacksTags(value)) return [];
  const { subId, tagRwOption, pushDot1q, tag1 } = value.link.value;
  if (tagRwOption === Rewrite.POP1) return [];
  if (tagRwOption === Rewrite.TRANSLATE11) return [{ push: tag1, protocol: pushDot1q ? DOT1Q : DOT1AD }];
  return [{ push: subId, protocol: DOT1Q }];
}

/** Tags of a frame that has several, the innermost first. The inner one of two is 802.1Q whatever the outer one is, as in VPP. */
export function stackedSteps(value: Interface): readonly TagStep[] {
  if (value.link.case !== 'sub') return [];
  const { subId, tagRwOption, pushDot1q, tag1, tag2 } = value.link.value;
  const own = tagRwOption === Rewrite.TRANSLATE12 ? [] : [{ push: subId, protocol: DOT1Q }];
  const second = tagRwOption === Rewrite.PUSH1 ? [] : [{ push: tag2, protocol: DOT1Q }];
  return [...own, ...second, { push: tag1, protocol: pushDot1q ? DOT1Q : DOT1AD }];
}

/** Tags mean nothing where packets are routed. */
export function isLayer2({ ipAddresses, unnumbered, setDhcpClient, ip6Nd }: Interface): boolean {
  return !(ipAddresses.length > 0 || unnumbered !== undefined || setDhcpClient || ip6Nd?.addressAutoconfig === true);
}

/** `pushing`: the direction in which the tags come on; they go off in the other. */
function stepsAt(direction: Direction, steps: readonly TagStep[], pushing: Direction): readonly TagStep[] {
  return direction === pushing ? steps : steps.map(() => ({ pop: true }) as const);
}

/** Makes the filters of a device as wanted. */
export async function rewriteTags(
  rtnl: Rtnl,
  link: number,
  steps: readonly TagStep[],
  pushing: Direction,
): Promise<void> {
  const absent = (error: unknown): void => {
    if (!isKernelError(error, 'ENOENT', 'EINVAL')) throw error;
  };
  await Promise.all(
    DIRECTIONS.map((direction) => rtnl.request(deleteFilters({ link, direction, priority })).catch(absent)),
  );
  if (steps.length === 0) return;
  await rtnl.request(addClsact(link)).catch((error: unknown) => {
    if (!isKernelError(error, 'EEXIST')) throw error;
  });
  await Promise.all(
    DIRECTIONS.map((direction) =>
      rtnl.request(addTagFilter({ link, direction, priority, steps: stepsAt(direction, steps, pushing) })),
    ),
  );
}

export async function rewritesTags(
  rtnl: Rtnl,
  link: number,
  steps: readonly TagStep[],
  pushing: Direction,
): Promise<boolean> {
  for (const direction of DIRECTIONS) {
    const filters = (await rtnl.dump(listTagFilters({ link, direction }))).filter(
      (filter) => filter.priority === priority,
    );
    const found = filters.flatMap((filter) => filter.steps);
    if (textOf(found) !== textOf(stepsAt(direction, steps, pushing))) return false;
  }
  return true;
}

function textOf(steps: readonly TagStep[]): string {
  return steps.map((step) => ('pop' in step ? 'pop' : `${step.push}/${step.protocol}`)).join(' ');
}
