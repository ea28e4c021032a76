/** Lists of segments with their shares, from the configuration to the kernel and back. */

import { formatIp, parseIp } from '../../../model/address.ts';
import type { Policy } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import { spelledIp } from '../../equality.ts';
import type { SegmentPath } from '../kernel-metadata.ts';

/** Shares of a multipath route in the kernel have a byte. */
const MOST = 256;

/** Shares as small as they can be without changing the proportions; lists that are the same have theirs together. */
export function pathsOf({ segmentLists }: Policy): readonly SegmentPath[] {
  const shares = new Map<string, number>();
  for (const { weight, segments } of segmentLists) {
    const list = segments.map(spelledIp).join(' ');
    shares.set(list, (shares.get(list) ?? 0) + (weight || 1));
  }
  const common = [...shares.values()].reduce(greatestCommonDivisor);
  return [...shares].map(([list, share]) => ({
    weight: share / common,
    segments: list.split(' ').map((segment) => parseIp(segment)!),
  }));
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}

/** Why the kernel cannot have these shares. */
export function weightProblem(policy: Policy): string | undefined {
  const largest = Math.max(...pathsOf(policy).map(({ weight }) => weight));
  if (largest <= MOST) return undefined;
  return `kernel: weights are 1-${MOST} after division by what they have in common; ${largest} is not`;
}

export function samePaths(left: readonly SegmentPath[], right: readonly SegmentPath[]): boolean {
  return left.length === right.length && pathsText(left) === pathsText(right);
}

/** The same text for the same lists in whatever order. */
export function pathsText(paths: readonly SegmentPath[]): string {
  return paths
    .map(({ weight, segments }) => `${weight} ${segments.map(formatIp).join(' ')}`)
    .sort()
    .join(', ');
}
