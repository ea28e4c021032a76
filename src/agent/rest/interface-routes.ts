/** `/api/v1/interfaces`: what interfaces are like at the moment, with their counters. */

import * as z from 'zod';
import type { Http } from '../../app/index.ts';
import type { InterfaceReading, InterfaceStates } from '../interfaces/interface-states.ts';
import { plain } from './value-json.ts';

export function addInterfaceRoutes(http: Http, interfaces: InterfaceStates): void {
  http.route({
    method: 'GET',
    path: '/api/v1/interfaces',
    role: 'read',
    summary: 'state and counters of interfaces as the data plane has them',
    schema: {
      query: z.object({
        q: z.string().max(512).optional().describe('text that name or device contain, in any case'),
        offset: z.coerce.number().int().min(0).default(0),
        limit: z.coerce.number().int().min(1).max(10_000).default(1000),
      }),
    },
    handler: async ({ query: { q, offset, limit }, signal }) => {
      const { time, interfaces: all } = await interfaces.read(signal);
      const found = q === undefined ? all : all.filter((one) => contains(one, q.toLowerCase()));
      return {
        time: new Date(time).toISOString(),
        total: found.length,
        offset,
        limit,
        interfaces: plain(found.slice(offset, offset + limit)),
      };
    },
  });
}

function contains({ name, device, place }: InterfaceReading['interfaces'][number], text: string): boolean {
  return [name, device, place].some((field) => field.toLowerCase().includes(text));
}
