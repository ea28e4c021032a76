import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../../test/requires.ts';
import { Bench, device, domain, gone, port, taps, three } from './testing.ts';

const skip = requires({ netns: true, commands: ['ip', 'bridge', 'nft'] });

test('damage by hand is told with key and field, and healed by one operation', { skip }, async () => {
  await using bench = await Bench.open();
  const [one] = await bench.hosts(3);
  const agent = await bench.agent();
  const interfaces = [port('tap1', 1), port('tap2', 2), port('tap3')];
  await agent.commit(...taps, domain('bd1', { interfaces }));
  const bd = 'config/vpp/l2/v2/bridge-domain/bd1';
  const tap1 = 'vpp/bd/bd1/interface/tap1';
  const damages: readonly (readonly [damage: string, drift: string, cure: string])[] = [
    ['ip link set tap1 nomaster', `missing ${tap1}`, `CREATE ${tap1}`],
    ['bridge link set dev tap1 learning off', `different ${tap1} learn`, `UPDATE ${tap1}`],
    ['bridge link set dev tap1 flood off', `different ${tap1} unknown_unicast_flood`, `UPDATE ${tap1}`],
    ['bridge link set dev tap1 mcast_flood off', `different ${tap1} flood`, `UPDATE ${tap1}`],
    ['ip link set tap1 group 7', `different ${tap1} split_horizon_group`, `UPDATE ${tap1}`],
    ['nft delete element bridge ligature-bridge ports { "tap1" }', `different ${tap1} forward`, `UPDATE ${tap1}`],
    ['ip link set bd1.bd type bridge ageing_time 100', `different ${bd} mac_age`, `UPDATE ${bd}`],
    ['ip link set bd1.bd type bridge mcast_snooping 1', `different ${bd} forward`, `UPDATE ${bd}`],
    ['ip link set bd1.bd down', `different ${bd} forward`, `UPDATE ${bd}`],
    ['nft flush chain bridge ligature-bridge forward', `different ${bd} forward`, `UPDATE ${bd}`],
    [
      'nft delete element bridge ligature-bridge horizon { 0x4c470001 . 0x4c470001 }',
      `different ${tap1} split_horizon_group`,
      `UPDATE ${tap1}`,
    ],
    ['nft delete element bridge ligature-bridge members { "tap1" }', `different ${tap1} forward`, `UPDATE ${tap1}`],
  ];
  for (const [damage, drift, cure] of damages) {
    await bench.vswitch.run('sh', '-c', damage);
    assert.deepEqual(await agent.drift(), [drift], damage);
    assert.deepEqual(await agent.heal(), [cure], damage);
    assert.deepEqual(await agent.drift(), [], damage);
  }
  await bench.vswitch.run('ip', 'link', 'del', 'bd1.bd');
  await agent.heal();
  assert.deepEqual(await agent.drift(), []);
  assert.equal((await one!.ping('10.0.0.3')).received, 1);
  await bench.vswitch.run('nft', 'delete', 'table', 'bridge', 'ligature-bridge');
  await agent.heal();
  assert.deepEqual(await agent.drift(), []);
});

test("somebody else's device in our bridge is told and left alone; ours in the wrong one is taken out", {
  skip,
}, async () => {
  await using bench = await Bench.open();
  await bench.hosts(2);
  const agent = await bench.agent();
  await agent.commit(device('tap1'), domain('bd1', { interfaces: [port('tap1')] }), domain('bd2'));
  await bench.vswitch.run('ip', 'link', 'set', 'tap2', 'master', 'bd1.bd');
  assert.deepEqual(await agent.heal(), []);
  assert.equal(agent.scheduler.status('vpp/bd/bd1/interface/tap2' as never)?.state, 'OBTAINED');
  await bench.vswitch.run('ip', 'link', 'set', 'tap1', 'master', 'bd2.bd');
  await agent.heal();
  assert.match(await bench.vswitch.run('ip', 'link', 'show', 'tap1'), /master bd1.bd/);
  assert.match(await bench.vswitch.run('ip', 'link', 'show', 'tap2'), /master bd1.bd/);
});

test('what others do is seen at once and put right', { skip }, async () => {
  await using bench = await Bench.open();
  const [one] = await bench.hosts(2);
  const agent = await bench.agent({ watching: true });
  await agent.commit(...taps.slice(0, 2), domain('bd1', { interfaces: [port('tap1', 1), port('tap2')] }));
  const damages = [
    'ip link set tap1 nomaster',
    'ip link del bd1.bd',
    'nft flush chain bridge ligature-bridge forward',
    'nft delete table bridge ligature-bridge',
  ];
  for (const damage of damages) {
    await bench.vswitch.run('sh', '-c', damage);
    await agent.healed();
    assert.equal((await one!.ping('10.0.0.2', { timeout: 2000 })).received, 1, damage);
  }
  await agent.commit(gone(domain('bd1')));
  await agent.scheduler.idle();
  assert.equal(await bench.vswitch.link('bd1.bd'), undefined);
});

test('rules of bridges that went while no agent was there go with the next change', { skip }, async () => {
  await using bench = await Bench.open();
  const [one] = await bench.hosts(3);
  const first = await bench.agent();
  await first.commit(...taps, domain('old', { interfaces: three }));
  await first.stop();
  await bench.vswitch.run('ip', 'link', 'del', 'old.bd');
  const agent = await bench.agent();
  await agent.resync(...taps, domain('new', { interfaces: three }));
  assert.deepEqual(await agent.drift(), []);
  assert.equal((await one!.ping('10.0.0.2', { timeout: 2000 })).received, 1);
  assert.doesNotMatch(await bench.vswitch.run('nft', 'list', 'ruleset'), /old/);
});

test('what a crash left half done is taken up, what is left of it and not wanted goes', { skip }, async () => {
  await using bench = await Bench.open();
  await bench.hosts(3);
  // Made, but not marked yet.
  await bench.vswitch.run('ip', 'link', 'add', 'bd1.bd', 'type', 'bridge', 'group_fwd_mask', '0xfff8');
  const index = (await bench.vswitch.link('bd1.bd'))?.index;
  const first = await bench.agent();
  await first.resync(...taps, domain('bd1', { interfaces: three }));
  assert.equal((await bench.vswitch.link('bd1.bd'))?.index, index);
  assert.deepEqual(await first.drift(), []);
  await first.stop();
  // Bridge and ports are removed, rules not yet.
  await bench.vswitch.run('ip', 'link', 'del', 'bd1.bd');
  const second = await bench.agent();
  assert.deepEqual(await second.resync(...taps), ['DELETE config/vpp/l2/v2/bridge-domain/bd1']);
  assert.deepEqual(await second.driver.nft(second.driver.vswitch).tables(), []);
  // A port's device is gone, its rules are not.
  await second.commit(domain('bd1', { interfaces: three }));
  await second.stop();
  await bench.vswitch.run('ip', 'link', 'del', 'tap3');
  const third = await bench.agent();
  const left = domain('bd1', { interfaces: three.slice(0, 2) });
  assert.deepEqual(await third.resync(...taps.slice(0, 2), left), ['DELETE vpp/bd/bd1/interface/tap3']);
  assert.doesNotMatch(await bench.vswitch.run('nft', 'list', 'ruleset'), /tap3/);
  // A port was taken out of its bridge, its rules were not.
  await third.stop();
  await bench.vswitch.run('ip', 'link', 'set', 'tap2', 'nomaster');
  const fourth = await bench.agent();
  const single = domain('bd1', { interfaces: three.slice(0, 1) });
  assert.deepEqual(await fourth.resync(...taps.slice(0, 2), single), ['DELETE vpp/bd/bd1/interface/tap2']);
  assert.doesNotMatch(await bench.vswitch.run('nft', 'list', 'ruleset'), /tap2/);
});

test("somebody else's bridge of that name is not touched", { skip }, async () => {
  await using bench = await Bench.open();
  await bench.vswitch.addLink('bd1.bd', 'bridge');
  const agent = await bench.agent();
  await assert.rejects(agent.commit(domain('bd1')), /create bridge bd1.bd.*EEXIST/);
  assert.deepEqual(await agent.resync(), []);
  assert.ok(await bench.vswitch.link('bd1.bd'));
});
