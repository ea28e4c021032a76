import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';

const skip = requires({ netns: true, commands: ['ip', 'tc'] });

/** a talks to the router, c and d watch. */
function network(bench: KernelBench, spans: string): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
    - ${bench.tap('c', '')}
    - ${bench.tap('d', '')}
  spans: [${spans}]
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64"')}
    - ${bench.end('c', '')}
    - ${bench.end('d', '')}
`;
}

const mirror = (to: string, direction: string, isL2 = false) =>
  `{ interfaceFrom: a, interfaceTo: ${to}, direction: ${direction}, isL2: ${isL2} }`;
const only = (spans: string) => `vppConfig: { spans: [${spans}] }`;
const key = (to: string) => `config/vpp/v2/span/a/to/${to}`;

/** What a watcher gets to see of a ping of a to the router: `request`, `reply`. */
async function seen(bench: KernelBench, watcher: string, family: 4 | 6 = 4): Promise<string> {
  const capture = await bench.host(watcher).capture('eth0', { direction: 'in' });
  const [host, router] = family === 4 ? ['10.1.0.2', '10.1.0.1'] : ['fd01::2', 'fd01::1'];
  assert.equal((await bench.host('a').ping(router, { count: 1, timeout: 3000 })).received, 1);
  const request = await capture.frames({ ip: { source: host, destination: router } });
  const reply = await capture.frames({ ip: { source: router, destination: host } });
  await capture.close();
  return [request.length > 0 ? 'request' : '', reply.length > 0 ? 'reply' : ''].filter((text) => text !== '').join();
}

/** A copy may come a moment after the answer. */
function sees(bench: KernelBench, watcher: string, what: string, family: 4 | 6 = 4): Promise<void> {
  return eventually(async () => (await seen(bench, watcher, family)) === what);
}

test('RX, TX, both, of IPv4, IPv6 and L2 alike; changed in place; read back; gone', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'c', 'd');
  const agent = await bench.agent();
  await agent.commit(network(bench, mirror('c', 'RX')));
  await sees(bench, 'c', 'request');
  await sees(bench, 'c', 'request', 6);
  assert.deepEqual(await agent.commit(only(mirror('c', 'TX'))), [`UPDATE ${key('c')}`]);
  await sees(bench, 'c', 'reply');
  assert.deepEqual(await agent.commit(only(mirror('c', 'BOTH', true))), [`UPDATE ${key('c')}`]);
  await sees(bench, 'c', 'request,reply');
  await sees(bench, 'c', 'request,reply', 6);
  assert.deepEqual(await agent.drift(), []);
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(network(bench, mirror('c', 'BOTH', true))), []);
  await again.remove(only(mirror('c', 'BOTH', true)));
  await sees(bench, 'c', '');
  assert.doesNotMatch(await bench.router.run('tc', 'qdisc', 'show', 'dev', 'a'), /clsact/);
});

test('one interface may be copied to several', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'c', 'd');
  const agent = await bench.agent();
  await agent.commit(network(bench, `${mirror('c', 'BOTH')}, ${mirror('d', 'RX')}`));
  await sees(bench, 'c', 'request,reply');
  await sees(bench, 'd', 'request');
  await agent.remove(only(mirror('c', 'BOTH')));
  await sees(bench, 'c', '');
  await sees(bench, 'd', 'request');
});

test('what others have on the device stays', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'c', 'd');
  const agent = await bench.agent();
  await agent.commit(network(bench, ''));
  const tc = (text: string) => bench.router.run('tc', ...text.split(' '));
  await tc('qdisc add dev a clsact');
  await tc('filter add dev a ingress prio 7 protocol all u32 match u32 0 0 action mirred egress mirror dev d continue');
  await agent.commit(only(mirror('c', 'RX')));
  await sees(bench, 'c', 'request');
  await sees(bench, 'd', 'request');
  await agent.remove(only(mirror('c', 'RX')));
  await sees(bench, 'd', 'request');
});

test('damage is reported with its field and healed with one operation', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'c', 'd');
  const agent = await bench.agent();
  await agent.commit(network(bench, mirror('c', 'BOTH')));
  const damages = [
    ['qdisc del dev a clsact', `missing ${key('c')}`, `CREATE ${key('c')}`],
    ['filter del dev a ingress', `different ${key('c')} direction`, `UPDATE ${key('c')}`],
    ['filter del dev a egress', `different ${key('c')} direction`, `UPDATE ${key('c')}`],
  ] as const;
  for (const [damage, drift, cure] of damages) {
    await bench.router.run('tc', ...damage.split(' '));
    assert.deepEqual(await agent.drift(), [drift], damage);
    assert.deepEqual(await agent.heal(), [cure], damage);
    await sees(bench, 'c', 'request,reply');
  }
});

test('devices that are made anew are mirrored again', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'c', 'd');
  const agent = await bench.agent();
  await agent.commit(network(bench, mirror('c', 'BOTH')));
  for (const device of ['c', 'a']) {
    await bench.ip(`link del dev ${device}`);
    await agent.heal();
    await sees(bench, 'c', 'request,reply');
    assert.deepEqual(await agent.drift(), []);
  }
});
