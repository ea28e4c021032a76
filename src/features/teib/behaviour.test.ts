import assert from 'node:assert/strict';
import { eventually } from '../../../test/router/agent.ts';
import { pairOnVpp } from '../../../test/router/each-engine.ts';
import type { Pair, Side } from '../../../test/router/pair.ts';

/** Outside: the two routers, and an address of the wire itself, which gets what is sent to it and says nothing. */
const underlays = {
  IPv4: { left: '192.0.2.1', right: '192.0.2.2', wire: '192.0.2.9' },
  IPv6: { left: 'fd02::1', right: 'fd02::2', wire: 'fd02::9' },
} as const;
type Underlay = (typeof underlays)[keyof typeof underlays];
type Entry = readonly [peer: string, nextHop: string];

const teib = (...entries: readonly Entry[]): string =>
  `teibEntries: [${entries.map(([peer, at]) => `{ interface: tun, peerAddr: "${peer}", nextHopAddr: "${at}" }`).join(', ')}]`;
const key = (peer: string): string => `config/vpp/v2/teib/tun/peer/${peer}`;

/** A tunnel to several; the network behind the other router is behind that peer. */
function parts(side: Side, outside: Underlay, entries: readonly Entry[]) {
  const [own, peer, subnet] = side.name === 'left' ? [1, 2, 3] : [2, 1, 1];
  return {
    interfaces: [
      `{ name: tun, enabled: true, ipAddresses: [10.8.0.${own}/24, "fd08::${own}/64"], type: IPIP_TUNNEL, ipip: { srcAddr: "${outside[side.name]}", tunnelMode: POINT_TO_MULTIPOINT } }`,
    ],
    more: `
  ${teib(...entries)}
  routes:
    - { dstNetwork: 10.${subnet}.0.0/24, nextHopAddr: 10.8.0.${peer}, outgoingInterface: tun }
    - { dstNetwork: "fd0${subnet}::/64", nextHopAddr: "fd08::${peer}", outgoingInterface: tun }`,
  };
}

/** Waits until a ping of the left host leaves its router in a packet of the tunnel to that address. */
async function leavesTo(pair: Pair, target: string, outside: Underlay, destination: string): Promise<void> {
  const seen = await pair.tap();
  const protocol = target.includes(':') ? 41 : 4;
  await eventually(async () => {
    await pair.answers(target);
    return (await seen.frames({ direction: 'in', ip: { source: outside.left, destination, protocol } })).length > 0;
  });
  await seen.close();
}

for (const [name, outside] of Object.entries(underlays)) {
  pairOnVpp(`over ${name} each peer is reached where its entry says; moved, found again, gone`, {}, async (pair) => {
    const { left, right } = pair;
    const backs: readonly Entry[] = [
      ['10.8.0.1', outside.left],
      ['fd08::1', outside.left],
    ];
    const other: readonly Entry[] = [
      ['10.8.0.3', outside.wire],
      ['fd08::3', outside.wire],
    ];
    const peers: readonly Entry[] = [['10.8.0.2', outside.right], ['fd08::2', outside.right], ...other];
    const wanted = parts(left, outside, peers);
    await pair.start((side) => (side === left ? wanted : parts(right, outside, backs)));
    for (const [peer, at, behind] of [
      ['10.8.0.2', outside.right, '10.3.0.2'],
      ['fd08::2', outside.right, 'fd03::2'],
    ] as const) {
      for (const target of [peer, behind]) {
        await pair.reach(target);
        await leavesTo(pair, target, outside, at);
      }
    }
    for (const [peer, at] of other) await leavesTo(pair, peer, outside, at);
    assert.deepEqual(await left.agent.drift(), []);

    // A peer moves, and the networks behind it with it. (All of its entries: README, "In VPP".)
    const at = (nextHop: string): string => `vppConfig: { ${teib(['10.8.0.2', nextHop], ['fd08::2', nextHop])} }`;
    await left.agent.commit(at(outside.wire));
    for (const target of ['10.3.0.2', 'fd03::2']) {
      await leavesTo(pair, target, outside, outside.wire);
      assert.equal(await pair.answers(target), false);
    }
    assert.deepEqual(await left.agent.drift(), []);
    await left.agent.commit(at(outside.right));
    for (const target of ['10.3.0.2', 'fd03::2']) await pair.reach(target);

    const again = await left.restart();
    assert.deepEqual(await again.resync(left.network(wanted.interfaces, wanted.more)), []);
    for (const target of ['10.3.0.2', 'fd03::2']) await pair.reach(target);
    assert.deepEqual(await again.remove(at(outside.right)), [`DELETE ${key('10.8.0.2')}`, `DELETE ${key('fd08::2')}`]);
    for (const target of ['10.3.0.2', 'fd03::2']) assert.equal(await pair.answers(target), false);
    await again.remove(`vppConfig:\n  interfaces: [${wanted.interfaces.join()}]\n${wanted.more}`);
    const last = await left.restart();
    assert.deepEqual(await last.resync(left.network()), []);
  });
}
