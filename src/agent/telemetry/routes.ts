/** VPP's counters by REST. */

import * as z from 'zod';
import { type Http, HttpReply } from '../../app/index.ts';
import type { VppClient, VppStats } from '../../vpp/index.ts';
import { plain } from '../rest/value-json.ts';

const parts = ['interfaces', 'nodes', 'errors', 'buffers', 'memory', 'runtime'] as const;

/** What Ligato's `/vpp/telemetry` shows, as VPP prints it. */
const texts = {
  nodeCount: 'show node counters',
  runtime: 'show runtime',
  buffers: 'show buffers',
  memory: 'show memory main-heap verbose',
  ip: 'show ip fib',
  ip6: 'show ip6 fib',
} as const;

export function addTelemetryRoutes(http: Http, client: VppClient, stats: VppStats): void {
  http.route({
    method: 'GET',
    path: '/api/v1/vpp/statistics/:part',
    role: 'read',
    summary: `counters of VPP: ${parts.join(', ')}`,
    schema: { params: z.object({ part: z.enum(parts) }) },
    handler: async ({ params: { part } }) => plain(await stats[part]()),
  });
  const asText = async (): Promise<object> => {
    const entries = Object.entries(texts).map(async ([name, cmd]) => [name, await vppCommand(client, cmd)] as const);
    return Object.fromEntries(await Promise.all(entries));
  };
  http.route({
    method: 'GET',
    path: '/vpp/telemetry',
    role: 'read',
    summary: "nodes, runtime, buffers, memory and routes as VPP's command line prints them",
    handler: asText,
  });
  for (const [path, part] of [
    ['memory', 'memory'],
    ['runtime', 'nodes'],
    ['nodecount', 'errors'],
  ] as const)
    http.route({
      method: 'GET',
      path: `/vpp/telemetry/${path}`,
      role: 'read',
      summary: `counters of VPP: ${part}`,
      handler: async () => plain(await stats[part]()),
    });
  http.route({
    method: 'POST',
    path: '/vpp/command',
    role: 'admin',
    summary: "runs a command of VPP's command line and returns what it prints",
    schema: { body: z.strictObject({ vppclicommand: z.string().min(1).max(4_096) }) },
    handler: async ({ body: { vppclicommand }, signal }) => {
      const text = await vppCommand(client, vppclicommand, signal);
      return new HttpReply(JSON.stringify(text), { type: 'application/json' });
    },
  });
}

export async function vppCommand(client: VppClient, cmd: string, signal?: AbortSignal): Promise<string> {
  return (await client.request('cli_inband', { cmd }, signal ? { signal } : {})).reply;
}
