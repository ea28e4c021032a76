import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';
import { answers, Chain, HOSTS, STEERED } from './testing.ts';

const skip = requires({ netns: true, commands: ['ip'] });
const SEGMENT = 'config/vpp/srv6/v2/localsid';
const STEERING = 'config/vpp/srv6/v2/steering';

/** Routes of ours, without those that stand for next hops. */
async function left(bench: KernelBench): Promise<string> {
  const shown = [
    await bench.ip('-4 route show table all proto 79'),
    await bench.ip('-6 route show table all proto 79'),
    await bench.ip('-4 rule show pref 299'),
    await bench.ip('-6 rule show pref 299'),
    await bench.ip('-br link show dev lig-srv6').catch(() => ''),
  ];
  return shown.join('');
}

test('damage is reported with its field and healed with one operation', { skip, timeout: 120_000 }, async () => {
  await using bench = await KernelBench.open(...HOSTS);
  const chain = await Chain.on(bench);
  const agent = await chain.agent(STEERED);
  let since = agent.scheduler.history().at(-1)!.seqNum;
  const sid = `${SEGMENT}/fc00:1::4`;
  const standIn = (await bench.ip('route show table all proto 79 dev c')).split(' ')[0]!;
  const damages: readonly (readonly [string, ...string[]])[] = [
    [`-6 route del fc00:1::4/128`, `CREATE ${sid}`],
    [`route del 10.9.0.0/24`, `CREATE ${STEERING}/v4`],
    [`-6 route del fd09::/64`, `CREATE ${STEERING}/v6`],
    [`-6 route del fc00:1::b4/128`, `CREATE config/vpp/srv6/v2/policy/fc00:1::b4`, `UPDATE ${STEERING}/v4`],
    [`-6 route replace fc00:1::4/128 proto 79 metric 512 encap seg6local action End dev lig-srv6`, `UPDATE ${sid}`],
    [`route replace 10.9.0.0/24 proto 79 encap seg6 mode encap segs fc00:9::9 dev lig-srv6`, `UPDATE ${STEERING}/v4`],
    [`route del ${standIn} table 4076863488`, `UPDATE ${sid}`],
    [`route replace ${standIn} proto 79 metric 1 via 10.3.0.77 dev c table 4076863488`, `UPDATE ${sid}`],
    [`rule del pref 299`, `UPDATE ${sid}`],
    [`sr tunsrc set fd02::77`, `UPDATE config/vpp/srv6/v2/srv6-global`],
  ];
  for (const [damage, ...cures] of damages) {
    const reaction = await agent.reaction(
      async () => {
        await bench.ip(damage);
        // Of rules and the source nobody is told.
        if (!damage.includes('route')) await agent.heal();
      },
      () =>
        Promise.resolve(
          agent.scheduler.history().some(({ seqNum, executed }) => seqNum > since && executed.length > 0),
        ),
    );
    since = agent.scheduler.history().at(-1)!.seqNum;
    assert.deepEqual(reaction, cures, damage);
    assert.deepEqual(await agent.drift(), [], damage);
  }
  await eventually(() => answers(chain.host('a'), '10.9.0.1'));

  // With the device goes everything, and comes back.
  await bench.ip('link del lig-srv6');
  await agent.heal();
  await agent.scheduler.idle();
  assert.deepEqual(await agent.drift(), []);
  await eventually(() => answers(chain.host('a'), '10.9.0.1'));
  await eventually(() => answers(chain.host('a'), 'fd09::1'));

  // What went and what is left over while no agent was there.
  await agent.stop();
  await bench.ip('-6 route del fc00:1::4/128');
  const third = await bench.agent();
  assert.deepEqual(await third.resync(chain.network(STEERED)), [`CREATE ${sid}`]);
  await third.stop();
  const fourth = await bench.agent();
  const gone = await fourth.resync(chain.network());
  assert.deepEqual(
    gone.filter((line) => !line.startsWith('DELETE config/vpp/srv6/')),
    [],
  );
  assert.equal(gone.length, 6);
  assert.equal(await left(bench), '');
  await fourth.remove(chain.network());
  assert.match(await bench.ip('sr tunsrc show'), /^tunsrc addr ::$/m);
});

test('a next hop comes back with its interface, and a route of an interface is left alone', {
  skip,
  timeout: 60_000,
}, async () => {
  await using bench = await KernelBench.open(...HOSTS);
  const chain = await Chain.on(bench);
  const agent = await chain.agent(STEERED);
  const a = chain.host('a');
  await eventually(() => answers(a, '10.9.0.1'));
  await bench.ip('link set c down');
  await eventually(async () => !(await answers(a, '10.9.0.1')));
  await agent.scheduler.idle();
  await bench.ip('link set c up');
  await eventually(() => answers(a, '10.9.0.1'));
  assert.deepEqual(await agent.drift(), []);

  await agent.tryCommit(chain.network(STEERED.replace('10.9.0.0/24', '10.1.0.0/24')));
  assert.match(agent.state(`${STEERING}/v4`)!, /there is a route to 10\.1\.0\.0\/24 already: of an interface/);
  assert.match(await bench.ip('route show 10.1.0.0/24'), /proto kernel/);
});

test('what the kernel cannot do is UNIMPLEMENTED, with the reason', { skip, timeout: 60_000 }, async () => {
  await using bench = await KernelBench.open(...HOSTS);
  const agent = await bench.agent();
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [
      'srv6Localsids: [{ sid: "fc00:1::1", endFunctionAd: { outgoingInterface: a, incomingInterface: c } }]',
      `${SEGMENT}/fc00:1::1`,
      /^UNIMPLEMENTED kernel: there is no proxy .*End\.AD/,
    ],
    [
      'srv6Localsids: [{ sid: "fc00:1::1", endFunctionDx2: { outgoingInterface: a, vlanTag: 5 } }]',
      `${SEGMENT}/fc00:1::1`,
      /^UNIMPLEMENTED kernel: End\.DX2 does not tag frames/,
    ],
    [
      'srv6Localsids: [{ sid: "fc00:1::1", endFunctionT: { psp: true } }]',
      `${SEGMENT}/fc00:1::1`,
      /^UNIMPLEMENTED kernel: only base_end_function .*psp/,
    ],
    [
      'srv6Policies: [{ bsid: "fc00:1::1", sprayBehaviour: true, segmentLists: [{ segments: ["fc00:2::1"] }] }]',
      'config/vpp/srv6/v2/policy/fc00:1::1',
      /^UNIMPLEMENTED kernel: a packet goes along one list/,
    ],
    [
      'srv6Policies: [{ bsid: "fc00:1::1", segmentLists: [{ weight: 4000000000, segments: ["fc00:2::1"] }, { segments: ["fc00:2::2"] }] }]',
      'config/vpp/srv6/v2/policy/fc00:1::1',
      /^UNIMPLEMENTED kernel: weights are 1-256 .*4000000000 is not/,
    ],
  ];
  for (const [text, key, state] of cases) {
    await agent.tryCommit(`vppConfig: { ${text} }`);
    assert.match(agent.state(key)!, state, text);
  }
});
