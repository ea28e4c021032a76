/** From a rule of a database to policies of the kernel. */

import { parseIp, parsePrefix } from '../../../model/address.ts';
import type { Family, Ip, Prefix } from '../../../model/address.ts';
import { SecurityPolicy_Action as Action } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { SecurityPolicy } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { PolicySpec, Template } from '../../../kernel/netlink/xfrm-policy.ts';
import type { PortBlock, Selector } from '../../../kernel/netlink/xfrm-selector.ts';
import { markOf, marks } from '../../../kernel/pipeline/index.ts';
import { lastPort } from '../model.ts';
import { portBlocksOf, prefixesOf } from './ranges.ts';

/** Policies of the kernel that one rule may become, for each direction and interface. */
export const MOST_SELECTORS = 1_024;

/** Protocols whose ports VPP looks at: TCP, UDP, SCTP. */
const WITH_PORTS: ReadonlySet<number> = new Set([6, 17, 132]);
const ANY_PORT: readonly (PortBlock | undefined)[] = [undefined];
const ANYWHERE: Readonly<Record<Family, Prefix>> = { 4: parsePrefix('0.0.0.0/0')!, 6: parsePrefix('::/0')! };

/** Why the kernel cannot have this rule. */
export function ruleProblem(value: SecurityPolicy): string | undefined {
  const hasPorts = value.localPortStart > 0 || value.remotePortStart > 0 || lastPort(value.localPortStop) < 65535;
  if (value.protocol === 0 && (hasPorts || lastPort(value.remotePortStop) < 65535)) {
    return 'kernel: ports need a protocol that has them (6 TCP, 17 UDP or 132 SCTP)';
  }
  const count = Math.max(...familiesOf(value).map((family) => countOf(value, family)));
  if (count <= MOST_SELECTORS) return undefined;
  return `kernel: these ranges make ${count} selectors; up to ${MOST_SELECTORS} are possible (ranges that end where networks do make fewer)`;
}

function countOf(value: SecurityPolicy, family: Family): number {
  const { local, remote, localPorts, remotePorts } = partsOf(value, family);
  return local.length * remote.length * localPorts.length * remotePorts.length;
}

export function familiesOf({ localAddrStart, remoteAddrStart }: SecurityPolicy): readonly Family[] {
  const text = localAddrStart === '' ? remoteAddrStart : localAddrStart;
  if (text === '') return [4, 6];
  return [text.includes(':') ? 6 : 4];
}

function partsOf(value: SecurityPolicy, family: Family) {
  const hasPorts = WITH_PORTS.has(value.protocol);
  return {
    local: range(value.localAddrStart, value.localAddrStop, family),
    remote: range(value.remoteAddrStart, value.remoteAddrStop, family),
    localPorts: hasPorts ? ports(value.localPortStart, value.localPortStop) : ANY_PORT,
    remotePorts: hasPorts ? ports(value.remotePortStart, value.remotePortStop) : ANY_PORT,
  };
}

function range(start: string, stop: string, family: Family): readonly Prefix[] {
  return start === '' ? [ANYWHERE[family]] : prefixesOf(parseIp(start)!, parseIp(stop)!);
}

function ports(start: number, stop: number): readonly (PortBlock | undefined)[] {
  return start === 0 && lastPort(stop) === 65535 ? ANY_PORT : portBlocksOf(start, lastPort(stop));
}

/** Selectors of a rule; local is the source of what goes out. */
export function selectorsOf(value: SecurityPolicy, link: number | undefined): readonly Selector[] {
  const selectors: Selector[] = [];
  for (const family of familiesOf(value)) {
    const { local, remote, localPorts, remotePorts } = partsOf(value, family);
    for (const here of local)
      for (const there of remote)
        for (const port of localPorts)
          for (const farPort of remotePorts) {
            const [source, destination] = value.isOutbound ? [here, there] : [there, here];
            const [sourcePorts, destinationPorts] = value.isOutbound ? [port, farPort] : [farPort, port];
            selectors.push({
              family,
              ...(source.length > 0 ? { source } : {}),
              ...(destination.length > 0 ? { destination } : {}),
              ...(value.protocol !== 0 ? { protocol: value.protocol } : {}),
              ...(sourcePorts && sourcePorts.mask !== 0 ? { sourcePorts } : {}),
              ...(destinationPorts && destinationPorts.mask !== 0 ? { destinationPorts } : {}),
              ...(link === undefined ? {} : { link }),
            });
          }
  }
  return selectors;
}

/** VPP tries rules from the largest number down, the kernel policies from the smallest up. */
export function kernelPriority(priority: number): number {
  return Math.min(LAST_PRIORITY - 1, Math.max(FIRST_PRIORITY + 1, 0x7fff_ffff - priority));
}

/** Before all rules, and after all. */
const FIRST_PRIORITY = 0;
const LAST_PRIORITY = 0xffff_ffff;

/** Where the rules of a database hold. */
export interface Place {
  /** Indices of the devices of its interfaces. */
  readonly links: readonly number[];
  /** What marks packets that came in by one of them (`marks.ipsec`). */
  readonly number: number;
}

/** What a rule is in the kernel: for what goes out on each interface, for what comes in by any of them. */
export function policiesOf(
  value: SecurityPolicy,
  { links, number }: Place,
  template: Template | undefined,
): readonly PolicySpec[] {
  const priority = kernelPriority(value.priority);
  const action = value.action === Action.DISCARD ? 'block' : 'allow';
  const templates = template ? [template] : [];
  const common = { priority, action, templates } as const;
  if (value.isOutbound) {
    return links.flatMap((link) =>
      selectorsOf(value, link).map((selector) => ({ ...common, direction: 'out' as const, selector })),
    );
  }
  if (links.length === 0) return [];
  const mark = { value: markOf(marks.ipsec, number), mask: marks.ipsec.mask };
  return selectorsOf(value, undefined).flatMap((selector) => [
    { ...common, direction: 'in' as const, selector, mark },
    { ...common, direction: 'forward' as const, selector, mark },
  ]);
}

/** ICMPv6 types of neighbour discovery and multicast listening: what VPP sends of that is no business of a database. */
const NEIGHBOURHOOD = [133, 134, 135, 136, 137, 143];

/** What leaves by an interface of a database and matches no rule is dropped. */
export function lastResort(link: number): readonly PolicySpec[] {
  const exempt = NEIGHBOURHOOD.map((type): PolicySpec => {
    const sourcePorts = { port: type, mask: 0xffff };
    const selector: Selector = { family: 6, protocol: 58, sourcePorts, link };
    return { direction: 'out', selector, priority: FIRST_PRIORITY, action: 'allow', templates: [] };
  });
  const blocks = ([4, 6] as const).map((family): PolicySpec => {
    return { direction: 'out', selector: { family, link }, priority: LAST_PRIORITY, action: 'block', templates: [] };
  });
  return [...exempt, ...blocks];
}

/** The only local and remote address of a rule: what an association without tunnel protects. */
export function pairOf(value: SecurityPolicy): { readonly source: Ip; readonly destination: Ip } | undefined {
  const local = single(value.localAddrStart, value.localAddrStop);
  const remote = single(value.remoteAddrStart, value.remoteAddrStop);
  if (!local || !remote) return undefined;
  return value.isOutbound ? { source: local, destination: remote } : { source: remote, destination: local };
}

function single(start: string, stop: string): Ip | undefined {
  const [first, last] = [parseIp(start), parseIp(stop)];
  return first && last && prefixesOf(first, last)[0]?.length === first.bytes.length * 8 ? first : undefined;
}
