// needs-kernel: vrf, vlan, bond, ipip, esp

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpClient } from '../../src/client/http.ts';
import type { Host } from '../lab/host.ts';
import { createLab } from '../lab/lab.ts';
import { requires } from '../requires.ts';
import { edgeNetwork, providerConfiguration } from './edge-router-network.ts';

const root = join(import.meta.dirname, '../..');
const example = join(root, 'examples/edge-router');
const kernel = ['vrf', 'vlan', 'bond', 'ipip', 'esp'] as const;
const skip = requires({ netns: true, kernel: [...kernel], commands: ['ip', 'nft', 'bird'] });

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 300_000; performance.now() < end; ) {
    if (await holds()) return;
    await delay(200);
  }
  assert.fail(`waited in vain until ${what}`);
}

const reaches = async (from: Host, to: string) => (await from.ping(to, { count: 1, timeout: 2000 })).received === 1;

test('the edge router carries traffic as its README says', { skip, timeout: 900_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lg-edge-'));
  const lab = await createLab();
  try {
    const { router, exchange, isp1, isp2, branch, green, blue1, blue2, red1, red2 } = await edgeNetwork(lab);

    // The flags that keep V8 from aborting in the test VM are for the agent, too (scripts/test/in-vm.ts).
    const steady = process.execArgv.filter((flag) => flag === '--liftoff-only');
    const cli = [process.execPath, ...steady, join(root, 'src/cli/main.ts')];
    const state = ['--state-dir', join(folder, 'state')];
    const flags = ['--engine', 'kernel', '--config-dir', folder, '--http-port', '0', '--grpc-port', '0'];
    const agent = await router.start([...cli, 'agent', ...state, ...flags]);
    const ligature = (...args: readonly string[]) => router.exec([...cli, ...state, ...args], { timeout: 120_000 });
    const client = new HttpClient({ socketPath: join(folder, 'state', 'control', 'http.sock') });
    await until('the agent is ready', async () => {
      const { running, output } = await agent.report();
      assert.ok(running, `the agent ended: ${output}`);
      return client.text({ path: '/readiness' }).then(
        () => true,
        () => false,
      );
    }).catch(async (error: unknown) => {
      throw new Error((await agent.report()).output, { cause: error });
    });
    const applied = await ligature('config', 'apply', join(example, 'router.yaml'));
    assert.equal(applied.status, 0, applied.stdout + applied.stderr);

    const bird = async (host: Host, text: string) => {
      const file = join(folder, `${host.name}.conf`);
      await writeFile(file, text);
      return host.start(['bird', '-f', '-c', file, '-s', join(folder, `${host.name}.ctl`)]);
    };
    await bird(router, await readFile(join(example, 'bird.conf'), 'utf8'));
    const first = await bird(isp1, providerConfiguration(1));
    await bird(isp2, providerConfiguration(2));
    const routes = () => router.run('ip', 'route', 'show', '192.0.2.0/24');
    await until('both providers are used', async () => /isp1[^]*isp2|isp2[^]*isp1/.test(await routes()));

    const wire = await Promise.all([isp1, isp2].map((isp) => isp.capture('eth0', { direction: 'in' })));
    await until('green reaches the internet', () => reaches(green, '192.0.2.1'));
    const seen = await Promise.all(wire.map((capture) => capture.frames({ ip: { destination: '192.0.2.1' } })));
    assert.deepEqual(
      [...new Set(seen.flat().map((frame) => frame.ip?.source))],
      ['203.0.113.1'],
      'by its public address',
    );

    await until('green reaches its branch office', () => reaches(green, '10.30.0.1'));
    const toBranch = await Promise.all(wire.map((capture) => capture.frames({ ip: { destination: '192.0.2.50' } })));
    assert.ok(toBranch.flat().length > 0);
    assert.deepEqual([...new Set(toBranch.flat().map((frame) => frame.ip?.protocol))], [50], 'by ESP and nothing else');
    await branch.run('ip', 'xfrm', 'policy', 'flush');
    await branch.run('ip', 'xfrm', 'state', 'flush');
    const atGreen = await green.capture('eth0', { direction: 'in' });
    assert.ok(!(await reaches(branch, '10.20.0.2')));
    assert.deepEqual(await atGreen.frames({ ip: { protocol: 1 } }), [], 'the branch office in clear is not let in');

    await until('blue reaches its other site', () => reaches(blue1, '10.10.2.2'));
    const atRed = await red2.capture('eth0', { direction: 'in' });
    await until('red reaches its other site', () => reaches(red1, '10.10.2.2'));
    const pings = (await atRed.frames({ ip: { source: '10.10.1.2', protocol: 1 } })).length;
    assert.ok(await reaches(blue1, '10.10.2.2'));
    assert.equal((await atRed.frames({ ip: { source: '10.10.1.2', protocol: 1 } })).length, pings, 'not those of blue');
    for (const to of ['192.0.2.1', '10.20.0.2']) assert.ok(!(await reaches(blue2, to)), `blue does not reach ${to}`);
    assert.ok(!(await reaches(green, '10.10.1.2')), 'green reaches neither blue nor red');
    const udp = await green.udp({ to: '192.0.2.1', port: 9999, timeout: 1000 });
    assert.equal(udp.received, 0, 'the list lets no UDP out');
    assert.deepEqual(udp.errors, [], 'dropped, not refused');
    const telnet = await isp1.tcp({ to: '198.51.100.2', port: 23, timeout: 1500 });
    assert.ok(!JSON.stringify(telnet).includes('ECONNREFUSED'), 'the list drops it before the stack refuses it');

    // Neither touches what is the other's.
    const check = await ligature('config', 'check');
    assert.match(check.stdout, /as applied/, check.stderr);
    assert.equal((await ligature('config', 'resync')).status, 0);
    assert.match(await routes(), /proto bird/);

    await exchange.run('ip', 'link', 'set', 'up1', 'down');
    await until('one card is enough', () => reaches(green, '192.0.2.1'));
    await first.stop();
    await until('the first provider is gone', async () => !(await routes()).includes('isp1'));
    await until('green reaches the internet by the other', () => reaches(green, '192.0.2.1'));
    assert.match((await ligature('config', 'check')).stdout, /as applied/);
  } finally {
    await lab.close();
    await rm(folder, { recursive: true, force: true });
  }
});
