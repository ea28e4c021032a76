import assert from 'node:assert/strict';
import { eventually } from '../../../test/router/agent.ts';
import { onEachEngine } from '../../../test/router/each-engine.ts';
import { KEY, network, only, question, resolve, upstream } from './testing.ts';

const terms = { hosts: ['a', 'b'], commands: ['dnsmasq'] };

onEachEngine(
  'names are answered from servers and from the cache; changed, taken over by the next agent, gone',
  terms,
  async (bench, engine) => {
    let agent = await bench.agent();
    try {
      await agent.commit(network(bench, '10.2.0.2'));
      const first = await upstream(bench, '10.2.0.2', '192.0.2.1');
      await eventually(async () => (await question(bench, '10.1.0.1', 'www.test')) === '192.0.2.1');
      await first.stop();
      assert.equal(await question(bench, '10.1.0.1', 'www.test'), '192.0.2.1', 'from the cache');
      // VPP repeats the name of the question wrongly, so that resolvers do not take its answers, and it answers no IPv6.
      assert.equal(await resolve(bench, '10.1.0.1', 'www.test'), engine === 'kernel' ? '192.0.2.1' : 'ETIMEOUT');
      assert.equal(await resolve(bench, '[fd01::1]', 'www.test'), engine === 'kernel' ? '192.0.2.1' : 'ETIMEOUT');
      assert.deepEqual(await agent.drift(), []);

      await upstream(bench, '10.2.0.3', '192.0.2.2');
      assert.deepEqual(await agent.commit(only('10.2.0.3')), [`UPDATE ${KEY}`]);
      await eventually(async () => (await question(bench, '10.1.0.1', 'other.test')) === '192.0.2.2');

      await agent.stop();
      assert.equal(
        await question(bench, '10.1.0.1', 'other.test'),
        '192.0.2.2',
        'nobody notices that the agent is gone',
      );
      agent = await bench.agent();
      const config = network(bench, '10.2.0.3');
      assert.deepEqual(await agent.resync(config), []);
      assert.equal(await question(bench, '10.1.0.1', 'other.test'), '192.0.2.2');
      await agent.remove(only('10.2.0.3'));
      assert.equal(await question(bench, '10.1.0.1', 'other.test'), undefined);
      assert.deepEqual(await bench.leftOf(agent, config), []);
    } finally {
      await agent.tryRemove(only('10.2.0.3'));
    }
  },
);
