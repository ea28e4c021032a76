// needs-kernel: vlan
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import {
  Interface_Type as Type,
  SubInterface_TagRewriteOptions as Rewrite,
} from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { ACLSchema, ACL_Rule_Action as Action } from '../../model/gen/ligato/vpp/acl/acl_pb.js';
import { BridgeDomainSchema } from '../../model/gen/ligato/vpp/l2/bridge_domain_pb.js';
import { XConnectPairSchema } from '../../model/gen/ligato/vpp/l2/xconnect_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { gone, reaches, Stage, vppInterface } from '../../../test/stage/stage.ts';
import { aclKey } from '../acl/model.ts';
import { bridgeDomainKey } from '../bridge-domain/model.ts';
import { xconnectKey } from '../xconnect/model.ts';
import { ip, wire } from './kernel/testing.ts';
import { interfaceKey } from './model.ts';

const domain: Change = {
  key: bridgeDomainKey('lan'),
  value: create(BridgeDomainSchema, {
    name: 'lan',
    flood: true,
    unknownUnicastFlood: true,
    forward: true,
    learn: true,
    interfaces: [{ name: 'sub10' }, { name: 'tap2' }],
  }),
};

function sub(tagRwOption: Rewrite, tag1 = 0, tag2 = 0, pushDot1q = true): Change {
  return vppInterface('sub10', {
    type: Type.SUB_INTERFACE,
    link: { case: 'sub', value: { parentName: 'tap1', subId: 10, tagRwOption, tag1, tag2, pushDot1q } },
  });
}

/** What is done to the tags, and the device of the far side that has exactly the tags that come out. */
const CASES = [
  ['POP1', sub(Rewrite.POP1), 'eth0'],
  ['DISABLED', sub(Rewrite.DISABLED), 'v10'],
  ['TRANSLATE11', sub(Rewrite.TRANSLATE11, 20), 'v20'],
  ['TRANSLATE11 802.1ad', sub(Rewrite.TRANSLATE11, 40, 0, false), 'a40'],
  ['PUSH1', sub(Rewrite.PUSH1, 20), 'v20.10'],
  ['PUSH1 802.1ad', sub(Rewrite.PUSH1, 40, 0, false), 'a40.10'],
  ['PUSH2', sub(Rewrite.PUSH2, 20, 50), 'v20.50.10'],
  ['PUSH2 802.1ad', sub(Rewrite.PUSH2, 40, 50, false), 'a40.50.10'],
  ['TRANSLATE12', sub(Rewrite.TRANSLATE12, 20, 50), 'v20.50'],
  ['TRANSLATE12 802.1ad', sub(Rewrite.TRANSLATE12, 40, 50, false), 'a40.50'],
  ['POP1 again', sub(Rewrite.POP1), 'eth0'],
] as const;

/** Devices of the far side: v is a tag of 802.1Q, a one of 802.1ad. */
const FAR = `
  link add link eth0 name v10 type vlan id 10
  link add link eth0 name v20 type vlan id 20
  link add link eth0 name a40 type vlan id 40 proto 802.1ad
  link add link v20 name v20.10 type vlan id 10
  link add link v20 name v20.50 type vlan id 50
  link add link v20.50 name v20.50.10 type vlan id 10
  link add link a40 name a40.10 type vlan id 10
  link add link a40 name a40.50 type vlan id 50
  link add link a40.50 name a40.50.10 type vlan id 10`;
const FAR_NAMES = ['v10', 'v20', 'a40', 'v20.10', 'v20.50', 'v20.50.10', 'a40.10', 'a40.50', 'a40.50.10'];

async function farSides(stage: Stage) {
  const [one, two] = [await stage.pod('one'), await stage.pod('two')];
  const wires = [...wire('tap1', one.namespace, 'eth0'), ...wire('tap2', two.namespace, 'eth0')];
  const prepare = async (): Promise<void> => {
    await ip(one.host, 'link add link eth0 name v10 type vlan id 10\n addr add 10.1.0.1/24 dev v10\n link set v10 up');
    await ip(two.host, FAR);
    for (const name of FAR_NAMES) await ip(two.host, `link set ${name} up`);
  };
  /** Only `device` has the address; asked from both sides, with a frame as long as three tags leave room for, too. */
  const carries = async (device: string): Promise<boolean> => {
    await ip(two.host, `addr add 10.1.0.2/24 dev ${device}`);
    try {
      for (const { host } of [one, two]) await host.run('ip', 'neigh', 'flush', 'all');
      if (!(await reaches(two.host, '10.1.0.1')) || !(await reaches(one.host, '10.1.0.2'))) return false;
      return (await one.host.run('ping', '-c', '1', '-W', '5', '-s', '1464', '10.1.0.2')).includes(' 0% packet loss');
    } finally {
      await ip(two.host, `addr flush dev ${device}`);
    }
  };
  return { one: one.host, two: two.host, wires, prepare, carries };
}

test('tags are rewritten between a sub-interface and its bridge domain', async () => {
  await using stage = await Stage.open();
  const { wires, prepare, carries } = await farSides(stage);
  const agent = await stage.agent();
  await agent.commit(...wires, sub(Rewrite.POP1), domain);
  await prepare();
  for (const [name, change, device] of CASES) {
    await agent.commit(change);
    assert.ok(await carries(device), name);
    assert.deepEqual(await agent.drift(), [], name);
  }
  // In place where the frames take the same way.
  assert.deepEqual(await agent.commit(sub(Rewrite.TRANSLATE11, 20)), [`UPDATE ${interfaceKey('sub10')}`]);
  await agent.commit(sub(Rewrite.PUSH1, 20));
  await agent.scheduler.idle();
  assert.deepEqual(await agent.commit(sub(Rewrite.TRANSLATE12, 20, 50)), [`UPDATE ${interfaceKey('sub10')}`]);
  assert.ok(await carries('v20.50'));

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...wires, sub(Rewrite.TRANSLATE12, 20, 50), domain), []);
  await next.commit(sub(Rewrite.TRANSLATE11, 20));
  await next.commit(gone(sub(Rewrite.TRANSLATE11)), gone(domain), ...wires.map(gone));
  const left = (await stage.vswitch.links()).map(({ name }) => name).filter((name) => /^(sub10|tap|lan)/.test(name));
  assert.deepEqual(left, []);
});

test('two tags: filtered without them, cross-connected, healed, and nothing of them is left', async () => {
  await using stage = await Stage.open();
  const { one, wires, prepare, carries } = await farSides(stage);
  const agent = await stage.agent();
  const pushing = sub(Rewrite.PUSH1, 40, 0, false);
  await agent.commit(...wires, pushing, domain);
  await prepare();
  assert.ok(await carries('a40.10'));

  // Access lists of the interface see what is inside the tags, in both directions.
  for (const side of ['ingress', 'egress'] as const) {
    const acl = (action: Action): Change => ({
      key: aclKey('guard'),
      value: create(ACLSchema, {
        name: 'guard',
        rules: [{ action, ipRule: { ip: { sourceNetwork: '0.0.0.0/0', destinationNetwork: '0.0.0.0/0' } } }],
        interfaces: { [side]: ['sub10'] },
      }),
    });
    await agent.commit(acl(Action.DENY));
    assert.equal(await carries('a40.10').catch(() => false), false, `${side} denied`);
    await agent.commit(acl(Action.PERMIT));
    assert.ok(await carries('a40.10'), `${side} permitted`);
    await agent.commit(gone(acl(Action.PERMIT)));
  }

  for (const damage of [
    'link del sub10.i',
    'link del sub10.b',
    'link del sub10',
    'link set sub10 nomaster',
    'link set sub10.i down',
  ]) {
    await ip(stage.vswitch, damage);
    await agent.heal();
    await agent.healed(damage);
    assert.ok(await carries('a40.10'), damage);
  }
  await stage.vswitch.run('tc', 'filter', 'del', 'dev', 'sub10.i', 'egress');
  assert.notDeepEqual(await agent.drift(), []);
  await agent.heal();
  assert.deepEqual(await agent.drift(), []);
  assert.ok(await carries('a40.10'));

  const connect = (from: string, to: string): Change => ({
    key: xconnectKey(from),
    value: create(XConnectPairSchema, { receiveInterface: from, transmitInterface: to }),
  });
  const pairs = [connect('sub10', 'tap2'), connect('tap2', 'sub10')];
  await agent.commit(gone(domain), ...pairs);
  assert.ok(await carries('a40.10'), 'cross-connected');
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(...pairs.map(gone));
  assert.equal((await one.ping('10.1.0.2', { timeout: 300 })).received, 0);

  // The VLAN device vanishes while no agent is there: what is left of the interface goes.
  const next = await stage.restart(agent, () => ip(stage.vswitch, 'link del sub10'));
  await next.resync(...wires);
  const left = (await stage.vswitch.links()).map(({ name }) => name).filter((name) => name.startsWith('sub10'));
  assert.deepEqual(left, []);
});
