/** For tests of mirrors: a talks to the router, c and d watch. */

import { eventually } from '../../../test/router/agent.ts';
import type { Bench } from '../../../test/router/bench.ts';

export function network(bench: Bench, spans: string): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
    - ${bench.tap('c', '')}
    - ${bench.tap('d', '')}
  spans: [${spans}]
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64"')}
    - ${bench.end('c', '')}
    - ${bench.end('d', '')}
`;
}

export const mirror = (to: string, direction: string, isL2 = false) =>
  `{ interfaceFrom: a, interfaceTo: ${to}, direction: ${direction}, isL2: ${isL2} }`;
export const only = (spans: string) => `vppConfig: { spans: [${spans}] }`;
export const key = (to: string) => `config/vpp/v2/span/a/to/${to}`;

/** What a watcher gets to see of a ping of a to the router: `request`, `reply`. */
async function seen(bench: Bench, watcher: string, family: 4 | 6): Promise<string> {
  const capture = await bench.host(watcher).capture('eth0', { direction: 'in' });
  const [host, router] = family === 4 ? ['10.1.0.2', '10.1.0.1'] : ['fd01::2', 'fd01::1'];
  const { received } = await bench.host('a').ping(router, { count: 1, timeout: 3000 });
  const request = await capture.frames({ ip: { source: host, destination: router } });
  const reply = await capture.frames({ ip: { source: router, destination: host } });
  await capture.close();
  if (received !== 1) return 'no answer';
  return [request.length > 0 ? 'request' : '', reply.length > 0 ? 'reply' : ''].filter((text) => text !== '').join();
}

/** A copy may come a moment after the answer. */
export function sees(bench: Bench, watcher: string, what: string, family: 4 | 6 = 4): Promise<void> {
  return eventually(async () => (await seen(bench, watcher, family)) === what);
}
