/** States in the configuration store: as they are in the end, whatever happened in between. */

import { create } from '@bufbuild/protobuf';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { localClient } from '../../client/local.ts';
import { startTestAgent, type TestAgent } from '../../client/testing.ts';
import { InterfaceSchema, Interface_Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Store } from '../../store/store.ts';
import { interfaceStatesPlugin } from '../plugins/interface-states.ts';
import { statusPublisherPlugin } from '../plugins/status-publisher.ts';
import { configurationStoreSlot } from '../plugins/store-source.ts';
import { schedulerPlugin } from '../plugins/scheduler.ts';
import { StatusPublisher } from './status-publisher.ts';

const loop = (name: string) => create(InterfaceSchema, { name, type: Interface_Type.SOFTWARE_LOOPBACK, enabled: true });
const bridge = 'vppConfig: { bridgeDomains: [{ name: bd, interfaces: [{ name: absent }] }] }';

const start = (): Promise<TestAgent> =>
  startTestAgent({ plugins: [statusPublisherPlugin], files: { 'status-publisher.conf': 'enabled: true\n' } });

/** Entries below a prefix, once they are as expected. */
async function until(store: Store, prefix: string, isSo: (found: Map<string, unknown>) => boolean) {
  for (;;) {
    const { entries } = await store.list(prefix);
    const found = new Map(
      entries.map(({ key, value }) => [
        key.slice(prefix.length),
        JSON.parse(new TextDecoder().decode(value)) as unknown,
      ]),
    );
    if (isSo(found)) return found;
    await delay(5);
  }
}

test('each value under config/ has its state under config-status/, with those of its parts', async () => {
  await using agent = await start();
  const client = localClient(agent.application);
  const store = agent.application.api(configurationStoreSlot);
  const folder = '/vnf-agent/vpp1/config-status/';
  agent.broken.add('config/vpp/v2/interfaces/b');
  await client.apply([loop('a'), loop('b')], { retry: false });
  await client.apply(bridge);
  const found = await until(store, folder, (entries) => entries.size === 3);
  assert.deepEqual(found.get('vpp/v2/interfaces/a'), {
    value: { key: 'config/vpp/v2/interfaces/a', state: 'CONFIGURED', lastOperation: 'CREATE' },
  });
  assert.deepEqual(found.get('vpp/v2/interfaces/b'), {
    value: {
      key: 'config/vpp/v2/interfaces/b',
      state: 'FAILED',
      error: 'the plane is broken',
      lastOperation: 'CREATE',
    },
  });
  const { derivedValues } = found.get('vpp/l2/v2/bridge-domain/bd') as {
    derivedValues: readonly { readonly key: string; readonly state: string; readonly details: readonly string[] }[];
  };
  assert.deepEqual(
    derivedValues.map(({ key, state, details }) => [key, state, details]),
    [['vpp/bd/bd/interface/absent', 'PENDING', ['interface absent']]],
  );
  agent.broken.clear();
  await client.delete([loop('a')]);
  await client.apply([loop('b')]);
  const later = await until(
    store,
    folder,
    (entries) => entries.size === 2 && JSON.stringify(entries.get('vpp/v2/interfaces/b')).includes('CONFIGURED'),
  );
  assert.equal(later.has('vpp/v2/interfaces/a'), false);
});

test('entries of values that an earlier run had go, and a store that does not answer is asked again', async () => {
  await using agent = await startTestAgent({ plugins: [statusPublisherPlugin] });
  const store = agent.application.api(configurationStoreSlot);
  await localClient(agent.application).apply([loop('a')]);
  const stale = '/vnf-agent/vpp1/config-status/vpp/v2/interfaces/stale';
  await store.transaction([{ type: 'put', key: stale, value: new TextEncoder().encode('{}') }]);
  let refusals = 3;
  const failing: Store = Object.assign(Object.create(store) as Store, {
    list: store.list.bind(store),
    transaction: (...args: Parameters<Store['transaction']>) =>
      refusals-- > 0 ? Promise.reject(new Error('out of reach')) : store.transaction(...args),
  });
  const stop = new AbortController();
  const told: unknown[] = [];
  const publisher = new StatusPublisher({
    store: failing,
    scheduler: agent.application.api(schedulerPlugin),
    label: 'vpp1',
    interval: 1,
    signal: stop.signal,
    tell: (error) => told.push(error),
  });
  const running = publisher.run();
  await until(
    store,
    '/vnf-agent/vpp1/config-status/',
    (entries) => [...entries.keys()].join() === 'vpp/v2/interfaces/a',
  );
  assert.equal(told.filter((error) => error instanceof Error).length, 3);
  stop.abort();
  await running;
});

test('links of interfaces are under vpp/status/v2/interface/', async () => {
  await using agent = await start();
  const store = agent.application.api(configurationStoreSlot);
  const counters = { rxPackets: 0n, rxBytes: 0n, rxErrors: 0n, rxDropped: 0n, txPackets: 0n, txBytes: 0n };
  const state = {
    key: 'config/vpp/v2/interfaces/a',
    model: 'vpp.interfaces',
    name: 'a',
    device: 'lg-a',
    index: 7,
    place: '',
    admin: 'UP' as const,
    operational: 'DOWN' as const,
    mac: '02:00:00:00:00:01',
    mtu: 1500,
    shared: false,
    counters: { ...counters, txErrors: 0n, txDropped: 0n, rxMulticast: 0n, rxUnhandled: 0n },
  };
  const there = [state];
  const states = agent.application.api(interfaceStatesPlugin);
  states.addReader({ read: () => Promise.resolve(there), watch: () => () => {} });
  const client = localClient(agent.application);
  await client.apply([loop('a')]);
  const folder = '/vnf-agent/vpp1/vpp/status/v2/interface/';
  const found = await until(store, folder, (entries) => entries.has('a'));
  const { operStatus, ifIndex, physAddress } = found.get('a') as Record<string, unknown>;
  assert.deepEqual([operStatus, ifIndex, physAddress], ['DOWN', 7, state.mac]);
  there.length = 0;
  await client.delete([loop('a')]);
  await until(store, folder, (entries) => entries.size === 0);
});
