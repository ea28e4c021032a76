import { MetricsSchema } from '../gen/ligato/govppmux/metrics_pb.js';
import type { ModelDefinition } from '../model.ts';

export const metricsModels: readonly ModelDefinition[] = [
  { spec: { module: 'govppmux', type: 'stats', class: 'metrics' }, message: MetricsSchema, nameTemplate: null },
];
