import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import type { KernelAgent } from '../../../test/router/kernel.ts';
import { answers, Chain, route } from './kernel/testing.ts';

const skip = requires({ netns: true, commands: ['ip'] });
const SEGMENT = 'config/vpp/srv6/v2/localsid';
const STEERING = 'config/vpp/srv6/v2/steering';

/** From a to c's addresses by a router that knows neither: there and back through m, unpacked at the end. */
const STEERED = `
  srv6Localsids:
    - { sid: "fc00:1::4", endFunctionDx4: { outgoingInterface: c, nextHop: 10.3.0.2 } }
    - { sid: "fc00:1::6", endFunctionDx6: { outgoingInterface: c, nextHop: "fd03::2" } }
  srv6Policies:
    - { bsid: "fc00:1::b4", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:2::1", "fc00:1::4"] }] }
    - { bsid: "fc00:1::b6", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:2::1", "fc00:1::6"] }] }
  srv6Steerings:
    - { name: v4, policyBsid: "fc00:1::b4", l3Traffic: { prefixAddress: 10.9.0.0/24 } }
    - { name: v6, policyBsid: "fc00:1::b6", l3Traffic: { prefixAddress: "fd09::/64" } }`;

/** Routes of ours, without those that stand for next hops. */
async function left(chain: Chain): Promise<string> {
  const { bench } = chain;
  const shown = [
    await bench.ip('-4 route show table all proto 79'),
    await bench.ip('-6 route show table all proto 79'),
    await bench.ip('-4 rule show pref 299'),
    await bench.ip('-6 rule show pref 299'),
    await bench.ip('-br link show dev lig-srv6').catch(() => ''),
  ];
  return shown.join('');
}

async function started(chain: Chain, more: string): Promise<KernelAgent> {
  const agent = await chain.bench.agent();
  await agent.commit(chain.network(more));
  await chain.prepare();
  return agent;
}

test('packets are steered along segments of two routers, IPv4 and IPv6', { skip, timeout: 60_000 }, async () => {
  await using chain = await Chain.open();
  const agent = await started(chain, STEERED);
  const a = chain.host('a');
  await eventually(() => answers(a, '10.9.0.1'));
  await eventually(() => answers(a, 'fd09::1'));

  const seen = await chain.host('m').capture('eth0');
  assert.ok(await answers(a, '10.9.0.1'));
  // Nothing but an outer header with the source of the agent comes to m (which changes it before the capture reads it), and goes on.
  await seen.wait({ direction: 'in', ip: { source: 'fd02::1', protocol: 43 } });
  await seen.wait({ direction: 'out', ip: { source: 'fd02::1', destination: 'fc00:1::4', protocol: 43 } });
  assert.deepEqual(await seen.frames({ ip: { destination: '10.9.0.1' } }), []);
  await seen.close();

  assert.deepEqual(await agent.drift(), []);
  await agent.stop();
  const again = await chain.bench.agent();
  assert.deepEqual(await again.resync(chain.network(STEERED)), []);
  assert.ok(await answers(a, '10.9.0.1'));
  await again.remove(chain.network(STEERED));
  assert.equal(await left(chain), '');
  assert.match(await chain.bench.ip('sr tunsrc show'), /^tunsrc addr ::$/m);
});

test('what leads to the segments may change while packets flow', { skip, timeout: 60_000 }, async () => {
  await using chain = await Chain.open();
  const agent = await started(chain, STEERED);
  const a = chain.host('a');
  await eventually(() => answers(a, '10.9.0.1'));
  const echo = await chain.host('c').echo({ protocol: 'udp', address: '10.9.0.1' });
  const flow = await a.flow({ protocol: 'udp', to: '10.9.0.1', port: echo.port, interval: 2 });
  const other = (list: string): string => STEERED.replace('["fc00:2::1", "fc00:1::4"]', list);
  for (const list of ['["fc00:1::4"]', '["fc00:2::1", "fc00:1::4"]', '["fc00:2::1", "fc00:2::1", "fc00:1::4"]']) {
    assert.deepEqual(await agent.commit(chain.network(other(list))), [
      'UPDATE config/vpp/srv6/v2/policy/fc00:1::b4',
      `UPDATE ${STEERING}/v4`,
    ]);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(await agent.drift(), []);
  }
  const { sent, lost } = await flow.stop(500);
  assert.ok(sent > 10);
  assert.equal(lost, 0);
  await echo.close();
});

test('every function of a segment', { skip, timeout: 120_000 }, async () => {
  await using chain = await Chain.open();
  const agent = await started(chain, '');
  const [m, c] = [chain.host('m'), chain.host('c')];
  const segment = (end: string): string => `\n  srv6Localsids:\n    - { sid: "fc00:1::1", ${end} }`;

  const psp = (await agent.driver.capabilities()).has('seg6local-psp');
  // The next segment is c's: what its header looks like there tells what the router did.
  await route(m, 'fd09::1/128 encap seg6 mode encap segs fc00:1::1,fc00:4::6 dev eth0');
  const arriving = async (): Promise<number> => {
    const seen = await c.capture('eth0', { direction: 'in' });
    await eventually(() => answers(m, 'fd09::1'));
    const [frame] = await seen.wait({ ip: { destination: 'fc00:4::6' } });
    await seen.close();
    return frame!.ip!.protocol;
  };
  const [withHeader, withoutHeader] = [43, 41];
  await agent.commit(chain.network(segment('baseEndFunction: {}')));
  assert.equal(await arriving(), withHeader);
  if (psp) {
    await agent.commit(chain.network(segment('baseEndFunction: { psp: true }')));
    assert.equal(await arriving(), withoutHeader);
  }
  await agent.commit(chain.network(segment('endFunctionT: { vrfId: 0 }')));
  assert.equal(await arriving(), withHeader);

  // No route leads to fc00:5::, but the neighbour is known to have it.
  await route(c, 'fc00:5::6/128 encap seg6local action End.DT6 table 255 dev eth0');
  await route(m, 'fd09::1/128 encap seg6 mode encap segs fc00:1::1,fc00:5::6 dev eth0');
  assert.equal(await answers(m, 'fd09::1'), false);
  await agent.commit(chain.network(segment('endFunctionX: { outgoingInterface: c, nextHop: "fd03::2" }')));
  await eventually(() => answers(m, 'fd09::1'));
  assert.deepEqual(await agent.drift(), []);

  // A table is looked up: 10.3.0.2 is on a link, fd03::2 too.
  await route(m, '10.3.0.2/32 encap seg6 mode encap segs fc00:1::1 dev eth0');
  await route(m, 'fd03::2/128 encap seg6 mode encap segs fc00:1::1 dev eth0');
  await agent.commit(chain.network(segment('endFunctionDt4: { vrfId: 0 }')));
  await eventually(() => answers(m, '10.3.0.2'));
  await agent.commit(chain.network(segment('endFunctionDt6: { vrfId: 0 }')));
  await eventually(() => answers(m, 'fd03::2'));
  assert.equal(await answers(m, '10.3.0.2'), false);

  // A neighbour is sent to, whoever the packet is for.
  await route(m, '10.9.0.1/32 encap seg6 mode encap segs fc00:1::1 dev eth0');
  await route(m, 'fd09::1/128 encap seg6 mode encap segs fc00:1::1 dev eth0');
  await agent.commit(chain.network(segment('endFunctionDx4: { outgoingInterface: c, nextHop: 10.3.0.2 }')));
  await eventually(() => answers(m, '10.9.0.1'));
  await agent.commit(chain.network(segment('endFunctionDx6: { outgoingInterface: c, nextHop: "fd03::2" }')));
  await eventually(() => answers(m, 'fd09::1'));
  assert.deepEqual(await agent.drift(), []);
});

test('a binding segment stands for its policy; segments can be put into a packet', {
  skip,
  timeout: 60_000,
}, async () => {
  await using chain = await Chain.open();
  const policy = (encapsulates: boolean): string => `
  srv6Policies:
    - { bsid: "fc00:1::b", srhEncapsulation: ${encapsulates}, segmentLists: [{ segments: ["fc00:4::1", "fc00:4::7"] }] }`;
  const agent = await started(chain, policy(true));
  const [a, m, c] = [chain.host('a'), chain.host('m'), chain.host('c')];
  await route(m, 'fd09::1/128 encap seg6 mode encap segs fc00:1::b,fc00:4::6 dev eth0');
  // Within another header: the packet of m is unpacked twice.
  await route(c, 'fc00:4::7/128 encap seg6local action End.DT6 table 254 dev eth0');
  await eventually(() => answers(m, 'fd09::1'));

  const inserted = `${policy(false)}
  srv6Steerings:
    - { name: direct, policyBsid: "fc00:1::b", l3Traffic: { prefixAddress: "fd98::/64" } }`;
  await agent.commit(chain.network(inserted.replace('"fc00:4::1", "fc00:4::7"', '"fc00:4::1"')));
  const seen = await c.capture('eth0', { direction: 'in' });
  await eventually(() => answers(a, 'fd98::9'));
  await seen.wait({ ip: { source: 'fd01::2', protocol: 43 } });
  await seen.close();
  assert.deepEqual(await agent.drift(), []);

  // IPv4 has no place for segments.
  const v4 = inserted.replace('"fd98::/64"', '10.98.0.0/16').replace('name: direct', 'name: v4');
  await agent.tryCommit(chain.network(v4));
  assert.match(
    agent.state(`${STEERING}/v4`)!,
    /^FAILED policy fc00:1::b puts its segments into IPv6 packets; .*srh_enc/,
  );
});

test('flows are spread over lists by weight', { skip, timeout: 60_000 }, async () => {
  await using chain = await Chain.open();
  const weighted = STEERED.replace(
    '[{ segments: ["fc00:2::1", "fc00:1::4"] }]',
    '[{ weight: 30, segments: ["fc00:2::1", "fc00:1::4"] }, { weight: 10, segments: ["fc00:1::4"] }]',
  ).replace(
    '[{ segments: ["fc00:2::1", "fc00:1::6"] }]',
    '[{ weight: 30, segments: ["fc00:2::1", "fc00:1::6"] }, { weight: 10, segments: ["fc00:1::6"] }]',
  );
  const agent = await started(chain, weighted);
  const [a, m, c] = [chain.host('a'), chain.host('m'), chain.host('c')];
  for (const [to, segment] of [
    ['10.9.0.1', 'fc00:1::4'],
    ['fd09::1', 'fc00:1::6'],
  ] as const) {
    await eventually(() => answers(a, to));
    const echo = await c.echo({ protocol: 'udp', address: to });
    const seen = await m.capture('eth0', { direction: 'out' });
    const count = 400;
    assert.equal((await a.udp({ to, port: echo.port, count, newPorts: true })).received, count);
    // Binomial of 400 with 3/4: six standard deviations to each side are missed once in 500 million runs.
    const through = (await seen.frames({ ip: { destination: segment } })).length;
    assert.ok(Math.abs(through - 300) < 52, `${through} of ${count} by m`);
    await seen.close();
    await echo.close();
  }
  assert.deepEqual(await agent.drift(), []);
});

test('damage is reported with its field and healed with one operation', { skip, timeout: 120_000 }, async () => {
  await using chain = await Chain.open();
  const agent = await started(chain, STEERED);
  const { bench } = chain;
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
  assert.equal(await left(chain), '');
});

test('a next hop comes back with its interface, and a route of an interface is left alone', {
  skip,
  timeout: 60_000,
}, async () => {
  await using chain = await Chain.open();
  const agent = await started(chain, STEERED);
  const a = chain.host('a');
  await eventually(() => answers(a, '10.9.0.1'));
  await chain.bench.ip('link set c down');
  await eventually(async () => !(await answers(a, '10.9.0.1')));
  await agent.scheduler.idle();
  await chain.bench.ip('link set c up');
  await eventually(() => answers(a, '10.9.0.1'));
  assert.deepEqual(await agent.drift(), []);

  await agent.tryCommit(chain.network(STEERED.replace('10.9.0.0/24', '10.1.0.0/24')));
  assert.match(agent.state(`${STEERING}/v4`)!, /there is a route to 10\.1\.0\.0\/24 already: of an interface/);
  assert.match(await chain.bench.ip('route show 10.1.0.0/24'), /proto kernel/);
});

test('what the kernel cannot do is UNIMPLEMENTED, with the reason', { skip, timeout: 60_000 }, async () => {
  await using chain = await Chain.open();
  const agent = await chain.bench.agent();
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
