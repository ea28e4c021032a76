import { join } from 'node:path';
import * as z from 'zod';
import { definePlugin, slot } from '../../app/index.ts';
import type { Store } from '../../store/store.ts';

/** Where the agent keeps its intent. Filled by `embeddedStorePlugin` unless an application substitutes another store. */
export const storeSlot = slot<Store>('agent-store', 'keeps what the agent was told');

/** The default: durable files in the state directory. */
export const embeddedStorePlugin = definePlugin({
  name: 'embedded-store',
  description: 'durable store in files of its own',
  config: z.strictObject({
    path: z.string().default('').describe('directory of the store; default: store/ in the state directory'),
  }),
  async start(_needs, { path }, { application, log }): Promise<Store> {
    const directory = path === '' ? join(application.stateDirectory, 'store') : path;
    const { openEmbeddedStore } = await import('../../store/embedded/embedded-store.ts');
    log.debug({ path: directory }, 'opening the store');
    return openEmbeddedStore({ path: directory });
  },
  stop: (store) => store.close(),
});

/** Forgets everything at the end of the process: for tests and throw-away agents. */
export const memoryStorePlugin = definePlugin({
  name: 'memory-store',
  description: 'store in memory, lost at the end of the process',
  async start(): Promise<Store> {
    const { openMemoryStore } = await import('../../store/memory/memory-store.ts');
    return openMemoryStore();
  },
  stop: (store) => store.close(),
});
