/** Metrics, from the registry of a running agent. */

import type { Application } from '../../src/app/index.ts';
import { cell, code, generated, page, table } from './markdown.ts';

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
}

export async function metricsPage({ info }: Application): Promise<string> {
  const metrics = (await info.metrics.registry.getMetricsAsJSON()) as unknown as readonly Metric[];
  const rows = metrics
    .map(({ name, type, help }) => [code(name), type, cell(help)])
    .sort(([left = ''], [right = '']) => (left < right ? -1 : 1));
  return page(
    generated,
    '# Metrics',
    'In the format of Prometheus on `GET /metrics`; `ligature metrics` prints them.',
    table(['metric', 'type', 'meaning'], rows),
  );
}
