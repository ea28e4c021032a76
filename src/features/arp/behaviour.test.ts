import assert from 'node:assert/strict';
import { eventually } from '../../../test/router/agent.ts';
import type { Bench } from '../../../test/router/bench.ts';
import { onEachEngine } from '../../../test/router/each-engine.ts';
import { MAC, network } from './testing.ts';

/** Resolves when what the host sends there goes by a's link to this MAC address. */
async function goesTo(bench: Bench, from: string, address: string, mac: string): Promise<void> {
  const seen = await bench.host('a').capture('eth0', { direction: from === 'a' ? 'out' : 'in' });
  // Nothing leaves before the link is up.
  await eventually(async () => {
    await bench.host(from).ping(address, { count: 1, timeout: 50 });
    return (await seen.frames({ destination: mac, ip: { destination: address } })).length > 0;
  });
  await seen.close();
}

onEachEngine(
  'packets go to configured neighbours without a question; changed in place, restarted, gone',
  {
    hosts: ['a', 'b'],
  },
  async (bench) => {
    const agent = await bench.agent();
    await agent.commit(network(bench));
    for (const [from, address, mac] of [
      ['b', '10.1.0.9', MAC],
      ['b', 'fd01::9', MAC],
      ['a', '10.1.0.7', '02:00:00:00:00:07'],
      ['a', 'fd01::7', '02:00:00:00:00:07'],
    ] as const) {
      await goesTo(bench, from, address, mac);
    }
    assert.deepEqual(await agent.drift(), []);

    const other = '02:00:00:00:00:99';
    assert.deepEqual(await agent.commit(network(bench, other)), [
      'UPDATE config/vpp/v2/arp/a/10.1.0.9',
      'UPDATE config/vpp/v2/arp/a/fd01:0::9',
    ]);
    await goesTo(bench, 'b', '10.1.0.9', other);
    await goesTo(bench, 'b', 'fd01::9', other);
    await agent.stop();
    const again = await bench.agent();
    assert.deepEqual(await again.resync(network(bench, other)), []);
    await goesTo(bench, 'b', '10.1.0.8', '02:00:00:00:00:08');
    await again.remove(
      `vppConfig: { arps: [{ interface: a, ipAddress: 10.1.0.9, physAddress: "${other}", static: true }] }`,
    );
    // Now it is asked for.
    const seen = await bench.host('a').capture('eth0', { direction: 'in' });
    await eventually(async () => {
      await bench.host('b').ping('10.1.0.9', { count: 1, timeout: 50 });
      return (await seen.frames({ arp: { operation: 1, targetIp: '10.1.0.9' } })).length > 0;
    });
    assert.deepEqual(await seen.frames({ ip: { destination: '10.1.0.9' } }), []);
    await seen.close();
    assert.deepEqual(await bench.leftOf(again, network(bench, other)), []);
  },
);
