import { storeConformance } from '../testing/conformance.ts';
import type { OpenedStore } from '../testing/conformance.ts';
import { openMemoryStore } from './memory-store.ts';

storeConformance('memory', {
  open: () => opened(),
  openForgetful: { changes: 10, open: () => opened(10) },
});

async function opened(changes = 1000): Promise<OpenedStore> {
  const store = openMemoryStore({ history: { changes, bytes: 1_000_000 } });
  return { store, dispose: () => store.close() };
}
