// needs-kernel: vrf, vxlan
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import {
  Interface_Type as Type,
  VxlanLink_Gpe_Protocol as Protocol,
} from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { Route_RouteType as RouteType, RouteSchema } from '../../model/gen/ligato/vpp/l3/route_pb.js';
import { VrfTableSchema } from '../../model/gen/ligato/vpp/l3/vrf_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { gone, reaches, Stage, vppInterface } from '../../../test/stage/stage.ts';
import { routeKey } from '../route/model.ts';
import { vrfTableKey } from '../vrf/model.ts';
import { ip, wire } from './kernel/testing.ts';
import { interfaceKey } from './model.ts';

const UNDERLAY = { here: ['192.0.2.1/24', 'fd00::1/64'], there: ['192.0.2.2/24', '192.0.2.3/24', 'fd00::2/64'] };
const ENDS = [
  { family: 4, here: '192.0.2.1', there: '192.0.2.2' },
  { family: 6, here: 'fd00::1', there: 'fd00::2' },
] as const;

function tunnel(
  name: string,
  vni: number,
  [srcAddress, dstAddress]: readonly [string, string],
  gpe: { readonly protocol: Protocol; readonly decapVrfId?: number },
  more: { readonly ipAddresses?: string[] } = {},
): Change {
  const link = { case: 'vxlan', value: { srcAddress, dstAddress, vni, gpe } } as const;
  return vppInterface(name, { type: Type.VXLAN_TUNNEL, link, ...more });
}

for (const { family, here, there } of ENDS) {
  test(`VXLAN-GPE over IPv${family} carries IPv4 and IPv6 between the two ends, by VNI`, async () => {
    await using stage = await Stage.open();
    const { host, namespace } = await stage.pod('far');
    const agent = await stage.agent();
    const uplink = wire('tap1', namespace, 'eth0', UNDERLAY);
    const four = tunnel('four', 7, [here, there], { protocol: Protocol.IP4 }, { ipAddresses: ['10.7.0.1/24'] });
    const six = tunnel('six', 8, [here, there], { protocol: Protocol.IP6 }, { ipAddresses: ['fd08::1/64'] });
    await agent.commit(...uplink, four, six);
    // The other end is one device of the kernel on the port of VXLAN-GPE; its routes say where which packets go.
    const encap = family === 4 ? 'ip' : 'ip6';
    const sum = family === 4 ? '' : 'csum';
    await ip(
      host,
      `link add g type vxlan dstport 4790 gpe external
       link set g up
       addr add 10.7.0.2/32 dev g
       addr add fd08::2/128 dev g nodad
       route add 10.7.0.1/32 encap ${encap} id 7 dst ${here} ${sum} dev g src 10.7.0.2
       route add fd08::1/128 encap ${encap} id 8 dst ${here} ${sum} dev g src fd08::2`,
    );
    for (const [from, target] of [
      [host, '10.7.0.1'],
      [host, 'fd08::1'],
      [stage.vswitch, '10.7.0.2'],
      [stage.vswitch, 'fd08::2'],
    ] as const)
      assert.ok(await reaches(from, target), target);
    assert.deepEqual(await agent.drift(), []);

    // Another VNI, and another end, are nobody's.
    await ip(host, `route replace 10.7.0.1/32 encap ${encap} id 9 dst ${here} ${sum} dev g src 10.7.0.2`);
    assert.equal((await host.ping('10.7.0.1', { timeout: 1_000 })).received, 0);
    if (family === 4) {
      await ip(host, `route replace 10.7.0.1/32 encap ip id 7 src 192.0.2.3 dst ${here} dev g src 10.7.0.2`);
      assert.equal((await host.ping('10.7.0.1', { timeout: 1_000 })).received, 0);
    }
    await ip(host, `route replace 10.7.0.1/32 encap ${encap} id 7 dst ${here} ${sum} dev g src 10.7.0.2`);
    assert.ok(await reaches(host, '10.7.0.1'));

    const next = await stage.restart(agent);
    assert.deepEqual(await next.resync(...uplink, four, six), []);
    assert.deepEqual(await next.drift(), []);
    const table = family === 4 ? 'ip' : 'ip6';
    for (const damage of [
      ['tc', 'filter', 'del', 'dev', 'four', 'egress'],
      ['nft', 'flush', 'map', table, 'ligature-vxlan', 'extended'],
      ['ip', 'link', 'del', 'four'],
    ]) {
      await stage.vswitch.run(...damage);
      await next.heal();
      await next.healed(damage.join(' '));
      assert.ok(await reaches(host, '10.7.0.1'), damage.join(' '));
    }
    await next.commit(gone(four));
    assert.equal((await host.ping('10.7.0.1', { timeout: 1_000 })).received, 0);
    assert.ok(await reaches(host, 'fd08::1'), 'the other one stays');
    // Nobody wants it any more when an agent comes back.
    const last = await stage.restart(next);
    await last.resync(...uplink);
    assert.equal(await stage.vswitch.link('six'), undefined);
    assert.equal((await stage.vswitch.run('nft', 'list', 'ruleset')).includes('ligature-vxlan'), false);
  });
}

test('what comes out of VXLAN-GPE is routed in its VRF; what a device of the kernel cannot carry is refused', async () => {
  await using stage = await Stage.open();
  const { host, namespace } = await stage.pod('far');
  const agent = await stage.agent();
  const vrf = (id: number): Change[] =>
    ([4, 6] as const).map((family) => ({
      key: vrfTableKey(id, family),
      value: create(VrfTableSchema, { id, protocol: family === 4 ? 0 : 1 }),
    }));
  const loopback = (name: string, id: number, address: string): Change =>
    vppInterface(name, { type: Type.SOFTWARE_LOOPBACK, vrf: id, ipAddresses: [address] });
  const back = create(RouteSchema, {
    type: RouteType.INTRA_VRF,
    vrfId: 5,
    dstNetwork: '10.7.0.2/32',
    outgoingInterface: 'gpe',
  });
  const changes = [
    ...wire('tap1', namespace, 'eth0', UNDERLAY),
    ...vrf(5),
    ...vrf(6),
    loopback('inside', 5, '10.50.0.1/32'),
    loopback('main', 0, '10.60.0.1/32'),
    tunnel('gpe', 7, ['192.0.2.1', '192.0.2.2'], { protocol: Protocol.IP4, decapVrfId: 5 }),
    { key: routeKey(back), value: back },
  ];
  await agent.commit(...changes);
  await ip(
    host,
    `link add g type vxlan dstport 4790 gpe external
     link set g up
     addr add 10.7.0.2/32 dev g
     route add 10.50.0.1/32 encap ip id 7 dst 192.0.2.1 dev g src 10.7.0.2
     route add 10.60.0.1/32 encap ip id 7 dst 192.0.2.1 dev g src 10.7.0.2`,
  );
  assert.ok(await reaches(host, '10.50.0.1'));
  assert.equal((await host.ping('10.60.0.1', { timeout: 1_000 })).received, 0, 'an address of VRF 0');
  assert.deepEqual(await agent.drift(), []);
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...changes), []);

  await next.scheduler.commit(
    [
      tunnel('frames', 9, ['192.0.2.1', '192.0.2.2'], { protocol: Protocol.ETHERNET }),
      tunnel(
        'two',
        10,
        ['192.0.2.1', '192.0.2.2'],
        { protocol: Protocol.IP4, decapVrfId: 5 },
        { ipAddresses: ['10.8.0.1/24'] },
      ),
    ],
    { retry: false },
  );
  for (const name of ['frames', 'two']) assert.equal(next.state(interfaceKey(name)), 'UNIMPLEMENTED', name);
});
