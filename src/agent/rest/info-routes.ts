/** `/info/*`, `/` and what the engine says of itself. */

import * as z from 'zod';
import type { Http } from '../../app/http/plugin.ts';
import type { ApplicationInfo } from '../../app/index.ts';
import type { ModelRegistry } from '../../model/index.ts';
import { configurationSchema } from '../../model/schema/index.ts';
import type { KernelEngine } from '../../features/kernel-engine.ts';

export interface InfoRoutesNeeds {
  readonly application: ApplicationInfo;
  readonly models: ModelRegistry;
  readonly kernel: KernelEngine;
}

export function addInfoRoutes(http: Http, { application, models, kernel }: InfoRoutesNeeds): void {
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
      BuildTime: build.date,
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
    path: '/api/v1/status',
    role: 'read',
    summary: 'the agent in short: label, state, plugins, values',
    handler: () => ({
      app: name,
      label,
      version: build.version,
      started: new Date(startTime).toISOString(),
      pid: process.pid,
      engine: 'kernel',
      vswitch: kernel.driver.vswitch.label,
      health: application.health.snapshot(),
    }),
  });

  http.route({
    method: 'GET',
    path: '/api/v1/kernel',
    role: 'read',
    summary: 'what this kernel can do, and what it lacks',
    handler: async () => {
      const { kernel: version, list } = await kernel.driver.capabilities();
      return { kernel: version, vswitch: kernel.driver.vswitch.label, capabilities: list };
    },
  });
}
