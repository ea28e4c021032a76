// needs-kernel: esp
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { createKernelDriver } from '../../kernel/create.ts';
import { parseIp } from '../../model/address.ts';
import { asKey } from '../../model/key.ts';
import { KernelBench } from '../../../test/router/kernel.ts';
import { EncapsulationPorts } from './kernel/encapsulation-ports.ts';
import { answers, counter, eventually, gateway, network } from './kernel/testing.ts';
import { CIPHERS, sha1, trunc } from './testing.ts';

const skip = requires({ netns: true, commands: ['ip', 'nft'], kernel: ['esp'] });
/** Two associations, and rules of a database of interface p that protect what goes between a's and the gateway's networks. */
function protect(fields: string, ends = 'OUTER', rules = RULES): string {
  const outer = { OUTER: ['10.2.0.1', '10.2.0.2'], OUTER6: ['fd02::1', 'fd02::2'] }[ends];
  const tunnel = (from: number): string =>
    outer ? `, tunnelSrcAddr: "${outer[from]}", tunnelDstAddr: "${outer[1 - from]}"` : '';
  return `
  ipsecSas:
    - { index: 10, spi: 1001, protocol: ESP, ${fields}${tunnel(0)} }
    - { index: 20, spi: 1002, protocol: ESP, ${fields}${tunnel(1)} }
  ipsecSpds:
    - { index: 1, interfaces: [{ name: p }] }
  ipsecSps:${rules}`;
}

const NETS =
  'localAddrStart: 10.1.0.0, localAddrStop: 10.1.0.255, remoteAddrStart: 10.9.0.0, remoteAddrStop: 10.9.0.255';
const NETS6 =
  'localAddrStart: "fd01::", localAddrStop: "fd01::ffff:ffff:ffff:ffff", remoteAddrStart: "fd09::", remoteAddrStop: "fd09::ffff:ffff:ffff:ffff"';
const RULES = [NETS, NETS6]
  .map(
    (nets) => `
    - { spdIndex: 1, saIndex: 10, priority: 10, isOutbound: true, action: PROTECT, ${nets} }
    - { spdIndex: 1, saIndex: 20, priority: 10, isOutbound: false, action: PROTECT, ${nets} }`,
  )
  .join('');
const INNER = [
  ['10.1.0.0/24', '10.9.0.0/24'],
  ['fd01::/64', 'fd09::/64'],
] as const;

test('every algorithm: ESP on the wire, clear text behind it', { skip, timeout: 900_000 }, async () => {
  await using bench = await KernelBench.open('a', 'p');
  const agent = await bench.agent();
  const [a, p] = [bench.host('a'), bench.host('p')];
  for (const [index, [fields, crypto]] of CIPHERS.entries()) {
    // Any inner family in any outer one.
    const outer = index % 2 === 0 ? 'OUTER' : 'OUTER6';
    await agent.commit(network(bench, protect(fields, outer)));
    if (index === 0) {
      // Linux 6.1 makes a link-local address when the link comes up or this is written, not when netlink sets it.
      for (const device of ['a', 'p']) {
        await bench.router.sysctl(`net.ipv6.conf.${device}.addr_gen_mode`, 1);
        await bench.router.sysctl(`net.ipv6.conf.${device}.addr_gen_mode`, 0);
      }
    }
    const ends = outer === 'OUTER' ? (['10.2.0.1', '10.2.0.2'] as const) : (['fd02::1', 'fd02::2'] as const);
    await gateway(p, { outer: ends, inner: INNER, out: { spi: 1001, crypto }, into: { spi: 1002, crypto } });
    const seen = await p.capture('eth0');
    await eventually(() => answers(a, '10.9.0.1'));
    await seen.wait({ direction: 'in', ip: { source: ends[0], destination: ends[1], protocol: 50 } });
    await seen.wait({ direction: 'out', ip: { source: ends[1], destination: ends[0], protocol: 50 } });
    // A capture sees what was unpacked, too; nothing of that leaves.
    assert.deepEqual(await seen.frames({ direction: 'out', ip: { source: '10.9.0.1' } }), [], fields);
    await seen.close();
    if (index < 2) await eventually(() => answers(a, 'fd09::1'));
    assert.deepEqual(await agent.drift(), [], fields);
  }
  const counted = await bench.ip('-s xfrm state');
  assert.match(counted, /reqid 20\(0x00000014\)[\s\S]*?lifetime current:\s+\d{2,}\(bytes\), [1-9]\d*\(packets\)/);
});

test('wrong keys, clear text and what no rule is for are dropped', { skip, timeout: 600_000 }, async () => {
  await using bench = await KernelBench.open('a', 'p');
  const agent = await bench.agent();
  const [a, p] = [bench.host('a'), bench.host('p')];
  const [fields, crypto] = CIPHERS[2]!;
  const config = network(bench, protect(fields));
  await agent.commit(config);
  const outer = ['10.2.0.1', '10.2.0.2'] as const;
  await gateway(p, { outer, inner: INNER, out: { spi: 1001, crypto }, into: { spi: 1002, crypto } });
  await eventually(() => answers(a, '10.9.0.1'));

  // Nothing is for the gateway itself: neither what the router forwards nor what it sends.
  const blocked = await counter(bench.router, 'XfrmOutPolBlock');
  assert.equal(await answers(a, '10.2.0.2'), false);
  assert.ok((await counter(bench.router, 'XfrmOutPolBlock')) > blocked);
  assert.equal(await answers(bench.router, '10.2.0.2'), false);
  const bypass = `${RULES}
    - { spdIndex: 1, priority: 20, isOutbound: true, action: BYPASS, remoteAddrStart: 10.2.0.0, remoteAddrStop: 10.2.0.255 }`;
  await agent.commit(network(bench, protect(fields, 'OUTER', bypass)));
  await eventually(() => answers(a, '10.2.0.2'));
  assert.ok(await answers(bench.router, '10.2.0.2'));
  // The largest number wins, whatever is the narrower one.
  const discard = (priority: number): string => `${bypass}
    - { spdIndex: 1, priority: ${priority}, isOutbound: true, action: DISCARD, protocol: 1, remoteAddrStart: 10.2.0.2, remoteAddrStop: 10.2.0.2 }`;
  await agent.commit(network(bench, protect(fields, 'OUTER', discard(30))));
  assert.equal(await answers(a, '10.2.0.2'), false);
  await agent.commit(network(bench, protect(fields, 'OUTER', discard(15))));
  await eventually(() => answers(a, '10.2.0.2'));
  assert.deepEqual(await agent.drift(), []);

  // The same for what comes in and is forwarded.
  const refuse = (priority: number): string => `${bypass}
    - { spdIndex: 1, priority: ${priority}, isOutbound: false, action: DISCARD, localAddrStart: 10.1.0.2, localAddrStop: 10.1.0.2, remoteAddrStart: 10.9.0.1, remoteAddrStop: 10.9.0.1 }`;
  await agent.commit(network(bench, protect(fields, 'OUTER', refuse(30))));
  const turnedAway = await counter(bench.router, 'XfrmInPolBlock');
  assert.equal(await answers(a, '10.9.0.1'), false);
  assert.ok((await counter(bench.router, 'XfrmInPolBlock')) > turnedAway);
  await agent.commit(network(bench, protect(fields, 'OUTER', refuse(5))));
  await eventually(() => answers(a, '10.9.0.1'));
  assert.deepEqual(await agent.drift(), []);

  // A key of the gateway that is not the router's.
  const wrong = crypto.replace('0x00', '0xff');
  await gateway(p, { outer, inner: INNER, out: { spi: 1001, crypto }, into: { spi: 1002, crypto: wrong } });
  const refused = await counter(bench.router, 'XfrmInStateProtoError');
  assert.equal(await answers(a, '10.9.0.1'), false);
  assert.ok((await counter(bench.router, 'XfrmInStateProtoError')) > refused);

  // The gateway answers in clear.
  await gateway(p, { outer, inner: INNER, out: { spi: 1001, crypto }, into: { spi: 1002, crypto } });
  await eventually(() => answers(a, '10.9.0.1'));
  await p.run('ip', 'xfrm', 'policy', 'delete', 'src', '10.9.0.0/24', 'dst', '10.1.0.0/24', 'dir', 'out');
  const missed = await counter(bench.router, 'XfrmInTmplMismatch');
  assert.equal(await answers(a, '10.9.0.1'), false);
  assert.ok((await counter(bench.router, 'XfrmInTmplMismatch')) > missed);
});

test('IPv6 packets that the router itself sends do not leave in clear', { skip, timeout: 300_000 }, async () => {
  await using bench = await KernelBench.open('a', 'p');
  const agent = await bench.agent();
  const p = bench.host('p');
  const [fields, crypto] = CIPHERS[2]!;
  await agent.commit(network(bench, ''));
  await eventually(() => answers(bench.router, 'fd02::2'));
  await agent.commit(network(bench, protect(fields)));
  const seen = await p.capture('eth0', { direction: 'in' });
  for (const to of ['fd02::2', 'fd09::1']) {
    const blocked = await counter(bench.router, 'XfrmOutPolBlock');
    assert.equal(await answers(bench.router, to), false);
    assert.ok((await counter(bench.router, 'XfrmOutPolBlock')) > blocked);
  }
  // Rules see its packets as those that it forwards.
  const everything = 'localAddrStart: "::", localAddrStop: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"';
  const far = 'remoteAddrStart: "fd09::1", remoteAddrStop: "fd09::1"';
  const rules = [true, false].map(
    (isOutbound) => `
    - { spdIndex: 1, saIndex: ${isOutbound ? 10 : 20}, priority: 30, isOutbound: ${isOutbound}, action: PROTECT, ${everything}, ${far} }`,
  );
  await agent.commit(network(bench, protect(fields, 'OUTER', rules.join(''))));
  const outer = ['10.2.0.1', '10.2.0.2'] as const;
  const inner = [['fd02::1/128', 'fd09::1/128']] as const;
  await gateway(p, { outer, inner, out: { spi: 1001, crypto }, into: { spi: 1002, crypto } });
  await eventually(() => answers(bench.router, 'fd09::1'));
  await seen.wait({ ip: { source: '10.2.0.1', protocol: 50 } });
  await seen.close();

  // Whoever ends that is found out.
  await bench.router.run('nft', 'flush', 'chain', 'inet', 'ligature-ipsec', 'local');
  await eventually(async () => (await bench.router.run('nft', 'list', 'ruleset')).includes('oifname vmap'));
  assert.equal(await answers(bench.router, 'fd02::2'), false);
  assert.deepEqual(await agent.drift(), []);
});

test('rules for what comes in hold on the interfaces of their database alone', { skip, timeout: 300_000 }, async () => {
  await using bench = await KernelBench.open('a', 'p', 'q');
  const first = await bench.agent();
  const [a, p, q] = [bench.host('a'), bench.host('p'), bench.host('q')];
  const database = (index: number, name: string, refused: string): readonly [string, string] => [
    `
    - { index: ${index}, interfaces: [{ name: ${name} }] }`,
    `
    - { spdIndex: ${index}, priority: 10, isOutbound: true, action: BYPASS }
    - { spdIndex: ${index}, priority: 10, isOutbound: false, action: DISCARD, localAddrStart: ${refused}, localAddrStop: ${refused} }`,
  ];
  const both = [database(1, 'p', '10.1.0.2'), database(2, 'q', '10.3.0.1')];
  const config = network(
    bench,
    `
  ipsecSpds:${both.map(([spds]) => spds).join('')}
  ipsecSps:${both.map(([, sps]) => sps).join('')}`,
    bench.tap('q', '10.3.0.1/24'),
    `
    - ${bench.end('q', '10.3.0.2/24')}`,
  );
  await first.commit(config);
  await q.run('ip', 'route', 'add', 'default', 'via', '10.3.0.1');

  const holds = async () => {
    await eventually(() => answers(q, '10.1.0.2'));
    await eventually(() => answers(p, '10.2.0.1'));
    await eventually(() => answers(a, '10.3.0.1'));
    for (const [from, to] of [
      [p, '10.1.0.2'],
      [q, '10.3.0.1'],
    ] as const) {
      const blocked = await counter(bench.router, 'XfrmInPolBlock');
      assert.equal(await answers(from, to), false);
      assert.ok((await counter(bench.router, 'XfrmInPolBlock')) > blocked);
    }
  };
  await holds();
  assert.deepEqual(await first.drift(), []);
  await first.stop();
  const agent = await bench.agent();
  assert.deepEqual(await agent.resync(config), []);
  await holds();
});

test('transport, sequence numbers, replays, UDP, AH', { skip, timeout: 600_000 }, async () => {
  await using bench = await KernelBench.open('a', 'p');
  const agent = await bench.agent();
  const [a, p] = [bench.host('a'), bench.host('p')];
  const [fields, crypto] = CIPHERS[2]!;
  const outer = ['10.2.0.1', '10.2.0.2'] as const;

  // ESN and a window on both sides; AH besides ESP.
  const esn = 'flag esn replay-window 64';
  await agent.commit(network(bench, protect(`${fields}, useEsn: true, useAntiReplay: true`)));
  await gateway(p, {
    outer,
    inner: INNER,
    out: { spi: 1001, crypto, more: esn },
    into: { spi: 1002, crypto, more: esn },
  });
  await eventually(() => answers(a, '10.9.0.1'));
  // The gateway starts to count from 1 again: those numbers were seen.
  const replays = await counter(bench.router, 'XfrmInStateSeqError');
  await gateway(p, {
    outer,
    inner: INNER,
    out: { spi: 1001, crypto, more: esn },
    into: { spi: 1002, crypto, more: esn },
  });
  assert.equal(await answers(a, '10.9.0.1'), false);
  assert.ok((await counter(bench.router, 'XfrmInStateSeqError')) > replays);

  // ESP in UDP. The gateway's port is held by this test, the router's by the agent.
  const driver = await createKernelDriver({ namespace: `${bench.lab.id}-p`, namespaceDirectory: '/run/netns' });
  const ports = new EncapsulationPorts(driver);
  const families = { OUTER: [...outer, '0.0.0.0'], OUTER6: ['fd02::1', 'fd02::2', '::'] } as const;
  for (const [family, [here, there, any]] of Object.entries(families)) {
    ports.hold(asKey('gateway'), parseIp(there)!, 4500);
    const udp = `encap espinudp 4500 4500 ${any}`;
    await agent.commit(network(bench, protect(`${fields}, enableUdpEncap: true`, family)));
    await gateway(p, {
      outer: [here, there],
      inner: INNER,
      out: { spi: 1001, crypto, more: udp },
      into: { spi: 1002, crypto, more: udp },
    });
    const inUdp = await p.capture('eth0', { direction: 'in' });
    await eventually(() => answers(a, '10.9.0.1'));
    await inUdp.wait({ ip: { source: here }, udp: { source: 4500, destination: 4500 } });
    await inUdp.close();
    assert.deepEqual(await agent.drift(), []);
  }
  ports.close();
  await driver.close();

  // Two hosts, no tunnel.
  const host = `
    - { spdIndex: 1, saIndex: 10, priority: 10, isOutbound: true, action: PROTECT, localAddrStart: 10.2.0.1, localAddrStop: 10.2.0.1, remoteAddrStart: 10.2.0.2, remoteAddrStop: 10.2.0.2 }
    - { spdIndex: 1, saIndex: 20, priority: 10, isOutbound: false, action: PROTECT, localAddrStart: 10.2.0.1, localAddrStop: 10.2.0.1, remoteAddrStart: 10.2.0.2, remoteAddrStop: 10.2.0.2 }`;
  for (const protocol of ['esp', 'ah'] as const) {
    const [what, how] = protocol === 'esp' ? [fields, crypto] : [sha1(), trunc('sha1', 20, 96)];
    const config = network(
      bench,
      protect(what, 'NONE', host).replaceAll('protocol: ESP', `protocol: ${protocol.toUpperCase()}`),
    );
    await agent.resync(config);
    await gateway(p, {
      outer,
      inner: [['10.2.0.1', '10.2.0.2']],
      mode: 'transport',
      protocol,
      out: { spi: 1001, crypto: how },
      into: { spi: 1002, crypto: how },
    });
    const seen = await p.capture('eth0', { direction: 'in' });
    await eventually(() => answers(bench.router, '10.2.0.2'));
    await seen.wait({ ip: { source: '10.2.0.1', protocol: protocol === 'esp' ? 50 : 51 } });
    await seen.close();
    assert.deepEqual(await agent.drift(), []);
  }
});

test('found again after a restart, healed after damage, gone at the end', { skip, timeout: 600_000 }, async () => {
  await using bench = await KernelBench.open('a', 'p');
  const first = await bench.agent();
  const [fields] = CIPHERS[0]!;
  const config = network(bench, protect(fields));
  await first.commit(config);
  await first.stop();
  const agent = await bench.agent();
  assert.deepEqual(await agent.resync(config), []);

  const sps = await agent.scheduler.check();
  assert.deepEqual(sps, []);
  const damages: readonly (readonly [string, RegExp])[] = [
    ['xfrm state delete src 10.2.0.1 dst 10.2.0.2 proto esp spi 1001', /CREATE config\/vpp\/ipsec\/v2\/sa\/10/],
    [
      'xfrm policy delete src 10.1.0.0/24 dst 10.9.0.0/24 dev p dir out',
      /(CREATE|UPDATE) config\/vpp\/ipsec\/v2\/sp\//,
    ],
    [
      'xfrm policy delete src 10.9.0.0/24 dst 10.1.0.0/24 dir fwd mark 1 mask 255',
      /UPDATE config\/vpp\/ipsec\/v2\/sp\//,
    ],
    ['xfrm policy delete src 0.0.0.0/0 dst 0.0.0.0/0 dev p dir out', /CREATE vpp\/spd\/1\/interface\/p/],
    ['xfrm policy flush', /CREATE vpp\/spd\/1\/interface\/p/],
  ];
  for (const [damage, cure] of damages) {
    await bench.ip(damage);
    assert.ok((await agent.drift()).length > 0, damage);
    assert.match((await agent.heal()).join('\n'), cure, damage);
    assert.deepEqual(await agent.drift(), [], damage);
  }
  // Somebody else's association stays.
  await bench.ip(`xfrm state add src 10.2.0.1 dst 10.2.0.99 proto esp spi 7 mode tunnel ${CIPHERS[2]![1]}`);
  await agent.remove(config);
  assert.equal((await bench.ip('xfrm state')).match(/^src /gm)?.length, 1);
  assert.equal(await bench.ip('xfrm policy'), '');
});
