/** NAT44: services with one and several backends, whole addresses, identities, pools and twice-NAT, and who calls them. */

import { hostAddress, type JsonObject, PORTS, portName, routerAddress } from '../network.ts';
import type { Packet } from '../packets.ts';
import type { CaseConfig } from '../network.ts';
import type { Random } from '../random.ts';

export const POOL = { first: '198.51.100.10', last: '198.51.100.11' };
export const TWICE_POOL = '198.51.100.20';
const externals = ['203.0.113.1', '203.0.113.2'] as const;
const PORT_OUTSIDE = 8000;

const styles = [
  // Networks inside, the world outside.
  ['inside', 'inside', 'outside', 'outside', 'none'],
  // Pods, which are both, and the world.
  ['both', 'both', 'outside'],
  ['inside', 'both', 'outside', 'none'],
] as const;

export function nat(random: Random): CaseConfig {
  const style = random.pick(styles);
  const sides = PORTS.map((port) => ({ port, side: random.pick(style) }));
  const hasTwice = random.chance(0.5);
  const hasPool = random.chance(0.7);
  const pool = { name: 'out', vrfId: 0xffff_ffff, firstIp: POOL.first, lastIp: random.pick([POOL.first, POOL.last]) };
  const twice = { name: 'twice', vrfId: 0xffff_ffff, firstIp: TWICE_POOL, twiceNat: true };
  return {
    nat44Global: { forwarding: random.chance(0.6) },
    nat44Interfaces: sides
      .filter(({ side }) => side !== 'none')
      .map(({ port, side }) => ({
        name: portName(port),
        ...(side !== 'outside' && { natInside: true }),
        ...(side !== 'inside' && { natOutside: true }),
        ...(hasPool && side === 'outside' && random.chance(0.25) && { outputFeature: true }),
      })),
    nat44Pools: [...(hasPool ? [pool] : []), ...(hasTwice ? [twice] : [])],
    dnat44s: [
      {
        label: 'dnat',
        stMappings: random.list(1, 4, (index) => mapping(random, index, hasTwice)),
        ...(random.chance(0.4) && { idMappings: [identity(random)] }),
      },
    ],
  };
}

function mapping(random: Random, index: number, hasTwice: boolean): JsonObject {
  const externalIp = random.pick(externals);
  const backend = (port: number) => ({ localIp: hostAddress[4](port), localPort: random.pick([80, 8080]) });
  if (random.chance(0.15))
    return { externalIp: `203.0.113.${50 + index}`, localIps: [{ localIp: hostAddress[4](random.pick(PORTS)) }] };
  const protocol = random.pick(['TCP', 'UDP']);
  const several = random.chance(0.35);
  const localIps = several
    ? random.some(PORTS, 0.7).map((port) => ({ ...backend(port), probability: random.int(1, 3) }))
    : [];
  const twiceNat = hasTwice ? random.pick(['DISABLED', 'DISABLED', 'ENABLED', 'SELF']) : 'DISABLED';
  return {
    ...(!several && random.chance(0.15) ? { externalInterface: portName(random.pick(PORTS)) } : { externalIp }),
    externalPort: PORT_OUTSIDE + index,
    protocol,
    localIps: localIps.length > 1 ? localIps : [backend(random.pick(PORTS))],
    ...(twiceNat !== 'DISABLED' && { twiceNat }),
  };
}

function identity(random: Random): JsonObject {
  const ipAddress = hostAddress[4](random.pick(PORTS));
  return random.chance(0.5) ? { ipAddress } : { ipAddress, port: 1000, protocol: random.pick(['TCP', 'UDP']) };
}

/** Calls a service, or the world. */
export function caller(random: Random, config: CaseConfig, from: number): Packet {
  const [{ stMappings }] = config['dnat44s'] as readonly [{ stMappings: readonly JsonObject[] }];
  const called = random.pick(stMappings);
  const port = Number(called['externalPort'] ?? 0) || 80;
  const name = String(called['externalInterface'] ?? '');
  const external = name === '' ? String(called['externalIp']) : routerAddress[4](Number(name.slice(1)));
  const isTcp = random.chance(0.8) ? called['protocol'] !== 'UDP' : random.chance(0.5);
  const ports = {
    source: random.pick([1000, 1001, 2000, 80, 8080]),
    destination: random.chance(0.9) ? port : port + 7,
  };
  const to = random.pick(PORTS.filter((each) => each !== from));
  const destination = random.chance(0.6) ? external : hostAddress[4](to);
  const packet = { from, source: hostAddress[4](from), destination };
  if (random.chance(0.1)) return { ...packet, icmp: { type: 8, code: 0, identifier: random.int(1, 9) } };
  return { ...packet, ...(isTcp ? { tcp: { ...ports, flags: 2 } } : { udp: ports }) };
}
