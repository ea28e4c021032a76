/** Metrics, from the registries of running agents. */

import type { Application } from '../../src/app/index.ts';
import { cell, code, generated, page, table } from './markdown.ts';

export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
}

export async function metricsOf({ info }: Application): Promise<readonly Metric[]> {
  return (await info.metrics.registry.getMetricsAsJSON()) as unknown as readonly Metric[];
}

/** What is there with VPP only comes after what every agent has. */
export function metricsPage(everywhere: readonly Metric[], withVpp: readonly Metric[]): string {
  const known = new Set(everywhere.map(({ name }) => name));
  const general = withVpp.filter(({ name }) => known.has(name) || name.startsWith('grpc_'));
  const ofVpp = withVpp.filter((metric) => !general.includes(metric));
  return page(
    generated,
    '# Metrics',
    'In the format of Prometheus on `GET /metrics`; `ligature metrics` prints them. Those of gRPC come with its first caller.',
    metricTable(general),
    '## With VPP',
    'Those that begin with `vpp_` can be left out: [telemetry.conf](configuration.md#telemetry).',
    metricTable(ofVpp),
  );
}

function metricTable(metrics: readonly Metric[]): string {
  const rows = metrics
    .map(({ name, type, help }) => [code(name), type, cell(help)])
    .sort(([left = ''], [right = '']) => (left < right ? -1 : 1));
  return table(['metric', 'type', 'meaning'], rows);
}
