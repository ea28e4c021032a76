import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Metrics } from '../../app/metrics/metrics.ts';
import { fakeSegment, type FakeEntry } from '../../vpp/testing/fake-segment.ts';
import { VppStats } from '../../vpp/index.ts';
import { VppTelemetry } from './vpp-telemetry.ts';

/** A VPP with a worker and one interface beside local0. */
const entries: Readonly<Record<string, FakeEntry>> = {
  '/sys/num_worker_threads': { scalar: 1n },
  '/sys/node/names': { names: ['ip4-input', 'idle-node'] },
  '/sys/node/calls': {
    simple: [
      [4n, 0n],
      [8n, 0n],
    ],
  },
  '/sys/node/vectors': {
    simple: [
      [10n, 0n],
      [32n, 0n],
    ],
  },
  '/sys/node/clocks': {
    simple: [
      [100n, 0n],
      [900n, 0n],
    ],
  },
  '/sys/node/suspends': {
    simple: [
      [0n, 0n],
      [0n, 0n],
    ],
  },
  '/if/names': { names: ['local0', 'host-a'] },
  '/if/rx': {
    combined: [
      [
        [0n, 0n],
        [5n, 500n],
      ],
      [
        [0n, 0n],
        [2n, 200n],
      ],
    ],
  },
  '/if/drops': {
    simple: [
      [0n, 3n],
      [0n, 1n],
    ],
  },
  '/node/errors': {
    simple: [
      [6n, 0n],
      [1n, 0n],
    ],
  },
  '/err/ip4-input/ip4 ttl <= 1': { symlink: ['/node/errors', 0] },
  '/err/ip4-input/ip4 length > l2 length': { symlink: ['/node/errors', 1] },
  '/mem/main heap': { simple: [[1000n, 400n, 600n, 0n, 450n, 7n, 50n]] },
  '/buffer-pools/default-numa-0/cached': { scalar: 2n },
  '/buffer-pools/default-numa-0/used': { scalar: 30n },
  '/buffer-pools/default-numa-0/available': { scalar: 100n },
};

async function lines(skipped: readonly 'nodes'[] = [], segment = fakeSegment(entries)): Promise<readonly string[]> {
  const metrics = new Metrics();
  new VppTelemetry(VppStats.of(segment), 'vpp1').publish(metrics, skipped);
  return (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test("VPP's counters have Ligato's names and labels", async () => {
  const found = new Set(await lines());
  for (const line of [
    'vpp_interfaces_rx_packets{name="host-a",index="1",agent="vpp1"} 7',
    'vpp_interfaces_rx_bytes{name="host-a",index="1",agent="vpp1"} 700',
    'vpp_interfaces_drops{name="host-a",index="1",agent="vpp1"} 4',
    'vpp_interfaces_rx_packets{name="local0",index="0",agent="vpp1"} 0',
    'vpp_nodes_counter{item="ip4-input",reason="ip4 ttl <= 1",agent="vpp1"} 7',
    'vpp_runtime_calls{item="ip4-input",thread="vpp_main",threadID="0",agent="vpp1"} 4',
    'vpp_runtime_vectors_per_call{item="ip4-input",thread="vpp_wk_0",threadID="1",agent="vpp1"} 4',
    'vpp_memory_used{thread="vpp_main",threadID="0",agent="vpp1"} 400',
    'vpp_memory_trimmable{thread="vpp_main",threadID="0",agent="vpp1"} 50',
    'vpp_buffers_num_alloc{threadID="0",item="default-numa-0",index="0",agent="vpp1"} 30',
    'vpp_buffers_num_free{threadID="0",item="default-numa-0",index="0",agent="vpp1"} 102',
  ])
    assert.ok(found.has(line), `${line}\nis not among\n${[...found].join('\n')}`);
});

test('what did nothing is left out, and what is skipped', async () => {
  const all = await lines();
  assert.ok(!all.some((line) => line.includes('idle-node') || line.includes('length > l2')));
  assert.ok(!(await lines(['nodes'])).some((line) => line.startsWith('vpp_nodes')));
});

test('a look while VPP cannot be read has no samples, and the other metrics', async () => {
  const segment = fakeSegment(entries);
  segment.bytes.fill(0);
  assert.deepEqual(await lines([], segment), []);
});

test('all metrics of a look share a reading', async () => {
  const segment = fakeSegment(entries);
  let reads = 0;
  const counting = {
    size: segment.size,
    read: (target: Uint8Array, at: number) => (reads++, segment.read(target, at)),
  };
  const stats = VppStats.of(counting);
  await stats.interfaces();
  const once = reads;
  reads = 0;
  const metrics = new Metrics();
  new VppTelemetry(stats, 'vpp1').publish(metrics, ['runtime', 'memory', 'buffers', 'nodes']);
  await metrics.text();
  assert.ok(reads <= once, `${reads} reads for twelve metrics, ${once} for one`);
});
