/**
 * Where the engines differ on purpose, by name; `docs/reference/engine-differences.md` is made of them. A difference between outcomes that
 * none of these explains is a disagreement. What is taken out before (ports and backends that are drawn): `normal.ts`.
 */

import { natDifferences } from './nat-differences.ts';
import { macipOrderMatters } from './macip.ts';
import type { KnownDifference } from './known-difference.ts';
import { type CaseConfig, hostMac, type JsonObject, portName } from './network.ts';
import { isGroup, isReply } from './packets.ts';

/** Messages of the router itself about packets it dropped, or would rather see elsewhere (ICMPv6 redirect). */
const isError = (line: string): boolean => / about | icmp 137\//.test(line);
/** It went through the router, not only through its bridge: frames of the router come from its own MAC addresses. */
const isRouted = (line: string): boolean => /^p\d 02:00:00:00:01:/.test(line);
const without = (lines: readonly string[], what: (line: string) => boolean) => lines.filter((line) => !what(line));
const same = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((line, index) => line === right[index]);

function hasStaticEntryElsewhere(config: CaseConfig, mac: string, port: number): boolean {
  const list = (name: string) => (config[name] ?? []) as readonly JsonObject[];
  return (
    list('bridgeDomains').some(({ learn }) => learn === true) &&
    list('fibs').some(
      ({ physAddress, outgoingInterface, staticConfig }) =>
        physAddress === mac && staticConfig === true && outgoingInterface !== portName(port),
    )
  );
}

export const knownDifferences: readonly KnownDifference[] = [
  {
    name: 'router-errors',
    text: 'About a packet without a route the Linux kernel tells its sender (ICMP unreachable), some times a second; VPP drops it silently. Time exceeded is told by both. Redirects of IPv6 (a packet leaves where it came in) come from the Linux kernel only.',
    explains: ({ kernel, vpp }) => same(without(kernel, isError), without(vpp, isError)),
  },
  {
    name: 'routed-group-frames',
    text: 'An IP packet for a single host in a frame to a broadcast or multicast MAC address is not routed by the Linux kernel (RFC 1812, 5.3.4); VPP routes it. Both switch the frame in its bridge domain.',
    explains: ({ step, kernel, vpp }) =>
      !isReply(step) &&
      isGroup(step.destinationMac ?? '') &&
      same(without(kernel, isRouted), without(vpp, isRouted)) &&
      !kernel.some(isRouted),
  },
  {
    name: 'macip-order',
    text: 'Of several MACIP rules that match a packet the first one decides in the Linux kernel; in VPP the one with the narrowest mask (of MAC address and prefix) does.',
    explains: ({ config, step, kernel, vpp }) => macipOrderMatters(config, step, [...kernel, ...vpp]),
  },
  {
    name: 'static-entry-sender',
    text: 'In a bridge domain that learns VPP drops frames from an address that has a static entry at another port; the Linux kernel switches them, and leaves the entry where it is.',
    explains: ({ config, step, vpp }) =>
      !isReply(step) &&
      vpp.length === 0 &&
      hasStaticEntryElsewhere(config, step.sourceMac ?? hostMac(step.from), step.from),
  },
  ...natDifferences,
];
