/** What chance or each engine itself decides is taken out of the lines, so that the rest can be compared. */

import { POOL, TWICE_POOL } from './generate/nat.ts';
import { type CaseConfig, hostAddress, type JsonObject, PORTS, portName } from './network.ts';
import { contains, parseIp, parsePrefix } from '../../src/model/address.ts';
import { isReply, type Step } from './packets.ts';
import type { Outcome } from './exchange.ts';

export function normal(config: CaseConfig, steps: readonly Step[], outcome: Outcome): Outcome {
  return outcome.map((lines, index) => {
    const backends = backendsOf(config, calledFirst(steps, index));
    return lines.map((line) => onPath(config, drawn(translated(line), backends))).sort();
  });
}

/** Destination of the call that a step is, or is an answer to. */
function calledFirst(steps: readonly Step[], index: number): string {
  const step = steps[index]!;
  return isReply(step) ? calledFirst(steps, step.replyTo) : step.destination;
}

/** Which of several equal paths a packet took is up to the hash of the engine; that it is one of them is not. */
function onPath(config: CaseConfig, line: string): string {
  const found = /^p(\d) \S+ (\S+>(\S+) ttl .*)$/.exec(line);
  const destination = found && parseIp(found[3]!);
  if (!found || !destination) return line;
  const routes = ((config['routes'] ?? []) as readonly JsonObject[]).filter((route) =>
    contains(parsePrefix(String(route['dstNetwork']))!, destination),
  );
  const lengthOf = (route: JsonObject) => parsePrefix(String(route['dstNetwork']))!.length;
  const longest = Math.max(...routes.map(lengthOf));
  const paths = routes.filter(
    (route) => lengthOf(route) === longest && route['type'] !== 'DROP' && route['preference'] === undefined,
  );
  const isOne = paths.some(({ nextHopAddr }) =>
    [4, 6].some((family) => nextHopAddr === hostAddress[family as 4 | 6](Number(found[1]))),
  );
  return paths.length > 1 && isOne ? `a path ${found[2]}` : line;
}

/** Which address of a pool and which port of it is up to the engine. */
function translated(line: string): string {
  const pools = [
    [POOL.first, 'POOL'],
    [POOL.last, 'POOL'],
    [TWICE_POOL, 'TWICE-POOL'],
  ] as const;
  for (const [address, name] of pools) {
    if (line.includes(` ${address}>`)) {
      return line
        .replace(` ${address}>`, ` ${name}>`)
        .replace(/ (udp|tcp) \d+>/, ' $1 *>')
        .replace(/ id \d+/, ' id *');
    }
  }
  return line;
}

interface Backends {
  readonly addresses: ReadonlySet<string>;
  /** Whether the source changes depends on which one was drawn: the client itself (SELF), or one on another side. */
  readonly mixed: boolean;
}

/** Backends of a service that has several. */
function backendsOf(config: CaseConfig, destination: string): Backends | undefined {
  const services = ((config['dnat44s'] ?? []) as readonly JsonObject[])
    .flatMap(({ stMappings }) => (stMappings ?? []) as readonly JsonObject[])
    .filter(({ externalIp, localIps }) => externalIp === destination && (localIps as readonly JsonObject[]).length > 1);
  const backends = services.flatMap(({ localIps }) =>
    (localIps as readonly JsonObject[]).map(({ localIp }) => String(localIp)),
  );
  if (backends.length === 0) return undefined;
  const isSelf = services.some(({ twiceNat }) => twiceNat === 'SELF');
  const sides = new Set(backends.map((address) => sidesText(config, address)));
  return { addresses: new Set(backends), mixed: isSelf || sides.size > 1 };
}

function sidesText(config: CaseConfig, address: string): string {
  const port = PORTS.find((one) => hostAddress[4](one) === address);
  const interfaces = (config['nat44Interfaces'] ?? []) as readonly JsonObject[];
  const { name: _name, ...sides } = interfaces.find(({ name }) => name === portName(port ?? 0)) ?? {};
  return JSON.stringify(sides);
}

/** Which backend a call reached was drawn. */
function drawn(line: string, backends: Backends | undefined): string {
  const found = /^p\d \S+ (\S+)>(\S+) (ttl \d+ \w+) (\S+)>\d+/.exec(line);
  if (!found || backends?.addresses.has(found[2]!) !== true) return line;
  const caller = backends.mixed ? 'its client or the pool' : `${found[1]} ${found[4]}`;
  return `a backend, ${found[3]}, from ${caller}`;
}
