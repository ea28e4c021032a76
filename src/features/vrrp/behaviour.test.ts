import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Frame } from '../../../test/lab/frame.ts';
import { eventually } from '../../../test/router/agent.ts';
import type { Bench } from '../../../test/router/bench.ts';
import { onEachEngine } from '../../../test/router/each-engine.ts';
import { answers, key, network, only, peer, router, routers, V4 } from './testing.ts';

const terms = { hosts: ['a'], commands: ['keepalived'] };
const MAC = { 7: '00:00:5e:00:01:07', 8: '00:00:5e:00:02:08' } as const;
const VRRP = 112;

/** Number of the virtual router that an advertisement is of (RFC 5798, 5.2.3). */
function routerOf({ bytes, etherType }: Frame): number {
  return bytes[14 + (etherType === 0x0800 ? (bytes[14]! & 0xf) * 4 : 40) + 1]!;
}

/** The virtual routers whose advertisements reach the host: those that the router is master of. */
async function mastered(bench: Bench): Promise<string> {
  const capture = await bench.host('a').capture('eth0', { direction: 'in' });
  // Five intervals.
  await delay(500);
  const heard = new Set((await capture.frames({ ip: { protocol: VRRP } })).map(routerOf));
  await capture.close();
  return [...heard].sort((left, right) => left - right).join();
}

onEachEngine(
  'master alone, backup of a better one, master again; IPv4 and IPv6; gone',
  terms,
  async (bench, engine) => {
    let agent = await bench.agent();
    try {
      await agent.commit(network(bench, routers().join(', ')));
      await eventually(async () => (await mastered(bench)) === '7,8');
      await eventually(() => answers(bench, '10.1.0.254'));
      await eventually(() => answers(bench, 'fd01::fe'));
      assert.deepEqual(await bench.host('a').whoHas('eth0', '10.1.0.254', { from: '10.1.0.2' }), [MAC[7]]);
      assert.deepEqual(await bench.host('a').whoHas('eth0', 'fd01::fe'), [MAC[8]]);
      assert.deepEqual(await agent.drift(), []);

      const other = await peer(bench, 150);
      // VPP changes nothing of a router but whether it runs.
      const operations = engine === 'kernel' ? ['UPDATE'] : ['CREATE', 'DELETE'];
      const expected = operations.flatMap((operation) => [7, 8].map((vrId) => `${operation} ${key(vrId)}`));
      assert.deepEqual(await agent.commit(only(...routers({ priority: 50 }))), expected);
      await eventually(async () => (await mastered(bench)) === '');
      await eventually(async () => /10\.1\.0\.254/.test(await bench.host('a').run('ip', 'addr', 'show', 'eth0')));
      await agent.stop();
      agent = await bench.agent();
      const config = network(bench, routers({ priority: 50 }).join(', '));
      assert.deepEqual(await agent.resync(config), []);
      await eventually(async () => (await mastered(bench)) === '');
      await other.stop();
      await eventually(async () => (await mastered(bench)) === '7,8');

      await agent.remove(only(router(7, V4)));
      await eventually(async () => !(await answers(bench, '10.1.0.254')));
      await eventually(() => answers(bench, 'fd01::fe'));
      await eventually(async () => (await mastered(bench)) === '8');
      assert.deepEqual(await bench.leftOf(agent, config), []);
    } finally {
      await agent.tryRemove(only(...routers()));
    }
  },
);

onEachEngine(
  'without accept the master takes no packets for the address; without enabled it does nothing',
  terms,
  async (bench) => {
    const agent = await bench.agent();
    const wish = (accept: boolean, enabled: boolean) =>
      router(7, V4).replace('accept: true', `accept: ${accept}`).replace('enabled: true', `enabled: ${enabled}`);
    try {
      await agent.commit(network(bench, wish(false, true)));
      await eventually(async () => (await mastered(bench)) === '7');
      assert.ok(!(await answers(bench, '10.1.0.254')));
      await agent.commit(only(wish(true, true)));
      await eventually(() => answers(bench, '10.1.0.254'));
      assert.deepEqual(await agent.commit(only(wish(true, false))), [`UPDATE ${key(7)}`]);
      await eventually(async () => !(await answers(bench, '10.1.0.254')));
      await eventually(async () => (await mastered(bench)) === '');
      assert.deepEqual(await agent.drift(), []);
    } finally {
      await agent.tryRemove(only(router(7, V4)));
    }
  },
);
