/** Which NAT44 object a rewritten header comes from. */

import { DNat44_Protocol as NatProtocol } from '../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { DNat44, DNat44_StaticMapping, Nat44AddressPool } from '../../model/gen/ligato/vpp/nat/nat_pb.js';
import { externalText, poolAddresses } from '../../features/nat44/model.ts';
import { canonicalIp } from '../../model/address.ts';
import type { Snapshot } from '../../scheduler/scheduler.ts';
import { isRewritten } from './packet.ts';
import type { Header, Hop } from './trace.ts';

/** Undefined: nothing that a receiver could tell has changed. */
export function translation(before: Header, after: Header, snapshot: Snapshot): Omit<Hop, 'observed'> | undefined {
  if (!isRewritten(before, after)) return undefined;
  const parts: Omit<Hop, 'observed' | 'by'>[] = [];
  if (differs(before.destination, after.destination) || differs(before.destinationPort, after.destinationPort))
    parts.push(destinationPart(before, after, snapshot));
  if (differs(before.source, after.source) || differs(before.sourcePort, after.sourcePort))
    parts.push(sourcePart(before, after, snapshot));
  const [first] = parts;
  return {
    by: 'NAT44',
    text: parts.map(({ text }) => text).join('; '),
    ...(first?.key !== undefined && { key: first.key }),
    ...(first?.rule !== undefined && { rule: first.rule }),
    header: after,
  };
}

type Part = Omit<Hop, 'observed' | 'by'>;

function destinationPart(before: Header, after: Header, snapshot: Snapshot): Part {
  const change = `destination ${end(before.destination, before.destinationPort)} becomes ${end(after.destination, after.destinationPort)}`;
  const found = mappingOf(snapshot, (mapping) => leadsTo(mapping, before, after));
  if (found) return { text: `mapping ${found.name}: ${change}`, key: found.key, rule: found.rule };
  const answer = mappingOf(snapshot, (mapping) => leadsTo(mapping, reversed(after), reversed(before)));
  if (answer) return { text: `answer of mapping ${answer.name}: ${change}`, key: answer.key, rule: answer.rule };
  return { text: `${change} (an answer to a connection that was translated)` };
}

function sourcePart(before: Header, after: Header, snapshot: Snapshot): Part {
  const change = `source ${end(before.source, before.sourcePort)} becomes ${end(after.source, after.sourcePort)}`;
  for (const { key, applied } of snapshot.nodes({ kind: 'vpp.nat.nat44-pool' })) {
    const pool = applied as Nat44AddressPool | null;
    if (pool && poolAddresses(pool).includes(after.source))
      return { text: `${pool.twiceNat ? 'twice-NAT ' : ''}pool ${pool.name || pool.firstIp}: ${change}`, key };
  }
  const found = mappingOf(snapshot, (mapping) => leadsTo(mapping, reversed(after), reversed(before)));
  if (found) return { text: `mapping ${found.name}: ${change}`, key: found.key, rule: found.rule };
  return { text: change };
}

interface FoundMapping {
  readonly key: string;
  readonly name: string;
  readonly rule: number;
}

function mappingOf(snapshot: Snapshot, fits: (mapping: DNat44_StaticMapping) => boolean): FoundMapping | undefined {
  for (const { key, applied } of snapshot.nodes({ kind: 'vpp.nat.dnat44' })) {
    const { label, stMappings } = (applied as DNat44 | null) ?? { label: '', stMappings: [] };
    const index = stMappings.findIndex(fits);
    const mapping = stMappings[index];
    if (mapping) return { key, name: `${label} (${externalText(mapping)})`, rule: index + 1 };
  }
  return undefined;
}

/** Whether a mapping makes the destination of `before` that of `after`. */
function leadsTo(mapping: DNat44_StaticMapping, before: Header, after: Header): boolean {
  const { externalIp, externalPort, protocol, localIps } = mapping;
  if (externalIp !== '' && canonicalIp(externalIp) !== before.destination) return false;
  if (externalPort !== 0) {
    if (externalPort !== before.destinationPort) return false;
    if (NatProtocol[protocol]?.toLowerCase() !== before.protocol) return false;
  }
  return localIps.some(
    ({ localIp, localPort }) =>
      canonicalIp(localIp) === after.destination && (externalPort === 0 || localPort === after.destinationPort),
  );
}

function reversed({ source, destination, sourcePort, destinationPort, ...rest }: Header): Header {
  return {
    ...rest,
    source: destination,
    destination: source,
    ...(destinationPort !== undefined && { sourcePort: destinationPort }),
    ...(sourcePort !== undefined && { destinationPort: sourcePort }),
  };
}

function end(address: string, port: number | undefined): string {
  return port === undefined ? address : `${address}:${port}`;
}

function differs<T>(before: T | undefined, after: T | undefined): boolean {
  return before !== undefined && after !== undefined && before !== after;
}
