import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';

const skip = requires({ netns: true, commands: ['ip'] });
const MAC = '02:00:00:00:00:09';

function network(bench: KernelBench, mac = MAC): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
  arps:
    - { interface: a, ipAddress: 10.1.0.9, physAddress: "${mac}", static: true }
    - { interface: a, ipAddress: "fd01:0::9", physAddress: "${mac}", static: true }
    - { interface: a, ipAddress: 10.1.0.8, physAddress: "02:00:00:00:00:08" }
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64"')}
  arpEntries:
    - { interface: a-end, ipAddress: 10.1.0.7, hwAddress: "02:00:00:00:00:07" }
    - { interface: a-end, ipAddress: "fd01::7", hwAddress: "02:00:00:00:00:07" }
`;
}

test('packets go to configured neighbours without a question; read back, restarted, removed', { skip }, async () => {
  await using bench = await KernelBench.open('a');
  const agent = await bench.agent();
  await agent.commit(network(bench));
  const a = bench.host('a');
  for (const [from, address, mac, device] of [
    [bench.router, '10.1.0.9', MAC, 'a'],
    [bench.router, 'fd01::9', MAC, 'a'],
    [a, '10.1.0.7', '02:00:00:00:00:07', 'eth0'],
    [a, 'fd01::7', '02:00:00:00:00:07', 'eth0'],
  ] as const) {
    const seen = await from.capture(device, { direction: 'out' });
    // Nothing leaves before the link is up.
    await eventually(async () => {
      await from.ping(address, { count: 1, timeout: 50 });
      return (await seen.frames({ destination: mac })).length > 0;
    });
    await seen.close();
  }
  const shown = await bench.ip('neigh show dev a');
  assert.match(shown, /10\.1\.0\.8 lladdr 02:00:00:00:00:08 .*STALE/, 'may be learned anew');
  assert.deepEqual(await agent.drift(), []);

  const other = '02:00:00:00:00:99';
  assert.deepEqual(await agent.commit(network(bench, other)), [
    'UPDATE config/vpp/v2/arp/a/10.1.0.9',
    'UPDATE config/vpp/v2/arp/a/fd01:0::9',
  ]);
  assert.match(await bench.ip('neigh show 10.1.0.9'), /02:00:00:00:00:99 .*PERMANENT/);
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(network(bench, other)), []);
  await again.remove(
    `vppConfig: { arps: [{ interface: a, ipAddress: 10.1.0.9, physAddress: "${other}", static: true }] }`,
  );
  assert.equal(await bench.ip('neigh show 10.1.0.9'), '');
});

test('damage, a link that was down and another MAC address of the device are healed', { skip }, async () => {
  await using bench = await KernelBench.open('a');
  const agent = await bench.agent();
  await agent.commit(network(bench));
  const right = async (): Promise<boolean> => (await bench.ip('neigh show 10.1.0.9')).includes(`${MAC} PERMANENT`);
  // A device without carrier loses what may be learned anew, which is healed: no part of what follows.
  await eventually(async () => (await bench.ip('link show a')).includes('LOWER_UP'));
  await eventually(async () => (await bench.ip('neigh show 10.1.0.8')) !== '' && (await agent.drift()).length === 0);
  await agent.scheduler.idle();
  for (const [command, operation] of [
    ['neigh del 10.1.0.9 dev a', 'CREATE'],
    ['neigh replace 10.1.0.9 lladdr 02:00:00:00:00:aa dev a', 'UPDATE'],
    ['neigh change 10.1.0.9 lladdr 02:00:00:00:00:09 nud stale dev a', 'UPDATE'],
  ] as const) {
    const reaction = await agent.reaction(() => bench.ip(command), right);
    assert.deepEqual(reaction, [`${operation} config/vpp/v2/arp/a/10.1.0.9`], command);
  }
  await bench.ip('link set dev a down');
  await bench.ip('link set dev a up');
  await eventually(right);
  await bench.ip('link set dev a address 02:00:00:00:00:55');
  await eventually(right);
  const a = bench.host('a');
  const pod = await agent.reaction(
    () => a.run('ip', 'neigh', 'del', '10.1.0.7', 'dev', 'eth0'),
    async () => (await a.run('ip', 'neigh', 'show', '10.1.0.7')).includes('PERMANENT'),
  );
  assert.deepEqual(pod, ['CREATE config/linux/l3/v2/arp/a-end/10.1.0.7']);
  await eventually(async () => (await agent.drift()).length === 0);
});
