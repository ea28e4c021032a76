import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Interface_Type as Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { InterfaceSchema } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { VrfTableSchema } from '../../model/gen/ligato/vpp/l3/vrf_pb.js';
import { gone, loopback, vppInterface } from '../../../test/vpp/builders.ts';
import { vppTests } from '../../../test/vpp/stage.ts';
import type { VppStage } from '../../../test/vpp/stage.ts';
import type { Change } from '../../scheduler/scheduler.ts';
import type { VppClient } from '../../vpp/index.ts';
import { vrfTableKey } from '../vrf/model.ts';
import type { VppInterface } from './vpp-metadata.ts';

const vppTest = vppTests(import.meta.url, 'vrf');

type Init = MessageInitShape<typeof InterfaceSchema>;

function vrf(id: number): Change {
  return { key: vrfTableKey(id, 4), value: create(VrfTableSchema, { id }) };
}

interface Life {
  /** What the tunnels stand on. */
  readonly base?: readonly Change[];
  readonly tunnels: Readonly<Record<string, Init>>;
  /** The first tunnel otherwise. */
  readonly changed: Init;
  /** Takes the first tunnel away behind the agent's back. */
  damage(client: VppClient, swIfIndex: number): Promise<unknown>;
}

/** Made, found again by the next agent, changed, put back after damage, removed without a trace. */
async function live(stage: VppStage, { base = [], tunnels, changed, damage }: Life): Promise<void> {
  const first = await stage.agent();
  const wanted = [...base, ...Object.entries(tunnels).map(([name, init]) => vppInterface(name, init))];
  await first.commit(...wanted);
  assert.deepEqual(await first.drift(), []);
  const found = await first.client.list('sw_interface_dump');
  for (const name of Object.keys(tunnels)) {
    const details = found.find(({ tag }) => tag === name);
    assert.equal(details?.flags, 3, name);
  }
  const second = await stage.restart(first);
  assert.deepEqual(await second.resync(...wanted), []);

  const name = Object.keys(tunnels)[0]!;
  const { key } = vppInterface(name, {});
  const { swIfIndex } = second.metadata<VppInterface>(key);
  await damage(second.client, swIfIndex);
  assert.ok((await second.drift()).includes(`missing ${key}`));
  await second.heal();
  assert.deepEqual(await second.drift(), []);

  const operations = await second.commit(vppInterface(name, changed));
  assert.ok(operations.includes(`DELETE ${key}`) && operations.includes(`CREATE ${key}`), operations.join());
  assert.deepEqual(await second.drift(), []);
  const down = vppInterface(name, { ...(changed as object), enabled: false });
  assert.deepEqual(await second.commit(down), [`UPDATE ${key}`]);
  assert.deepEqual(await second.drift(), []);

  await second.commit(...wanted.map(gone));
  assert.deepEqual(
    (await second.client.list('sw_interface_dump')).map(({ interface_name }) => interface_name),
    ['local0'],
  );
}

const ends = { srcAddr: '192.0.2.1', dstAddr: '192.0.2.2' };

vppTest('GRE tunnels of all types, in a VRF, over IPv6', (stage) => {
  const link = { case: 'gre', value: { ...ends, tunnelType: 1, outerFibId: 4 } } as const;
  return live(stage, {
    base: [vrf(4)],
    tunnels: {
      'gre-l3': { type: Type.GRE_TUNNEL, link, ipAddresses: ['10.1.0.1/30'] },
      'gre-teb': { type: Type.GRE_TUNNEL, link: { case: 'gre', value: { ...ends, tunnelType: 2 } } },
      'gre-span': {
        type: Type.GRE_TUNNEL,
        link: { case: 'gre', value: { ...ends, tunnelType: 3, sessionId: 9 } },
      },
      'gre-six': {
        type: Type.GRE_TUNNEL,
        link: { case: 'gre', value: { srcAddr: 'FD00:0::1', dstAddr: 'fd00::2', tunnelType: 1 } },
      },
    },
    changed: { type: Type.GRE_TUNNEL, link: { case: 'gre', value: { ...link.value, dstAddr: '192.0.2.3' } } },
    damage: (client) =>
      client.request('gre_tunnel_add_del', {
        is_add: false,
        tunnel: { src: ends.srcAddr, dst: ends.dstAddr, outer_table_id: 4, type: 'GRE_API_TUNNEL_TYPE_L3' },
      }),
  });
});

vppTest('IPIP tunnels to one peer and to several', (stage) =>
  live(stage, {
    base: [vrf(4)],
    tunnels: {
      ipip: { type: Type.IPIP_TUNNEL, vrf: 4, link: { case: 'ipip', value: ends } },
      'ipip-mp': {
        type: Type.IPIP_TUNNEL,
        link: { case: 'ipip', value: { srcAddr: '192.0.2.1', tunnelMode: 1 } },
      },
      'ipip-six': {
        type: Type.IPIP_TUNNEL,
        ipAddresses: ['10.1.0.1/30'],
        link: { case: 'ipip', value: { srcAddr: 'fd00::1', dstAddr: 'FD00:0::2' } },
      },
    },
    changed: { type: Type.IPIP_TUNNEL, vrf: 0, link: { case: 'ipip', value: ends } },
    damage: (client, sw_if_index) => client.request('ipip_del_tunnel', { sw_if_index }),
  }),
);

vppTest('IPsec interfaces to one peer and to several', (stage) =>
  live(stage, {
    tunnels: {
      ipsec: { type: Type.IPSEC_TUNNEL },
      'ipsec-mp': { type: Type.IPSEC_TUNNEL, link: { case: 'ipsec', value: { tunnelMode: 1 } } },
    },
    changed: { type: Type.IPSEC_TUNNEL, link: { case: 'ipsec', value: { tunnelMode: 1 } } },
    damage: (client, sw_if_index) => client.request('ipsec_itf_delete', { sw_if_index }),
  }),
);

vppTest('GTP-U tunnels with own and remote TEIDs', (stage) =>
  live(stage, {
    base: [vrf(4), loopback('carrier', ['192.0.2.1/24'])],
    tunnels: {
      gtpu: {
        type: Type.GTPU_TUNNEL,
        link: { case: 'gtpu', value: { ...ends, teid: 17, remoteTeid: 18, encapVrfId: 4 } },
      },
      'gtpu-ip4': {
        type: Type.GTPU_TUNNEL,
        link: { case: 'gtpu', value: { ...ends, teid: 19, decapNextNode: 2 } },
      },
      'gtpu-group': {
        type: Type.GTPU_TUNNEL,
        link: { case: 'gtpu', value: { srcAddr: '192.0.2.1', dstAddr: '239.1.1.1', multicast: 'carrier', teid: 20 } },
      },
    },
    changed: { type: Type.GTPU_TUNNEL, link: { case: 'gtpu', value: { ...ends, teid: 17 } } },
    damage: (client) =>
      client.request('gtpu_add_del_tunnel', {
        is_add: false,
        src_address: ends.srcAddr,
        dst_address: ends.dstAddr,
        encap_vrf_id: 4,
        teid: 17,
        tteid: 18,
      }),
  }),
);

const vxlanEnds = { srcAddress: '192.0.2.1', dstAddress: '192.0.2.2' };

vppTest('VXLAN-GPE tunnels of all payloads, VXLAN of a group', (stage) =>
  live(stage, {
    base: [vrf(4), loopback('carrier', ['192.0.2.1/24'])],
    tunnels: {
      gpe: {
        type: Type.VXLAN_TUNNEL,
        link: { case: 'vxlan', value: { ...vxlanEnds, vni: 7, gpe: { protocol: 1, decapVrfId: 4 } } },
      },
      'gpe-six': {
        type: Type.VXLAN_TUNNEL,
        link: { case: 'vxlan', value: { ...vxlanEnds, vni: 8, gpe: { protocol: 2 } } },
      },
      'gpe-l2': {
        type: Type.VXLAN_TUNNEL,
        link: { case: 'vxlan', value: { ...vxlanEnds, vni: 9, gpe: { protocol: 3 } } },
      },
      group: {
        type: Type.VXLAN_TUNNEL,
        link: {
          case: 'vxlan',
          value: { srcAddress: '192.0.2.1', dstAddress: '239.1.1.1', multicast: 'carrier', vni: 10 },
        },
      },
    },
    changed: { type: Type.VXLAN_TUNNEL, link: { case: 'vxlan', value: { ...vxlanEnds, vni: 7 } } },
    damage: (client) =>
      client.request('vxlan_gpe_add_del_tunnel_v2', {
        is_add: false,
        local: vxlanEnds.srcAddress,
        remote: vxlanEnds.dstAddress,
        mcast_sw_if_index: 0xffff_ffff,
        vni: 7,
        decap_vrf_id: 4,
        protocol: 1,
      }),
  }),
);

vppTest('a VXLAN-GPE tunnel that VPP would ask for neighbours on is made anew', async (stage) => {
  const link = { case: 'vxlan', value: { ...vxlanEnds, vni: 7, gpe: { protocol: 1 } } } as const;
  const wanted = vppInterface('gpe', { type: Type.VXLAN_TUNNEL, link, ipAddresses: ['10.8.0.1/24'] });
  const { key } = wanted;
  const agent = await stage.agent();
  const { client } = agent;
  const ask = async (cmd: string): Promise<string> => (await client.request('cli_inband', { cmd })).reply;
  const { sw_if_index } = await client.request('vxlan_gpe_add_del_tunnel_v2', {
    is_add: true,
    local: vxlanEnds.srcAddress,
    remote: vxlanEnds.dstAddress,
    mcast_sw_if_index: 0xffff_ffff,
    vni: 7,
    protocol: 1,
  });
  await client.request('sw_interface_tag_add_del', { is_add: true, sw_if_index, tag: 'gpe' });
  assert.match(await ask('show hardware-interfaces vxlan_gpe_tunnel0'), /^ *VXLAN_GPE$/m);
  const operations = await agent.resync(wanted);
  assert.ok(operations.includes(`DELETE ${key}`) && operations.includes(`CREATE ${key}`), operations.join());
  assert.match(await ask('show hardware-interfaces vxlan_gpe_tunnel0'), /^ *GTPU$/m);
  // Of a network it would be a glean adjacency, which asks.
  assert.match(await ask('show ip fib 10.8.0.0/24'), /ipv4 via 0\.0\.0\.0 vxlan_gpe_tunnel0/);
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(gone(wanted));
});

vppTest('tunnels that VPP refuses or reads wrongly', async (stage) => {
  const agent = await stage.agent();
  const one = vppInterface('one', { type: Type.GRE_TUNNEL, link: { case: 'gre', value: { ...ends, tunnelType: 1 } } });
  const same = vppInterface('same', {
    type: Type.GRE_TUNNEL,
    link: { case: 'gre', value: { ...ends, tunnelType: 1 } },
  });
  const ipip = vppInterface('ipip', { type: Type.IPIP_TUNNEL, link: { case: 'ipip', value: ends } });
  const ipipToo = vppInterface('ipip2', { type: Type.IPIP_TUNNEL, link: { case: 'ipip', value: ends } });
  await agent.commit(one, ipip);
  const teid = (name: string) =>
    vppInterface(name, { type: Type.GTPU_TUNNEL, link: { case: 'gtpu', value: { ...ends, teid: 5 } } });
  await agent.commit(teid('gtpu'));
  assert.deepEqual(await agent.failing(same, ipipToo, teid('gtpu2')), {
    [teid('gtpu2').key]:
      'gtpu_add_del_tunnel: VPP answered -75 TUNNEL_EXIST (there is a tunnel between these ends already)',
    [same.key]: 'gre_tunnel_add_del: VPP answered -79 IF_ALREADY_EXISTS (there is such an interface already)',
    [ipipToo.key]: 'ipip_add_tunnel: VPP answered -79 IF_ALREADY_EXISTS (there is such an interface already)',
  });
  const node = vppInterface('node', {
    type: Type.GTPU_TUNNEL,
    link: { case: 'gtpu', value: { ...ends, decapNextNode: 77 } },
  });
  const six = vppInterface('six', {
    type: Type.VXLAN_TUNNEL,
    link: { case: 'vxlan', value: { ...vxlanEnds, vni: 8, gpe: { protocol: 2, decapVrfId: 4 } } },
  });
  await agent.commit(node, six, vrf(4));
  assert.deepEqual([agent.state(node.key), agent.state(six.key)], ['UNIMPLEMENTED', 'UNIMPLEMENTED']);
  await agent.commit(...[one, same, ipip, ipipToo, teid('gtpu'), teid('gtpu2'), node, six, vrf(4)].map(gone));
  assert.equal((await agent.client.list('sw_interface_dump')).length, 1);
});
