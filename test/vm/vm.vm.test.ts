/** What the test VM is for is really there: kernel features that a host may lack, and the lab on top of them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hasKernelFeature, kernelFeatures } from '../../scripts/test/kernel.ts';
import { createLab } from '../lab/lab.ts';

test('this is the test VM, not the host', () => {
  assert.match(readFileSync('/proc/version', 'utf8'), /Debian/);
  assert.equal(process.env['LIGATURE_TEST_VM'], '1');
  assert.equal(spawnSync('hostname', { encoding: 'utf8' }).stdout.trim(), 'testvm');
});

for (const feature of kernelFeatures) {
  test(`the kernel has ${feature}`, () => assert.equal(hasKernelFeature(feature), true));
}

test('VRFs separate hosts with the same address', async () => {
  await using lab = await createLab();
  const [router, red, blue] = await lab.hosts('router', 'red', 'blue');
  for (const [index, host] of [red, blue].entries()) {
    await lab.link(router, host.name, host, 'eth0');
    await router.run('ip', 'link', 'add', `vrf-${host.name}`, 'type', 'vrf', 'table', String(100 + index));
    await router.setLink(`vrf-${host.name}`, { up: true });
    await router.setLink(host.name, { master: `vrf-${host.name}` });
    await router.address(host.name, '10.0.0.1/24');
    await host.address('eth0', '10.0.0.2/24');
  }
  const seen = await blue.capture('eth0', { direction: 'in', icmp: { type: 8 } });
  assert.equal((await router.ping('10.0.0.2', { device: 'vrf-red', timeout: 5000 })).received, 1);
  assert.equal((await seen.frames()).length, 0);
  assert.equal((await router.ping('10.0.0.2', { device: 'vrf-blue', timeout: 5000 })).received, 1);
  assert.equal((await seen.frames()).length, 1);
});
