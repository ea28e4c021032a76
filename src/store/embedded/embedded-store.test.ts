import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeConformance } from '../testing/conformance.ts';
import type { OpenedStore } from '../testing/conformance.ts';
import { openEmbeddedStore } from './embedded-store.ts';
import type { EmbeddedStoreOptions } from './embedded-store.ts';

storeConformance('embedded', {
  open: () => opened(),
  openForgetful: { changes: 10, open: () => opened({ history: { changes: 10, bytes: 1_000_000 } }) },
});

// The same with a log that is rewritten all the time.
storeConformance('embedded, compacting', { open: () => opened({ compactAfter: 0 }), runs: 50 });

async function opened(options: Partial<EmbeddedStoreOptions> = {}): Promise<OpenedStore> {
  const path = await mkdtemp(join(tmpdir(), 'ligature-store-'));
  let store = await openEmbeddedStore({ ...options, path });
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openEmbeddedStore({ ...options, path });
      return store;
    },
    dispose: async () => {
      await store.close();
      await rm(path, { recursive: true });
    },
  };
}
