import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { ethernet } from '../../../test/lab/frame.ts';
import { createLink } from '../../kernel/netlink/link.ts';
import {
  BROADCAST,
  Bench,
  device,
  domain,
  gone,
  macOf,
  port,
  question,
  speak,
  taps,
  three,
  whoHears,
} from './kernel/testing.ts';

const skip = requires({ netns: true, commands: ['ip', 'bridge', 'nft'] });
const STRANGER = '02:00:00:00:00:77';
const LLDP = '01:80:c2:00:00:0e';
const ALL_ROUTERS = '33:33:00:00:00:02';

test('a domain with three hosts and a router: made, changed, removed', { skip }, async () => {
  await using bench = await Bench.open();
  const [one, two] = await bench.hosts(3);
  await bench.loopback('bvi1', '10.0.0.254/24');
  const agent = await bench.agent();
  const ports = [port('tap1'), port('tap2'), { name: 'bvi1', bridgedVirtualInterface: true }];
  await agent.commit(...taps, device('bvi1'), domain('bd1', { interfaces: ports }));
  assert.equal((await one!.ping('10.0.0.2')).received, 1);
  assert.equal((await two!.ping('10.0.0.254')).received, 1);
  assert.equal((await bench.vswitch.ping('10.0.0.1')).received, 1);
  assert.deepEqual(await agent.drift(), []);

  const before = await bench.vswitch.link('bd1.bd');
  const more = domain('bd1', { interfaces: [...ports, port('tap3')] });
  assert.deepEqual(await agent.commit(more), [
    'CREATE vpp/bd/bd1/interface/tap3',
    'UPDATE config/vpp/l2/v2/bridge-domain/bd1',
  ]);
  assert.equal((await one!.ping('10.0.0.3')).received, 1);
  assert.equal((await bench.vswitch.link('bd1.bd'))?.index, before?.index);

  const again = await bench.agent();
  assert.deepEqual(await again.resync(...taps, device('bvi1'), more), []);
  assert.deepEqual(await again.drift(), []);
  await again.commit(gone(more));
  assert.equal(await bench.vswitch.link('bd1.bd'), undefined);
  assert.equal((await one!.ping('10.0.0.2', { timeout: 100 })).received, 0);
  assert.deepEqual(await again.driver.nft(again.driver.vswitch).tables(), []);
});

test('flood and unknown_unicast_flood, changed in place', { skip }, async () => {
  await using bench = await Bench.open();
  const [one, ...others] = await bench.hosts(3);
  const agent = await bench.agent();
  await agent.commit(...taps, domain('bd1', { interfaces: three }));
  const hears = (destination: string) =>
    whoHears(bench, { host: one!, device: 'eth0' }, others, question(1, destination));
  const before = await bench.vswitch.links();
  for (const [flood, unknownUnicastFlood] of [
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ] as const) {
    await agent.commit(domain('bd1', { interfaces: three, flood, unknownUnicastFlood }));
    for (const everybody of [BROADCAST, LLDP, ALL_ROUTERS]) {
      assert.deepEqual(await hears(everybody), flood ? ['h2', 'h3'] : [], `${everybody}, flood: ${flood}`);
    }
    assert.deepEqual(await hears(STRANGER), unknownUnicastFlood ? ['h2', 'h3'] : []);
    assert.deepEqual(await agent.drift(), []);
  }
  const indexes = (links: typeof before) => links.map(({ index, name }) => `${index} ${name}`);
  assert.deepEqual(indexes(await bench.vswitch.links()), indexes(before));
});

test('learn: frames to a known address go there only, and everywhere without learning', { skip }, async () => {
  await using bench = await Bench.open();
  const hosts = await bench.hosts(3);
  const [one, two] = hosts;
  const agent = await bench.agent();
  await agent.commit(...taps, domain('bd1', { interfaces: three, learn: false }));
  await speak(two!, one!, question(2, BROADCAST));
  const hears = () => whoHears(bench, { host: one!, device: 'eth0' }, hosts.slice(1), question(1, macOf(2)));
  assert.deepEqual(await hears(), ['h2', 'h3']);
  await agent.commit(domain('bd1', { interfaces: three }));
  await speak(two!, one!, question(2, BROADCAST));
  assert.deepEqual(await hears(), ['h2']);
});

test('forward: false drops unicast frames, and floods still', { skip }, async () => {
  await using bench = await Bench.open();
  const hosts = await bench.hosts(3);
  const [one, two] = hosts;
  const agent = await bench.agent();
  await agent.commit(...taps, domain('bd1', { interfaces: three }));
  assert.equal((await one!.ping('10.0.0.2')).received, 1);
  await agent.commit(domain('bd1', { interfaces: three, forward: false }));
  assert.equal((await one!.ping('10.0.0.2', { timeout: 100 })).received, 0);
  assert.deepEqual(await whoHears(bench, { host: two!, device: 'eth0' }, [one!, hosts[2]!], question(2, BROADCAST)), [
    'h1',
    'h3',
  ]);
  assert.deepEqual(await agent.drift(), []);
  // Another domain goes on.
  await agent.commit(
    domain('bd1', { interfaces: [port('tap3')], forward: false }),
    domain('bd2', { interfaces: three.slice(0, 2) }),
  );
  assert.equal((await one!.ping('10.0.0.2')).received, 1);
});

test('split-horizon groups: two groups, and a router in one of them', { skip }, async () => {
  await using bench = await Bench.open();
  const hosts = await bench.hosts(5);
  await bench.loopback('bvi1', '10.0.0.254/24');
  const agent = await bench.agent();
  const all = [1, 2, 3, 4, 5].map((number) => device(`tap${number}`));
  const groups = [1, 1, 2, 2, 0].map((group, index) => port(`tap${index + 1}`, group));
  const router = { name: 'bvi1', bridgedVirtualInterface: true, splitHorizonGroup: 1 };
  await agent.commit(...all, device('bvi1'), domain('bd1', { interfaces: [...groups, router] }));
  const hears = (number: number) => {
    const others = hosts.filter((host) => host !== hosts[number - 1]);
    return whoHears(bench, { host: hosts[number - 1]!, device: 'eth0' }, others, question(number, BROADCAST));
  };
  assert.deepEqual(await hears(1), ['h3', 'h4', 'h5']);
  assert.deepEqual(await hears(4), ['h1', 'h2', 'h5']);
  assert.deepEqual(await hears(5), ['h1', 'h2', 'h3', 'h4']);
  assert.equal((await hosts[0]!.ping('10.0.0.2', { timeout: 100 })).received, 0);
  assert.equal((await hosts[0]!.ping('10.0.0.3')).received, 1);

  // The router: its unicast frames and ARP requests ignore the group, its other floods do not.
  assert.equal((await bench.vswitch.ping('10.0.0.1')).received, 1);
  assert.equal((await bench.vswitch.ping('10.0.0.3')).received, 1);
  const flood = ethernet(
    { destination: BROADCAST, source: '02:00:00:00:0b:01', etherType: 0x0800 },
    question(9, BROADCAST).subarray(14),
  );
  assert.deepEqual(await whoHears(bench, { host: bench.vswitch, device: 'bvi1' }, hosts, flood), ['h3', 'h4', 'h5']);

  // A group changes in place.
  const index = (await bench.vswitch.link('tap2'))?.index;
  const changed = groups.map((each) => (each.name === 'tap2' ? port('tap2', 2) : each));
  await agent.commit(domain('bd1', { interfaces: [...changed, router] }));
  assert.deepEqual(await hears(1), ['h2', 'h3', 'h4', 'h5']);
  assert.deepEqual(await hears(3), ['h1', 'h5']);
  assert.equal((await bench.vswitch.link('tap2'))?.index, index);
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(domain('bd1', { interfaces: [] }));
  assert.match(await bench.vswitch.run('ip', '-d', 'link', 'show', 'tap2'), /group default/);
});

test('the router keeps its address known without learning, also when it changes', { skip }, async () => {
  await using bench = await Bench.open();
  const [one] = await bench.hosts(2);
  await bench.loopback('bvi1', '10.0.0.254/24');
  const agent = await bench.agent();
  const interfaces = [port('tap1'), port('tap2'), { name: 'bvi1', bridgedVirtualInterface: true }];
  const quiet = domain('bd1', { interfaces, learn: false, unknownUnicastFlood: false });
  await agent.commit(...taps.slice(0, 2), device('bvi1'), quiet);
  const seen = await bench.vswitch.capture('bvi1', { direction: 'in', contains: 'who gets this?' });
  await one!.send('eth0', question(1, '02:00:00:00:0b:01'));
  await seen.wait({ contains: 'who gets this?' });
  await bench.vswitch.run('ip', 'link', 'set', 'bvi1', 'address', '02:00:00:00:0b:02');
  assert.deepEqual(await agent.drift(), ['different vpp/bd/bd1/interface/bvi1 bridged_virtual_interface']);
  assert.deepEqual(await agent.heal(), ['UPDATE vpp/bd/bd1/interface/bvi1']);
  await one!.send('eth0', question(1, '02:00:00:00:0b:02'));
  await seen.wait({ contains: 'who gets this?' }, { count: 2 });
});

test('what is not a loopback cannot be the router', { skip }, async () => {
  await using bench = await Bench.open();
  await bench.hosts(1);
  const agent = await bench.agent();
  const change = domain('bd1', { interfaces: [{ name: 'tap1', bridgedVirtualInterface: true }] });
  await assert.rejects(agent.commit(device('tap1'), change), /tap1 cannot be the BVI: only a SOFTWARE_LOOPBACK can/);
});

test('mac_age: minutes, 0 is never, changed in place', { skip }, async () => {
  await using bench = await Bench.open();
  await bench.hosts(2);
  const agent = await bench.agent();
  const aged = (macAge: number) => domain('bd1', { interfaces: [port('tap1')], macAge });
  const ageing = async () =>
    Number(/ageing_time (\d+)/.exec(await bench.vswitch.run('ip', '-d', 'link', 'show', 'bd1.bd'))![1]);
  await agent.commit(device('tap1'), aged(0));
  assert.ok((await ageing()) > 100 * 86_400 * 365, 'a year at least, in 1/100 s');
  const index = (await bench.vswitch.link('bd1.bd'))?.index;
  await agent.commit(aged(255));
  assert.equal(await ageing(), 255 * 6000);
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(aged(0));
  assert.equal((await bench.vswitch.link('bd1.bd'))?.index, index);
  const again = await bench.agent();
  assert.deepEqual(await again.resync(device('tap1'), aged(0)), []);
});

test('a bridge takes 1,023 ports; the next one says so by name', { skip }, async () => {
  await using bench = await Bench.open();
  const agent = await bench.agent();
  const names = Array.from({ length: 1024 }, (_, index) => `t${index}`);
  const rtnl = agent.driver.rtnl(agent.driver.vswitch);
  const veth = (name: string, peer: string) => createLink({ name, kind: { type: 'veth', peer: { name: peer } } });
  await Promise.all(names.slice(0, 512).map((name, index) => rtnl.request(veth(name, names[index + 512]!))));
  const [last, ...fitting] = names.toSorted().toReversed();
  const interfaces = fitting.map((name) => port(name));
  await agent.commit(...names.map(device), domain('bd1', { interfaces }));
  const full = domain('bd1', { interfaces: [...interfaces, port(last!)] });
  await assert.rejects(
    agent.commit(full),
    /t\d+ does not fit into bridge domain bd1: a Linux bridge has at most 1,023 ports/,
  );
  assert.equal((await agent.drift()).length, 0);
  assert.equal((await agent.commit(domain('bd1', { interfaces }))).length <= 2, true);
});

test('nft lists what we made', { skip }, async () => {
  await using bench = await Bench.open();
  await bench.hosts(3);
  const agent = await bench.agent();
  const arpTerminationTable = [{ ipAddress: '10.0.0.50', physAddress: macOf(0x50) }];
  const answering = { arpTermination: true, arpTerminationTable };
  await agent.commit(...taps, domain('1', { ...answering, forward: false, interfaces: [port('tap1', 3)] }));
  const rules = await bench.vswitch.run('nft', 'list', 'ruleset');
  for (const text of ['"tap1" : jump bd-1.bd', 'set drops-1.bd', '10.0.0.50 : 02:00:00:00:00:50']) {
    assert.ok(rules.includes(text), `${text} in\n${rules}`);
  }
});
