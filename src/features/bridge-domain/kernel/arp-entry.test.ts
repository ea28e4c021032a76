import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../../test/requires.ts';
import { arp, ethernet, icmp, ip } from '../../../../test/lab/frame.ts';
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

const TABLE6: DomainInit = {
  ...TABLE,
  arpTerminationTable: [
    ...TABLE.arpTerminationTable!,
    { ipAddress: 'fd00::2', physAddress: macOf(2) },
    { ipAddress: 'fd00::50', physAddress: '02:00:00:00:00:50' },
  ],
};

/** As `ask`, for a neighbour solicitation of IPv6. */
async function solicit(bench: Bench, [one, ...others]: readonly Host[], address: string): Promise<readonly string[]> {
  await bench.operational('bd1.bd');
  const destination = `ff02::1:ff00:${address.split('::')[1]}`;
  const captures = await Promise.all(
    others.map((host) => host.capture('eth0', { direction: 'in', ip: { destination, protocol: 58 } })),
  );
  const answers = await one!.whoHas('eth0', address, { from: 'fd00::1', timeout: 2000 });
  const heard = await Promise.all(
    captures.map(async (capture, index) => ((await capture.frames()).length > 0 ? [others[index]!.name] : [])),
  );
  await Promise.all(captures.map((capture) => capture.close()));
  return [...answers, ...heard.flat()];
}

test('IPv6: solicitations are answered whether the host is up or not, and not flooded', { skip }, async () => {
  await using bench = await Bench.open();
  const hosts = await bench.hosts(3);
  const [one, two, three] = hosts;
  for (const [index, host] of hosts.entries()) await host.address('eth0', `fd00::${index + 1}/64`);
  const agent = await bench.agent();
  await agent.commit(...taps, domain('bd1', TABLE6));
  assert.deepEqual(await solicit(bench, hosts, 'fd00::50'), ['02:00:00:00:00:50'], 'nobody has that address');
  assert.deepEqual(await solicit(bench, hosts, 'fd00::3'), [macOf(3), 'h2', 'h3'], 'not in the table: flooded');
  // The stack of a host checks hop limit, flags and checksum of an answer before it believes it.
  await one!.ping('fd00::50', { timeout: 100 });
  const known = () => one!.run('ip', '-6', 'neigh', 'show', 'fd00::50');
  await eventually(async () => / lladdr 02:00:00:00:00:50 /.test(await known()));
  assert.equal((await one!.ping('fd00::2')).received, 1);
  await two!.setLink('eth0', { up: false });
  assert.deepEqual(await solicit(bench, hosts, 'fd00::2'), [macOf(2)], 'the host is down');
  // A probe for a duplicate address (without the option that says who asks) is for the host itself, as in VPP.
  const target = Buffer.from('fd000000000000000000000000000050', 'hex');
  const message = icmp(135, 0, Buffer.concat([Buffer.alloc(4), target]));
  const probe = ip({ source: '::', destination: 'ff02::1:ff00:50', protocol: 58, ttl: 255 }, message);
  const answers = await one!.capture('eth0', { direction: 'in', ip: { source: 'fd00::50' } });
  const heard = await three!.capture('eth0', { direction: 'in', ip: { destination: 'ff02::1:ff00:50' } });
  await one!.send('eth0', ethernet({ destination: '33:33:ff:00:00:50', source: macOf(1), etherType: 0x86dd }, probe));
  await heard.wait({ ip: { source: '::' } });
  assert.deepEqual(await answers.frames(), []);
  assert.deepEqual(await agent.drift(), []);
});

test('IPv6: entries change one by one, drift is healed, and all goes', { skip }, async () => {
  await using bench = await Bench.open();
  const hosts = await bench.hosts(3);
  const agent = await bench.agent();
  await agent.commit(...taps, domain('bd1', TABLE6));
  const changed = [{ ipAddress: 'FD00::50', physAddress: '02:00:00:00:00:51' }];
  assert.deepEqual(await agent.commit(domain('bd1', { ...TABLE, arpTerminationTable: changed })), [
    'DELETE vpp/bd/bd1/arp/10.0.0.2',
    'DELETE vpp/bd/bd1/arp/10.0.0.50',
    'DELETE vpp/bd/bd1/arp/fd00::2',
    'UPDATE config/vpp/l2/v2/bridge-domain/bd1',
    'UPDATE vpp/bd/bd1/arp/fd00::50',
  ]);
  assert.deepEqual(await solicit(bench, hosts, 'fd00::50'), ['02:00:00:00:00:51']);
  const again = await bench.agent();
  assert.deepEqual(await again.resync(...taps, domain('bd1', { ...TABLE, arpTerminationTable: changed })), []);
  for (const [family, set] of [
    ['netdev', 'map answers6-bd1.bd'],
    ['bridge', 'set answered6-bd1.bd'],
  ]) {
    const [type, name] = set!.split(' ');
    await bench.vswitch.run('nft', 'flush', type!, family!, 'ligature-bridge', name!);
    assert.deepEqual(await again.drift(), ['missing vpp/bd/bd1/arp/fd00::50']);
    assert.deepEqual(await again.heal(), ['CREATE vpp/bd/bd1/arp/fd00::50']);
    assert.deepEqual(await solicit(bench, hosts, 'fd00::50'), ['02:00:00:00:00:51']);
  }
  await again.commit(domain('bd1', { ...TABLE, arpTermination: false }));
  assert.deepEqual(await solicit(bench, hosts, 'fd00::50'), ['h2', 'h3']);
});

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await holds())) {
    assert.ok(performance.now() < end, 'never came true');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
