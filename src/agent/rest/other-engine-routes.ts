/** Paths that only one engine has: an agent with the other one says so, where 404 would look like a mistake in the path. */

import type { Http } from '../../app/index.ts';
import type { Route } from '../../app/http/route.ts';
import { RestError } from './rest-error.ts';

type Path = Pick<Route, 'method' | 'path' | 'role' | 'summary'>;

const vppPaths: readonly Path[] = [
  { method: 'GET', path: '/vpp/telemetry', role: 'read', summary: 'counters as VPP prints them' },
  { method: 'GET', path: '/vpp/telemetry/memory', role: 'read', summary: 'counters of VPP: memory' },
  { method: 'GET', path: '/vpp/telemetry/runtime', role: 'read', summary: 'counters of VPP: nodes' },
  { method: 'GET', path: '/vpp/telemetry/nodecount', role: 'read', summary: 'counters of VPP: errors' },
  { method: 'POST', path: '/vpp/command', role: 'read', summary: "runs a command of VPP's command line (role admin)" },
  { method: 'GET', path: '/govppmux/stats', role: 'read', summary: "requests to VPP's binary API" },
  { method: 'GET', path: '/api/v1/vpp', role: 'read', summary: 'which VPP is programmed' },
  { method: 'GET', path: '/api/v1/vpp/statistics/:part', role: 'read', summary: 'counters of VPP, by part' },
];

const kernelPaths: readonly Path[] = [
  { method: 'GET', path: '/api/v1/kernel', role: 'read', summary: 'what this kernel can do, and what it lacks' },
];

export function addOtherEngineRoutes(http: Http, engine: 'kernel' | 'vpp'): void {
  const [paths, needs, programs] =
    engine === 'kernel' ? [vppPaths, 'vpp', 'the Linux kernel'] : [kernelPaths, 'kernel', 'VPP'];
  for (const { summary, ...path } of paths) {
    http.route({
      ...path,
      summary: `${summary}; needs the engine ${needs}`,
      handler: () => {
        throw new RestError(
          'unimplemented',
          `this agent programs ${programs}: ${path.path} needs one that was started with --engine ${needs}`,
        );
      },
    });
  }
}
