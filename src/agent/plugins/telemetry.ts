import * as z from 'zod';
import { definePlugin, duration, httpPlugin } from '../../app/index.ts';
import { vppLinks } from '../interfaces/vpp-interfaces.ts';
import { addTelemetryRoutes } from '../telemetry/routes.ts';
import { telemetryParts, VppTelemetry } from '../telemetry/vpp-telemetry.ts';
import { publishLinks, publishRequests } from '../telemetry/vpp-requests.ts';
import { offUnless } from './engine.ts';
import { schedulerPlugin } from './scheduler.ts';
import { vppStatsPlugin } from './vpp-stats.ts';
import { vppPlugin } from './vpp.ts';

const offUnlessVpp = offUnless('vpp');

/** VPP's counters in Prometheus and REST. The file is Ligato's `telemetry.conf`. */
export const telemetryPlugin = definePlugin({
  name: 'telemetry',
  description: 'counters of VPP: interfaces, nodes, errors, buffers, memory, runtime',
  config: z.strictObject({
    disabled: z.boolean().default(false).describe('no counters of VPP at all'),
    'prometheus-disabled': z.boolean().default(false).describe('none among the metrics; REST has them'),
    'polling-interval': duration({ min: 1_000 })
      .default(30_000)
      .describe('accepted for compatibility, without effect: counters are read when somebody asks'),
    skipped: z.array(z.enum(telemetryParts)).default([]).describe('what is left out of the metrics'),
  }),
  off: (config, configOf) => offUnlessVpp(config, configOf) ?? (config.disabled ? 'disabled' : undefined),
  needs: { scheduler: schedulerPlugin, vpp: vppPlugin, stats: vppStatsPlugin, http: httpPlugin },
  start({ scheduler, vpp, stats, http }, config, { application }) {
    if (!config['prometheus-disabled']) {
      const { metrics, label } = application;
      new VppTelemetry(stats, label).publish(metrics, config.skipped);
      publishRequests(metrics, vpp.client);
      publishLinks(metrics, () => vppLinks(scheduler, vpp.client));
    }
    addTelemetryRoutes(http, vpp.client, stats);
  },
});
