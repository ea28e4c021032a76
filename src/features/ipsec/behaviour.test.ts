import assert from 'node:assert/strict';
import type { CapturedFrame } from '../../../test/lab/host.ts';
import { pairOnVpp } from '../../../test/router/each-engine.ts';
import type { Pair, Side } from '../../../test/router/pair.ts';
import { CIPHERS, CLEAR, KEY, key, SALT, sha1 } from './testing.ts';

const ESP = 50;
const AH = 51;
const terms = { timeout: 180_000 } as const;
const GCM = `cryptoAlg: AES_GCM_128, cryptoKey: "${KEY.slice(0, 32)}", cryptoSalt: ${SALT}`;
const OTHER_GCM = GCM.replace('Key: "00', 'Key: "ff');
const ENDS = { 4: ['192.0.2.1', '192.0.2.2'], 6: ['fd02::1', 'fd02::2'] } as const;

interface Plan {
  /** Fields of both associations. */
  readonly fields: string;
  /** Family of the outer addresses. */
  readonly outer?: 4 | 6;
  readonly protocol?: 'ESP' | 'AH';
  /** More rules of the database. */
  readonly rules?: string;
}

/** From left to right by association 10, back by 20: rules protect what goes between the networks of the hosts. */
function protection(side: Side, { fields, outer = 4, protocol = 'ESP', rules = '' }: Plan): string {
  const [left, right] = ENDS[outer];
  const isLeft = side.name === 'left';
  const [out, into, own, far, gateway] = isLeft ? [10, 20, 1, 3, 2] : [20, 10, 3, 1, 1];
  const four = (subnet: number): readonly [string, string] => [`10.${subnet}.0.0`, `10.${subnet}.0.255`];
  const six = (subnet: number): readonly [string, string] => [`fd0${subnet}::`, `fd0${subnet}::ffff:ffff:ffff:ffff`];
  const nets = [four, six].map((net) => {
    const [[localStart, localStop], [remoteStart, remoteStop]] = [net(own), net(far)];
    return `localAddrStart: "${localStart}", localAddrStop: "${localStop}", remoteAddrStart: "${remoteStart}", remoteAddrStop: "${remoteStop}"`;
  });
  const protect = nets.map(
    (net) => `
    - { spdIndex: 1, saIndex: ${out}, priority: 10, isOutbound: true, action: PROTECT, ${net} }
    - { spdIndex: 1, saIndex: ${into}, priority: 10, isOutbound: false, action: PROTECT, ${net} }`,
  );
  // In clear: neighbours are asked for, and VPP looks for a rule for what it has protected already, too.
  const routers: readonly (readonly [string, string])[] = [
    ['192.0.2.1', '192.0.2.2'],
    ['fd02::1', 'fd02::2'],
    ['fe80::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ];
  const clear = routers.map(
    ([start, stop]) => `
    - { spdIndex: 1, priority: 1, isOutbound: true, action: BYPASS, ${['local', 'remote'].map((end) => `${end}AddrStart: "${start}", ${end}AddrStop: "${stop}"`).join(', ')} }`,
  );
  return `
  routes:
    - { dstNetwork: 10.${far}.0.0/24, nextHopAddr: 192.0.2.${gateway}, outgoingInterface: ${side.name} }
    - { dstNetwork: "fd0${far}::/64", nextHopAddr: "fd02::${gateway}", outgoingInterface: ${side.name} }
  ipsecSas:
    - { index: 10, spi: 1001, protocol: ${protocol}, ${fields}, tunnelSrcAddr: "${left}", tunnelDstAddr: "${right}" }
    - { index: 20, spi: 1002, protocol: ${protocol}, ${fields}, tunnelSrcAddr: "${right}", tunnelDstAddr: "${left}" }
  ipsecSpds:
    - { index: 1, interfaces: [{ name: ${side.name} }] }
  ipsecSps:${protect.join('')}${clear.join('')}${rules}`;
}

const commit = (side: Side, plan: Plan): Promise<unknown> =>
  side.agent.commit(side.network([], protection(side, plan)));

async function begin(pair: Pair, plan: Plan): Promise<void> {
  // The wire is tried in clear.
  await pair.start(() => ({}));
  for (const side of pair.sides) await commit(side, plan);
}

/** What left sends to right has to be of this protocol, or UDP of this port, and unreadable. */
async function isProtected(
  pair: Pair,
  to: string,
  outer: readonly [string, string],
  looks: (frame: CapturedFrame) => boolean,
  readable = false,
): Promise<void> {
  await pair.reach(to);
  const seen = await pair.tap();
  await pair.reach(to);
  for (const direction of ['in', 'out'] as const) {
    const [source, destination] = direction === 'in' ? outer : outer.toReversed();
    const frames = await seen.wait({ direction, ip: { source: source!, destination: destination! } });
    assert.ok(frames.some(looks), frames.map(({ ip }) => JSON.stringify(ip)).join());
  }
  assert.deepEqual(await seen.frames({ ip: { destination: to } }), []);
  if (!readable) for (const { bytes } of await seen.frames()) assert.ok(!bytes.includes(CLEAR));
  await seen.close();
}

const isEsp = ({ ip }: CapturedFrame): boolean => ip?.protocol === ESP;

/** VPP has no DES, and carries nothing with 3DES and MD5. */
const OF_VPP = [
  ...CIPHERS.map(([fields]) => fields).filter((fields) => !fields.includes('DES')),
  `cryptoAlg: DES3_CBC, cryptoKey: "${key(24)}", ${sha1()}`,
];

pairOnVpp('every algorithm: ESP on the wire, nothing in clear', terms, async (pair) => {
  const all = OF_VPP;
  await begin(pair, { fields: all[0]! });
  for (const [index, fields] of all.entries()) {
    // Any inner family in any outer one.
    const outer = index % 2 === 0 ? 4 : 6;
    for (const side of pair.sides) await commit(side, { fields, outer });
    const isClear = !fields.includes('cryptoAlg');
    await isProtected(pair, index % 4 < 2 ? '10.3.0.2' : 'fd03::2', ENDS[outer], isEsp, isClear);
    for (const { agent } of pair.sides) assert.deepEqual(await agent.drift(), [], fields);
  }
  const { left } = pair;
  const plan = { fields: all.at(-1)!, outer: (all.length - 1) % 2 === 0 ? 4 : 6 } as const;
  const again = await left.restart();
  assert.deepEqual(await again.resync(left.network([], protection(left, plan))), []);
  await pair.reach('10.3.0.2');
  await again.remove(`vppConfig:${protection(left, plan)}`);
  assert.deepEqual(await again.drift(), []);
  const last = await left.restart();
  assert.deepEqual(await last.resync(left.network()), []);
});

pairOnVpp('wrong keys and what no rule is for are dropped; the largest number wins', terms, async (pair) => {
  await begin(pair, { fields: GCM });
  const { left, right } = pair;
  await isProtected(pair, '10.3.0.2', ENDS[4], isEsp);
  await commit(right, { fields: OTHER_GCM });
  const seen = await pair.tap();
  const atB = await right.host.capture('eth0', { direction: 'in', icmp: { type: 8 } });
  for (let turn = 0; turn < 3; turn++) assert.equal(await pair.answers('10.3.0.2'), false);
  await seen.wait({ direction: 'in', ip: { protocol: ESP } }, { count: 3 });
  await seen.close();
  assert.deepEqual(await atB.frames(), []);
  await atB.close();
  await commit(right, { fields: GCM });
  await pair.reach('10.3.0.2');

  // Nothing is for the other router itself.
  assert.equal(await pair.answers('192.0.2.2'), false);
  const rule = (
    priority: number,
    action: string,
    local: readonly [string, string],
    remote: readonly [string, string],
  ): string => `
    - { spdIndex: 1, priority: ${priority}, isOutbound: true, action: ${action}, localAddrStart: ${local[0]}, localAddrStop: ${local[1]}, remoteAddrStart: ${remote[0]}, remoteAddrStop: ${remote[1]} }`;
  const [hosts, wire, router] = [
    ['10.1.0.0', '10.1.0.255'],
    ['192.0.2.0', '192.0.2.255'],
    ['192.0.2.2', '192.0.2.2'],
  ] as const;
  const bypass = rule(20, 'BYPASS', hosts, wire);
  const discard = (priority: number): string => rule(priority, 'DISCARD', hosts, router);
  await commit(right, { fields: GCM, rules: rule(20, 'BYPASS', wire, hosts) });
  await commit(left, { fields: GCM, rules: bypass });
  await pair.reach('192.0.2.2');
  await commit(left, { fields: GCM, rules: bypass + discard(30) });
  assert.equal(await pair.answers('192.0.2.2'), false);
  await commit(left, { fields: GCM, rules: bypass + discard(15) });
  await pair.reach('192.0.2.2');
  assert.deepEqual(await left.agent.drift(), []);
});

pairOnVpp('a packet that comes twice is taken once, with long sequence numbers, too', terms, async (pair) => {
  await begin(pair, { fields: GCM });
  const { right } = pair;
  /** How often b gets a ping whose packets on the wire come once more. */
  const copies = async (): Promise<number> => {
    await pair.reach('10.3.0.2');
    const onWire = await pair.tap(right);
    const atB = await right.host.capture('eth0', { direction: 'in', icmp: { type: 8 } });
    await pair.reach('10.3.0.2');
    const [packet] = await onWire.wait({ direction: 'out', ip: { protocol: ESP } });
    await pair.replay(right, packet!.bytes);
    // What comes later shows that the copy would have come.
    await pair.reach('10.3.0.2');
    const [first, ...others] = (await atB.frames()).map(({ payload }) => payload!.toString('hex'));
    await onWire.close();
    await atB.close();
    return 1 + others.filter((other) => other === first).length;
  };
  assert.equal(await copies(), 2);
  for (const more of ['useAntiReplay: true', 'useAntiReplay: true, useEsn: true']) {
    for (const side of pair.sides) await commit(side, { fields: `${GCM}, ${more}` });
    assert.equal(await copies(), 1, more);
    for (const { agent } of pair.sides) assert.deepEqual(await agent.drift(), [], more);
  }
});

pairOnVpp('ESP in UDP, and AH', terms, async (pair) => {
  await begin(pair, { fields: `${GCM}, enableUdpEncap: true` });
  // With databases VPP takes ESP out of UDP over IPv4 only.
  await isProtected(pair, '10.3.0.2', ENDS[4], ({ udp }) => udp?.source === 4500 && udp.destination === 4500);
  for (const { agent } of pair.sides) assert.deepEqual(await agent.drift(), []);
  for (const side of pair.sides) await commit(side, { fields: sha1(), protocol: 'AH' });
  await isProtected(pair, '10.3.0.2', ENDS[4], ({ ip }) => ip?.protocol === AH, true);
  await commit(pair.right, { fields: sha1().replace('Key: "a0', 'Key: "ff'), protocol: 'AH' });
  for (let turn = 0; turn < 3; turn++) assert.equal(await pair.answers('10.3.0.2'), false);
});
