/** Routes within routes: the longest prefix decides, whatever way it came there. */

import { hostAddress, type JsonObject, PORTS, portName } from '../network.ts';
import type { Packet } from '../packets.ts';
import type { Random } from '../random.ts';
import type { Family } from './addresses.ts';
import { nearNetwork } from './addresses.ts';

const prefixes = {
  4: [
    '10.64.0.0/10',
    '10.64.0.0/16',
    '10.64.8.0/21',
    '10.64.8.0/24',
    '10.64.8.128/25',
    '10.64.8.129/32',
    '10.17.1.0/24',
  ],
  6: ['fd64::/16', 'fd64:8::/32', 'fd64:8::/64', 'fd64:8::80/121', 'fd64:8::81/128', 'fd00:11::/64'],
} as const;

export function routes(random: Random): readonly JsonObject[] {
  const families = random.pick<readonly Family[]>([[4], [4], [6], [4, 6]]);
  return families.flatMap((family) =>
    random.some(prefixes[family], 0.6).flatMap((dstNetwork) => paths(random, family, dstNetwork)),
  );
}

function paths(random: Random, family: Family, dstNetwork: string): readonly JsonObject[] {
  if (random.chance(0.2)) return [{ type: 'DROP', dstNetwork }];
  const path = (port: number, preference = 0) => ({
    dstNetwork,
    nextHopAddr: hostAddress[family](port),
    // Without one the next hop is looked up.
    ...(random.chance(0.7) && { outgoingInterface: portName(port) }),
    ...(preference > 0 && { preference }),
  });
  const first = random.pick(PORTS);
  if (random.chance(0.75)) return [path(first)];
  const other = random.pick(PORTS.filter((port) => port !== first));
  return random.chance(0.5)
    ? [path(first), path(other, 5)]
    : [
        { ...path(first), weight: random.int(1, 3) },
        { ...path(other), weight: 1 },
      ];
}

export function toRoute(random: Random, packet: Packet, from: readonly JsonObject[]): Packet {
  const destination = nearNetwork(random, String(random.pick(from)['dstNetwork']));
  if (destination === undefined || destination.includes(':') !== packet.source.includes(':')) return packet;
  return { ...packet, destination, ...(random.chance(0.1) && { ttl: random.pick([1, 2, 255]) }) };
}
