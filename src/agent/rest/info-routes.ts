/** `/info/*` and the agent in short. */

import * as z from 'zod';
import type { Http } from '../../app/http/plugin.ts';
import type { ApplicationInfo } from '../../app/index.ts';
import type { ModelRegistry } from '../../model/index.ts';
import { configurationSchema } from '../../model/schema/index.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';

export interface InfoRoutesNeeds {
  readonly application: ApplicationInfo;
  readonly models: ModelRegistry;
  readonly scheduler: Scheduler;
  /** Where the kernel engine's objects are. */
  readonly vswitch: string | undefined;
}

export function addInfoRoutes(http: Http, { application, models, scheduler, vswitch }: InfoRoutesNeeds): void {
  const { build, name, label, startTime } = application;

  http.route({
    method: 'GET',
    path: '/info/version',
    role: 'read',
    summary: 'what is running',
    handler: () => ({
      App: name,
      Version: build.version,
      GitCommit: build.commit,
      // What Ligato's clients read besides; nothing of it is known of this build.
      GitBranch: '',
      BuildUser: '',
      BuildHost: '',
      BuildTime: Math.floor((Date.parse(build.date) || 0) / 1000),
      GoVersion: `node ${process.version}`,
      Runtime: `node ${process.version}`,
      OS: process.platform,
      Arch: process.arch,
    }),
  });

  http.route({
    method: 'GET',
    path: '/info/configuration/jsonschema',
    role: 'read',
    summary: 'JSON schema of configurations, for editors',
    schema: { query: z.object({ fieldnames: z.enum(['onlyproto', 'onlyjson']).optional() }) },
    handler: ({ query }) => configurationSchema({ registry: models, names: query.fieldnames ?? 'both' }),
  });

  http.route({
    method: 'GET',
    path: '/api/v1/openapi.json',
    role: 'read',
    summary: 'this description, as an OpenAPI document',
    handler: async () => {
      const { openApi } = await import('./openapi.ts');
      return openApi(http.routes, { title: name, version: build.version ?? 'unknown' });
    },
  });

  http.route({
    method: 'GET',
    path: '/api/v1/status',
    role: 'read',
    summary: 'the agent in short: label, state, plugins, values',
    handler: () => ({
      app: name,
      label,
      version: build.version,
      started: new Date(startTime).toISOString(),
      pid: process.pid,
      engine: enginesOf(scheduler).join(', '),
      ...(vswitch === undefined ? {} : { vswitch }),
      health: application.health.snapshot(),
    }),
  });
}

function enginesOf(scheduler: Scheduler): readonly string[] {
  return [...new Set(scheduler.kinds().flatMap(({ handler }) => handler?.engine ?? []))];
}
