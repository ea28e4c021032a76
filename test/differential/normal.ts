/** What chance or each engine itself decides is taken out of the lines, so that the rest can be compared. */

import { POOL, TWICE_POOL } from './generate/nat.ts';
import { type CaseConfig, hostAddress, type JsonObject } from './network.ts';
import { contains, parseIp, parsePrefix } from '../../src/model/address.ts';
import type { Step } from './packets.ts';
import type { Outcome } from './exchange.ts';

export function normal(config: CaseConfig, steps: readonly Step[], outcome: Outcome): Outcome {
  return outcome.map((lines, index) => {
    const step = steps[index]!;
    const backends = 'destination' in step ? backendsOf(config, step.destination) : undefined;
    return lines.map((line) => onPath(config, drawn(translated(line), backends))).sort();
  });
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
  /** Whether the source changes depends on which one was drawn. */
  readonly self: boolean;
}

/** Backends of a service that has several. */
function backendsOf(config: CaseConfig, destination: string): Backends | undefined {
  const services = ((config['dnat44s'] ?? []) as readonly JsonObject[])
    .flatMap(({ stMappings }) => stMappings as readonly JsonObject[])
    .filter(({ externalIp, localIps }) => externalIp === destination && (localIps as readonly JsonObject[]).length > 1);
  const backends = services.flatMap(({ localIps }) =>
    (localIps as readonly JsonObject[]).map(({ localIp }) => String(localIp)),
  );
  if (backends.length === 0) return undefined;
  return { addresses: new Set(backends), self: services.some(({ twiceNat }) => twiceNat === 'SELF') };
}

/** Which backend a call reached was drawn. */
function drawn(line: string, backends: Backends | undefined): string {
  const found = /^p\d \S+ (\S+)>(\S+) (ttl \d+ \w+) (\S+)>\d+/.exec(line);
  if (!found || backends?.addresses.has(found[2]!) !== true) return line;
  const caller = backends.self ? 'its client or the pool' : `${found[1]} ${found[4]}`;
  return `a backend, ${found[3]}, from ${caller}`;
}
