/** `/api/v1/topology`: the network as one draws it. */

import * as z from 'zod';
import type { Http } from '../../app/index.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { routesOf, type TopologyRoute } from '../topology/routes.ts';
import { topologyOf } from '../topology/topology.ts';

export interface TopologyRoutesNeeds {
  readonly scheduler: Scheduler;
  /** Of the agent. */
  readonly label: string;
}

export function addTopologyRoutes(http: Http, { scheduler, label }: TopologyRoutesNeeds): void {
  http.route({
    method: 'GET',
    path: '/api/v1/topology',
    role: 'read',
    summary: 'places, interfaces, bridge domains, tunnels and what joins them, with their states',
    handler: () => topologyOf(scheduler.snapshot(), label),
  });

  http.route({
    method: 'GET',
    path: '/api/v1/topology/routes',
    role: 'read',
    summary: 'routes of all VRFs and namespaces, a page of a search',
    schema: {
      query: z.object({
        q: z.string().max(512).optional().describe('text that destination, next hop or interface contain'),
        vrf: z.coerce.number().int().min(0).optional(),
        state: z.string().optional(),
        offset: z.coerce.number().int().min(0).default(0),
        limit: z.coerce.number().int().min(1).max(10_000).default(500),
      }),
    },
    handler: ({ query: { q, vrf, state, offset, limit } }) => {
      const text = q?.toLowerCase();
      const routes = [...routesOf(scheduler.snapshot())].filter(
        (route) =>
          (vrf === undefined || route.vrf === vrf) &&
          (state === undefined || route.state === state.toUpperCase()) &&
          (text === undefined || contains(route, text)),
      );
      return { total: routes.length, offset, limit, routes: routes.slice(offset, offset + limit) };
    },
  });
}

function contains({ destination, nextHop, interface: name }: TopologyRoute, text: string): boolean {
  return [destination, nextHop, name].some((field) => field.toLowerCase().includes(text));
}
