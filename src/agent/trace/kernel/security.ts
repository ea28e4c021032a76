/** Which rule of a security policy database the kernel applies to what leaves: out of its policies. */

import type { KernelSpdInterface } from '../../../features/ipsec/kernel-metadata.ts';
import { kernelPriority } from '../../../features/ipsec/kernel/rules.ts';
import type { PolicySpec } from '../../../kernel/netlink/xfrm-policy.ts';
import { compareIp, contains, type Ip, parseIp } from '../../../model/address.ts';
import type { SecurityPolicy } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { Snapshot } from '../../../scheduler/scheduler.ts';
import { ruleText } from '../objects/security.ts';
import type { Header, Hop } from '../trace.ts';
import type { Lookups } from './lookups.ts';

export interface Ruling {
  readonly hop: Hop;
  readonly drops: boolean;
  /** Index of the association that protects it. */
  readonly association?: number;
}

/** Undefined: no database is bound to the device. */
export async function rulingOf(
  header: Header,
  output: number,
  { snapshot, lookups }: { readonly snapshot: Snapshot; readonly lookups: Lookups },
): Promise<Ruling | undefined> {
  const database = databaseOf(snapshot, output);
  if (database === undefined) return undefined;
  const [first] = (await lookups.policies())
    .filter((policy) => fits(policy, header, output))
    .toSorted((left, right) => left.priority - right.priority);
  const rule = first && ruleOf(snapshot, database, first, header);
  const drops = first?.action === 'block';
  const by = 'IPsec';
  if (!rule) {
    const text = `no rule of database ${database} is for it${drops ? '' : ': passes'}`;
    return { hop: { by, text, observed: false }, drops };
  }
  const text = `database ${database}: ${ruleText(rule.value)}`;
  const [template] = first?.templates ?? [];
  return {
    hop: { by, text, key: rule.key, observed: false },
    drops,
    ...(template && { association: rule.value.saIndex }),
  };
}

function databaseOf(snapshot: Snapshot, link: number): number | undefined {
  for (const { applied, metadata } of snapshot.nodes({ kind: 'vpp.ipsec.spd.interface' }))
    if (applied && (metadata as KernelSpdInterface | undefined)?.link === link) return (applied as { spd: number }).spd;
  return undefined;
}

const numbers: Readonly<Record<string, number>> = { tcp: 6, udp: 17 };

function fits({ direction, selector, interfaceId }: PolicySpec, header: Header, output: number): boolean {
  if (direction !== 'out' || interfaceId !== undefined) return false;
  const [source, destination] = [parseIp(header.source)!, parseIp(header.destination)!];
  if (selector.family !== source.family || (selector.link !== undefined && selector.link !== output)) return false;
  if (selector.source && !contains(selector.source, source)) return false;
  if (selector.destination && !contains(selector.destination, destination)) return false;
  const icmp = source.family === 4 ? 1 : 58;
  const protocol = header.protocol === 'icmp' ? icmp : (numbers[header.protocol] ?? Number(header.protocol));
  if (selector.protocol !== undefined && selector.protocol !== protocol) return false;
  const { sourcePorts, destinationPorts } = selector;
  const isOf = (block: typeof sourcePorts, port: number | undefined): boolean =>
    block === undefined || ((port ?? 0) & block.mask) === block.port;
  // Of ICMP these are type and code: of the echo request that a trace sends.
  const [from, to] =
    header.protocol === 'icmp' ? [source.family === 4 ? 8 : 128, 0] : [header.sourcePort, header.destinationPort];
  return isOf(sourcePorts, from) && isOf(destinationPorts, to);
}

/** The rule that the policy was made for. */
function ruleOf(snapshot: Snapshot, database: number, { priority }: PolicySpec, header: Header) {
  const [source, destination] = [parseIp(header.source)!, parseIp(header.destination)!];
  for (const { key, applied } of snapshot.nodes({ kind: 'vpp.ipsec.sp' })) {
    const value = applied as SecurityPolicy | null;
    if (!value?.isOutbound || value.spdIndex !== database || kernelPriority(value.priority) !== priority) continue;
    const isLocal = within(source, value.localAddrStart, value.localAddrStop);
    if (isLocal && within(destination, value.remoteAddrStart, value.remoteAddrStop)) return { key, value };
  }
  return undefined;
}

/** Without addresses it is everything. */
function within(address: Ip, start: string, stop: string): boolean {
  const [first, last] = [parseIp(start), parseIp(stop)];
  if (!first) return true;
  if (first.family !== address.family) return false;
  return compareIp(first, address) <= 0 && (!last || compareIp(address, last) <= 0);
}
