import assert from 'node:assert/strict';
import type { Agent } from '../../../test/router/agent.ts';
import { eventually } from '../../../test/router/agent.ts';
import { type EngineName, onEachEngine } from '../../../test/router/each-engine.ts';
import type { KernelAgent } from '../../../test/router/kernel.ts';
import { answers, Chain, HOSTS as hosts, route, STEERED } from './testing.ts';

const STEERING = 'config/vpp/srv6/v2/steering';

/** What is left of segments in the router. */
async function left(agent: Agent): Promise<readonly unknown[]> {
  const { client } = agent;
  if (!client) return agent.drift();
  const dumps = ['sr_localsids_dump', 'sr_policies_with_sl_index_dump', 'sr_steering_pol_dump'] as const;
  return (await Promise.all(dumps.map((dump) => client.list(dump)))).flat();
}

onEachEngine(
  'packets are steered along segments of two routers, IPv4 and IPv6',
  { hosts, timeout: 60_000 },
  async (bench) => {
    const chain = await Chain.on(bench);
    const agent = await chain.agent(STEERED);
    const a = chain.host('a');
    await chain.introduce();
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
    const again = await bench.agent();
    assert.deepEqual(await again.resync(chain.network(STEERED)), []);
    assert.ok(await answers(a, '10.9.0.1'));
    await again.remove(`vppConfig:\n${STEERED}`);
    assert.ok(!(await answers(a, '10.9.0.1')));
    assert.deepEqual(await left(again), []);
  },
);

onEachEngine(
  'what leads to the segments may change while packets flow',
  { hosts, timeout: 60_000 },
  async (bench, engine) => {
    const chain = await Chain.on(bench);
    bench.finishesChecksums = true;
    const agent = await chain.agent(STEERED);
    await chain.introduce();
    const a = chain.host('a');
    await eventually(() => answers(a, '10.9.0.1'));
    const echo = await chain.host('c').echo({ protocol: 'udp', address: '10.9.0.1' });
    const flow = await a.flow({ protocol: 'udp', to: '10.9.0.1', port: echo.port, interval: 2 });
    const other = (list: string): string => STEERED.replace('["fc00:2::1", "fc00:1::4"]', list);
    // VPP's steering refers to its policy, a route of the kernel has the segments of it.
    const steered = engine === 'kernel' ? [`UPDATE ${STEERING}/v4`] : [];
    for (const list of ['["fc00:1::4"]', '["fc00:2::1", "fc00:1::4"]', '["fc00:2::1", "fc00:2::1", "fc00:1::4"]']) {
      assert.deepEqual(await agent.commit(chain.network(other(list))), [
        'UPDATE config/vpp/srv6/v2/policy/fc00:1::b4',
        ...steered,
      ]);
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(await agent.drift(), []);
    }
    const { sent, lost } = await flow.stop(500);
    assert.ok(sent > 10);
    assert.equal(lost, 0);
    await echo.close();
  },
);

/** Whether `psp` can be tried. */
async function hasPsp(agent: Agent, engine: EngineName): Promise<boolean> {
  return engine === 'vpp' || (await (agent as KernelAgent).driver.capabilities()).has('seg6local-psp');
}

const segment = (end: string): string => `\n  srv6Localsids:\n    - { sid: "fc00:1::1", ${end} }`;

onEachEngine(
  'packets go on to the next segment: End, End.T, End.X',
  { hosts, timeout: 120_000 },
  async (bench, engine) => {
    const chain = await Chain.on(bench);
    const agent = await chain.agent('');
    await chain.introduce();
    const [m, c] = [chain.host('m'), chain.host('c')];
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
    if (await hasPsp(agent, engine)) {
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
  },
);

onEachEngine('packets are unpacked: End.DT4, End.DT6, End.DX4, End.DX6', { hosts, timeout: 120_000 }, async (bench) => {
  const chain = await Chain.on(bench);
  const agent = await chain.agent('');
  await chain.introduce();
  const m = chain.host('m');
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

onEachEngine(
  'a binding segment stands for its policy; segments can be put into a packet',
  { hosts, timeout: 60_000 },
  async (bench, engine) => {
    const chain = await Chain.on(bench);
    const policy = (encapsulates: boolean): string => `
  srv6Policies:
    - { bsid: "fc00:1::b", srhEncapsulation: ${encapsulates}, segmentLists: [{ segments: ["fc00:4::1", "fc00:4::7"] }] }`;
    const agent = await chain.agent(policy(true));
    await chain.introduce();
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
    const reason = {
      kernel: /^FAILED policy fc00:1::b puts its segments into IPv6 packets; .*srh_enc/,
      vpp: /^FAILED .*IPv4 packets and frames need a policy with srh_encapsulation/,
    };
    assert.match(agent.state(`${STEERING}/v4`)!, reason[engine]);
  },
);

onEachEngine('flows are spread over lists by weight', { hosts, timeout: 60_000 }, async (bench) => {
  const chain = await Chain.on(bench);
  const weighted = STEERED.replace(
    '[{ segments: ["fc00:2::1", "fc00:1::4"] }]',
    '[{ weight: 30, segments: ["fc00:2::1", "fc00:1::4"] }, { weight: 10, segments: ["fc00:1::4"] }]',
  ).replace(
    '[{ segments: ["fc00:2::1", "fc00:1::6"] }]',
    '[{ weight: 30, segments: ["fc00:2::1", "fc00:1::6"] }, { weight: 10, segments: ["fc00:1::6"] }]',
  );
  bench.finishesChecksums = true;
  const agent = await chain.agent(weighted);
  await chain.introduce();
  const [a, m, c] = [chain.host('a'), chain.host('m'), chain.host('c')];
  for (const [to, last] of [
    ['10.9.0.1', 'fc00:1::4'],
    ['fd09::1', 'fc00:1::6'],
  ] as const) {
    await eventually(() => answers(a, to));
    const echo = await c.echo({ protocol: 'udp', address: to });
    const seen = await m.capture('eth0', { direction: 'out' });
    const count = 400;
    assert.equal((await a.udp({ to, port: echo.port, count, newPorts: true })).received, count);
    // Binomial of 400 with 3/4: six standard deviations to each side are missed once in 500 million runs.
    const through = (await seen.frames({ ip: { destination: last } })).length;
    assert.ok(Math.abs(through - 300) < 52, `${through} of ${count} by m`);
    await seen.close();
    await echo.close();
  }
  assert.deepEqual(await agent.drift(), []);
});
