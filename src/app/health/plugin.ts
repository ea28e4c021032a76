import * as z from 'zod';
import { httpPlugin } from '../http/plugin.ts';
import { HttpReply } from '../http/route.ts';
import { Metrics } from '../metrics/metrics.ts';
import type { ApplicationInfo } from '../plugin/context.ts';
import { definePlugin } from '../plugin/definition.ts';
import { agentStatus, isLive, isReady, stateNumber } from './status.ts';

/** Ligato's probes: `/liveness`, `/readiness`, `/health` (Prometheus). Public: the kubelet sends no token. */
export const probePlugin = definePlugin({
  name: 'probe',
  description: 'liveness, readiness and health over HTTP',
  config: z.strictObject({
    'non-fatal-plugins': z
      .array(z.string())
      .default([])
      .describe('plugins whose errors do not make the agent unhealthy'),
  }),
  needs: { http: httpPlugin },
  start: ({ http }, config, { application }) => {
    const { health, build } = application;
    const answer = (good: boolean): HttpReply =>
      new HttpReply(agentStatus(health.snapshot(), build), { status: good ? 200 : 500 });
    const metrics = healthMetrics(application);
    http.route({
      method: 'GET',
      path: '/liveness',
      role: 'public',
      summary: 'status; 500 when a plugin has failed',
      handler: () => answer(isLive(health.snapshot().state)),
    });
    http.route({
      method: 'GET',
      path: '/readiness',
      role: 'public',
      summary: 'status; 500 unless all is well',
      handler: () => answer(isReady(health.snapshot().state)),
    });
    http.route({
      method: 'GET',
      path: '/health',
      role: 'public',
      summary: 'health as Prometheus metrics',
      handler: async () => new HttpReply(await metrics.text(), { type: metrics.contentType }),
    });
    return { nonFatal: config['non-fatal-plugins'] };
  },
  // Here all plugins are known.
  started: ({ nonFatal }, { application }) => application.health.setNonFatal(nonFatal),
});

function healthMetrics({ health, build, label }: ApplicationInfo): Metrics {
  const metrics = new Metrics();
  metrics.gaugeFrom(
    { name: 'service_health', help: 'State of the agent: 0 starting, 1 ok, 2 error.', labels: ['service'] },
    () => [{ labels: { service: label }, value: stateNumber(health.snapshot().state) }],
  );
  metrics.gaugeFrom(
    {
      name: 'service_dependency_health',
      help: 'State of a plugin: 0 starting, 1 ok, 2 error.',
      labels: ['service', 'dependency'],
    },
    () =>
      health.snapshot().plugins.map(({ plugin, state }) => ({
        labels: { service: label, dependency: plugin },
        value: stateNumber(state),
      })),
  );
  metrics.gaugeFrom(
    { name: 'service_info', help: 'The build that runs.', labels: ['service', 'build_version', 'build_date'] },
    () => [{ labels: { service: label, build_version: build.version, build_date: build.date }, value: 1 }],
  );
  return metrics;
}
