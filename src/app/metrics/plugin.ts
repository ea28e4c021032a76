import { httpPlugin } from '../http/plugin.ts';
import { HttpReply } from '../http/route.ts';
import { definePlugin } from '../plugin/definition.ts';

/** `GET /metrics`: everything plugins put into `context.application.metrics`. */
export const prometheusPlugin = definePlugin({
  name: 'prometheus',
  description: 'metrics for Prometheus over HTTP',
  needs: { http: httpPlugin },
  start: ({ http }, _config, { application: { metrics } }) => {
    http.route({
      method: 'GET',
      path: '/metrics',
      role: 'read',
      summary: 'metrics in the Prometheus text format',
      handler: async () => new HttpReply(await metrics.text(), { type: metrics.contentType }),
    });
  },
});
