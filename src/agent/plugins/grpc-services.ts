import { definePlugin, grpcPlugin } from '../../app/index.ts';
import type { InterfaceNotifications } from '../grpc/notifications.ts';
import { valueJsonOf } from '../rest/value-json.ts';
import { configuratorPlugin } from './configurator.ts';
import { feedPlugin } from './feed.ts';
import { intentPlugin } from './intent.ts';
import { interfaceStatesPlugin } from './interface-states.ts';
import { modelsPlugin } from './models.ts';
import { schedulerPlugin } from './scheduler.ts';
import { sourceOf } from './sources.ts';

/** Ligato's gRPC services, reflection and health. */
export const grpcServicesPlugin = definePlugin({
  name: 'grpc-services',
  description: 'configuration, states and models by gRPC',
  needs: {
    grpc: grpcPlugin,
    models: modelsPlugin,
    scheduler: schedulerPlugin,
    intent: intentPlugin,
    configurator: configuratorPlugin,
    feed: feedPlugin,
    interfaces: interfaceStatesPlugin,
  },
  start({ grpc, ...needs }, _config, { application, log }) {
    const { models, scheduler, interfaces } = needs;
    const loaded: { notifications?: InterfaceNotifications } = {};
    grpc.add(async () => {
      const [{ agentServices }, { InterfaceNotifications: Notifications }] = await Promise.all([
        import('../grpc/services.ts'),
        import('../grpc/notifications.ts'),
      ]);
      loaded.notifications = new Notifications(scheduler, interfaces, (error) =>
        log.warn({ err: error }, 'interfaces could not be read; trying again with the next change'),
      );
      const activeModules = (): readonly string[] => [
        ...new Set(
          scheduler
            .kinds()
            .flatMap(({ kind, handler }) =>
              handler === undefined ? [] : (models.findModel(kind.name)?.spec.module ?? []),
            ),
        ),
      ];
      const values = valueJsonOf(models, scheduler);
      return agentServices({ ...needs, application, values, sourceOf, activeModules }, loaded.notifications);
    });
    return loaded;
  },
  stop: ({ notifications }) => notifications?.close(),
});
