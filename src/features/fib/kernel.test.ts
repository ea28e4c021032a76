import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { requires } from '../../../test/requires.ts';
import { FIBEntry_Action as Action, FIBEntrySchema } from '../../model/gen/ligato/vpp/l2/fib_pb.js';
import { InterfaceSchema, Interface_Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import {
  BROADCAST,
  Bench,
  device,
  domain,
  gone,
  macOf,
  question,
  speak,
  whoHears,
} from '../bridge-domain/kernel/testing.ts';
import { interfaceKey } from '../interface/model.ts';
import { kernelHandlers, watch } from './kernel.ts';
import { fibEntry, fibKey } from './model.ts';

const skip = requires({ netns: true, commands: ['bridge', 'nft'] });
const fib = { kinds: [fibEntry], handlers: kernelHandlers, watch };
const NOBODY = '02:00:00:00:00:77';
const interfaces = [{ name: 'tap1' }, { name: 'tap2' }, { name: 'tap3' }];
const base = [device('tap1'), device('tap2'), device('tap3'), domain('bd1', { interfaces })];

function entry(physAddress: string, init: MessageInitShape<typeof FIBEntrySchema>, bridgeDomain = 'bd1'): Change {
  const value = create(FIBEntrySchema, { physAddress, bridgeDomain, ...init });
  return { key: fibKey(bridgeDomain, physAddress), value };
}

test('FORWARD: by the named port only; static stays when others claim the address, dynamic moves', {
  skip,
}, async () => {
  await using bench = await Bench.open(fib);
  const hosts = await bench.hosts(3);
  const [one, two, three] = hosts;
  const agent = await bench.agent();
  await agent.commit(...base);
  const hears = () => whoHears(bench, { host: one!, device: 'eth0' }, [two!, three!], question(1, NOBODY));
  assert.deepEqual(await hears(), ['h2', 'h3']);
  for (const staticConfig of [true, false]) {
    const wanted = entry(NOBODY, { outgoingInterface: 'tap2', staticConfig });
    await agent.commit(wanted);
    assert.deepEqual(await hears(), ['h2']);
    await speak(three!, one!, question(3, BROADCAST, NOBODY));
    assert.deepEqual(await hears(), [staticConfig ? 'h2' : 'h3']);
    assert.deepEqual(await agent.drift(), []);
    assert.deepEqual(await agent.commit(entry(NOBODY, { outgoingInterface: 'tap3', staticConfig })), [
      `UPDATE ${wanted.key}`,
    ]);
    assert.deepEqual(await hears(), ['h3']);
    await agent.commit(gone(wanted));
    assert.deepEqual(await hears(), ['h2', 'h3']);
  }
});

test('DROP: in its domain only, whoever sends, and as long as the domain learns from it, too; to FORWARD and back in place', {
  skip,
}, async () => {
  await using bench = await Bench.open(fib);
  const hosts = await bench.hosts(4);
  const [one, two, , four] = hosts;
  const agent = await bench.agent();
  const second = domain('bd2', { interfaces: [{ name: 'tap3' }, { name: 'tap4' }] });
  await agent.commit(...base, device('tap4'), domain('bd1', { interfaces: interfaces.slice(0, 2) }), second);
  assert.equal((await one!.ping('10.0.0.2')).received, 1);
  const drop = entry(macOf(2), { action: Action.DROP });
  await agent.commit(drop, entry(macOf(3), { action: Action.DROP }));
  assert.equal((await one!.ping('10.0.0.2', { timeout: 100 })).received, 0);
  assert.equal((await four!.ping('10.0.0.3')).received, 1, 'the entry is in another domain');
  const hears = () => whoHears(bench, { host: two!, device: 'eth0' }, [one!], question(2, macOf(1)));
  assert.deepEqual(await hears(), [], 'neither to it nor from it');
  await agent.commit(domain('bd1', { interfaces: interfaces.slice(0, 2), learn: false }));
  assert.deepEqual(await hears(), ['h1'], 'what learns nothing looks at no sender');
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(domain('bd1', { interfaces: interfaces.slice(0, 2) }));
  const forward = entry(macOf(2), { outgoingInterface: 'tap2', staticConfig: true });
  assert.deepEqual(await agent.commit(forward), [`UPDATE ${drop.key}`]);
  assert.equal((await one!.ping('10.0.0.2')).received, 1);
  await agent.commit(drop);
  assert.equal((await one!.ping('10.0.0.2', { timeout: 100 })).received, 0);
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(gone(drop));
  assert.equal((await one!.ping('10.0.0.2')).received, 1);
});

test('restart, drift, and an entry that waits for its port', { skip }, async () => {
  await using bench = await Bench.open(fib);
  await bench.hosts(3);
  const first = await bench.agent();
  const wanted = [
    entry('02:00:00:00:00:AA', { outgoingInterface: 'tap2', staticConfig: true }),
    entry('02:00:00:00:00:ab', { outgoingInterface: 'tap3' }),
    entry('02:00:00:00:00:ac', { action: Action.DROP }),
  ];
  await first.commit(...base, ...wanted);
  const agent = await bench.agent();
  assert.deepEqual(await agent.resync(...base, ...wanted), []);
  const [forward, dynamic, drop] = wanted.map(({ key }) => key);
  const damages = [
    ['bridge fdb del 02:00:00:00:00:aa dev tap2 master', `missing ${forward}`, `CREATE ${forward}`],
    [
      'bridge fdb replace 02:00:00:00:00:aa dev tap3 master static sticky',
      `different ${forward} outgoing_interface`,
      `UPDATE ${forward}`,
    ],
    ['bridge fdb del 02:00:00:00:00:ab dev tap3 master', `missing ${dynamic}`, `CREATE ${dynamic}`],
    ['nft flush set bridge ligature-bridge drops-bd1.bd', `missing ${drop}`, `CREATE ${drop}`],
  ] as const;
  for (const [damage, drift, cure] of damages) {
    await bench.vswitch.run('sh', '-c', damage);
    assert.deepEqual(await agent.drift(), [drift], damage);
    assert.deepEqual(await agent.heal(), [cure], damage);
    assert.deepEqual(await agent.drift(), [], damage);
  }
  await agent.commit(domain('bd1', { interfaces: interfaces.slice(0, 1) }));
  assert.equal(agent.scheduler.status(forward!)?.state, 'PENDING');
  assert.deepEqual(agent.scheduler.status(forward!)?.details, ['interface tap2 in bridge domain bd1']);
  await agent.commit(domain('bd1', { interfaces }));
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(...wanted.map(gone));
  const left = await bench.vswitch.run('bridge', 'fdb', 'show', 'br', 'bd1.bd');
  assert.doesNotMatch(left, /02:00:00:00:00:a/);
});

test("the router's own address: with an entry and without", { skip }, async () => {
  await using bench = await Bench.open(fib);
  const [one] = await bench.hosts(1);
  await bench.loopback('bvi1', '10.0.0.254/24');
  const agent = await bench.agent();
  const ports = [{ name: 'tap1' }, { name: 'bvi1', bridgedVirtualInterface: true }];
  const bd = domain('bd1', { interfaces: ports, learn: false, unknownUnicastFlood: false });
  const router = entry('02:00:00:00:0b:01', {
    outgoingInterface: 'bvi1',
    staticConfig: true,
    bridgedVirtualInterface: true,
  });
  await agent.commit(device('tap1'), device('bvi1'), bd);
  await agent.commit(router);
  assert.deepEqual(await agent.drift(), []);
  const seen = await bench.vswitch.capture('bvi1', { direction: 'in', udp: { destination: 7 } });
  await one!.send('eth0', question(1, '02:00:00:00:0b:01'));
  await seen.wait({});
  await agent.commit(gone(router));
  await one!.send('eth0', question(1, '02:00:00:00:0b:01'));
  await seen.wait({}, { count: 2 });
  assert.deepEqual(await agent.drift(), []);
});

test('an entry that went with the port it had moved to, or by hand, comes back at once', { skip }, async () => {
  await using bench = await Bench.open(fib);
  const hosts = await bench.hosts(3);
  const [one, two, three] = hosts;
  const agent = await bench.agent({ watching: true });
  const dynamic = entry(NOBODY, { outgoingInterface: 'tap2' });
  await agent.commit(...base, dynamic, entry(macOf(9), { action: Action.DROP }));
  const hears = () => whoHears(bench, { host: one!, device: 'eth0' }, [two!], question(1, NOBODY));
  await speak(three!, one!, question(3, BROADCAST, NOBODY));
  assert.deepEqual(await hears(), []);
  await agent.commit(domain('bd1', { interfaces: interfaces.slice(0, 2) }));
  await agent.healed();
  assert.deepEqual(await hears(), ['h2']);
  assert.match(await bench.vswitch.run('bridge', 'fdb', 'show', 'dev', 'tap2'), new RegExp(`${NOBODY}.*static`));
  await bench.vswitch.run('nft', 'flush', 'set', 'bridge', 'ligature-bridge', 'drops-bd1.bd');
  await agent.healed();
});

test('tunnels of one VXLAN device: an entry leads to its own end only', { skip }, async () => {
  await using bench = await Bench.open(fib);
  const [one] = await bench.hosts(1);
  const underlay = await bench.lab.host('underlay');
  await bench.lab.link(bench.vswitch, 'up', underlay, 'up');
  await bench.vswitch.address('up', '192.0.2.1/24');
  await underlay.address('up', '192.0.2.2/24', '192.0.2.3/24');
  await bench.vswitch.run(
    'ip',
    'link',
    'add',
    'vx',
    'type',
    'vxlan',
    'id',
    '10',
    'dstport',
    '4789',
    'local',
    '192.0.2.1',
  );
  await bench.vswitch.run('ip', 'link', 'set', 'vx', 'up');
  const tunnel = (end: number): Change => {
    const link = { case: 'vxlan', value: { dstAddress: `192.0.2.${end}`, vni: 10 } } as const;
    const value = create(InterfaceSchema, { name: `to${end}@vx`, type: Interface_Type.VXLAN_TUNNEL, link });
    return { key: interfaceKey(value.name), value };
  };
  const ports = [{ name: 'tap1' }, { name: 'to2@vx', splitHorizonGroup: 1 }, { name: 'to3@vx', splitHorizonGroup: 1 }];
  const network = [device('tap1'), tunnel(2), tunnel(3), domain('bd1', { interfaces: ports })];
  const first = await bench.agent();
  await first.commit(...network, entry(NOBODY, { outgoingInterface: 'to2@vx', staticConfig: true }));
  const wire = await underlay.capture('up', {
    direction: 'in',
    vxlan: { vni: 10, inner: { udp: { destination: 7 } } },
  });
  const ends = async (count: number) => (await wire.wait({}, { count })).map(({ ip }) => ip?.destination);
  await one!.send('eth0', question(1, NOBODY));
  assert.deepEqual(await ends(1), ['192.0.2.2']);
  const moved = entry(NOBODY, { outgoingInterface: 'to3@vx', staticConfig: true });
  assert.deepEqual(await first.commit(moved), [`UPDATE ${moved.key}`]);
  await one!.send('eth0', question(1, NOBODY));
  assert.deepEqual(await ends(2), ['192.0.2.2', '192.0.2.3']);

  const agent = await bench.agent();
  assert.deepEqual(await agent.resync(...network, moved), []);
  await bench.vswitch.run('bridge', 'fdb', 'del', NOBODY, 'dev', 'vx', 'dst', '192.0.2.3', 'self');
  assert.deepEqual(await agent.drift(), [`missing ${moved.key}`]);
  assert.deepEqual(await agent.heal(), [`CREATE ${moved.key}`]);
  await agent.commit(gone(moved));
  assert.doesNotMatch(await bench.vswitch.run('bridge', 'fdb', 'show', 'dev', 'vx'), new RegExp(NOBODY));
});
