import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextChange, storeConformance } from './testing/conformance.ts';
import type { OpenedStore } from './testing/conformance.ts';
import { MemoryStore } from './memory/memory-store.ts';
import { prefixed } from './prefixed.ts';

storeConformance('prefixed view', {
  open: () => view(1000),
  openForgetful: { changes: 10, open: () => view(10) },
});

async function view(changes: number): Promise<OpenedStore> {
  const store = new MemoryStore({ history: { changes, bytes: 1_000_000 } });
  return { store: prefixed(store, '/vnf-agent/vpp1/'), dispose: () => store.close() };
}

describe('prefixed', () => {
  it('shows nothing of others and hides nothing from the store', async () => {
    const store = new MemoryStore();
    const one = prefixed(store, '/vnf-agent/vpp1/');
    const two = prefixed(store, '/vnf-agent/vpp2/');
    const value = new Uint8Array([1]);
    const change = nextChange(two.watch('')[Symbol.asyncIterator]());
    await one.put('config/a', value);
    await two.transaction([{ type: 'put', key: 'config/b', value }], [{ key: 'config/a', revision: 0 }]);
    assert.deepEqual(
      (await one.list('')).entries.map(({ key }) => key),
      ['config/a'],
    );
    assert.deepEqual(
      (await two.list('config/')).entries.map(({ key }) => key),
      ['config/b'],
    );
    assert.deepEqual(
      (await store.list('')).entries.map(({ key }) => key),
      ['/vnf-agent/vpp1/config/a', '/vnf-agent/vpp2/config/b'],
    );
    assert.deepEqual(
      (await change).events.map(({ key }) => key),
      ['config/b'],
    );
    await one.close();
    assert.equal((await two.get('config/b'))?.key, 'config/b');
    await store.close();
  });
});
