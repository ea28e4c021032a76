/** Bridge domains with split-horizon groups and static entries, and cross-connects. */

import { bridged, hostMac, type JsonObject, PORTS, portName } from '../network.ts';
import type { Packet } from '../packets.ts';
import type { Random } from '../random.ts';
import type { CaseConfig } from '../network.ts';

const STRANGER = '02:00:00:00:07:07';
const BROADCAST = 'ff:ff:ff:ff:ff:ff';
const MULTICAST = '01:00:5e:00:01:01';

export function bridgeDomain(random: Random): CaseConfig {
  const ports = random.some(PORTS, 0.8);
  const members = ports.length < 2 ? PORTS : ports;
  const domain = {
    name: 'bd',
    flood: random.chance(0.8),
    unknownUnicastFlood: random.chance(0.7),
    forward: true,
    learn: random.chance(0.6),
    interfaces: members.map((port) => ({
      name: portName(port),
      ...(random.chance(0.5) && { splitHorizonGroup: random.int(1, 2) }),
    })),
  };
  const macs = random.some([...members.map(hostMac), STRANGER], 0.4);
  const fibs = macs.map((physAddress) => ({
    bridgeDomain: 'bd',
    physAddress,
    ...(random.chance(0.25)
      ? { action: 'DROP' }
      : { outgoingInterface: portName(random.pick(members)), staticConfig: random.chance(0.7) }),
  }));
  return { bridgeDomains: [domain], ...(fibs.length > 0 && { fibs }) };
}

export function crossConnects(random: Random): CaseConfig {
  const pair = (from: number, to: number) => ({ receiveInterface: portName(from), transmitInterface: portName(to) });
  const both = [pair(0, 1), pair(1, 0)];
  const ring = [pair(0, 1), pair(1, 2), pair(2, 0)];
  // An interface that only sends is none of VPP's: `xconnect-one-way` of the cases.
  return { xconnectPairs: random.pick([both, [...both, pair(2, 3), pair(3, 2)], ring]) };
}

/** To hosts, to nobody, to all. */
export function framed(random: Random, packet: Packet): Packet {
  const destinationMac = random.pick([...PORTS.map(hostMac), ...PORTS.map(hostMac), STRANGER, BROADCAST, MULTICAST]);
  return { ...packet, destinationMac };
}

/** What hosts of the domain say to each other. */
export function chat(random: Random, from: number): Packet {
  const to = random.pick(PORTS.filter((port) => port !== from));
  const udp = { source: 1000, destination: 80 };
  return { from, source: bridged[4].host(from), destination: bridged[4].host(to), udp };
}

export const domainsOf = (config: CaseConfig): readonly JsonObject[] =>
  (config['bridgeDomains'] ?? []) as readonly JsonObject[];
