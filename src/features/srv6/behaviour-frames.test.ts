import assert from 'node:assert/strict';
import { eventually } from '../../../test/router/agent.ts';
import { onEachEngine } from '../../../test/router/each-engine.ts';
import type { KernelBench } from '../../../test/router/kernel.ts';
import { answers, framesNetwork, prepareForFrames } from './testing.ts';

onEachEngine(
  'frames of an interface go along segments and come out of another',
  { hosts: ['a', 'c', 'm'], timeout: 60_000 },
  async (bench, engine) => {
    const agent = await bench.agent();
    await agent.commit(framesNetwork(bench));
    await prepareForFrames(bench);
    const a = bench.host('a');
    await eventually(() => answers(a, '10.5.0.2'));
    await eventually(() => answers(a, 'fd05::2'));
    // Also what is for an address that the router has itself, and the frame is as it was.
    const [inside, outside] = [await bench.host('c').capture('eth0'), await bench.host('m').capture('eth0')];
    await eventually(() => answers(a, '10.5.0.3'));
    const [frame] = await inside.wait({ direction: 'in', ip: { source: '10.5.0.1', destination: '10.5.0.3' } });
    assert.equal(frame!.ip!.ttl, 64);
    assert.match(await a.run('ip', 'link', 'show', 'eth0'), new RegExp(frame!.source));
    await outside.wait({ direction: 'out', ip: { destination: 'fc00:1::c', protocol: 43 } });
    await inside.close();
    await outside.close();
    // Broadcasts: VPP carries every frame, the Linux kernel unicast frames of IP alone.
    const who = await a.whoHas('eth0', '10.5.0.2', { timeout: 500 });
    assert.equal(who.length, engine === 'vpp' ? 1 : 0);

    assert.deepEqual(await agent.drift(), []);
    await agent.stop();
    const again = await bench.agent();
    assert.deepEqual(await again.resync(framesNetwork(bench)), []);
    await again.remove(framesNetwork(bench));
    assert.deepEqual(await again.drift(), []);
    if (engine === 'vpp') return assert.deepEqual(await again.client!.list('sr_steering_pol_dump'), []);
    const { router, ip } = bench as KernelBench;
    assert.doesNotMatch(await router.run('nft', 'list', 'ruleset'), /srv6/);
    for (const what of ['rule', '-6 rule', 'link']) {
      assert.doesNotMatch(await ip.call(bench, what), /proto 79|lig-srv6/);
    }
  },
);
