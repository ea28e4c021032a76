import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { requires } from '../../../test/requires.ts';
import { Interface_Type, InterfaceSchema } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { interfaceKey } from '../interface/model.ts';
import { Bench, devices, gone, global, peers, pool, side, sides } from './kernel/testing.ts';

const skip = requires({ netns: true, commands: ['ip', 'nft'] });

/** `lan` in this VRF; its table is there, as the VRF feature makes it. */
function lan(vrf: number): Change {
  const value = { name: 'lan', type: Interface_Type.TAP, vrf };
  return { key: interfaceKey('lan'), value: create(InterfaceSchema, value) };
}

const others = [...devices.filter(({ key }) => key !== interfaceKey('lan')), ...sides, global()];

/** There are no VRFs here: only NAT is looked at. */
function ofNat(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.includes('/nat/'));
}

test('what a VRF is to NAT follows its interface, is healed by one operation, and leaves nothing', {
  skip,
}, async () => {
  await using bench = await Bench.open();
  const agent = await bench.agent();
  for (const table of ['1010', '1020'])
    await bench.router.run('ip', 'route', 'add', '10.10.0.0/24', 'dev', 'lan', 'table', table);
  await bench.router.run('ip', 'route', 'delete', '10.10.0.0/24', 'dev', 'lan');
  const base = [...others, pool('out', '198.51.100.100')];
  await agent.commit(lan(10), ...base);
  const server = await bench.out.echo({ protocol: 'udp', port: 53 });
  const works = async () => (await bench.client.udp({ to: '198.51.100.2', port: 53 })).received === 1;
  assert.ok(await works());
  assert.deepEqual(await peers(server), ['198.51.100.100']);
  assert.deepEqual(ofNat(await agent.drift()), []);

  const key = 'config/vpp/nat/v2/nat44-interface/lan';
  for (const damage of [
    ['ip', 'rule', 'delete', 'priority', '480', 'table', '1010'],
    ['nft', 'flush', 'map', 'ip', 'ligature-nat44', 'vrf-zones'],
    ['nft', 'flush', 'chain', 'ip', 'ligature-nat44', 'vrf-in-10'],
  ]) {
    await bench.router.run(...damage);
    assert.deepEqual(ofNat(await agent.drift()), [`missing ${key}`], damage.join(' '));
    assert.deepEqual(ofNat(await agent.heal()), [`CREATE ${key}`], damage.join(' '));
    assert.ok(await works(), damage.join(' '));
  }
  await bench.router.run('nft', 'flush', 'map', 'ip', 'ligature-nat44', 'vrf-pool-shares');
  assert.deepEqual(ofNat(await agent.drift()), ['missing config/vpp/nat/v2/nat44-pool/out']);
  assert.deepEqual(ofNat(await agent.heal()), ['CREATE config/vpp/nat/v2/nat44-pool/out']);
  assert.ok(await works());

  await agent.commit(lan(20));
  assert.match(await bench.router.run('ip', 'rule'), /lookup 1020/);
  assert.doesNotMatch(await bench.router.run('ip', 'rule'), /lookup 1010/);
  assert.ok(await works());
  const again = await bench.agent();
  assert.deepEqual(ofNat(await again.resync(lan(20), ...base)), []);
  await again.commit(side('lan', { natOutside: true }));
  assert.doesNotMatch(await bench.router.run('nft', 'list', 'map', 'ip', 'ligature-nat44', 'vrf-out'), /lan/);
  await again.commit(...[lan(20), ...base].map(gone));
  assert.doesNotMatch(await bench.router.run('ip', 'rule'), /fwmark/);
  assert.equal(await bench.router.run('nft', 'list', 'ruleset'), '');
});

test('a VRF whose id does not fit into a mark is UNIMPLEMENTED, with the reason', { skip }, async () => {
  await using bench = await Bench.open();
  const agent = await bench.agent();
  const { failures } = await agent.scheduler.commit([lan(5000), ...others], { retry: false });
  assert.deepEqual(
    failures.map(({ error }) => error.message),
    ['kernel: NAT44 in VRF 5000 is not supported: ids up to 2047 fit into a packet mark'],
  );
  assert.deepEqual(
    ofNat(await agent.drift()).filter((line) => !line.includes('nat44-interface/lan')),
    [],
  );
});

test('an output feature in a VRF is UNIMPLEMENTED in endpoint-independent mode, with the reason', {
  skip,
}, async () => {
  await using bench = await Bench.open();
  const agent = await bench.agent();
  const mode = global({ forwarding: true, endpointIndependent: true });
  const output = side('lan', { natOutside: true, outputFeature: true });
  const changes = [...others, mode, output, lan(10)];
  const { failures } = await agent.scheduler.commit(changes, { retry: false });
  assert.match(failures.map(({ error }) => error.message).join(), /^kernel: endpoint_independent .* in VRF 10; /);
  await agent.scheduler.commit([lan(0)], { retry: false });
  assert.match(agent.state(output), /^CONFIGURED/);
});
