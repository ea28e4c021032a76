import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { probeCapabilities, withoutSome } from './probe.ts';

/** What iproute2 can make in a namespace of its own. */
function canMake(...command: string[]): boolean {
  return spawnSync('unshare', ['-n', 'ip', ...command]).status === 0;
}

test('what the probe says is what iproute2 can make', async () => {
  const capabilities = await probeCapabilities();
  for (const type of ['dummy', 'bridge', 'ifb', 'wireguard', 'bond']) {
    assert.equal(capabilities.has(type), canMake('link', 'add', 'x', 'type', type), type);
  }
  assert.equal(capabilities.has('vrf'), canMake('link', 'add', 'x', 'type', 'vrf', 'table', '5'));
  assert.equal(capabilities.has('gre'), canMake('link', 'add', 'x', 'type', 'gre', 'remote', '192.0.2.1'));
  assert.equal(capabilities.has('ipip'), canMake('link', 'add', 'x', 'type', 'ipip', 'remote', '192.0.2.1'));
  assert.equal(
    capabilities.has('bridge-vlan-filtering'),
    canMake('link', 'add', 'x', 'type', 'bridge', 'vlan_filtering', '1'),
  );
  assert.ok(capabilities.has('veth') && capabilities.has('ipv6') && capabilities.has('nft-ip'));
  assert.equal(capabilities.kernel, execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim());
});

test('a missing construct has a reason, a present one has none, an unknown one is said to be unknown', async () => {
  const capabilities = await probeCapabilities();
  for (const { name, present, reason } of capabilities.list) {
    assert.equal(reason === '', present, name);
    assert.equal(capabilities.missing(name), present ? undefined : reason);
  }
  assert.match(capabilities.missing('teleport')!, /teleport/);
  assert.equal(new Set(capabilities.list.map(({ name }) => name)).size, capabilities.list.length);
});

test('it is tried once, and leaves nothing open', async () => {
  const before = readdirSync('/proc/self/fd').length;
  assert.equal(await probeCapabilities(), await probeCapabilities());
  assert.equal(readdirSync('/proc/self/fd').length, before);
});

test('what is to be done without is missing, the rest is as it was', async () => {
  const all = await probeCapabilities();
  const fewer = withoutSome(all, ['veth']);
  assert.match(fewer.missing('veth')!, /told to do without/);
  assert.ok(!fewer.has('veth') && all.has('veth') && fewer.has('bridge'));
  assert.equal(fewer.kernel, all.kernel);
});
