import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BondLink_LoadBalance as Balance,
  BondLink_Mode as Mode,
  Interface_Type as Type,
} from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { gone, loopback, vppInterface } from '../../../test/vpp/builders.ts';
import { liveVppTest, vppTests } from '../../../test/vpp/stage.ts';
import type { VppAgent } from '../../../test/vpp/stage.ts';
import { bondMemberKey } from './model.ts';
import type { VppInterface } from './vpp-metadata.ts';

const vppTest = vppTests(import.meta.url);

async function assertEmpty({ client }: VppAgent): Promise<void> {
  const names = (await client.list('sw_interface_dump')).map(({ interface_name }) => interface_name);
  assert.deepEqual(names, ['local0']);
}

interface Tags {
  readonly tagRwOption?: number;
  readonly tag1?: number;
  readonly tag2?: number;
  readonly pushDot1q?: boolean;
}

function vlan(subId: number, tags: Tags = {}, parentName = 'parent') {
  return vppInterface(`${parentName}.${subId}`, {
    type: Type.SUB_INTERFACE,
    link: { case: 'sub', value: { parentName, subId, ...tags } },
  });
}

vppTest('sub-interfaces and what they do to tags', async (stage) => {
  const first = await stage.agent();
  const parent = loopback('parent');
  const rewrites = [1, 2, 3, 5, 6].map((tagRwOption, index) =>
    vlan(100 + index, { tagRwOption, tag1: 20 + index, tag2: 30 + index, pushDot1q: index % 2 === 0 }),
  );
  const addressed = vppInterface('parent.7', {
    type: Type.SUB_INTERFACE,
    mtu: 1400,
    ipAddresses: ['10.7.0.1/24', 'fd07::1/64'],
    link: { case: 'sub', value: { parentName: 'parent', subId: 7 } },
  });
  const wanted = [parent, addressed, ...rewrites];
  await first.commit(...wanted);
  assert.deepEqual(await first.drift(), []);
  const second = await stage.restart(first);
  assert.deepEqual(await second.resync(...wanted), []);
  const { swIfIndex } = second.metadata<VppInterface>(rewrites[0]!.key);
  const [details] = await second.client.list('sw_interface_dump', { sw_if_index: swIfIndex });
  assert.deepEqual(
    [details?.sub_id, details?.sub_outer_vlan_id, details?.vtr_op, details?.vtr_tag1, details?.vtr_push_dot1q],
    [100, 100, 1, 20, 1],
  );

  // In place: other tags, and none.
  assert.deepEqual(await second.commit(vlan(100, { tagRwOption: 5, tag1: 99 })), [`UPDATE ${rewrites[0]!.key}`]);
  assert.deepEqual(await second.drift(), []);
  assert.deepEqual(await second.commit(vlan(100)), [`UPDATE ${rewrites[0]!.key}`]);
  assert.equal(second.metadata<VppInterface>(rewrites[0]!.key).swIfIndex, swIfIndex);
  assert.deepEqual(await second.drift(), []);

  const { client } = second;
  await client.request('l2_interface_vlan_tag_rewrite', { sw_if_index: swIfIndex, vtr_op: 3 });
  assert.deepEqual(await second.drift(), [`different ${rewrites[0]!.key} link.value.tag_rw_option`]);
  await client.request('delete_subif', { sw_if_index: second.metadata<VppInterface>(addressed.key).swIfIndex });
  await second.heal();
  assert.deepEqual(await second.drift(), []);

  // A new parent carries them anew; one that is down refuses what is to be up.
  const other = vlan(100, {}, 'other');
  const down = vppInterface('other', { type: Type.SOFTWARE_LOOPBACK, enabled: false });
  assert.deepEqual(await second.failing(down, other), {
    [other.key]:
      'sw_interface_set_flags: VPP answered -1 UNSPECIFIED (VPP does not say why; its log may): other, which it is on, has to be up first',
  });
  await second.commit(loopback('other'));
  await second.commit(other);
  assert.deepEqual(await second.drift(), []);
  await second.commit(...[...wanted, down, other].map(gone));
  assert.deepEqual(await second.drift(), []);
  await assertEmpty(second);
});

function bond(id: number, mode: Mode, lb: Balance, members: readonly string[], isPassive = false) {
  const bondedInterfaces = members.map((name) => ({ name, isPassive, isLongTimeout: isPassive }));
  return vppInterface(`bond${id}`, {
    type: Type.BOND_INTERFACE,
    link: { case: 'bond', value: { id, mode, lb, bondedInterfaces } },
  });
}

function memif(id: number, physAddress = '') {
  return vppInterface(`m${id}`, {
    type: Type.MEMIF,
    physAddress,
    link: { case: 'memif', value: { master: false, id } },
  });
}

vppTest('bonds of all modes and their members', async (stage) => {
  const first = await stage.agent();
  const base = [memif(1, '02:00:00:00:00:01'), memif(2, '02:00:00:00:00:02'), memif(3), memif(4), memif(5)];
  const bonds = [
    bond(0, Mode.LACP, Balance.L34, ['m1', 'm2'], true),
    bond(1, Mode.XOR, Balance.L23, ['m3']),
    bond(2, Mode.ROUND_ROBIN, Balance.L2, ['m4']),
    bond(3, Mode.ACTIVE_BACKUP, Balance.L2, []),
    bond(4, Mode.BROADCAST, Balance.L2, []),
  ];
  const onBond = vlan(12, {}, 'bond1');
  const wanted = [...base, ...bonds, onBond];
  await first.commit(...wanted);
  assert.deepEqual(await first.drift(), []);
  const second = await stage.restart(first);
  assert.deepEqual(await second.resync(...wanted), []);
  const { swIfIndex } = second.metadata<VppInterface>(bonds[1]!.key);

  // Members come and go, the bond stays.
  const more = bond(1, Mode.XOR, Balance.L23, ['m3', 'm5']);
  assert.deepEqual(await second.commit(more), [`CREATE ${bondMemberKey('bond1', 'm5')}`, `UPDATE ${more.key}`]);
  assert.equal(second.metadata<VppInterface>(more.key).swIfIndex, swIfIndex);
  assert.deepEqual(await second.drift(), []);
  await second.commit(bond(1, Mode.XOR, Balance.L23, ['m3']));

  const other = bond(2, Mode.XOR, Balance.L34, ['m4']);
  const operations = await second.commit(other);
  assert.ok(operations.includes(`CREATE ${other.key}`), operations.join());
  assert.deepEqual(await second.drift(), []);

  const member = second.metadata<VppInterface>(base[1]!.key).swIfIndex;
  await second.client.request('bond_detach_member', { sw_if_index: member });
  assert.deepEqual(await second.drift(), [`missing ${bondMemberKey('bond0', 'm2')}`]);
  await second.heal();
  assert.deepEqual(await second.drift(), []);

  // No bond in a bond.
  const nested = bond(4, Mode.BROADCAST, Balance.L2, ['bond3']);
  assert.match(
    (await second.failing(nested))[bondMemberKey('bond4', 'bond3')] ?? '',
    /^bond_add_member: VPP answered -71 INVALID_INTERFACE/,
  );
  await second.commit(...wanted.map(gone));
  assert.deepEqual(await second.drift(), []);
  await assertEmpty(second);
});

vppTest('devices that are not there are named with what VPP says', async (stage) => {
  const agent = await stage.agent();
  const tap = vppInterface('tap', {
    type: Type.TAP,
    link: { case: 'tap', value: { version: 2, hostIfName: 'lg-tap' } },
  });
  const card = vppInterface('vmxnet3-0/b/0/0', { type: Type.VMXNET3_INTERFACE });
  const dpdk = vppInterface('GigabitEthernet0/8/0', { type: Type.DPDK });
  const rdma = vppInterface('rdma', { type: Type.RDMA, link: { case: 'rdma', value: { hostIfName: 'mlx0' } } });
  const failures = await agent.failing(tap, card, dpdk, rdma);
  assert.match(
    failures[tap.key] ?? '',
    /^tap_create_v[23]: VPP answered -\d+ .*the device lg-tap could not be made; .*vhost-net/,
  );
  assert.match(failures[card.key] ?? '', /^vmxnet3_create: VPP answered -\d+ .*PCI address 0:b:0:0 /);
  assert.match(failures[dpdk.key] ?? '', /^VPP has no network card GigabitEthernet0\/8\/0: .* it has none$/);
  assert.equal(agent.state(rdma.key), 'UNIMPLEMENTED');
  await agent.commit(...[tap, card, dpdk, rdma].map(gone));
  await assertEmpty(agent);
});

function listening(socketFilename: string) {
  return vppInterface('listening', {
    type: Type.MEMIF,
    link: { case: 'memif', value: { master: true, socketFilename } },
  });
}

vppTest('a memif that VPP cannot listen for is refused each time, with its path', async (stage) => {
  const agent = await stage.agent();
  const wanted = listening('/proc/lg-memif.sock');
  const refusal =
    /memif\.socket_filename: VPP cannot listen at \/proc\/lg-memif\.sock: .*SYSCALL_ERROR_4.*allowed to write/;
  for (const _ of ['first', 'second']) {
    assert.match((await agent.failing(wanted))[wanted.key] ?? '', refusal);
    assert.deepEqual(await agent.client.list('memif_dump', {}), []);
    await agent.commit(gone(wanted));
  }
  const sockets = await agent.client.list('memif_socket_filename_dump', {});
  assert.deepEqual(
    sockets.map(({ socket_id }) => socket_id),
    [0],
  );
  await assertEmpty(agent);
});

liveVppTest('a memif whose folder is missing says so, and comes with the folder', async (stage) => {
  const agent = await stage.agent();
  const parent = mkdtempSync(join(tmpdir(), 'lg-memif-'));
  const folder = join(parent, 'sockets');
  const wanted = listening(join(folder, 'm.sock'));
  try {
    for (const _ of ['first', 'second']) {
      const error = (await agent.failing(wanted))[wanted.key] ?? '';
      assert.ok(error.includes(`the folder ${folder} is not there: make it where VPP runs`), error);
    }
    mkdirSync(folder);
    await agent.heal();
    assert.deepEqual(await agent.drift(), []);
    assert.ok(existsSync(join(folder, 'm.sock')));
    await agent.commit(gone(wanted));
  } finally {
    rmSync(parent, { recursive: true });
  }
});
