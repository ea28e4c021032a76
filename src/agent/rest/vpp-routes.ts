/** What the VPP engine says of itself. */

import type { Http } from '../../app/index.ts';
import type { ConnectedVpp } from '../plugins/vpp.ts';

export function addVppRoutes(http: Http, { client, apiSocket, process: own }: ConnectedVpp): void {
  http.route({
    method: 'GET',
    path: '/api/v1/vpp',
    role: 'read',
    summary: 'which VPP is programmed, and which of its messages are not known',
    handler: () => ({
      version: client.version,
      pid: client.pid,
      connected: client.isConnected,
      socket: apiSocket,
      supervised: own !== undefined,
      waitsForRestart: own?.waiting ?? [],
      unknownMessages: client.mismatches,
      requests: client.statistics(),
    }),
  });
}
