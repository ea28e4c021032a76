/** `/stats/*`, `/govppmux/stats` and `/metrics/{model}`: Ligato's statistics of interfaces, calls and VPP's binary API. */

import { create, toJson } from '@bufbuild/protobuf';
import * as z from 'zod';
import type { Http } from '../../app/http/plugin.ts';
import type { VppEngine } from '../../features/vpp/engine.ts';
import { MetricsSchema } from '../../model/gen/ligato/govppmux/metrics_pb.js';
import type { Configurator } from '../configuration/configurator.ts';
import type { InterfaceStates } from '../interfaces/interface-states.ts';
import { RestError } from './rest-error.ts';
import { plain } from './value-json.ts';

export interface StatisticsRoutesNeeds {
  readonly interfaces: InterfaceStates;
  readonly configurator: Configurator;
  /** Absent where another engine runs. */
  readonly vpp: VppEngine | undefined;
}

export function addStatisticsRoutes(http: Http, { interfaces, configurator, vpp }: StatisticsRoutesNeeds): void {
  http.route({
    method: 'GET',
    path: '/stats/linux/interfaces',
    role: 'read',
    summary: 'counters of Linux interfaces',
    handler: async ({ signal }) =>
      (await interfaces.read(signal)).interfaces
        .filter(({ model }) => model === 'linux.interfaces.interface')
        .map(({ name, device, index, place, shared, counters }) =>
          plain({ name, device, index, place, shared, ...counters }),
        ),
  });

  http.route({
    method: 'GET',
    path: '/stats/configurator',
    role: 'read',
    summary: 'how often the configuration was read and changed, and how long that took (ms)',
    handler: () => ({ Methods: configurator.calls() }),
  });

  const models: Readonly<Record<string, () => object>> =
    vpp === undefined ? {} : { 'govppmux.stats': () => requests(vpp) };
  if (vpp !== undefined)
    http.route({
      method: 'GET',
      path: '/govppmux/stats',
      role: 'read',
      summary: "requests to VPP's binary API",
      handler: () => requests(vpp),
    });

  http.route({
    method: 'GET',
    path: '/metrics/:model',
    role: 'read',
    summary: 'metrics as a message of a model of class metrics (govppmux.stats)',
    schema: { params: z.object({ model: z.string() }) },
    handler: ({ params: { model } }) => {
      const metrics = Object.hasOwn(models, model) ? models[model] : undefined;
      if (metrics !== undefined) return metrics();
      const known = Object.keys(models).join(', ') || 'none: it programs no VPP';
      throw new RestError('not-found', `this agent has no metrics of a model ${model} (it has: ${known})`, 'model');
    },
  });
}

/** There is one channel here: requests of all callers are pipelined on one connection. */
function requests({ client }: VppEngine): object {
  const { sent, failed, replies, inFlight, reconnects } = client.statistics();
  const metrics = create(MetricsSchema, {
    channelsCreated: BigInt(reconnects + 1),
    channelsOpen: client.isConnected ? 1n : 0n,
    requestsSent: BigInt(sent),
    requestsDone: BigInt(sent - failed - inFlight),
    requestsFail: BigInt(failed),
    requestReplies: BigInt(replies),
  });
  return toJson(MetricsSchema, metrics, { useProtoFieldName: true, alwaysEmitImplicit: true }) as object;
}
