// needs-kernel: esp, ipip, gre, xfrmi
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Host } from '../../../test/lab/host.ts';
import { requires } from '../../../test/requires.ts';
import { KernelBench } from '../../../test/router/kernel.ts';
import { answers, counter, eventually, gateway, network } from './kernel/testing.ts';

const skip = requires({ netns: true, commands: ['ip', 'nft'], kernel: ['esp', 'ipip', 'gre', 'xfrmi'] });
const KEY = '000102030405060708090a0b0c0d0e0f';
const CRYPTO = `aead rfc4106(gcm(aes)) 0x${KEY}01020304 128`;
const OTHER_CRYPTO = CRYPTO.replace('0x00', '0xff');

interface Scene {
  /** How the router makes the tunnel. */
  readonly link: string;
  /** How the far end does, with `ip link add tun`. */
  readonly far: string;
  readonly outer: readonly [string, string];
  readonly protocols: readonly number[];
}

const four = ['10.2.0.1', '10.2.0.2'] as const;
const six = ['fd02::1', 'fd02::2'] as const;
const ends = ([here, there]: readonly [string, string]) => `srcAddr: "${here}", dstAddr: "${there}"`;
const scenes: readonly Scene[] = [
  {
    link: `type: IPIP_TUNNEL, ipip: { ${ends(four)} }`,
    far: 'type sit mode any local 10.2.0.2 remote 10.2.0.1',
    outer: four,
    protocols: [4, 41],
  },
  {
    link: `type: IPIP_TUNNEL, ipip: { ${ends(six)} }`,
    far: 'type ip6tnl mode any local fd02::2 remote fd02::1 encaplimit none',
    outer: six,
    protocols: [4, 41],
  },
  {
    link: `type: GRE_TUNNEL, gre: { tunnelType: L3, ${ends(four)} }`,
    far: 'type gre local 10.2.0.2 remote 10.2.0.1',
    outer: four,
    protocols: [47],
  },
];

function tunnel(link: string): string {
  return `{ name: tun, enabled: true, ipAddresses: [10.8.0.1/30, "fd08::1/64"], ${link} }`;
}

function associations(keys: readonly [out: string, into: string] = [KEY, KEY], spis = [1001, 1002]): string {
  const fields = (key: string) => `protocol: ESP, cryptoAlg: AES_GCM_128, cryptoKey: "${key}", cryptoSalt: 16909060`;
  return `
  ipsecSas:
    - { index: 10, spi: ${spis[0]}, ${fields(keys[0])} }
    - { index: 20, spi: ${spis[1]}, ${fields(keys[1])} }`;
}

const PROTECTION = `
  ipsecTunnelProtections:
    - { interface: tun, saOut: [10], saIn: [20] }`;

/** The far end's associations and policies: what the tunnel has packed, in transport mode. */
async function protectFar(
  p: Host,
  { outer, protocols }: Pick<Scene, 'outer' | 'protocols'>,
  { out = CRYPTO, into = CRYPTO, spis = [1001, 1002] } = {},
): Promise<void> {
  const [here, there] = outer;
  const inner = [[here, there]] as const;
  await gateway(p, {
    outer,
    inner,
    protocols,
    mode: 'transport',
    out: { spi: spis[0]!, crypto: out },
    into: { spi: spis[1]!, crypto: into },
  });
}

async function farTunnel(p: Host, far: string): Promise<void> {
  const lines = [
    `link add tun ${far}`,
    'addr add 10.8.0.2/30 dev tun',
    'addr add fd08::2/64 dev tun nodad',
    'link set tun up',
  ];
  for (const line of lines) await p.run('ip', ...line.split(' '));
}

const inner = ['10.8.0.2', 'fd08::2'] as const;

test('tunnels are protected: ESP on the wire, nothing in clear either way', { skip, timeout: 900_000 }, async () => {
  for (const scene of scenes) {
    await using bench = await KernelBench.open('a', 'p');
    const agent = await bench.agent();
    const { router } = bench;
    const p = bench.host('p');
    const { link, far, outer } = scene;
    await agent.commit(network(bench, '', tunnel(link)));
    await farTunnel(p, far);
    for (const to of inner) await eventually(() => answers(router, to));

    // The far end still talks in clear: nothing of that is taken, in either family, and nothing leaves in clear.
    await agent.commit(network(bench, `${associations()}${PROTECTION}`, tunnel(link)));
    const seen = await p.capture('eth0', { direction: 'in' });
    for (const from of ['10.8.0.1', 'fd08::1']) assert.equal(await answers(p, from), false, `${from} in ${far}`);
    assert.deepEqual(await seen.frames({ ip: { source: outer[0], protocol: scene.protocols[0]! } }), []);
    for (const to of inner) assert.equal(await answers(router, to), false);
    for (const protocol of scene.protocols)
      assert.deepEqual(await seen.frames({ ip: { source: outer[0], protocol } }), [], `${protocol} in clear`);

    await protectFar(p, scene);
    for (const to of inner) await eventually(() => answers(router, to));
    for (const from of ['10.8.0.1', 'fd08::1']) await eventually(() => answers(p, from));
    assert.ok((await seen.frames({ ip: { source: outer[0], destination: outer[1], protocol: 50 } })).length > 0);
    for (const protocol of scene.protocols)
      assert.deepEqual(await seen.frames({ ip: { source: outer[0], protocol } }), [], `${protocol} in clear`);
    await seen.close();
    assert.deepEqual(await agent.drift(), []);

    // Another key of the far end: refused. The same key here: fine again, the protection stays as it is.
    await protectFar(p, scene, { into: OTHER_CRYPTO });
    const refused = await counter(router, 'XfrmInStateProtoError');
    assert.equal(await answers(router, inner[0]), false);
    assert.ok((await counter(router, 'XfrmInStateProtoError')) > refused);
    await agent.commit(`vppConfig:${associations([KEY, `ff${KEY.slice(2)}`])}`);
    for (const to of inner) await eventually(() => answers(router, to));
    assert.deepEqual(await agent.drift(), []);

    await agent.remove(`vppConfig:${associations()}${PROTECTION}`);
    assert.equal(await bench.ip('xfrm state'), '');
    assert.equal(await bench.ip('xfrm policy'), '');
    assert.ok(!(await router.run('nft', 'list', 'ruleset')).includes('ligature-ipsec'));
  }
});

test('protections are found again after a restart and healed after damage; new keys take over', {
  skip,
  timeout: 600_000,
}, async () => {
  await using bench = await KernelBench.open('a', 'p');
  const first = await bench.agent();
  const { router } = bench;
  const p = bench.host('p');
  const [scene] = scenes as readonly [Scene];
  const config = network(bench, `${associations()}${PROTECTION}`, tunnel(scene.link));
  await first.commit(config);
  await farTunnel(p, scene.far);
  await protectFar(p, scene);
  await eventually(() => answers(router, inner[0]));
  await first.stop();

  const agent = await bench.agent();
  assert.deepEqual(await agent.resync(config), []);
  assert.ok(await answers(router, inner[0]));
  const damages: readonly (readonly [damage: string, cure: RegExp])[] = [
    ['ip xfrm state delete src 10.2.0.2 dst 10.2.0.1 proto esp spi 1002', /tun-protect\/tun/],
    ['ip xfrm policy delete src 10.2.0.1/32 dst 10.2.0.2/32 proto 4 dir out', /tun-protect\/tun/],
    ['ip xfrm policy flush', /tun-protect\/tun/],
    ['ip xfrm state flush', /tun-protect\/tun/],
    ['nft flush set inet ligature-ipsec protected4', /tun-protect\/tun/],
    ['nft delete table inet ligature-ipsec', /tun-protect\/tun/],
  ];
  for (const [damage, cure] of damages) {
    const isWatched = damage.startsWith('nft');
    await router.run(...(damage.split(' ') as [string]));
    if (isWatched) await eventually(async () => (await router.run('nft', 'list', 'ruleset')).includes('10.2.0.2'));
    else {
      assert.match((await agent.drift()).join(), cure, damage);
      assert.match((await agent.heal()).join('\n'), cure, damage);
    }
    await eventually(async () => (await agent.drift()).length === 0);
    await eventually(() => answers(router, inner[0]));
  }

  // New associations, the old ones gone, in one change.
  const rekeyed = `vppConfig:${associations().replace('index: 10', 'index: 11').replace('index: 20', 'index: 21').replace('1001', '2001').replace('1002', '2002')}
  ipsecTunnelProtections:
    - { interface: tun, saOut: [11], saIn: [21] }`;
  await agent.commit(rekeyed);
  await protectFar(p, scene, { spis: [2001, 2002] });
  await eventually(() => answers(router, inner[1]));
  await agent.remove(`vppConfig:${associations()}`);
  assert.equal((await bench.ip('xfrm state')).match(/^src /gm)?.length, 2);
  assert.ok(await answers(router, inner[1]));
  assert.deepEqual(await agent.drift(), []);

  // Other ends: the protection goes with the tunnel.
  await agent.commit(network(bench, '', tunnel(`type: IPIP_TUNNEL, ipip: { ${ends(six)} }`)));
  await p.run('ip', 'link', 'del', 'tun');
  const other = { ...scene, ...scenes[1]! };
  await farTunnel(p, other.far);
  await protectFar(p, other, { spis: [2001, 2002] });
  await eventually(() => answers(router, inner[0]));
  const states = await bench.ip('xfrm state');
  assert.ok(states.includes('fd02::') && !states.includes('10.2.0.'), states);
  assert.deepEqual(await agent.drift(), []);
});

test('each peer of a tunnel to several has associations of its own', { skip, timeout: 300_000 }, async () => {
  await using bench = await KernelBench.open('a', 'p');
  const agent = await bench.agent();
  const { router } = bench;
  const p = bench.host('p');
  const many = `type: IPIP_TUNNEL, ipip: { tunnelMode: POINT_TO_MULTIPOINT, srcAddr: 10.2.0.1 }`;
  const peer = `
  teibEntries:
    - { interface: tun, peerAddr: 10.8.0.2, nextHopAddr: 10.2.0.2 }`;
  const protection = `
  ipsecTunnelProtections:
    - { interface: tun, saOut: [10], saIn: [20], nextHopAddr: 10.8.0.2 }`;
  await agent.commit(network(bench, `${associations()}${protection}`, tunnel(many)));
  assert.match(agent.state('config/vpp/ipsec/v2/tun-protect/tun/nh/10.8.0.2')!, /^PENDING .*peer 10\.8\.0\.2 of tun/);
  await agent.commit(`vppConfig:${peer}`);
  await farTunnel(p, 'type ipip local 10.2.0.2 remote 10.2.0.1');
  await protectFar(p, { outer: four, protocols: [4] });
  const seen = await p.capture('eth0', { direction: 'in' });
  await eventually(() => answers(router, '10.8.0.2'));
  await seen.wait({ ip: { source: '10.2.0.1', destination: '10.2.0.2', protocol: 50 } });
  assert.deepEqual(await seen.frames({ ip: { source: '10.2.0.1', protocol: 4 } }), []);
  await seen.close();
  assert.deepEqual(await agent.drift(), []);
});

test('an IPsec tunnel carries both families over either, by its associations alone', {
  skip,
  timeout: 600_000,
}, async () => {
  await using bench = await KernelBench.open('a', 'p');
  let agent = await bench.agent();
  const { router } = bench;
  const [a, p] = [bench.host('a'), bench.host('p')];
  const targets = ['10.9.0.1', 'fd09::1'] as const;
  const ways = `
    - { dstNetwork: 10.9.0.1/32, outgoingInterface: tun }
    - { dstNetwork: "fd09::1/128", outgoingInterface: tun }`;
  const device = '{ name: tun, type: IPSEC_TUNNEL, enabled: true, ipAddresses: [10.8.0.1/32, "fd08::1/128"] }';
  const networks = [
    ['10.1.0.0/24', '10.9.0.0/24'],
    ['fd01::/64', 'fd09::/64'],
  ] as const;
  const both = ([here, there]: readonly [string, string]) =>
    associations()
      .replace('spi: 1001', `tunnelSrcAddr: "${here}", tunnelDstAddr: "${there}", spi: 1001`)
      .replace('spi: 1002', `tunnelSrcAddr: "${there}", tunnelDstAddr: "${here}", spi: 1002`);
  for (const outer of [four, six]) {
    const config = network(bench, `${both(outer)}${PROTECTION}`, device).replace('  routes:', `  routes:${ways}`);
    await agent.commit(network(bench, '', device).replace('  routes:', `  routes:${ways}`));
    const seen = await router.capture('p', { direction: 'out' });
    assert.equal(await answers(a, targets[0]), false, 'nothing leaves without associations');
    assert.deepEqual(await seen.frames({ ip: { destination: targets[0] } }), []);

    await agent.commit(config);
    const [out, into] = [
      { spi: 1001, crypto: CRYPTO },
      { spi: 1002, crypto: CRYPTO },
    ];
    await gateway(p, { outer, inner: networks, out, into });
    for (const to of targets) await eventually(() => answers(a, to));
    await seen.wait({ ip: { source: outer[0], destination: outer[1], protocol: 50 } });
    for (const to of targets) assert.deepEqual(await seen.frames({ ip: { destination: to } }), []);
    await seen.close();
    assert.deepEqual(await agent.drift(), []);

    await gateway(p, { outer, inner: networks, out, into: { ...into, crypto: OTHER_CRYPTO } });
    const refused = await counter(router, 'XfrmInStateProtoError');
    assert.equal(await answers(a, targets[0]), false);
    assert.ok((await counter(router, 'XfrmInStateProtoError')) > refused);

    // Found again, healed, and gone with what made it.
    await agent.stop();
    agent = await bench.agent();
    assert.deepEqual(await agent.resync(config), []);
    await bench.ip('xfrm policy flush');
    assert.match((await agent.heal()).join(), /tun-protect\/tun/);
    await bench.ip('link del tun');
    await eventually(async () => (await agent.drift()).length === 0);
    await gateway(p, { outer, inner: networks, out, into });
    for (const to of targets) await eventually(() => answers(a, to));
    await agent.remove(`vppConfig:${both(outer)}${PROTECTION}`);
    assert.equal(await bench.ip('xfrm state'), '');
    assert.equal(await bench.ip('xfrm policy'), '');
  }
});
