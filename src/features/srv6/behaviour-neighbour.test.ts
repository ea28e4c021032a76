/** Next hops of segments that are not known, come and go: VPP's own functions that send to one end VPP 26.06 then. */

import assert from 'node:assert/strict';
import { eventually } from '../../../test/router/agent.ts';
import type { Bench } from '../../../test/router/bench.ts';
import { onEachEngine, onVpp } from '../../../test/router/each-engine.ts';
import type { VppBench } from '../../../test/router/vpp.ts';
import { answers, Chain, HOSTS as hosts, route } from './testing.ts';

const SID = '"fc00:1::1"';
/** Nobody has these at first. */
const NOBODY = { 4: '10.3.0.77', 6: 'fd03::77' } as const;

/** Segments that send to a next hop, and what m reaches by them: c has it, no route of the router leads there. */
const SEGMENTS = {
  'End.DX4': { family: 4, end: 'endFunctionDx4', segments: 'fc00:1::1', to: '10.9.0.1' },
  'End.DX6': { family: 6, end: 'endFunctionDx6', segments: 'fc00:1::1', to: 'fd09::1' },
  'End.X': { family: 6, end: 'endFunctionX', segments: 'fc00:1::1,fc00:5::6', to: 'fd09::1' },
} as const;

type Segment = (typeof SEGMENTS)[keyof typeof SEGMENTS];

function local({ end, family }: Segment): string {
  return `\n  srv6Localsids:\n    - { sid: ${SID}, ${end}: { outgoingInterface: c, nextHop: "${NOBODY[family]}" } }`;
}

/** A segment whose next hop nobody has, with m's packets on their way to it. */
async function unknown<B extends Bench>(chain: Chain<B>, segment: Segment) {
  const agent = await chain.agent(local(segment));
  const [m, c] = [chain.host('m'), chain.host('c')];
  await eventually(() => answers(m, 'fd02::1'));
  await route(c, 'fc00:5::6/128 encap seg6local action End.DT6 table 255 dev eth0');
  const length = segment.family === 4 ? 32 : 128;
  await route(m, `${segment.to}/${length} encap seg6 mode encap segs ${segment.segments} dev eth0`);
  const { received } = await m.ping(segment.to, { count: 5, interval: 100, timeout: 500 });
  assert.equal(received, 0);
  assert.ok(await answers(m, 'fd02::1'), 'the router is alive');
  return { agent, m, c };
}

for (const [name, segment] of Object.entries(SEGMENTS)) {
  onEachEngine(
    `${name}: the next hop is asked for, and found when it is there`,
    { hosts, timeout: 120_000 },
    async (bench) => {
      const { agent, m, c } = await unknown(await Chain.on(bench), segment);
      await c.address('eth0', `${NOBODY[segment.family]}/${segment.family === 4 ? 24 : 64}`);
      await eventually(() => answers(m, segment.to));
      assert.deepEqual(await agent.drift(), []);
    },
  );

  onVpp(
    `${name}: VPP outlives a next hop that is forgotten, and a link that goes down and comes up`,
    { hosts, timeout: 120_000 },
    async (bench: VppBench) => {
      const chain = await Chain.on(bench);
      const { agent, m, c } = await unknown(chain, segment);
      const address = `${NOBODY[segment.family]}/${segment.family === 4 ? 24 : 64}`;
      await c.address('eth0', address);
      await eventually(() => answers(m, segment.to));
      const forget = (af: 'ADDRESS_IP4' | 'ADDRESS_IP6') =>
        agent.client.request('ip_neighbor_flush', { af, sw_if_index: 0xffff_ffff });
      const forgetAll = () => Promise.all([forget('ADDRESS_IP4'), forget('ADDRESS_IP6')]);
      // It is there: it is asked for once more.
      await forgetAll();
      await eventually(() => answers(m, segment.to));
      // It is not: nothing arrives, and nothing ends.
      await c.run('ip', 'addr', 'del', address, 'dev', 'eth0');
      await forgetAll();
      await eventually(() => answers(m, 'fd02::1'));
      assert.equal((await m.ping(segment.to, { count: 5, interval: 100, timeout: 500 })).received, 0);
      await c.address('eth0', address);
      await eventually(() => answers(m, segment.to));

      const network = chain.network(local(segment));
      const down = network.replace('name: c, type: TAP, enabled: true', 'name: c, type: TAP, enabled: false');
      assert.notEqual(down, network);
      await agent.commit(down);
      assert.equal((await m.ping(segment.to, { count: 5, interval: 100, timeout: 500 })).received, 0);
      await agent.commit(network);
      await m.ping(segment.to, { count: 1, timeout: 500 });
      await eventually(() => answers(m, segment.to));
      assert.deepEqual(await agent.drift(), []);

      await agent.stop();
      const again = await bench.agent();
      assert.deepEqual(await again.resync(network), []);
      assert.ok(await answers(m, segment.to));
      await again.remove(`vppConfig:${local(segment)}`);
      const tables = (await again.client.list('ip_table_dump')).map(({ table }) => table.name);
      assert.deepEqual(
        tables.filter((each) => each.startsWith('ligature')),
        [],
      );
      assert.deepEqual(await bench.leftOf(again, network.replace(local(segment), '')), []);
    },
  );
}
