/** What the VPP engine says of itself. */

import type { Http } from '../../app/index.ts';
import type { VppEngine } from '../../features/vpp-engine.ts';

export function addVppRoutes(http: Http, { client }: VppEngine): void {
  http.route({
    method: 'GET',
    path: '/api/v1/vpp',
    role: 'read',
    summary: 'which VPP is programmed, and which of its messages are not known',
    handler: () => ({
      version: client.version,
      pid: client.pid,
      connected: client.isConnected,
      unknownMessages: client.mismatches,
      requests: client.statistics(),
    }),
  });
}
