/** How a packet goes through the data plane. */

import * as z from 'zod';
import type { Http } from '../../app/index.ts';
import { TraceError } from '../trace/trace-error.ts';
import { protocols } from '../trace/trace.ts';
import type { Tracer } from '../trace/tracer.ts';
import { RestError } from './rest-error.ts';

const end = z.string().min(1).describe('an IP address, ADDRESS:PORT, [IPV6]:PORT or the name of an interface');
const port = z.number().int().min(1).max(65_535);

const traceRequest = z.strictObject({
  from: end,
  to: end,
  protocol: z.enum(protocols).optional().describe('default: tcp when a port is given, else icmp (an echo request)'),
  sourcePort: port.optional().describe('default: one that nobody else uses'),
  destinationPort: port.optional(),
  interface: z
    .string()
    .optional()
    .describe('interface of the switch that the packet comes in by; default: where packets of that source come from'),
  vrf: z.number().int().min(0).max(0xffff_ffff).optional().describe('default: that of the interface'),
  ttl: z.number().int().min(1).max(255).optional().describe('default 64'),
  sourceMac: z.string().optional().describe("default: the source's, where it is known"),
  destinationMac: z.string().optional().describe("default: the interface's, in a bridge domain the next hop's"),
});

export function addTraceRoutes(http: Http, tracer: Tracer): void {
  http.route({
    method: 'POST',
    path: '/api/v1/trace',
    role: 'operate',
    summary: 'send a packet through the data plane, and tell which object decided each step',
    schema: { body: traceRequest },
    handler: async ({ body, signal }) => {
      try {
        return await tracer.trace(body, signal);
      } catch (error) {
        if (error instanceof TraceError) throw new RestError(error.code, error.message, error.field);
        throw error;
      }
    },
  });
}
