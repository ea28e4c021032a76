import assert from 'node:assert/strict';
import { pairOnVpp } from '../../../test/router/each-engine.ts';
import type { Side } from '../../../test/router/pair.ts';
import { CLEAR, key, SALT } from './testing.ts';

const ESP = 50;
const terms = { timeout: 180_000 } as const;
type Ends = readonly [left: string, right: string];
const FOUR: Ends = ['192.0.2.1', '192.0.2.2'];
const SIX: Ends = ['fd02::1', 'fd02::2'];

interface Scene {
  readonly ends: Ends;
  /** Fields of the interface. */
  link(here: string, there: string): string;
  /** The associations have the ends: the interface has none. */
  readonly isBare?: boolean;
}

const scenes: Readonly<Record<string, Scene>> = {
  'IPIP over IPv4': {
    ends: FOUR,
    link: (here, there) => `type: IPIP_TUNNEL, ipip: { srcAddr: ${here}, dstAddr: ${there} }`,
  },
  'IPIP over IPv6': {
    ends: SIX,
    link: (here, there) => `type: IPIP_TUNNEL, ipip: { srcAddr: "${here}", dstAddr: "${there}" }`,
  },
  GRE: {
    ends: FOUR,
    link: (here, there) => `type: GRE_TUNNEL, gre: { tunnelType: L3, srcAddr: ${here}, dstAddr: ${there} }`,
  },
  'an IPsec interface': { ends: FOUR, link: () => 'type: IPSEC_TUNNEL, ipsec: {}', isBare: true },
};

/** The tunnel, and a way by it to the other host. */
function through(side: Side, { ends, link }: Scene): { readonly interfaces: readonly string[]; readonly more: string } {
  const [end, far, subnet] = side.name === 'left' ? [1, 2, 3] : [2, 1, 1];
  const [here, there] = side.name === 'left' ? ends : [ends[1], ends[0]];
  return {
    interfaces: [`{ name: tun, enabled: true, ipAddresses: [10.8.0.${end}/24], ${link(here, there)} }`],
    more: `
  routes:
    - { dstNetwork: 10.${subnet}.0.0/24, nextHopAddr: 10.8.0.${far}, outgoingInterface: tun }`,
  };
}

const GCM = key(16);

function associations(side: Side, { ends, isBare = false }: Scene, cryptoKey = GCM): string {
  const [out, into] = side.name === 'left' ? [10, 20] : [20, 10];
  const tunnel = (from: number): string =>
    isBare ? `, tunnelSrcAddr: ${ends[from]}, tunnelDstAddr: ${ends[1 - from]}` : '';
  const fields = `protocol: ESP, cryptoAlg: AES_GCM_128, cryptoKey: "${cryptoKey}", cryptoSalt: ${SALT}`;
  return `
  ipsecSas:
    - { index: 10, spi: 1001, ${fields}${tunnel(0)} }
    - { index: 20, spi: 1002, ${fields}${tunnel(1)} }
  ipsecTunnelProtections:
    - { interface: tun, saOut: [${out}], saIn: [${into}] }`;
}

for (const [name, scene] of Object.entries(scenes)) {
  pairOnVpp(`${name} is protected: ESP on the wire, nothing in clear either way`, terms, async (pair) => {
    await pair.start((side) => through(side, scene));
    const { left, right } = pair;
    const all = (side: Side, cryptoKey?: string): string => {
      const { interfaces, more } = through(side, scene);
      return side.network(interfaces, `${more}${associations(side, scene, cryptoKey)}`);
    };
    if (!scene.isBare) {
      await pair.reach('10.3.0.2');
      // One end protects, the other one still talks in clear: there is no answer. What comes in clear VPP takes, the kernel drops.
      await left.agent.commit(all(left));
      const atA = await left.host.capture('eth0', { direction: 'in', ip: { source: '10.3.0.2' } });
      for (let turn = 0; turn < 3; turn++) assert.equal(await pair.answers('10.1.0.2', { from: right }), false);
      for (let turn = 0; turn < 3; turn++) assert.equal(await pair.answers('10.3.0.2'), false);
      assert.equal((await atA.frames()).length > 0, true);
      await atA.close();
    } else await left.agent.commit(all(left));
    await right.agent.commit(all(right));
    await pair.reach('10.3.0.2');
    const seen = await pair.tap();
    await pair.reach('10.3.0.2');
    await seen.wait({ direction: 'in', ip: { source: scene.ends[0], destination: scene.ends[1], protocol: ESP } });
    await seen.wait({ direction: 'out', ip: { source: scene.ends[1], destination: scene.ends[0], protocol: ESP } });
    for (const { bytes } of await seen.frames()) assert.ok(!bytes.includes(CLEAR));
    await seen.close();
    for (const { agent } of pair.sides) assert.deepEqual(await agent.drift(), []);

    // Another key at one end, then at both.
    const other = `ff${GCM.slice(2)}`;
    await right.agent.commit(all(right, other));
    for (let turn = 0; turn < 3; turn++) assert.equal(await pair.answers('10.3.0.2'), false);
    await left.agent.commit(all(left, other));
    await pair.reach('10.3.0.2');
    const again = await left.restart();
    assert.deepEqual(await again.resync(all(left, other)), []);
    await pair.reach('10.3.0.2');
    await again.remove(`vppConfig:${associations(left, scene, other)}`);
    assert.equal(await pair.answers('10.3.0.2'), false);
    const last = await left.restart();
    const { interfaces, more } = through(left, scene);
    assert.deepEqual(await last.resync(left.network(interfaces, more)), []);
  });
}
