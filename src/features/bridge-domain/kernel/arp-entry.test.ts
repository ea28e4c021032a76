import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../../test/requires.ts';
import { arp, ethernet } from '../../../../test/lab/frame.ts';
import type { Host } from '../../../../test/lab/host.ts';
import { BROADCAST, Bench, domain, macOf, taps, three, type DomainInit } from './testing.ts';

const skip = requires({ netns: true, commands: ['ip', 'bridge', 'nft'] });

const TABLE: DomainInit = {
  interfaces: three,
  arpTermination: true,
  arpTerminationTable: [
    { ipAddress: '10.0.0.2', physAddress: macOf(2) },
    { ipAddress: '10.0.0.50', physAddress: '02:00:00:00:00:50' },
  ],
};

/** MAC addresses that answer, and who hears the request. */
async function ask(bench: Bench, [one, ...others]: readonly Host[], address: string): Promise<readonly string[]> {
  await bench.operational('bd1.bd');
  const captures = await Promise.all(
    others.map((host) => host.capture('eth0', { direction: 'in', arp: { targetIp: address } })),
  );
  const answers = await one!.whoHas('eth0', address, { from: '10.0.0.1', timeout: 2000 });
  const heard = await Promise.all(
    captures.map(async (capture, index) => ((await capture.frames()).length > 0 ? [others[index]!.name] : [])),
  );
  await Promise.all(captures.map((capture) => capture.close()));
  return [...answers, ...heard.flat()];
}

test('ARP termination: answered whether the host is up or not, and not flooded', { skip }, async () => {
  await using bench = await Bench.open();
  const hosts = await bench.hosts(3);
  const [one, two] = hosts;
  const agent = await bench.agent();
  await agent.commit(...taps, domain('bd1', TABLE));
  assert.deepEqual(await ask(bench, hosts, '10.0.0.50'), ['02:00:00:00:00:50'], 'nobody has that address');
  assert.deepEqual(await ask(bench, hosts, '10.0.0.3'), [macOf(3), 'h2', 'h3'], 'not in the table: flooded');
  // The answered host has never sent anything: frames to it find it by flooding.
  assert.equal((await one!.ping('10.0.0.2')).received, 1);
  await two!.setLink('eth0', { up: false });
  assert.deepEqual(await ask(bench, hosts, '10.0.0.2'), [macOf(2)], 'the host is down');
  await two!.setLink('eth0', { up: true });
  // A probe for a duplicate address is a request like any other.
  assert.deepEqual(await one!.whoHas('eth0', '10.0.0.50'), ['02:00:00:00:00:50']);
  // An answer in the same shape as a host's own.
  const replies = await one!.capture('eth0', { direction: 'in', arp: { operation: 2 } });
  const request = arp({ operation: 'request', senderMac: macOf(1), senderIp: '10.0.0.1', targetIp: '10.0.0.50' });
  await one!.send('eth0', ethernet({ destination: BROADCAST, source: macOf(1), etherType: 0x0806 }, request));
  const [reply] = await replies.wait({ arp: { senderIp: '10.0.0.50' } });
  assert.deepEqual([reply!.source, reply!.destination], ['02:00:00:00:00:50', macOf(1)]);
  assert.deepEqual(
    [reply!.arp!.senderMac, reply!.arp!.targetMac, reply!.arp!.targetIp],
    ['02:00:00:00:00:50', macOf(1), '10.0.0.1'],
  );
  assert.deepEqual(await agent.drift(), []);
});

test('ARP termination: entries change one by one, drift is healed, and all goes', { skip }, async () => {
  await using bench = await Bench.open();
  const hosts = await bench.hosts(3);
  const agent = await bench.agent();
  await agent.commit(...taps, domain('bd1', TABLE));
  const changed = [{ ipAddress: '10.0.0.50', physAddress: '02:00:00:00:00:51' }];
  assert.deepEqual(await agent.commit(domain('bd1', { ...TABLE, arpTerminationTable: changed })), [
    'DELETE vpp/bd/bd1/arp/10.0.0.2',
    'UPDATE config/vpp/l2/v2/bridge-domain/bd1',
    'UPDATE vpp/bd/bd1/arp/10.0.0.50',
  ]);
  assert.deepEqual(await ask(bench, hosts, '10.0.0.50'), ['02:00:00:00:00:51']);
  const again = await bench.agent();
  assert.deepEqual(await again.resync(...taps, domain('bd1', { ...TABLE, arpTerminationTable: changed })), []);
  await bench.vswitch.run('nft', 'flush', 'map', 'netdev', 'ligature-bridge', 'answers-bd1.bd');
  assert.deepEqual(await again.drift(), ['missing vpp/bd/bd1/arp/10.0.0.50']);
  assert.deepEqual(await again.heal(), ['CREATE vpp/bd/bd1/arp/10.0.0.50']);
  await bench.vswitch.run('nft', 'delete', 'table', 'netdev', 'ligature-bridge');
  assert.deepEqual(await again.heal(), [
    'CREATE vpp/bd/bd1/arp/10.0.0.50',
    'UPDATE config/vpp/l2/v2/bridge-domain/bd1',
  ]);
  assert.deepEqual(await ask(bench, hosts, '10.0.0.50'), ['02:00:00:00:00:51']);
  await again.commit(domain('bd1', { ...TABLE, arpTermination: false }));
  assert.deepEqual(await ask(bench, hosts, '10.0.0.50'), ['h2', 'h3']);
  assert.deepEqual(
    (await again.driver.nft(again.driver.vswitch).tables()).map(({ family }) => family),
    ['bridge'],
  );
});

test('ARP termination has no form for IPv6: the entry says so, the others work', { skip }, async () => {
  await using bench = await Bench.open();
  const hosts = await bench.hosts(3);
  const agent = await bench.agent();
  const arpTerminationTable = [...TABLE.arpTerminationTable!, { ipAddress: 'fd00::50', physAddress: macOf(0x50) }];
  await agent.commit(...taps, domain('bd1', { ...TABLE, arpTerminationTable }));
  const [entry] = agent.scheduler
    .status('config/vpp/l2/v2/bridge-domain/bd1' as never)!
    .parts.filter(({ key }) => key.includes('fd00'));
  assert.equal(entry?.state, 'UNIMPLEMENTED');
  assert.match(entry?.error ?? '', /IPv6/);
  assert.deepEqual(await ask(bench, hosts, '10.0.0.50'), ['02:00:00:00:00:50']);
});
