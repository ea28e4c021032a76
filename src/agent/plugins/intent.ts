import { definePlugin } from '../../app/index.ts';
import type { CommitResult } from '../../scheduler/scheduler.ts';
import { Intent } from '../intent/intent.ts';
import { modelCodec } from '../intent/model-codec.ts';
import { modelsPlugin } from './models.ts';
import { schedulerPlugin } from './scheduler.ts';
import { storeSlot } from './store.ts';

/** What all sources want, merged and durable; restored before any of them has answered. */
export const intentPlugin = definePlugin({
  name: 'intent',
  description: 'merges what the sources want and keeps it',
  needs: { store: storeSlot, scheduler: schedulerPlugin, models: modelsPlugin },
  start: ({ store, scheduler, models }, _config, { log }) =>
    new Intent({ store, scheduler, codec: modelCodec(models), log }),
  async started(intent, { log, report }) {
    const { result } = await intent.restore();
    const tell = (restored: CommitResult): void => {
      const { length: failed } = restored.failures;
      log.info({ values: intent.sources.size, failed }, 'last known configuration restored');
      const unrestored = intent.unrestored(restored, ({ reason }) => report('ok', reason));
      if (!unrestored.isEmpty) report('ok', unrestored.reason);
    };
    // While the data plane is not there, the agent can be talked to all the same.
    void result.then(tell, () => undefined);
  },
  stopping: (intent) => intent.close(),
  startTimeout: 60_000,
  stopTimeout: 30_000,
});
