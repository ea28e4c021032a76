// needs-kernel: ipip, vrf
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { Interface_Type as Type, IPIPLink_Mode as Mode } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { RouteSchema } from '../../model/gen/ligato/vpp/l3/route_pb.js';
import { TeibEntrySchema } from '../../model/gen/ligato/vpp/l3/teib_pb.js';
import { VrfTableSchema } from '../../model/gen/ligato/vpp/l3/vrf_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { gone, reaches, Stage, vppInterface } from '../../../test/stage/stage.ts';
import { ip, wire } from '../interface/kernel/testing.ts';
import { routeKey } from '../route/model.ts';
import { vrfTableKey } from '../vrf/model.ts';
import { teibKey } from './model.ts';

function tunnel(name: string, srcAddr: string, ipAddresses: string[], vrf = 0): Change {
  const link = { case: 'ipip', value: { tunnelMode: Mode.POINT_TO_MULTIPOINT, srcAddr } } as const;
  return vppInterface(name, { type: Type.IPIP_TUNNEL, vrf, ipAddresses, link });
}

function peer(name: string, peerAddr: string, nextHopAddr: string, vrfId = 0): Change {
  return {
    key: teibKey(name, peerAddr),
    value: create(TeibEntrySchema, { interface: name, peerAddr, nextHopAddr, vrfId }),
  };
}

function network(outgoingInterface: string, dstNetwork: string, nextHopAddr: string, vrfId = 0): Change {
  const value = create(RouteSchema, { outgoingInterface, dstNetwork, nextHopAddr, vrfId });
  return { key: routeKey(value), value };
}

/** Two pods on wires of their own; the tunnel's near end is on the first one. */
const WIRES = [
  { here: ['192.0.2.1/24', 'fd00:1::1/64'], there: ['192.0.2.2/24', 'fd00:1::2/64'] },
  { here: ['198.51.100.1/24', 'fd00:2::1/64'], there: ['198.51.100.2/24', 'fd00:2::2/64'] },
] as const;

const FAMILIES = [
  { family: 4, near: '192.0.2.1', far: ['192.0.2.2', '198.51.100.2'] },
  { family: 6, near: 'fd00:1::1', far: ['fd00:1::2', 'fd00:2::2'] },
] as const;

for (const { family, near, far } of FAMILIES) {
  test(`a tunnel to several peers over IPv${family}: each is reached, and the networks behind it`, async () => {
    await using stage = await Stage.open();
    const [one, two] = [await stage.pod('one'), await stage.pod('two')];
    const agent = await stage.agent();
    const changes = [
      ...wire('tap1', one.namespace, 'eth0', WIRES[0]),
      ...wire('tap2', two.namespace, 'eth0', WIRES[1]),
      // Networks before the peers that they are behind: the order of a configuration means nothing.
      network('mp', '10.78.0.0/24', '10.10.0.2'),
      network('mp', '10.79.0.0/24', '10.10.0.3'),
      network('mp', 'fd78::/64', 'fd10::2'),
      tunnel('mp', near, ['10.10.0.1/24', 'fd10::1/64']),
      peer('mp', '10.10.0.2', far[0]),
      peer('mp', 'fd10::2', far[0]),
      peer('mp', '10.10.0.3', far[1]),
    ];
    await agent.commit(...changes);
    const kind = family === 4 ? 'sit' : 'ip6tnl';
    const limit = family === 4 ? '' : 'encaplimit none';
    for (const [index, { host }] of [one, two].entries()) {
      await ip(
        host,
        `link add name far0 type ${kind} mode any local ${far[index]!} remote ${near} ${limit}
         link set far0 up
         addr add 10.10.0.${index + 2}/32 dev far0
         addr add fd10::${index + 2}/128 dev far0 nodad
         addr add 10.${78 + index}.0.1/32 dev lo
         addr add fd${78 + index}::1/128 dev lo nodad
         route add 10.10.0.1/32 dev far0 src 10.10.0.${index + 2}
         route add fd10::1/128 dev far0 src fd10::${index + 2}`,
      );
    }
    await ip(two.host, 'route add 192.0.2.0/24 via 198.51.100.1\n route add fd00:1::/64 via fd00:2::1');
    const targets = ['10.10.0.2', 'fd10::2', '10.10.0.3', '10.78.0.1', 'fd78::1', '10.79.0.1'];
    for (const target of targets) await agent.until(target, () => reaches(stage.vswitch, target), 30_000);
    for (const { host } of [one, two]) assert.ok(await reaches(host, '10.10.0.1'));
    await agent.healed('nothing is left to do');

    const next = await stage.restart(agent);
    assert.deepEqual(await next.resync(...changes), []);
    assert.deepEqual(await next.drift(), []);

    // A peer moves, and the network behind it with it: the second pod answers for both.
    await ip(two.host, 'addr add 10.78.0.1/32 dev lo\n addr add 10.10.0.2/32 dev lo');
    await ip(one.host, 'addr del 10.78.0.1/32 dev lo\n addr del 10.10.0.2/32 dev far0');
    await next.commit(peer('mp', '10.10.0.2', far[1]));
    await next.until('the peer moved', () => reaches(stage.vswitch, '10.10.0.2'), 30_000);
    await next.until('its network moved', () => reaches(stage.vswitch, '10.78.0.1'), 30_000);
    await next.healed('all is as wanted after the move');

    // Taken away by somebody else.
    await ip(stage.vswitch, 'route del 10.10.0.3/32');
    await next.until('the peer is back', () => reaches(stage.vswitch, '10.10.0.3'), 30_000);
    await ip(stage.vswitch, 'link del mp');
    await next.healed('the tunnel is back');
    for (const target of ['10.10.0.3', '10.79.0.1', 'fd78::1'])
      await next.until(target, () => reaches(stage.vswitch, target), 30_000);

    // Nobody knows where this one is.
    const lost = network('mp', '10.80.0.0/24', '10.10.0.9');
    await next.scheduler.commit([lost], { retry: false });
    await next.until(
      'the reason is told',
      () => {
        const { error } = next.scheduler.status(lost.key) ?? {};
        return error?.includes('is no peer of the tunnel') === true;
      },
      30_000,
    );
    await next.commit(gone(lost), ...changes.toReversed().map(gone));
    // Its removal may have to wait until it is known what became of the route by a peer that nobody knows.
    await next.until('the tunnel is gone', async () => (await stage.vswitch.link('mp')) === undefined, 30_000);
  });
}

test('several tunnels to several peers over IPv4, one of them in a VRF', async () => {
  await using stage = await Stage.open();
  const [one, two] = [await stage.pod('one'), await stage.pod('two')];
  const agent = await stage.agent();
  const vrf = ([4, 6] as const).map((family) => ({
    key: vrfTableKey(5, family),
    value: create(VrfTableSchema, { id: 5, protocol: family === 4 ? 0 : 1 }),
  }));
  const changes = [
    ...vrf,
    ...wire('tap1', one.namespace, 'eth0', { here: ['192.0.2.1/24', '192.0.2.11/24'], there: ['192.0.2.2/24'] }),
    ...wire('tap2', two.namespace, 'eth0', { here: ['198.51.100.1/24'], there: ['198.51.100.2/24'] }, { vrf: 5 }),
    tunnel('mp', '192.0.2.1', ['10.10.0.1/24']),
    tunnel('other', '192.0.2.11', ['10.20.0.1/24']),
    tunnel('tenant', '198.51.100.1', ['10.10.0.1/24'], 5),
    peer('mp', '10.10.0.2', '192.0.2.2'),
    peer('other', '10.20.0.2', '192.0.2.2'),
    peer('tenant', '10.10.0.2', '198.51.100.2', 5),
    network('tenant', '10.78.0.0/24', '10.10.0.2', 5),
  ];
  await agent.commit(...changes);
  const far = (local: string, remote: string, name: string, here: string, there: string): string =>
    `link add name ${name} type sit mode any local ${local} remote ${remote}
     link set ${name} up
     addr add ${here}/32 dev ${name}
     route add ${there}/32 dev ${name} src ${here}`;
  await ip(one.host, far('192.0.2.2', '192.0.2.1', 'far0', '10.10.0.2', '10.10.0.1'));
  await ip(one.host, far('192.0.2.2', '192.0.2.11', 'far1', '10.20.0.2', '10.20.0.1'));
  await ip(two.host, far('198.51.100.2', '198.51.100.1', 'far0', '10.10.0.2', '10.10.0.1'));
  await ip(two.host, 'addr add 10.78.0.1/32 dev lo');
  for (const [host, target] of [
    [one.host, '10.10.0.1'],
    [one.host, '10.20.0.1'],
    [two.host, '10.10.0.1'],
  ] as const)
    await agent.until(target, () => reaches(host, target), 30_000);
  // From the network behind the peer: the way back is the route in the VRF.
  const asked = await two.host.run('ping', '-c', '3', '-W', '3', '-I', '10.78.0.1', '10.10.0.1');
  assert.doesNotMatch(asked, /100% packet loss/);
  await agent.healed('nothing is left to do');
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...changes), []);
});
