import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DNat44_StaticMapping_TwiceNatMode as TwiceNat } from '../../model/gen/ligato/vpp/nat/nat_pb.js';
import { requires } from '../../../test/requires.ts';
import { numberOf } from './kernel/flows.ts';
import {
  advances,
  Bench,
  device,
  devices,
  dnat,
  global,
  gone,
  peers,
  pool,
  Protocol,
  service,
  side,
  sides,
  VIP,
} from './kernel/testing.ts';

const both = { natInside: true, natOutside: true };
const skip = requires({ netns: true });
const base = [...devices, ...sides, global(), pool('out', '198.51.100.100')];

/** Six standard deviations of a binomial distribution: a right balancer fails once in 500 million runs. */
function assertShare(seen: number | undefined, count: number, share: number, what: string): void {
  const bound = 6 * Math.sqrt(count * share * (1 - share));
  assert.ok(Math.abs((seen ?? 0) - count * share) <= bound, `${what}: ${seen} of ${count}, expected ${count * share}`);
}

test('a service in proportion to weights, from outside and from its own servers', { skip }, async () => {
  await using bench = await Bench.open();
  await bench.serve();
  const agent = await bench.agent();
  await agent.commit(...base, dnat('shop', [service([3, 2, 1], { twiceNat: TwiceNat.SELF })]));
  const count = 600;
  const outside = await bench.out.tcpMany({ to: VIP, port: 80, count });
  assert.equal(outside.connected, count, JSON.stringify(outside.errors));
  for (const [index, weight] of [3, 2, 1].entries()) {
    assertShare(outside.answers[`web${index + 1}`], count, weight / 6, `web${index + 1}`);
  }
  const own = await bench.web[0]!.tcpMany({ to: VIP, port: 80, count: 60 });
  assert.equal(own.connected, 60, JSON.stringify(own.errors));
  for (const name of ['web1', 'web2', 'web3']) assert.ok((own.answers[name] ?? 0) > 0, `${name} never answered web1`);

  assert.deepEqual(await agent.drift(), []);
  const again = await bench.agent();
  const wanted = [...base, dnat('shop', [service([3, 2, 1], { twiceNat: TwiceNat.SELF })])];
  assert.deepEqual(await again.resync(...wanted), []);
  await again.commit(...wanted.map(gone));
  assert.deepEqual(await again.driver.nft(again.driver.vswitch).tables(), []);
  const { stdout } = await bench.router.exec(['ip', 'route', 'show', 'table', 'local', 'proto', '77']);
  assert.equal(stdout, '');
});

test('what leaves from inside has an address of the pool, what stays inside has its own', { skip }, async () => {
  await using bench = await Bench.open();
  const agent = await bench.agent();
  await agent.commit(...base);
  const outside = await bench.out.echo({ protocol: 'tcp', port: 443 });
  const inside = await bench.web[0]!.echo({ protocol: 'tcp', port: 443 });
  assert.ok((await bench.client.tcp({ to: '198.51.100.2', port: 443 })).connected);
  assert.ok((await bench.client.tcp({ to: '10.30.1.11', port: 443 })).connected);
  assert.equal((await bench.client.ping('198.51.100.2')).received, 1);
  assert.deepEqual(await peers(outside), ['198.51.100.100']);
  assert.deepEqual(await peers(inside), ['10.10.0.2']);
  assert.ok((await bench.out.whoHas('eth0', '198.51.100.100', { from: '198.51.100.2' })).length > 0);

  // Two pools are used in proportion to their sizes; a client keeps its address.
  const three = [pool('out', '198.51.100.100'), pool('more', '198.51.100.110', '198.51.100.111')];
  await agent.commit(...three);
  const clients = Array.from({ length: 48 }, (_, index) => `10.10.0.${index + 10}`);
  await bench.client.address('eth0', ...clients.map((address) => `${address}/24`));
  const server = await bench.out.echo({ protocol: 'tcp', port: 444 });
  for (const from of [...clients, ...clients])
    assert.ok((await bench.client.tcp({ to: '198.51.100.2', port: 444, from })).connected);
  assert.deepEqual(await peers(server), ['198.51.100.100', '198.51.100.110', '198.51.100.111']);
  assert.deepEqual(await agent.drift(), []);
  assert.deepEqual(await agent.commit(gone(three[1]!)), ['DELETE config/vpp/nat/v2/nat44-pool/more']);
  assert.deepEqual(await agent.drift(), []);
});

test('a pool that goes ends the connections of its addresses', { skip }, async () => {
  await using bench = await Bench.open();
  const agent = await bench.agent();
  await agent.commit(...base);
  await bench.out.echo({ protocol: 'udp', port: 53 });
  const flow = await bench.client.flow({ protocol: 'udp', to: '198.51.100.2', port: 53 });
  await agent.commit(pool('out', '198.51.100.101'));
  const server = await bench.out.echo({ protocol: 'udp', port: 54 });
  await bench.client.udp({ to: '198.51.100.2', port: 54 });
  assert.deepEqual(await peers(server), ['198.51.100.101']);
  await flow.stop();
  assert.equal((await bench.out.whoHas('eth0', '198.51.100.100', { from: '198.51.100.2', timeout: 200 })).length, 0);
});

test('a backend that goes takes its flows with it and no other', { skip }, async () => {
  await using bench = await Bench.open();
  await bench.serve();
  const agent = await bench.agent();
  const services = (weights: number[]) =>
    dnat('shop', [service(weights), service(weights, { protocol: Protocol.UDP })]);
  await agent.commit(...base, services([1, 1, 1]));
  const tcp = await Promise.all(
    Array.from({ length: 12 }, () => bench.out.flow({ protocol: 'tcp', to: VIP, port: 80 })),
  );
  const udp = await Promise.all(
    Array.from({ length: 12 }, () => bench.out.flow({ protocol: 'udp', to: VIP, port: 80 })),
  );
  const flows = [...tcp, ...udp];
  const responders = (await Promise.all(flows.map((flow) => flow.report()))).map(({ responder }) => responder);
  assert.ok(responders.includes('web2'));
  const connections = await agent.driver.conntrack(agent.driver.vswitch).list({ original: { destination: VIP } });
  assert.ok(connections.length >= flows.length);
  for (const { original, reply, mark } of connections) {
    const called = { address: VIP, protocol: original.protocol, port: 80 };
    assert.equal(mark, numberOf({ ...called, backend: reply.source, backendPort: 8080 }));
  }
  assert.deepEqual(await agent.commit(services([1, 0, 1])), ['UPDATE config/vpp/nat/v2/dnat44/shop']);
  const seen = await bench.web[1]!.capture('eth0', { direction: 'in', ip: { source: '198.51.100.2' } });
  // Nothing more comes to it while all others go on.
  await Promise.all(flows.map(async (flow, index) => responders[index] === 'web2' || (await advances(flow))));
  assert.deepEqual(await seen.frames(), []);
  for (const [index, flow] of flows.entries()) {
    const report = await flow.stop();
    if (responders[index] === 'web2') continue;
    assert.equal(report.lost, 0, `a flow to ${responders[index]} lost ${report.lost}`);
    assert.equal(report.error, undefined);
  }
  // One more backend disturbs nobody either, and the whole mapping ends with all flows.
  const flow = await bench.out.flow({ protocol: 'tcp', to: VIP, port: 80 });
  await agent.commit(services([1, 1, 1]));
  assert.equal((await flow.stop()).lost, 0);
  assert.deepEqual(await agent.drift(), []);
});

test('forwarding false: what has no mapping does not come in', { skip }, async () => {
  await using bench = await Bench.open();
  await bench.serve();
  const agent = await bench.agent();
  const services = dnat('shop', [service([1, 1, 1])], [{ ipAddress: '10.10.0.2', port: 22, protocol: Protocol.TCP }]);
  await agent.commit(...base, services);
  await bench.client.echo({ protocol: 'tcp', port: 21 });
  await bench.client.echo({ protocol: 'tcp', port: 22 });
  const open = async (port: number) => (await bench.out.tcp({ to: '10.10.0.2', port, timeout: 400 })).connected;
  assert.ok(await open(21));
  assert.deepEqual(await agent.commit(global({ forwarding: false })), ['UPDATE config/vpp/nat/v2/nat44-global']);
  assert.equal(await open(21), false);
  assert.ok(await open(22), 'an identity mapping lets it in');
  assert.equal((await bench.out.tcpMany({ to: VIP, port: 80, count: 9 })).connected, 9);
  const outside = await bench.out.echo({ protocol: 'tcp', port: 443 });
  assert.ok((await bench.client.tcp({ to: '198.51.100.2', port: 443 })).connected);
  assert.deepEqual(await peers(outside), ['198.51.100.100']);
  assert.equal((await bench.out.ping('198.51.100.1')).received, 1);
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(global({ forwarding: true }));
  assert.ok(await open(21));
});

test('forwarding false: without a pool nothing leaves with an inside address, calls of services do', {
  skip,
}, async () => {
  await using bench = await Bench.open();
  await bench.serve();
  const agent = await bench.agent();
  const away = service([1], { localIps: [{ localIp: '198.51.100.2', localPort: 443 }] });
  await agent.commit(...base, gone(pool('out', '198.51.100.100')), dnat('away', [away]), side('lan', both));
  const outside = await bench.out.echo({ protocol: 'tcp', port: 443 });
  const leaves = async () => (await bench.client.tcp({ to: '198.51.100.2', port: 443, timeout: 400 })).connected;
  assert.ok(await leaves(), 'with forwarding it is routed as it is');
  await agent.commit(global({ forwarding: false }));
  assert.equal(await leaves(), false);
  assert.ok((await bench.client.tcp({ to: VIP, port: 80 })).connected);
  await agent.commit(pool('out', '198.51.100.100'));
  assert.ok(await leaves());
  assert.deepEqual(await peers(outside), ['10.10.0.2', '198.51.100.100']);
  assert.deepEqual(await agent.drift(), []);
});

test('static mappings: a port, a whole address, identity, twice-NAT', { skip }, async () => {
  await using bench = await Bench.open();
  await bench.serve();
  const agent = await bench.agent();
  const twice = [pool('twice', '10.99.0.1', '10.99.0.2', true)];
  const backend = (localIp: string, localPort = 0) => [{ localIp, localPort }];
  const mappings = [
    { externalIp: '203.0.113.20', externalPort: 8000, localIps: backend('10.30.1.11', 8080) },
    { externalIp: '203.0.113.21', localIps: backend('10.30.1.12') },
    { externalIp: '203.0.113.22', externalPort: 53, protocol: Protocol.UDP, localIps: backend('10.30.1.13', 8080) },
    { externalIp: '203.0.113.23', externalPort: 80, twiceNat: TwiceNat.ENABLED, localIps: backend('10.30.1.11', 9000) },
    {
      externalIp: '203.0.113.24',
      externalPort: 80,
      twiceNat: TwiceNat.ENABLED,
      twiceNatPoolIp: '10.99.0.2',
      localIps: backend('10.30.1.11', 9001),
    },
  ];
  await agent.commit(
    ...base,
    ...twice,
    dnat('static', mappings, [{ ipAddress: '10.10.0.2', port: 5000, protocol: Protocol.UDP }]),
  );
  const answer = async (to: string, port: number) => (await bench.out.tcp({ to, port })).answer;
  assert.match(await answer('203.0.113.20', 8000), /web1/);
  assert.match(await answer('203.0.113.21', 8080), /web2/);
  assert.equal((await bench.out.ping('203.0.113.21')).received, 1);
  const dns = await bench.out.udp({ to: '203.0.113.22', port: 53 });
  assert.deepEqual(Object.keys(dns.answers), ['web3']);

  const [any, pinned] = await Promise.all([9000, 9001].map((port) => bench.web[0]!.echo({ protocol: 'tcp', port })));
  assert.ok((await bench.out.tcp({ to: '203.0.113.23', port: 80 })).connected);
  assert.ok((await bench.out.tcp({ to: '203.0.113.24', port: 80 })).connected);
  assert.match((await peers(any!)).join(), /^10\.99\.0\.[12]$/);
  assert.deepEqual(await peers(pinned!), ['10.99.0.2']);

  const outside = await bench.out.echo({ protocol: 'udp', port: 7000 });
  await bench.client.udp({ to: '198.51.100.2', port: 7000, fromPort: 5000 });
  await bench.client.udp({ to: '198.51.100.2', port: 7000, fromPort: 5001 });
  assert.deepEqual(await peers(outside), ['10.10.0.2', '198.51.100.100']);
  assert.deepEqual(await agent.drift(), []);
});

test('affinity: a client keeps its backend, also when another one comes, until its backend goes', {
  skip,
}, async () => {
  await using bench = await Bench.open();
  await bench.serve();
  const agent = await bench.agent();
  const services = (weights: number[]) => dnat('shop', [service(weights, { sessionAffinity: 60 })]);
  await agent.commit(...base, services([1, 1, 0]));
  const clients = ['198.51.100.2', '198.51.100.3', '198.51.100.4'];
  const answers = () =>
    Promise.all(clients.map(async (from) => (await bench.out.tcp({ to: VIP, port: 80, from })).answer.split('\n')[0]));
  const first = await answers();
  for (let round = 0; round < 8; round += 1) assert.deepEqual(await answers(), first);
  await agent.commit(services([1, 1, 1]));
  for (let round = 0; round < 8; round += 1) assert.deepEqual(await answers(), first);
  await agent.commit(services([0, 0, 1]));
  assert.deepEqual(new Set(await answers()).size, 1);
  assert.match((await answers())[0]!, /web3/);
  assert.deepEqual(await agent.drift(), []);
});

test('twice-NAT of itself takes an address of the pool when there is one', { skip }, async () => {
  await using bench = await Bench.open();
  const agent = await bench.agent();
  const own = dnat('own', [service([1, 0, 0], { twiceNat: TwiceNat.SELF })]);
  await agent.commit(...base, own);
  const server = await bench.web[0]!.echo({ protocol: 'tcp', port: 8080 });
  assert.ok((await bench.web[0]!.tcp({ to: VIP, port: 80 })).connected);
  assert.deepEqual(await peers(server), [VIP]);
  await agent.commit(pool('twice', '10.99.0.1', '', true));
  assert.ok((await bench.web[0]!.tcp({ to: VIP, port: 80 })).connected);
  assert.ok((await bench.out.tcp({ to: VIP, port: 80 })).connected);
  assert.deepEqual(await peers(server), ['10.99.0.1', '198.51.100.2', VIP].sort());
});

test('an output feature translates whatever leaves the interface', { skip }, async () => {
  await using bench = await Bench.open();
  await bench.serve();
  const agent = await bench.agent();
  const output = side('inet', { natOutside: true, outputFeature: true });
  const shop = dnat('shop', [service([1, 0, 0])]);
  await agent.commit(...devices, output, global(), pool('out', '198.51.100.100'), shop);
  const outside = await bench.out.echo({ protocol: 'tcp', port: 443 });
  assert.ok((await bench.client.tcp({ to: '198.51.100.2', port: 443 })).connected);
  assert.deepEqual(await peers(outside), ['198.51.100.100']);
  assert.match((await bench.out.tcp({ to: VIP, port: 80 })).answer, /web1/);
  assert.deepEqual(await agent.drift(), []);
});

test('a mapping of an interface follows its address', { skip }, async () => {
  await using bench = await Bench.open();
  await bench.serve();
  const agent = await bench.agent();
  const mapping = {
    externalInterface: 'inet',
    externalPort: 80,
    localIps: [{ localIp: '10.30.1.11', localPort: 8080 }],
  };
  const follow = dnat('follow', [mapping], [{ interface: 'inet', port: 22 }]);
  await agent.commit(...base, follow);
  assert.match((await bench.out.tcp({ to: '198.51.100.1', port: 80 })).answer, /web1/);
  await bench.router.address('inet', '198.51.100.9/24');
  await agent.commit(device('inet', ['198.51.100.9/24']));
  assert.match((await bench.out.tcp({ to: '198.51.100.9', port: 80 })).answer, /web1/);
  assert.equal((await bench.out.tcp({ to: '198.51.100.1', port: 80, timeout: 400 })).connected, false);
  await agent.commit(device('inet'));
  assert.match(agent.state(follow), /^PENDING/);
  assert.deepEqual(await agent.drift(), []);
});

test('errors and fragments pass through translation', { skip }, async () => {
  await using bench = await Bench.open();
  await bench.serve();
  const agent = await bench.agent();
  await agent.commit(...base, dnat('shop', [service([1, 0, 0], { protocol: Protocol.UDP })]));
  const big = await bench.out.udp({ to: VIP, port: 80, size: 4000 });
  assert.equal(big.received, 1);
  assert.equal((await bench.client.ping('198.51.100.2', { size: 4000 })).received, 1);
  // Port unreachable from outside comes back to the client behind the pool, and is about its own packet.
  const refused = await bench.client.udp({ to: '198.51.100.2', port: 9, timeout: 500 });
  assert.deepEqual(refused.errors, ['ECONNREFUSED']);
});
