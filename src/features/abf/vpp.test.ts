import assert from 'node:assert/strict';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { gone, loopback } from '../../../test/vpp/builders.ts';
import { vppTests } from '../../../test/vpp/stage.ts';
import type { VppAgent } from '../../../test/vpp/stage.ts';
import { ABFSchema } from '../../model/gen/ligato/vpp/abf/abf_pb.js';
import { ACL_Rule_Action as Action, ACLSchema } from '../../model/gen/ligato/vpp/acl/acl_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { aclKey } from '../acl/model.ts';
import type { VppAcl } from '../acl/vpp-metadata.ts';
import { interfaceKey } from '../interface/model.ts';
import type { VppInterface } from '../interface/vpp-metadata.ts';
import { abfInterfaceKey, abfKey } from './model.ts';

const vppTest = vppTests(import.meta.url, 'acl');

function acl(name: string): Change {
  const rules = [{ action: Action.PERMIT, ipRule: { ip: { destinationNetwork: '192.0.2.0/24' } } }];
  return { key: aclKey(name), value: create(ACLSchema, { name, rules }) };
}

function policy(init: MessageInitShape<typeof ABFSchema>): Change {
  const value = create(ABFSchema, { index: 7, aclName: 'web', ...init });
  return { key: abfKey(value.index), value };
}

const devices = [loopback('in', ['10.1.0.1/24']), loopback('out', ['10.2.0.1/24']), loopback('back', ['10.3.0.1/24'])];
const base = [...devices, acl('web'), acl('other')];

const first = policy({
  attachedInterfaces: [{ inputInterface: 'in', priority: 5 }],
  forwardingPaths: [
    { nextHopIp: '10.2.0.9', interfaceName: 'out', weight: 3, preference: 1 },
    { nextHopIp: '10.3.0.9', interfaceName: 'back' },
  ],
});

function indexOf(agent: VppAgent, name: string): number {
  return agent.metadata<VppInterface>(interfaceKey(name)).swIfIndex;
}

async function paths(agent: VppAgent): Promise<readonly string[]> {
  const [found] = await agent.client.list('abf_policy_dump');
  const all = found?.policy.paths ?? [];
  return all.map(({ nh, weight, preference }) => `${nh.address} ${weight} ${preference}`).sort();
}

async function nothingIsLeft(agent: VppAgent): Promise<void> {
  assert.deepEqual(await agent.client.list('abf_policy_dump'), []);
  assert.deepEqual(await agent.client.list('abf_itf_attach_dump'), []);
  assert.deepEqual(await agent.client.list('acl_dump', { acl_index: 0xffff_ffff }), []);
}

vppTest('a policy comes, changes in place and goes', async (stage) => {
  const agent = await stage.agent();
  await agent.commit(...base, first);
  assert.deepEqual(await agent.drift(), []);
  assert.deepEqual(await paths(agent), ['10.2.0.9 3 1', '10.3.0.9 1 0']);

  const second = policy({
    attachedInterfaces: [
      { inputInterface: 'in', priority: 9 },
      { inputInterface: 'back', priority: 1 },
    ],
    forwardingPaths: [{ nextHopIp: '10.2.0.10', interfaceName: 'out' }, { nextHopIp: '10.9.0.1' }],
  });
  assert.deepEqual(await agent.commit(second), [
    `CREATE ${abfInterfaceKey(7, 'back')}`,
    `UPDATE ${first.key}`,
    `UPDATE ${abfInterfaceKey(7, 'in')}`,
  ]);
  assert.deepEqual(await paths(agent), ['10.2.0.10 1 0', '10.9.0.1 1 0']);
  assert.deepEqual(await agent.drift(), []);

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...base, second), []);
  // Another list, or another weight of the same path, is another policy.
  const third = policy({ ...second.value, aclName: 'other' } as MessageInitShape<typeof ABFSchema>);
  assert.ok((await next.commit(third)).includes(`CREATE ${first.key}`));
  assert.deepEqual(await next.drift(), []);
  const fourth = policy({
    aclName: 'other',
    attachedInterfaces: [{ inputInterface: 'in', priority: 9 }],
    forwardingPaths: [{ nextHopIp: '10.2.0.10', interfaceName: 'out', weight: 8 }],
  });
  await next.commit(fourth);
  assert.deepEqual(await paths(next), ['10.2.0.10 8 0']);
  assert.deepEqual(await next.drift(), []);
  await next.commit(gone(fourth), ...base.map(gone));
  await nothingIsLeft(next);
});

vppTest('damage to a policy is named and healed', async (stage) => {
  const agent = await stage.agent();
  await agent.commit(...base, first);
  const attach = { policy_id: 7, sw_if_index: indexOf(agent, 'in'), priority: 5, is_ipv6: false };
  await agent.client.request('abf_itf_attach_add_del', { is_add: false, attach });
  const binding = abfInterfaceKey(7, 'in');
  assert.deepEqual(await agent.drift(), [`missing ${binding}`]);
  await agent.client.request('abf_itf_attach_add_del', { is_add: true, attach: { ...attach, priority: 6 } });
  assert.deepEqual(await agent.drift(), [`different ${binding} priority`]);
  assert.deepEqual(await agent.heal(), [`UPDATE ${binding}`]);

  const { index: acl_index } = agent.metadata<VppAcl>(aclKey('web'));
  const lost = { sw_if_index: indexOf(agent, 'back'), weight: 1, nh: { address: '10.3.0.9' } };
  const damaged = { policy_id: 7, acl_index, paths: [lost as never] };
  await agent.client.request('abf_policy_add_del', { is_add: false, policy: damaged });
  assert.deepEqual(await agent.drift(), [`different ${first.key} forwarding_paths`]);
  assert.deepEqual(await agent.heal(), [`UPDATE ${first.key}`]);
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(gone(first), ...base.map(gone));
  await nothingIsLeft(agent);
});

vppTest('IPv6, what only an interface leads to, and a refusal', async (stage) => {
  const agent = await stage.agent();
  const six = policy({
    attachedInterfaces: [{ inputInterface: 'in', priority: 5, isIpv6: true }],
    forwardingPaths: [
      { nextHopIp: '2001:DB8::1', interfaceName: 'out' },
      { interfaceName: 'back', preference: 2 },
    ],
  });
  await agent.commit(...base, six);
  assert.deepEqual(await agent.drift(), []);
  const detached = policy({ ...six.value, attachedInterfaces: [] } as MessageInitShape<typeof ABFSchema>);
  await agent.commit(detached);
  const attach = { policy_id: 7, sw_if_index: indexOf(agent, 'in'), priority: 1, is_ipv6: false };
  await agent.client.request('abf_itf_attach_add_del', { is_add: true, attach });
  const { [abfInterfaceKey(7, 'in')]: refusal = '' } = await agent.failing(six);
  assert.match(refusal, /ENTRY_ALREADY_EXISTS/);
  await agent.heal();
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(gone(six), ...base.map(gone));
  await nothingIsLeft(agent);
});
