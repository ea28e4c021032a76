// needs-kernel: vlan, bond, gre, ipip
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BondLink_LoadBalance as LoadBalance,
  BondLink_Mode as BondMode,
  GreLink_Type as GreType,
  Interface_Type as Type,
} from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { gone, reaches, Stage, vppInterface } from '../../../test/stage/stage.ts';
import { ip, wire } from './kernel/testing.ts';
import { bondMemberKey, interfaceKey } from './model.ts';

test('VLAN sub-interfaces carry IPv4 and IPv6, also with two tags, and are found, healed and removed', async () => {
  await using stage = await Stage.open();
  const { host, namespace } = await stage.pod('pod');
  const agent = await stage.agent();
  const sub = (name: string, parentName: string, subId: number, ipAddresses: string[], more = {}) =>
    vppInterface(name, {
      type: Type.SUB_INTERFACE,
      ipAddresses,
      link: { case: 'sub', value: { parentName, subId } },
      ...more,
    });
  const changes = [
    ...wire('tap1', namespace, 'eth0'),
    sub('lan10', 'tap1', 10, ['10.10.0.1/24', 'fd10::1/64']),
    sub('lan4094', 'tap1', 4094, ['10.94.0.1/24'], { mtu: 1400 }),
    sub('inner20', 'lan10', 20, ['10.20.0.1/24', 'fd20::1/64']),
  ];
  await agent.commit(...changes);
  await ip(
    host,
    `link add link eth0 name v10 type vlan id 10
     link add link eth0 name v94 type vlan id 4094
     link add link v10 name v20 type vlan id 20
     addr add 10.10.0.2/24 dev v10
     addr add fd10::2/64 dev v10 nodad
     addr add 10.94.0.2/24 dev v94
     addr add 10.20.0.2/24 dev v20
     addr add fd20::2/64 dev v20 nodad
     link set v10 up
     link set v94 up
     link set v20 up`,
  );
  for (const target of ['10.10.0.1', 'fd10::1', '10.94.0.1', '10.20.0.1', 'fd20::1'])
    assert.ok(await reaches(host, target), target);
  assert.deepEqual(await agent.drift(), []);

  // It is down and up by itself, whatever its parent does.
  const off = sub('lan4094', 'tap1', 4094, ['10.94.0.1/24'], { mtu: 1400, enabled: false });
  assert.deepEqual(await agent.commit(off), ['UPDATE config/vpp/v2/interfaces/lan4094']);
  assert.equal((await host.ping('10.94.0.1', { timeout: 300 })).received, 0);
  await agent.commit(changes[3]!);
  assert.ok(await reaches(host, '10.94.0.1'));

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...changes), []);
  await stage.vswitch.run('ip', 'link', 'del', 'lan10');
  await next.until('both tags are back', async () => (await next.drift()).length === 0, 20_000);
  assert.ok(await reaches(host, 'fd20::1'));

  // Somebody else has the VLAN: this one fails, the rest goes on.
  await stage.vswitch.run('ip', 'link', 'add', 'link', 'tap1', 'name', 'other', 'type', 'vlan', 'id', '30');
  const failures = await next.failing(sub('lan30', 'tap1', 30, []), sub('lan31', 'tap1', 31, []));
  assert.deepEqual(Object.keys(failures), [interfaceKey('lan30')]);
  assert.match(failures[interfaceKey('lan30')]!, /VLAN 30 of tap1 belongs to another device/);
  await next.commit(gone(sub('lan30', 'tap1', 30, [])), gone(sub('lan31', 'tap1', 31, [])), ...changes.map(gone));
  // Modules bring devices of their own into every namespace (gre0, tunl0).
  const left = (await stage.vswitch.links())
    .map((link) => link.name)
    .filter((name) => /^(tap|lan|inner|other)/.test(name));
  assert.deepEqual(left, []);
});

test('bonds of every mode carry packets and outlive a member', async () => {
  await using stage = await Stage.open();
  const { host, namespace } = await stage.pod('pod');
  const agent = await stage.agent();
  const bond = (mode: BondMode, lb = LoadBalance.L2, members = ['tap1', 'tap2']) =>
    vppInterface('bond0', {
      type: Type.BOND_INTERFACE,
      ipAddresses: ['10.1.0.1/24', 'fd01::1/64'],
      link: { case: 'bond', value: { id: 0, mode, lb, bondedInterfaces: members.map((name) => ({ name })) } },
    });
  const wires = [...wire('tap1', namespace, 'eth0'), ...wire('tap2', namespace, 'eth1')];
  await agent.commit(...wires);
  for (const [mode, kernel] of [
    [BondMode.ROUND_ROBIN, 'balance-rr'],
    [BondMode.XOR, 'balance-xor'],
    [BondMode.BROADCAST, 'broadcast'],
    [BondMode.LACP, '802.3ad'],
    [BondMode.ACTIVE_BACKUP, 'active-backup'],
  ] as const) {
    await ip(host, `link add b0 type bond mode ${kernel} miimon 100`);
    for (const name of ['eth0', 'eth1']) await ip(host, `link set ${name} down\n link set ${name} master b0`);
    await ip(host, 'link set b0 up\n addr add 10.1.0.2/24 dev b0\n addr add fd01::2/64 dev b0 nodad');
    await agent.commit(bond(mode));
    const text = String(await stage.vswitch.run('ip', '-d', 'link', 'show', 'bond0'));
    assert.ok(text.includes(`mode ${kernel}`), text);
    // Each end chooses its wire by itself, and the wires do not meet: the far end takes the one that the agent's bond took.
    if (mode === BondMode.ACTIVE_BACKUP) {
      const active = /active_slave tap(\d)/.exec(
        String(await stage.vswitch.run('ip', '-d', 'link', 'show', 'bond0')),
      )?.[1];
      await ip(host, `link set b0 type bond active_slave eth${Number(active) - 1}`);
    }
    await agent.until(kernel, () => reaches(host, '10.1.0.1'), 30_000);
    assert.ok(await reaches(host, 'fd01::1'), kernel);
    await agent.scheduler.idle();
    assert.deepEqual(await agent.drift(), [], kernel);
    if (mode !== BondMode.ACTIVE_BACKUP) await ip(host, 'link del b0');
  }
  // A member that another tool steals comes back; one that disappears is missed by nobody but itself.
  await stage.vswitch.run('ip', 'link', 'set', 'tap2', 'nomaster');
  await agent.until(
    'tap2 is back',
    async () => String(await stage.vswitch.run('ip', 'link', 'show', 'tap2')).includes('master bond0'),
    20_000,
  );
  await agent.scheduler.idle();
  await agent.commit(...wire('tap1', namespace, 'eth0').map(gone));
  assert.equal(agent.state(bondMemberKey('bond0', 'tap1')), 'PENDING');
  await agent.until('the other member works', () => reaches(host, '10.1.0.1'), 20_000);
  const alone = bond(BondMode.ACTIVE_BACKUP, LoadBalance.L2, ['tap2']);
  await agent.commit(alone);
  const next = await stage.restart(agent);
  const left = wire('tap2', namespace, 'eth1');
  assert.deepEqual(
    (await next.resync(alone, ...left)).filter((done) => /bond0|tap2$/.test(done)),
    [],
  );
  // The hash changes in place, LACP options do not.
  await next.commit(bond(BondMode.XOR, LoadBalance.L2, ['tap2']));
  // Whoever looks after the new device would change it along.
  await next.scheduler.idle();
  assert.deepEqual(await next.commit(bond(BondMode.XOR, LoadBalance.L34, ['tap2'])), [
    `UPDATE ${interfaceKey('bond0')}`,
  ]);
  assert.match(String(await stage.vswitch.run('ip', '-d', 'link', 'show', 'bond0')), /xmit_hash_policy layer3\+4/);
  assert.deepEqual(await next.drift(), []);
});

const ENDS = [
  { family: 4, here: '10.1.0.1', there: '10.1.0.2', other: '10.1.0.3' },
  { family: 6, here: 'fd01::1', there: 'fd01::2', other: 'fd01::3' },
] as const;
const underlay = { here: ['10.1.0.1/24', 'fd01::1/64'], there: ['10.1.0.2/24', 'fd01::2/64'] };

for (const { family, here, there, other } of ENDS) {
  test(`GRE and IP-in-IP tunnels over IPv${family} carry packets of both families`, async () => {
    await using stage = await Stage.open();
    const { host, namespace } = await stage.pod('pod');
    const agent = await stage.agent();
    const gre = (tunnelType: GreType, dstAddr: string = there) =>
      ({
        type: Type.GRE_TUNNEL,
        link: {
          case: 'gre',
          value: { tunnelType, srcAddr: here, dstAddr, sessionId: tunnelType === GreType.ERSPAN ? 7 : 0 },
        },
      }) as const;
    const ipip = (dstAddr: string = there) =>
      ({ type: Type.IPIP_TUNNEL, link: { case: 'ipip', value: { srcAddr: here, dstAddr } } }) as const;
    const six = family === 6 ? 'ip6' : '';
    const options = family === 6 ? `encaplimit none` : '';
    const tunnels = [
      ['l3', gre(GreType.L3), `${six}gre local ${there} remote ${here} ${options}`],
      ['teb', gre(GreType.TEB), `${six}gretap local ${there} remote ${here} ${options}`],
      [
        'erspan',
        gre(GreType.ERSPAN),
        `${six}erspan local ${there} remote ${here} seq key 7 erspan_ver 1 erspan 1 ${options}`,
      ],
      [
        'ipip',
        ipip(),
        family === 6
          ? `ip6tnl mode any local ${there} remote ${here} encaplimit none`
          : `sit mode any local ${there} remote ${here}`,
      ],
    ] as const;
    const uplink = wire('tap1', namespace, 'eth0', underlay);
    const changes = tunnels.map(([name, init], index) =>
      vppInterface(name, { ...init, ipAddresses: [`10.7${index}.0.1/24`, `fd7${index}::1/64`] }),
    );
    await agent.commit(...uplink, ...changes);
    for (const [index, [name, , form]] of tunnels.entries()) {
      await ip(
        host,
        `link add p${name} type ${form}\n addr add 10.7${index}.0.2/24 dev p${name}\n addr add fd7${index}::2/64 dev p${name} nodad\n link set p${name} up`,
      );
      assert.ok(await reaches(host, `10.7${index}.0.1`), `${name} IPv4`);
      assert.ok(await reaches(host, `fd7${index}::1`), `${name} IPv6`);
    }
    assert.deepEqual(await agent.drift(), []);
    const next = await stage.restart(agent);
    assert.deepEqual(await next.resync(...uplink, ...changes), []);

    // The far end changes in place.
    const moved = vppInterface('ipip', { ...ipip(other), ipAddresses: ['10.73.0.1/24', 'fd73::1/64'] });
    assert.deepEqual(await next.commit(moved), [`UPDATE ${interfaceKey('ipip')}`]);
    assert.deepEqual(await next.drift(), []);
    const address = `${other}/${family === 4 ? 24 : 64}${family === 6 ? ' nodad' : ''}`.split(' ');
    await host.run('ip', 'addr', 'add', address[0]!, 'dev', 'eth0', ...address.slice(1));
    await ip(host, `link set pipip type ${tunnels[3][2].replace(there, other)}`);
    assert.ok(await reaches(host, '10.73.0.1'), 'the other end');
    // Damage from outside.
    await ip(stage.vswitch, `link set l3 type ${six}gre local ${here} remote ${other} ${options}`);
    assert.deepEqual((await next.drift()).length > 0, true);
    await next.heal();
    assert.deepEqual(await next.drift(), []);
    assert.ok(await reaches(host, '10.70.0.1'));
    await next.commit(gone(moved), ...changes.map(gone), ...uplink.map(gone));
    const left = (await stage.vswitch.links())
      .map((link) => link.name)
      .filter((name) => tunnels.some(([known]) => known === name));
    assert.deepEqual(left, []);
  });
}
