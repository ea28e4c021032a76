import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { type Agent, Bench, eventually } from '../route/kernel/testing.ts';

const skip = requires({ netns: true, commands: ['ip', 'nft'] });

/** By the router's own routes everything from a goes to b; policies send some of it to c. */
function network(bench: Bench, policies: string): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
    - ${bench.tap('b', '10.2.0.1/24, "fd02::1/64"')}
    - ${bench.tap('c', '10.3.0.1/24, "fd03::1/64"')}
  routes:
    - { dstNetwork: 10.9.0.0/24, nextHopAddr: 10.2.0.2, outgoingInterface: b }
    - { dstNetwork: "fd09::/64", nextHopAddr: "fd02::2", outgoingInterface: b }
${policies}
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, 10.1.0.3/24, "fd01::2/64"')}
    - ${bench.end('b', '10.2.0.2/24, "fd02::2/64", 10.9.0.1/32, 10.9.0.2/32, "fd09::1/128", "fd09::2/128"')}
    - ${bench.end('c', '10.3.0.2/24, "fd03::2/64", 10.9.0.1/32, 10.9.0.2/32, "fd09::1/128", "fd09::2/128"')}
  routes:
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.1.0.1 }
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd01::1" }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.2.0.1 }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd02::1" }
    - { outgoingInterface: c-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.3.0.1 }
    - { outgoingInterface: c-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd03::1" }
`;
}

const rule = (action: string, destination: string, more = '') => `
        - { action: ${action}, ipRule: { ip: { sourceNetwork: ${destination.includes(':') ? '"::/0"' : '0.0.0.0/0'}, destinationNetwork: "${destination}" }${more} } }`;
const acl = (name: string, ...rules: readonly string[]) => `
    - name: ${name}
      rules:${rules.join('')}`;
const C = '{ interfaceName: c, nextHopIp: 10.3.0.2 }';
const C6 = '{ interfaceName: c, nextHopIp: "fd03::2" }';
const B = '{ interfaceName: b, nextHopIp: 10.2.0.2 }';
const policy = (index: number, list: string, path: string, priority = 10, isIpv6 = false) => `
    - { index: ${index}, aclName: ${list}, attachedInterfaces: [{ inputInterface: a, priority: ${priority}, isIpv6: ${isIpv6} }], forwardingPaths: [${path}] }`;
const both = `
  acls:${acl('four', rule('PERMIT', '10.9.0.1/32'))}${acl('six', rule('PERMIT', 'fd09::1/128'))}
  abfs:${policy(1, 'four', C)}${policy(2, 'six', C6, 10, true)}`;
const key = (index: number) => `config/vpp/abfs/v2/abf/${index}`;
const onA = (index: number) => `vpp/abf/${index}/interface/a`;

/** Which host gets what a sends there. */
async function whoGets(bench: Bench, destination: string): Promise<string> {
  const captures = await Promise.all(['b', 'c'].map((name) => bench.host(name).capture('eth0', { direction: 'in' })));
  await bench.host('a').ping(destination, { count: 1, timeout: 500 });
  const heard = await Promise.all(captures.map((capture) => capture.frames({ ip: { destination } })));
  await Promise.all(captures.map((capture) => capture.close()));
  return ['b', 'c'].filter((_name, index) => heard[index]!.length > 0).join();
}

async function goes(bench: Bench, where: Readonly<Record<string, string>>): Promise<void> {
  for (const [to, host] of Object.entries(where)) {
    await eventually(async () => (await whoGets(bench, to)) === host);
  }
}

const SPLIT = { '10.9.0.1': 'c', '10.9.0.2': 'b', 'fd09::1': 'c', 'fd09::2': 'b' };
const clean = (agent: Agent) => async () => (await agent.drift()).length === 0;

test('what a list permits takes the paths, the rest is routed; read back; gone', { skip }, async () => {
  await using bench = await Bench.open('a', 'b', 'c');
  const agent = await bench.agent();
  const config = network(bench, both);
  await agent.commit(config);
  await goes(bench, SPLIT);
  assert.deepEqual(await agent.drift(), []);
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(config), []);
  await again.remove(`vppConfig:\n${both.slice(1)}`);
  await goes(bench, { '10.9.0.1': 'b', 'fd09::1': 'b' });
  assert.doesNotMatch((await bench.ip('-4 rule')) + (await bench.ip('-6 rule')), /fwmark/);
  assert.equal(await bench.ip('route show proto 80 table all'), '');
  assert.equal(await bench.ip('-6 route show proto 80 table all'), '');
  const tables = (await again.driver.nft(again.driver.vswitch).tables()).map(({ name }) => name);
  assert.ok(!tables.includes('ligature-abf'), tables.join());
});

test('policies of an interface are tried by priority; a denied packet asks the next', { skip }, async () => {
  await using bench = await Bench.open('a', 'b', 'c');
  const agent = await bench.agent();
  const lists = `
  acls:${acl('not-two', rule('DENY', '10.9.0.2/32'), rule('PERMIT', '0.0.0.0/0'))}${acl('all', rule('REFLECT', '0.0.0.0/0'))}`;
  await agent.commit(network(bench, `${lists}\n  abfs:${policy(1, 'not-two', C, 5)}${policy(2, 'all', B, 7)}`));
  await goes(bench, { '10.9.0.1': 'c', '10.9.0.2': 'b', '10.2.0.2': 'c' });
  // The other order: the second takes everything.
  assert.deepEqual(await agent.commit(`vppConfig:\n  abfs:${policy(2, 'all', B, 3)}`), [
    `UPDATE ${key(2)}`,
    `UPDATE ${onA(2)}`,
  ]);
  await goes(bench, { '10.9.0.1': 'b', '10.9.0.2': 'b' });
  assert.deepEqual(await agent.drift(), []);
  await agent.remove(`vppConfig:\n  abfs:${policy(2, 'all', B, 3)}`);
  await goes(bench, { '10.9.0.1': 'c', '10.9.0.2': 'b' });
});

test('rules of the list and paths change in place; ports count', { skip }, async () => {
  await using bench = await Bench.open('a', 'b', 'c');
  const agent = await bench.agent();
  await agent.commit(network(bench, both));
  await goes(bench, SPLIT);
  const list = (...rules: readonly string[]) => `vppConfig:\n  acls:${acl('four', ...rules)}`;
  await agent.commit(list(rule('PERMIT', '10.9.0.2/32')));
  await goes(bench, { '10.9.0.1': 'b', '10.9.0.2': 'c' });
  const echo = ', icmp: { icmpTypeRange: { first: 8, last: 8 } }';
  await agent.commit(
    list(
      rule(
        'PERMIT',
        '10.9.0.0/24',
        ', udp: { destinationPortRange: { lowerPort: 53, upperPort: 53 }, sourcePortRange: { lowerPort: 0, upperPort: 65535 } }',
      ),
    ),
  );
  await goes(bench, { '10.9.0.1': 'b' });
  await agent.commit(list(rule('PERMIT', '10.9.0.0/24', echo)));
  await goes(bench, { '10.9.0.1': 'c' });
  assert.deepEqual(await agent.commit(`vppConfig:\n  abfs:${policy(1, 'four', B)}`), [`UPDATE ${key(1)}`]);
  await goes(bench, { '10.9.0.1': 'b' });
  assert.deepEqual(await agent.drift(), []);
});

test('no path that is up means dropped', { skip }, async () => {
  await using bench = await Bench.open('a', 'b', 'c');
  const agent = await bench.agent();
  await agent.commit(network(bench, both));
  await goes(bench, SPLIT);
  const tap = bench.tap('c', '10.3.0.1/24, "fd03::1/64"').replace('enabled: true', 'enabled: false');
  await agent.commit(`vppConfig: { interfaces: [${tap}] }`);
  assert.equal(await whoGets(bench, '10.9.0.1'), '');
  assert.equal(await whoGets(bench, 'fd09::1'), '');
  await goes(bench, { '10.9.0.2': 'b' });
});

test('damage from outside is seen and healed at once', { skip }, async () => {
  await using bench = await Bench.open('a', 'b', 'c');
  const agent = await bench.agent();
  await agent.commit(network(bench, both));
  await goes(bench, SPLIT);
  const nft = 'inet ligature-abf';
  const table = /fwmark \S+ lookup (\d+)/.exec(await bench.ip('-4 rule'))![1]!;
  const damages: readonly (readonly [string, readonly string[]])[] = [
    [`ip rule del table ${table}`, [`UPDATE ${key(1)}`]],
    [`ip route del default via 10.3.0.2 table ${table}`, [`UPDATE ${key(1)}`]],
    [`nft flush chain ${nft} policy-1`, [`UPDATE ${key(1)}`]],
    [`nft flush chain ${nft} on-a`, [`CREATE ${onA(1)}`, `CREATE ${onA(2)}`]],
    [`nft delete element ${nft} interfaces { a }`, [`CREATE ${onA(1)}`, `CREATE ${onA(2)}`]],
    [`nft insert rule ${nft} on-a drop`, [`UPDATE ${onA(1)}`, `UPDATE ${onA(2)}`]],
    [`nft delete table ${nft}`, [`UPDATE ${key(1)}`, `UPDATE ${key(2)}`, `CREATE ${onA(1)}`, `CREATE ${onA(2)}`]],
  ];
  for (const [damage, cures] of damages) {
    const done = await agent.reaction(() => bench.router.run('sh', '-c', damage), clean(agent));
    assert.deepEqual(done.filter((line) => !line.startsWith('DELETE')).sort(), cures.toSorted(), damage);
    await goes(bench, SPLIT);
  }
});

test('what the kernel cannot is said by name', { skip }, async () => {
  await using bench = await Bench.open('a', 'b', 'c');
  const agent = await bench.agent();
  const lists = `\n  acls:${acl('four', rule('PERMIT', '10.9.0.1/32'))}`;
  const dvr = policy(3, 'four', '{ interfaceName: c, dvr: true }');
  await agent.tryCommit(
    network(bench, `${lists}\n  abfs:${dvr}${policy(4, 'four', C, 1, true)}${policy(20_000_000, 'four', C)}`),
  );
  assert.match(agent.state(key(3))!, /UNIMPLEMENTED .*dvr/);
  assert.match(agent.state(key(4))!, /UNIMPLEMENTED .*no IPv4 next hop/);
  assert.match(agent.state(key(20_000_000))!, /UNIMPLEMENTED .*not in 0-16777215/);
});
