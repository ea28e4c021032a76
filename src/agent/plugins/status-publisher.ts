import * as z from 'zod';
import { definePlugin, duration } from '../../app/index.ts';
import type { Notification } from '../../model/gen/ligato/configurator/configurator_pb.js';
import { interfaceStatesPlugin } from './interface-states.ts';
import { intentPlugin } from './intent.ts';
import { schedulerPlugin } from './scheduler.ts';
import { configurationStoreSlot } from './store-source.ts';

/** Writes states back to the configuration store; off unless it is asked for. */
export const statusPublisherPlugin = definePlugin({
  name: 'status-publisher',
  description: 'writes states of values and interfaces back to the configuration store',
  config: z.strictObject({
    enabled: z.boolean().default(false).describe('write `config-status/...` for each value under `config/...`'),
    interfaces: z
      .boolean()
      .default(true)
      .describe('where enabled: states of interfaces, too, as `vpp/status/v2/interface/<name>`'),
    'reconnect-interval': duration().default(2000).describe('time between attempts while the store does not answer'),
  }),
  options: [
    {
      key: 'enabled',
      env: 'ENABLE_STATUS_PUBLISHING',
      description: 'write states back to the store',
      // For Ligato anything that is there says yes.
      convert: (text) => !['', '0', 'false', 'no', 'off'].includes(text),
    },
  ],
  needs: {
    store: configurationStoreSlot,
    scheduler: schedulerPlugin,
    interfaces: interfaceStatesPlugin,
    // Restored first: states of an earlier run stay until those of this one are known.
    intent: intentPlugin,
  },
  start: ({ store, scheduler, interfaces }, config) => ({ store, scheduler, interfaces, config }),
  async started({ store, scheduler, interfaces, config }, { application, signal, log, report, fail }) {
    if (!config.enabled) return;
    const [{ StatusPublisher }, { InterfaceNotifications }] = await Promise.all([
      import('../status/status-publisher.ts'),
      import('../grpc/notifications.ts'),
    ]);
    const failed = (error: unknown): void => log.warn({ err: error }, 'interfaces could not be read; trying again');
    const notifications = config.interfaces ? new InterfaceNotifications(scheduler, interfaces, failed) : undefined;
    signal.addEventListener('abort', () => notifications?.close(), { once: true });
    const publisher = new StatusPublisher({
      store,
      scheduler,
      label: application.label,
      interval: config['reconnect-interval'],
      signal,
      ...(notifications === undefined ? {} : { links: linksOf(notifications.stream(0, [], signal)) }),
      tell: (error) =>
        error === undefined
          ? report('ok')
          : report('error', `the store does not answer: ${error instanceof Error ? error.message : String(error)}`),
    });
    void publisher.run().catch(fail);
  },
  health: { fatal: false },
});

async function* linksOf(stream: AsyncIterable<{ readonly notification?: Notification }>): AsyncGenerator<Notification> {
  for await (const { notification } of stream) if (notification !== undefined) yield notification;
}
