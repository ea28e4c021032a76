import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EchoHandle } from '../../../test/lab/host.ts';
import { requires } from '../../../test/requires.ts';
import { addElements, deleteElements } from '../../kernel/nftables/index.ts';
import { mappedMark, mappedSets } from './kernel/mapped-sets.ts';
import { natTable } from './kernel/vrf-sets.ts';
import { Bench, devices, dnat, global, gone, pool, Protocol, side, sides } from './kernel/testing.ts';

const { mapped, mappedBack, mappedClaims } = mappedSets;
const skip = requires({ netns: true, commands: ['nft'] });
const on = (forwarding = true) => global({ forwarding, endpointIndependent: true });
const only = pool('out', '198.51.100.100');
const base = [...devices, ...sides, on(), only];

/** A server at each of two addresses outside. (At any address it would answer from the first.) */
function serve(bench: Bench, port: number, protocol: 'udp' | 'tcp' = 'udp'): Promise<readonly EchoHandle[]> {
  return Promise.all(['198.51.100.2', '198.51.100.3'].map((address) => bench.out.echo({ protocol, port, address })));
}

/** Ends that they were called from, as `address port`. */
async function ends(servers: readonly EchoHandle[]): Promise<readonly string[]> {
  const reports = await Promise.all(servers.map((server) => server.report()));
  return [...new Set(reports.flatMap(({ ports }) => Object.keys(ports)))].sort();
}

const nft = (bench: Bench, ...command: readonly string[]) => bench.router.run('nft', ...command);

for (const protocol of ['udp', 'tcp'] as const) {
  test(`${protocol}: one end outside for all destinations, and whoever calls it is let in`, { skip }, async () => {
    await using bench = await Bench.open();
    const agent = await bench.agent();
    // Nothing else from outside passes.
    await agent.commit(...devices, ...sides, on(false), only);
    const servers = await serve(bench, 7000, protocol);
    const call = async (from: string, fromPort: number, to: string) => {
      const call = { from, fromPort, to, port: 7000 };
      if (protocol === 'tcp') return (await bench.client.tcp(call)).connected;
      return (await bench.client.udp(call)).received === 1;
    };
    assert.ok(await call('10.10.0.2', 5000, '198.51.100.2'));
    assert.ok(await call('10.10.0.2', 5000, '198.51.100.3'));
    assert.deepEqual(await ends(servers), ['198.51.100.100 5000'], 'two destinations, one end');

    // Another host with the same port has another end, and keeps it, too.
    await bench.client.address('eth0', '10.10.0.3/24');
    assert.ok(await call('10.10.0.3', 5000, '198.51.100.2'));
    assert.ok(await call('10.10.0.3', 5000, '198.51.100.3'));
    const two = await ends(servers);
    assert.equal(two.length, 2, two.join());
    const other = Number(two.find((end) => end !== '198.51.100.100 5000')!.split(' ')[1]);
    assert.ok(other >= 1024 && other !== 5000, String(other));

    // A third host, which nobody has called, reaches both by their ends, and nothing by another.
    await bench.client.echo({ protocol, address: '10.10.0.2', port: 5000, reply: 'two' });
    await bench.client.echo({ protocol, address: '10.10.0.3', port: 5000, reply: 'three' });
    const reach = async (port: number) => {
      const call = { from: '198.51.100.4', to: '198.51.100.100', port, timeout: 700 };
      if (protocol === 'tcp') return (await bench.out.tcp(call)).answer.split('\n')[0];
      return Object.keys((await bench.out.udp(call)).answers).join();
    };
    assert.equal(await reach(5000), 'two');
    assert.equal(await reach(other), 'three');
    assert.equal(await reach(other === 5001 ? 5002 : 5001), '');
    assert.deepEqual(await agent.drift(), []);
  });
}

test('inside hosts reach each other by their ends outside', { skip }, async () => {
  await using bench = await Bench.open();
  const agent = await bench.agent();
  await agent.commit(...base);
  await serve(bench, 7000);
  await bench.client.address('eth0', '10.10.0.3/24');
  const called = { to: '198.51.100.2', port: 7000, fromPort: 5000 };
  assert.equal((await bench.client.udp({ ...called, from: '10.10.0.2' })).received, 1);
  const peer = await bench.client.echo({ protocol: 'udp', address: '10.10.0.2', port: 5000, reply: 'peer' });
  const call = { from: '10.10.0.3', fromPort: 6000, to: '198.51.100.100', port: 5000 };
  assert.deepEqual((await bench.client.udp(call)).answers, { peer: 1 });
  assert.deepEqual(await ends([peer]), ['198.51.100.100 6000'], 'by its own end outside');
});

test('a mapping lasts as long as there are packets from inside, and then its end is free', { skip }, async () => {
  await using bench = await Bench.open();
  const agent = await bench.agent();
  await agent.commit(...base);
  await serve(bench, 7000);
  const call = { from: '10.10.0.2', fromPort: 5000, to: '198.51.100.2', port: 7000 };
  assert.equal((await bench.client.udp(call)).received, 1);
  const nft = agent.driver.nft(agent.driver.vswitch);
  const left = async (): Promise<number> => {
    const [mapping] = await nft.elements(natTable, mapped);
    return mapping?.expires ?? 0;
  };
  // Shortened from outside to what a test can wait for.
  const shorten = async (timeout: number): Promise<void> => {
    const out = { key: [0, '10.10.0.2', 'udp', 5000], data: ['198.51.100.100', 5000], timeout };
    const back = { key: ['198.51.100.100', 5000, 'udp'], data: ['10.10.0.2', 5000, mappedMark(0)], timeout };
    await nft.apply([
      deleteElements(natTable, mapped, [out]),
      addElements(natTable, mapped, [out]),
      deleteElements(natTable, mappedBack, [back]),
      addElements(natTable, mappedBack, [back]),
      deleteElements(natTable, mappedClaims, [back]),
      addElements(natTable, mappedClaims, [{ key: back.key, timeout }]),
    ]);
  };
  const reached = async () =>
    (await bench.out.udp({ from: '198.51.100.4', to: '198.51.100.100', port: 5000, timeout: 300 })).received === 1;
  await bench.client.echo({ protocol: 'udp', address: '10.10.0.2', port: 5000 });
  await shorten(60_000);
  assert.ok((await left()) <= 60_000);
  assert.ok(await reached());
  assert.ok((await left()) > 200_000, 'the answer is a packet from inside');
  await shorten(500);
  await until(async () => (await left()) === 0);
  // From another port outside: a connection anew.
  assert.equal(await reached(), false, 'nobody is let in by it any more');
  // The end is free: another host takes it.
  await bench.client.address('eth0', '10.10.0.3/24');
  const other = await bench.out.echo({ protocol: 'udp', port: 7001, address: '198.51.100.3' });
  assert.equal((await bench.client.udp({ ...call, from: '10.10.0.3', to: '198.51.100.3', port: 7001 })).received, 1);
  assert.deepEqual(await ends([other]), ['198.51.100.100 5000']);
});

test('a pool that goes ends mappings and connections of its addresses, both ways', { skip }, async () => {
  await using bench = await Bench.open();
  const agent = await bench.agent();
  await agent.commit(...base);
  await serve(bench, 7000);
  const call = { fromPort: 5000, to: '198.51.100.2', port: 7000 };
  assert.equal((await bench.client.udp(call)).received, 1);
  await bench.client.echo({ protocol: 'udp', port: 5000 });
  const inward = await bench.out.flow({ protocol: 'udp', to: '198.51.100.100', port: 5000 });
  await agent.commit(pool('out', '198.51.100.101'));
  const flows = await agent.driver.conntrack(agent.driver.vswitch).list({ family: 4 });
  const old = flows.filter(({ original, reply }) =>
    [original.destination, reply.destination].includes('198.51.100.100'),
  );
  // The stream goes on and is a connection anew, to an address that is nobody's now.
  assert.ok(
    old.every(({ status }) => (status & 48) === 0),
    JSON.stringify(old),
  );
  await inward.stop(0);
  const servers = await serve(bench, 7001);
  assert.equal((await bench.client.udp({ to: '198.51.100.3', port: 7001, fromPort: 5002 })).received, 1);
  assert.deepEqual(await ends(servers), ['198.51.100.101 5002']);
  assert.doesNotMatch(await nft(bench, 'list', 'map', 'ip', 'ligature-nat44', 'mapped-back'), /198\.51\.100\.100/);
  assert.deepEqual(await agent.drift(), []);
});

test('an end of a mapping is nobody else’s; mappings, pings and other ports work beside', { skip }, async () => {
  await using bench = await Bench.open();
  await bench.serve();
  const agent = await bench.agent();
  const backend = [{ localIp: '10.30.1.11', localPort: 8080 }];
  const shop = dnat('shop', [
    { externalIp: '198.51.100.100', externalPort: 5000, protocol: Protocol.UDP, localIps: backend },
  ]);
  await agent.commit(...base, shop);
  const servers = await serve(bench, 7000);
  const call = { fromPort: 5000, to: '198.51.100.2', port: 7000 };
  assert.equal((await bench.client.udp(call)).received, 1);
  const [end] = await ends(servers);
  assert.notEqual(end, '198.51.100.100 5000');
  assert.deepEqual((await bench.out.udp({ to: '198.51.100.100', port: 5000 })).answers, { web1: 1 });
  assert.equal((await bench.client.ping('198.51.100.2')).received, 1);
});

test('clients are spread over the addresses of all pools, each with one of them', { skip }, async () => {
  await using bench = await Bench.open();
  const agent = await bench.agent();
  await agent.commit(...base, pool('more', '198.51.100.110', '198.51.100.111'));
  const clients = Array.from({ length: 48 }, (_, index) => `10.10.0.${index + 10}`);
  await bench.client.address('eth0', ...clients.map((address) => `${address}/24`));
  const servers = await serve(bench, 7000);
  const addresses = new Set<string>();
  for (const from of clients) {
    const before = new Set(await ends(servers));
    for (const to of ['198.51.100.2', '198.51.100.3'])
      assert.equal((await bench.client.udp({ from, to, port: 7000, newPorts: true })).received, 1);
    const added = (await ends(servers)).filter((one) => !before.has(one)).map((one) => one.split(' ')[0]!);
    assert.equal(new Set(added).size, 1, `${from}: ${added.join()}`);
    addresses.add(added[0]!);
  }
  assert.deepEqual([...addresses].sort(), ['198.51.100.100', '198.51.100.110', '198.51.100.111']);
});

test('many hosts with one port, at the same time: each has an end of its own, and keeps it', { skip }, async () => {
  await using bench = await Bench.open();
  const agent = await bench.agent();
  await agent.commit(...base);
  const clients = Array.from({ length: 100 }, (_, index) => `10.10.0.${index + 10}`);
  await bench.client.address('eth0', ...clients.map((address) => `${address}/24`));
  const servers = await serve(bench, 7000);
  const call = (from: string, to: string) => bench.client.udp({ from, fromPort: 5000, to, port: 7000, timeout: 5_000 });
  const round = async () => {
    for (const to of ['198.51.100.2', '198.51.100.3']) {
      const done = await Promise.all(clients.map((from) => call(from, to)));
      assert.equal(done.filter(({ received }) => received === 1).length, clients.length);
    }
  };
  await round();
  const first = await ends(servers);
  assert.equal(first.length, clients.length);
  await agent.driver
    .conntrack(agent.driver.vswitch)
    .endFlows(await agent.driver.conntrack(agent.driver.vswitch).list({ family: 4 }));
  await round();
  assert.deepEqual(await ends(servers), first, 'connections anew, the same ends');
});

test('TCP: hours while a connection is established, minutes after its end', { skip }, async () => {
  await using bench = await Bench.open();
  const agent = await bench.agent();
  await agent.commit(...base);
  await bench.out.echo({ protocol: 'tcp', port: 7000 });
  const nft = agent.driver.nft(agent.driver.vswitch);
  const left = async () => (await nft.elements(natTable, mapped))[0]?.expires ?? 0;
  const flow = await bench.client.flow({ protocol: 'tcp', to: '198.51.100.2', port: 7000 });
  await until(async () => (await left()) > 7_000_000);
  await flow.stop();
  await until(async () => (await left()) <= 240_000);
  assert.ok((await left()) > 200_000);
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 40_000; performance.now() < end; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`never came true: ${holds.toString()}`);
}

test('the output feature maps what leaves the interface, wherever it came in', { skip }, async () => {
  await using bench = await Bench.open();
  const agent = await bench.agent();
  await agent.commit(...devices, on(), only, side('inet', { natOutside: true, outputFeature: true }));
  const servers = await serve(bench, 7000);
  for (const to of ['198.51.100.2', '198.51.100.3']) {
    assert.equal((await bench.client.udp({ to, port: 7000, fromPort: 5000 })).received, 1);
  }
  assert.deepEqual(await ends(servers), ['198.51.100.100 5000']);
  await bench.client.echo({ protocol: 'udp', port: 5000, reply: 'client' });
  const { answers } = await bench.out.udp({ from: '198.51.100.4', to: '198.51.100.100', port: 5000 });
  assert.deepEqual(answers, { client: 1 });
});

test('found again after a restart, healed after damage, switched off, gone', { skip }, async () => {
  await using bench = await Bench.open();
  const agent = await bench.agent();
  await agent.commit(...base);
  const servers = await serve(bench, 7000);
  const call = { fromPort: 5000, to: '198.51.100.2', port: 7000 };
  assert.equal((await bench.client.udp(call)).received, 1);
  for (const damage of [
    ['flush', 'chain', 'ip', 'ligature-nat44', 'mapped'],
    ['flush', 'chain', 'ip', 'ligature-nat44', 'mapped-refresh'],
    ['flush', 'map', 'ip', 'ligature-nat44', 'mapped-addresses'],
  ]) {
    await nft(bench, ...damage);
    const drift = await agent.drift();
    assert.ok(drift.length > 0, damage.join(' '));
    await agent.heal();
    assert.deepEqual(await agent.drift(), [], damage.join(' '));
    assert.equal((await bench.client.udp({ ...call, to: '198.51.100.3' })).received, 1, damage.join(' '));
  }
  assert.deepEqual(await ends(servers), ['198.51.100.100 5000']);
  const again = await bench.agent();
  assert.deepEqual(await again.resync(...base), []);
  assert.equal((await bench.client.udp({ ...call, to: '198.51.100.3' })).received, 1);
  assert.deepEqual(await ends(servers), ['198.51.100.100 5000']);

  // The other mode: conntrack chooses ends, and nobody else is let in.
  const other = global();
  const done = await again.commit(other);
  assert.ok(done.includes(`CREATE ${other.key}`), done.join());
  assert.deepEqual(await again.drift(), []);
  assert.equal((await bench.client.udp(call)).received, 1);
  await bench.client.echo({ protocol: 'udp', port: 5000 });
  const third = { from: '198.51.100.4', to: '198.51.100.100', port: 5000, timeout: 300 };
  assert.equal((await bench.out.udp(third)).received, 0);
  await again.commit(on());
  assert.equal((await bench.client.udp({ ...call, fromPort: 5003 })).received, 1);
  await bench.client.echo({ protocol: 'udp', port: 5003 });
  assert.equal((await bench.out.udp({ ...third, port: 5003 })).received, 1);
  await again.commit(...base.map(gone));
  assert.deepEqual(await again.driver.nft(again.driver.vswitch).tables(), []);
});
