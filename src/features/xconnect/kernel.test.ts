import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { requires } from '../../../test/requires.ts';
import { XConnectPairSchema } from '../../model/gen/ligato/vpp/l2/xconnect_pb.js';
import { stages } from '../../kernel/pipeline/index.ts';
import type { Change } from '../../scheduler/scheduler.ts';
import { BROADCAST, Bench, device, domain, gone, question, whoHears } from '../bridge-domain/kernel/testing.ts';
import { kernelHandlers, watch } from './kernel.ts';
import { xconnect, xconnectKey } from './model.ts';

const skip = requires({ netns: true, commands: ['ip', 'nft'] });
const cross = { kinds: [xconnect], handlers: kernelHandlers, watch };
const devices = [device('tap1'), device('tap2'), device('tap3')];

function pair(receiveInterface: string, transmitInterface: string): Change {
  return {
    key: xconnectKey(receiveInterface),
    value: create(XConnectPairSchema, { receiveInterface, transmitInterface }),
  };
}

test('one direction an entry: all frames, and nothing the other way', { skip }, async () => {
  await using bench = await Bench.open(cross);
  const [one, two, three] = await bench.hosts(3);
  const agent = await bench.agent();
  await agent.commit(...devices, pair('tap1', 'tap2'));
  const hears = (from: number, destination: string) => {
    const host = [one!, two!, three!][from - 1]!;
    return whoHears(
      bench,
      { host, device: 'eth0' },
      [one!, two!, three!].filter((other) => other !== host),
      question(from, destination),
    );
  };
  for (const destination of [BROADCAST, '02:00:00:00:00:77', '01:80:c2:00:00:02']) {
    assert.deepEqual(await hears(1, destination), ['h2'], destination);
    assert.deepEqual(await hears(2, destination), [], destination);
  }
  assert.equal((await one!.ping('10.0.0.2', { timeout: 100 })).received, 0);
  await agent.commit(pair('tap2', 'tap1'));
  assert.equal((await one!.ping('10.0.0.2')).received, 1);
  assert.deepEqual(await agent.drift(), []);

  await agent.commit(pair('tap1', 'tap3'));
  assert.deepEqual(await hears(1, BROADCAST), ['h3'], 'changed in place');
  assert.deepEqual(await hears(2, BROADCAST), ['h1']);
  await agent.commit(gone(pair('tap1', 'tap3')));
  assert.deepEqual(await hears(1, BROADCAST), []);
  assert.deepEqual(await hears(2, BROADCAST), ['h1'], 'the other stays');
  await agent.commit(gone(pair('tap2', 'tap1')));
  assert.deepEqual(await agent.driver.nft(agent.driver.vswitch).tables(), []);
  assert.doesNotMatch(await bench.vswitch.run('ip', 'link'), /PROMISC/);
});

test('IPv6 passes as well', { skip }, async () => {
  await using bench = await Bench.open(cross);
  const [one, two] = await bench.hosts(2);
  await one!.address('eth0', 'fd00::1/64');
  await two!.address('eth0', 'fd00::2/64');
  const agent = await bench.agent();
  await agent.commit(...devices.slice(0, 2), pair('tap1', 'tap2'), pair('tap2', 'tap1'));
  assert.equal((await one!.ping('fd00::2', { timeout: 3000 })).received, 1);
});

test('what the input ACL drops does not cross', { skip }, async () => {
  await using bench = await Bench.open(cross);
  const [one, two] = await bench.hosts(2);
  const agent = await bench.agent();
  await agent.commit(...devices.slice(0, 2), pair('tap1', 'tap2'));
  const { priority } = stages.inputAcl;
  assert.ok(priority < stages.crossConnect.priority);
  const chain = `type filter hook ingress device tap1 priority ${priority};`;
  await bench.vswitch.run(
    'nft',
    `table netdev acl {\nchain c {\n${chain}\nether daddr 02:00:00:00:00:77 counter drop\n}\n}`,
  );
  const hears = (destination: string) =>
    whoHears(bench, { host: one!, device: 'eth0' }, [two!], question(1, destination));
  assert.deepEqual(await hears('02:00:00:00:00:77'), []);
  assert.deepEqual(await hears('02:00:00:00:00:78'), ['h2']);
  assert.match(await bench.vswitch.run('nft', 'list', 'table', 'netdev', 'acl'), /packets 1 /);
});

test('restart and drift', { skip }, async () => {
  await using bench = await Bench.open(cross);
  await bench.hosts(3);
  const first = await bench.agent();
  const wanted = [pair('tap1', 'tap2'), pair('tap2', 'tap1')];
  await first.commit(...devices, ...wanted);
  const agent = await bench.agent();
  assert.deepEqual(await agent.resync(...devices, ...wanted), []);
  assert.match(await bench.vswitch.run('nft', 'list', 'ruleset'), /fwd to iifname map @targets/);
  const { key } = wanted[0]!;
  const table = 'netdev ligature-xconnect';
  const index = (await bench.vswitch.link('tap3'))!.index;
  const damages: readonly (readonly [string, string, string])[] = [
    [`nft flush chain ${table} from-tap1`, `missing ${key}`, `CREATE ${key}`],
    [`nft delete element ${table} targets { tap1 }`, `missing ${key}`, `CREATE ${key}`],
    [
      `nft 'delete element ${table} targets { tap1 }; add element ${table} targets { tap1 : ${index} }'`,
      `different ${key} transmit_interface`,
      `UPDATE ${key}`,
    ],
    ['ip link set tap1 promisc off', `missing ${key}`, `CREATE ${key}`],
  ];
  for (const [damage, drift, cure] of damages) {
    await bench.vswitch.run('sh', '-c', damage);
    assert.deepEqual(await agent.drift(), [drift], damage);
    assert.deepEqual(await agent.heal(), [cure], damage);
    assert.deepEqual(await agent.drift(), [], damage);
  }
  await bench.vswitch.run('nft', 'delete', 'table', ...table.split(' '));
  await agent.heal();
  assert.deepEqual(await agent.drift(), []);
});

test('a port of a bridge domain cannot be cross-connected', { skip }, async () => {
  await using bench = await Bench.open(cross);
  await bench.hosts(2);
  const agent = await bench.agent();
  await agent.commit(...devices.slice(0, 2), pair('tap1', 'tap2'));
  await agent.scheduler.commit([domain('bd1', { interfaces: [{ name: 'tap1' }] })], { retry: false });
  const states = ['vpp/bd/bd1/interface/tap1', xconnectKey('tap1')].map((key) => agent.scheduler.status(key as never));
  const lost = states.filter((status) => status?.state === 'INVALID');
  assert.equal(lost.length, 1);
  assert.match(lost[0]?.error ?? '', /conflicts with/);
});

test('interfaces that share a device cannot be told apart; the only one on it can be connected', { skip }, async () => {
  await using bench = await Bench.open(cross);
  await bench.hosts(3);
  const agent = await bench.agent();
  await agent.commit(device('twin1@tap1'), device('tap2'), device('tap3'), pair('twin1@tap1', 'tap2'));
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(gone(pair('twin1@tap1', 'tap2')), device('twin2@tap1'));
  const problem = /twin1@tap1 shares its device tap1 with twin2@tap1/;
  await assert.rejects(agent.commit(pair('twin1@tap1', 'tap2')), problem);
  await assert.rejects(agent.commit(pair('tap3', 'twin1@tap1')), problem);
});

test('rules that somebody removed come back at once', { skip }, async () => {
  await using bench = await Bench.open(cross);
  const [one, two] = await bench.hosts(2);
  const agent = await bench.agent({ watching: true });
  await agent.commit(...devices.slice(0, 2), pair('tap1', 'tap2'));
  await bench.vswitch.run('nft', 'flush', 'chain', 'netdev', 'ligature-xconnect', 'from-tap1');
  await agent.healed();
  assert.deepEqual(await whoHears(bench, { host: one!, device: 'eth0' }, [two!], question(1, BROADCAST)), ['h2']);
});

test('rules of a device that went while no agent was there go', { skip }, async () => {
  await using bench = await Bench.open(cross);
  await bench.hosts(2);
  const first = await bench.agent();
  await first.commit(...devices.slice(0, 2), pair('tap1', 'tap2'));
  await first.stop();
  await bench.vswitch.run('ip', 'link', 'del', 'tap1');
  const agent = await bench.agent();
  assert.deepEqual(await agent.resync(device('tap2')), [`DELETE ${xconnectKey('tap1')}`]);
  assert.deepEqual(await agent.driver.nft(agent.driver.vswitch).tables(), []);
});
