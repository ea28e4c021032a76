/** Names the routes that VPP's look-ups found, and whom the packet went to. */

import type { Key } from '../../../model/key.ts';
import { isVppError, type VppClient } from '../../../vpp/index.ts';
import { receiverBehind } from '../endpoints.ts';
import type { Hop, TraceResult, Verdict } from '../trace.ts';
import type { VppNames } from './names.ts';
import type { LookedUp, VppReading } from './way.ts';

export async function complete(client: VppClient, reading: VppReading, names: VppNames): Promise<TraceResult> {
  const hops: Hop[] = [...reading.hops];
  let { verdict } = reading;
  for (const looked of reading.lookedUp) {
    const hop = hops[looked.at];
    const found = await routeOf(client, looked, names);
    if (!hop || !found) continue;
    const { key: _key, ...rest } = hop;
    const outer = hop.text.endsWith(outerPacket) ? outerPacket : '';
    hops[looked.at] = { ...rest, text: found.text + outer, ...(found.key !== undefined && { key: found.key }) };
    const isLast =
      looked === reading.lookedUp.at(-1) && !hops.slice(looked.at + 1).some(({ by }) => by !== 'neighbour');
    // Of an outer packet it is the tunnel that leads nowhere.
    const key = looked.tunnel?.key ?? found.key;
    if (isLast && found.drops && verdict.outcome === 'dropped')
      verdict = { outcome: 'dropped', text: found.drops, ...(key !== undefined && { key }) };
  }
  const told = hops.some(({ observed }) => !observed);
  return {
    hops,
    verdict: withReceiver(verdict, reading, names),
    notes: [
      ...(told ? ['what is marked with ~ was looked up in the tables of VPP; the rest was seen'] : []),
      'the packet was real: whoever it reached got it',
    ],
  };
}

const outerPacket = ' (outer packet)';

interface FoundRoute {
  readonly text: string;
  readonly key?: string;
  /** Why nothing comes of it. */
  readonly drops?: string;
}

async function routeOf(
  client: VppClient,
  { destination, table, via, output, tunnel }: LookedUp,
  names: VppNames,
): Promise<FoundRoute | undefined> {
  const way = `${via === undefined ? '' : ` via ${via}`}${output ? ` out of ${output.name}` : ''}`;
  if (table === undefined) return { text: `to ${destination}${way}, in a table whose VRF is not known` };
  const route = await lookUp(client, destination, table);
  const [first] = route?.paths ?? [];
  const isDrop = first === undefined || first.type === 'FIB_API_PATH_TYPE_DROP';
  const found = route && names.route(table, route.prefix, via, output);
  const end = tunnel ? `, the other end of ${tunnel.name}` : '';
  if (!route || !found || (isDrop && found.key === undefined))
    return {
      text: `VRF ${table}: no route to ${destination}`,
      drops: `VRF ${table} has no route to ${destination}${end}`,
    };
  const text = `VRF ${table}: ${found.what} ${route.prefix}`;
  const isCircle = tunnel && route.paths.every(({ sw_if_index }) => sw_if_index === tunnel.index);
  const drops = isCircle
    ? `${destination}, the other end of ${tunnel.name}, is behind ${tunnel.name} itself`
    : `VRF ${table}: route ${route.prefix} drops it`;
  const object = found.key === undefined ? {} : { key: found.key };
  return { text: `${text}${way}`, ...object, ...((isDrop || isCircle) && { drops }) };
}

export async function lookUp(client: VppClient, destination: string, table_id: number) {
  const prefix = `${destination}/${destination.includes(':') ? 128 : 32}`;
  try {
    const message = client.pick('ip_route_lookup_v2', 'ip_route_lookup');
    return (await client.request(message, { table_id, exact: 0, prefix })).route;
  } catch (error) {
    if (isVppError(error)) return undefined;
    throw error;
  }
}

/** The Linux interface at the other end of a TAP or of a VETH. */
function withReceiver(verdict: Verdict, { hops }: VppReading, names: VppNames): Verdict {
  if (verdict.outcome !== 'forwarded') return verdict;
  const key = hops.findLast(({ by }) => by === 'interface')?.key;
  const name = key === undefined ? undefined : names.snapshot.node(key as Key)?.label;
  const receiver = name === undefined ? undefined : receiverBehind(name, names.snapshot);
  return receiver === undefined ? verdict : { ...verdict, text: `${verdict.text}, to Linux interface ${receiver}` };
}
