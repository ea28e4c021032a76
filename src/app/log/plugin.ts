import { httpPlugin } from '../http/plugin.ts';
import { definePlugin } from '../plugin/definition.ts';

/** Ligato's `/log` routes: levels of loggers, seen and changed at run time. */
export const logRoutesPlugin = definePlugin({
  name: 'log-routes',
  description: 'log levels over HTTP',
  needs: { http: httpPlugin },
  start: ({ http }, _config, { application: { logs }, log }) => {
    http.route({
      method: 'GET',
      path: '/log/list',
      role: 'read',
      summary: 'all loggers and their levels',
      handler: () => logs.list(),
    });
    http.route({
      method: 'PUT',
      path: '/log/:logger/:level',
      role: 'operate',
      summary: 'set the level of a logger, or of "default"',
      handler: ({ params, identity }) => {
        const changed = logs.setLevel(params['logger'] ?? '', params['level'] ?? '');
        log.info({ ...changed, by: identity?.name }, 'level changed');
        return changed;
      },
    });
  },
});
