import { definePlugin } from '../../app/index.ts';
import { prefixed } from '../../store/index.ts';
import type { Store } from '../../store/store.ts';
import { storeSlot } from './store.ts';

/**
 * The configuration store of an agent that has no other: a part of its own store, which REST and `ligature kvdb` write to. Its
 * keys are those that etcd would have (`/vnf-agent/<label>/config/...`).
 */
export const builtInConfigurationStorePlugin = definePlugin({
  name: 'kvdb',
  description: "a key-value store for configuration, in the agent's own",
  needs: { store: storeSlot },
  start: ({ store }): Store => prefixed(store, 'kvdb'),
  stop: (store) => store.close(),
});
