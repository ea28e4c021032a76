import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';
import { answers, framesNetwork, prepareForFrames, FRAMES_STEERED } from './testing.ts';

const skip = requires({ netns: true, commands: ['ip', 'nft'] });
const STEERING = 'config/vpp/srv6/v2/steering';

test('each piece of steered frames is healed, with one operation', { skip, timeout: 60_000 }, async () => {
  await using bench = await KernelBench.open('a', 'c', 'm');
  const agent = await bench.agent();
  await agent.commit(framesNetwork(bench));
  await prepareForFrames(bench);
  const index = /^(\d+):/.exec(await bench.ip('link show a'))![1]!;
  const table = String(0xf200_0000 + Number(index));
  const damages: readonly string[] = [
    'nft flush chain netdev ligature-srv6 from-a',
    'ip link set dev a promisc off',
    `ip rule del iif a`,
    `ip -6 rule del iif a`,
    `ip route del default table ${table}`,
    `ip -6 route del default table ${table}`,
    `ip -6 route del throw fc00:2::1/128 table ${table}`,
  ];
  for (const damage of damages) {
    let since = agent.scheduler.history().at(-1)!.seqNum;
    const cure = await agent.reaction(
      async () => {
        await bench.router.run(...(damage.split(' ') as [string]));
        if (!/nft|default/.test(damage)) await agent.heal();
      },
      () => Promise.resolve(agent.scheduler.history().some((one) => one.seqNum > since && one.executed.length > 0)),
    );
    since = agent.scheduler.history().at(-1)!.seqNum;
    assert.deepEqual(cure, [`${damage.includes('throw') ? 'UPDATE' : 'CREATE'} ${STEERING}/from-a`], damage);
    assert.deepEqual(await agent.drift(), [], damage);
  }
  await eventually(() => answers(bench.host('a'), '10.5.0.2'));
  // Another policy, in place.
  const turned = FRAMES_STEERED.replace('fc00:1::bc', 'fc00:1::ba');
  assert.deepEqual(await agent.commit(framesNetwork(bench, turned)), [`UPDATE ${STEERING}/from-a`]);
  assert.deepEqual(await agent.drift(), []);
});

test('frames need a policy that encapsulates, and an interface that nobody else takes them from', {
  skip,
}, async () => {
  await using bench = await KernelBench.open('a', 'c', 'm');
  const agent = await bench.agent();
  const inserting = framesNetwork(bench, '').replace('bc", srhEncapsulation: true', 'bc", srhEncapsulation: false');
  await agent.tryCommit(inserting.replace('linuxConfig:', `${FRAMES_STEERED}\nlinuxConfig:`));
  assert.match(agent.state(`${STEERING}/from-a`)!, /^FAILED policy .* for frames it needs srh_encapsulation/);
  await agent.tryCommit(`vppConfig: { bridgeDomains: [{ name: lan, interfaces: [{ name: c }] }] }`);
  const states = ['vpp/bd/lan/interface/c', `${STEERING}/from-c`].map((key) => agent.state(key)!);
  assert.equal(states.filter((state) => state.startsWith('INVALID conflicts with')).length, 1, states.join('\n'));
});
