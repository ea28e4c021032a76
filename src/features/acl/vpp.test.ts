import assert from 'node:assert/strict';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { gone, loopback } from '../../../test/vpp/builders.ts';
import { vppTests } from '../../../test/vpp/stage.ts';
import type { VppAgent } from '../../../test/vpp/stage.ts';
import { ACL_Rule_Action as Action, ACLSchema } from '../../model/gen/ligato/vpp/acl/acl_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { interfaceKey } from '../interface/model.ts';
import type { VppInterface } from '../interface/vpp-metadata.ts';
import { aclInterfaceKey, aclKey } from './model.ts';
import type { VppAcl } from './vpp-metadata.ts';

const vppTest = vppTests(import.meta.url);

const ALL = 0xffff_ffff;

function acl(init: MessageInitShape<typeof ACLSchema>): Change {
  const value = create(ACLSchema, init);
  return { key: aclKey(value.name), value };
}

const one = loopback('one');
const two = loopback('two');

const web = {
  name: 'web',
  rules: [
    {
      action: Action.REFLECT,
      ipRule: {
        ip: { sourceNetwork: '10.1.2.3/8', destinationNetwork: '' },
        tcp: {
          destinationPortRange: { lowerPort: 80, upperPort: 90 },
          sourcePortRange: { lowerPort: 0, upperPort: 65535 },
          tcpFlagsMask: 18,
          tcpFlagsValue: 2,
        },
      },
    },
    {
      action: Action.PERMIT,
      ipRule: {
        icmp: { icmpv6: true, icmpTypeRange: { first: 128, last: 129 }, icmpCodeRange: { first: 0, last: 255 } },
      },
    },
    { action: Action.PERMIT, ipRule: { ip: { protocol: 47 } } },
    {
      action: Action.DENY,
      ipRule: {
        ip: { destinationNetwork: '2001:db8::/32' },
        udp: { destinationPortRange: { lowerPort: 53, upperPort: 53 } },
      },
    },
  ],
} satisfies MessageInitShape<typeof ACLSchema>;

const any = (action: Action) => [{ action, ipRule: { ip: { sourceNetwork: '0.0.0.0/0' } } }];

function indexOf(agent: VppAgent, name: string): number {
  return agent.metadata<VppAcl>(aclKey(name)).index;
}

function interfaceIndex(agent: VppAgent, name: string): number {
  return agent.metadata<VppInterface>(interfaceKey(name)).swIfIndex;
}

/** Names of the lists on an interface: those for what comes in, then those for what goes out. */
async function listsOn(agent: VppAgent, name: string): Promise<readonly (readonly string[])[]> {
  const tags = new Map(
    (await agent.client.list('acl_dump', { acl_index: ALL })).map(({ acl_index, tag }) => [acl_index, tag]),
  );
  const [found] = await agent.client.list('acl_interface_list_dump', { sw_if_index: interfaceIndex(agent, name) });
  const names = (found?.acls ?? []).map((index) => tags.get(index) ?? '?');
  return [names.slice(0, found?.n_input), names.slice(found?.n_input)];
}

vppTest('an access list comes, changes in place and goes', async (stage) => {
  const agent = await stage.agent();
  const first = acl({ ...web, interfaces: { ingress: ['one', 'two'], egress: ['one'] } });
  await agent.commit(one, two, first);
  assert.deepEqual(await agent.drift(), []);
  const index = indexOf(agent, 'web');
  const [found] = await agent.client.list('acl_dump', { acl_index: index });
  assert.equal(found?.tag, 'web');
  // GRE of no family in particular is a rule of each.
  assert.equal(found?.r.length, 5);
  assert.deepEqual(found?.r[0], {
    is_permit: 'ACL_ACTION_API_PERMIT_REFLECT',
    src_prefix: '10.0.0.0/8',
    dst_prefix: '0.0.0.0/0',
    proto: 'IP_API_PROTO_TCP',
    srcport_or_icmptype_first: 0,
    srcport_or_icmptype_last: 65535,
    dstport_or_icmpcode_first: 80,
    dstport_or_icmpcode_last: 90,
    tcp_flags_mask: 18,
    tcp_flags_value: 2,
  });
  assert.deepEqual(await listsOn(agent, 'one'), [['web'], ['web']]);

  const second = acl({ ...web, rules: web.rules.slice(1), interfaces: { ingress: ['one'] } });
  const operations = await agent.commit(second);
  assert.ok(operations.includes(`UPDATE ${first.key}`), operations.join('\n'));
  assert.equal(indexOf(agent, 'web'), index);
  assert.deepEqual(await listsOn(agent, 'one'), [['web'], []]);
  assert.deepEqual(await listsOn(agent, 'two'), [[], []]);
  assert.deepEqual(await agent.drift(), []);

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(one, two, second), []);
  await next.commit(gone(second));
  assert.deepEqual(await next.client.list('acl_dump', { acl_index: ALL }), []);
  assert.deepEqual(await listsOn(next, 'one'), [[], []]);
  await next.commit(gone(one), gone(two));
});

vppTest('lists of an interface work in the order of their names', async (stage) => {
  const agent = await stage.agent();
  const list = (name: string) =>
    acl({ name, rules: any(Action.PERMIT), interfaces: { ingress: ['one'], egress: ['one'] } });
  const lists = [list('c'), list('a'), list('b')];
  await agent.commit(one, lists[0]!);
  await agent.commit(lists[1]!, lists[2]!);
  assert.deepEqual(await listsOn(agent, 'one'), [
    ['a', 'b', 'c'],
    ['a', 'b', 'c'],
  ]);
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(gone(lists[2]!));
  assert.deepEqual(await listsOn(agent, 'one'), [
    ['a', 'c'],
    ['a', 'c'],
  ]);
  const kept = [one, lists[0]!, lists[1]!];

  const [a, c, sw_if_index] = [indexOf(agent, 'a'), indexOf(agent, 'c'), interfaceIndex(agent, 'one')];
  await agent.client.request('acl_interface_set_acl_list', { sw_if_index, n_input: 2, acls: [c, a, a, c] });
  const moved = aclInterfaceKey('a', 'ingress', 'one');
  assert.deepEqual(await agent.drift(), [`missing ${moved}`]);
  assert.deepEqual(await agent.heal(), [`CREATE ${moved}`]);
  assert.deepEqual(await listsOn(agent, 'one'), [
    ['a', 'c'],
    ['a', 'c'],
  ]);

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...kept), []);
  await next.commit(...kept.map(gone));
  assert.deepEqual(await next.client.list('acl_dump', { acl_index: ALL }), []);
});

vppTest('damage to an access list is named and healed', async (stage) => {
  const agent = await stage.agent();
  const list = acl({ ...web, interfaces: { ingress: ['one'] } });
  await agent.commit(one, list);
  const index = indexOf(agent, 'web');
  const rule = { is_permit: 'ACL_ACTION_API_PERMIT', src_prefix: '0.0.0.0/0', dst_prefix: '0.0.0.0/0' } as const;
  await agent.client.request('acl_add_replace', { acl_index: index, tag: 'web', r: [rule as never] });
  assert.deepEqual(await agent.drift(), [`different ${list.key} rules`]);
  assert.deepEqual(await agent.heal(), [`UPDATE ${list.key}`]);
  assert.deepEqual(await agent.drift(), []);

  const sw_if_index = interfaceIndex(agent, 'one');
  await agent.client.request('acl_interface_set_acl_list', { sw_if_index, n_input: 0, acls: [] });
  const binding = aclInterfaceKey('web', 'ingress', 'one');
  assert.deepEqual(await agent.drift(), [`missing ${binding}`]);
  assert.deepEqual(await agent.heal(), [`CREATE ${binding}`]);

  // A list of somebody else in front of ours takes its place.
  const other = await agent.client.request('acl_add_replace', { acl_index: ALL, tag: '', r: [rule as never] });
  await agent.client.request('acl_interface_set_acl_list', { sw_if_index, n_input: 2, acls: [other.acl_index, index] });
  assert.deepEqual(await agent.drift(), [`missing ${binding}`]);
  assert.deepEqual(await agent.heal(), [`CREATE ${binding}`]);
  assert.deepEqual(await listsOn(agent, 'one'), [['web'], []]);
  await agent.client.request('acl_del', { acl_index: other.acl_index });

  // What a creation of unknown outcome may leave: a second list of the name.
  const twin = await agent.client.request('acl_add_replace', { acl_index: ALL, tag: 'web', r: [rule as never] });
  assert.deepEqual(await agent.heal(), [`DELETE ${aclKey(`web/ip/${twin.acl_index}`)}`]);
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(gone(list), gone(one));
  assert.deepEqual(await agent.client.list('acl_dump', { acl_index: ALL }), []);
});

vppTest('a list that is in use elsewhere cannot go', async (stage) => {
  const agent = await stage.agent();
  const list = acl(web);
  await agent.commit(one, list);
  const sw_if_index = interfaceIndex(agent, 'one');
  await agent.client.request('acl_interface_set_acl_list', { sw_if_index, n_input: 1, acls: [indexOf(agent, 'web')] });
  const { [list.key]: refusal = '' } = await agent.failing(gone(list));
  assert.match(refusal, /ACL_IN_USE_INBOUND/);
  await agent.client.request('acl_interface_set_acl_list', { sw_if_index, n_input: 0, acls: [] });
  await agent.heal();
  assert.deepEqual(await agent.client.list('acl_dump', { acl_index: ALL }), []);
  await agent.commit(gone(one));
});

vppTest('lists by MAC address', async (stage) => {
  const agent = await stage.agent();
  const rule = (sourceAddress: string, sourceAddressPrefix: number, action = Action.PERMIT) => ({
    action,
    macipRule: {
      sourceAddress,
      sourceAddressPrefix,
      sourceMacAddress: '02:FE:00:00:00:01',
      sourceMacAddressMask: 'ff:ff:ff:00:00:00',
    },
  });
  const list = (rules: ReturnType<typeof rule>[], ingress: string[]) =>
    acl({ name: 'macs', rules, interfaces: { ingress } });
  const first = list([rule('10.1.2.3', 16), rule('2001:db8::', 32, Action.DENY)], ['one']);
  await agent.commit(one, two, first);
  assert.deepEqual(await agent.drift(), []);
  const index = indexOf(agent, 'macs');
  const [found] = await agent.client.list('macip_acl_dump', { acl_index: index });
  assert.deepEqual(
    found?.r.map(({ src_mac, src_prefix }) => [src_mac, src_prefix]),
    [
      ['02:fe:00:00:00:00', '10.1.0.0/16'],
      ['02:fe:00:00:00:00', '2001:db8::/32'],
    ],
  );
  const second = list([rule('10.1.2.3', 32)], ['one', 'two']);
  const operations = await agent.commit(second);
  assert.deepEqual(operations, [`CREATE ${aclInterfaceKey('macs', 'ingress', 'two')}`, `UPDATE ${first.key}`]);
  assert.equal(indexOf(agent, 'macs'), index);
  assert.deepEqual(await agent.drift(), []);

  const sw_if_index = interfaceIndex(agent, 'one');
  await agent.client.request('macip_acl_interface_add_del', { is_add: false, sw_if_index, acl_index: index });
  const binding = aclInterfaceKey('macs', 'ingress', 'one');
  assert.deepEqual(await agent.drift(), [`missing ${binding}`]);
  assert.deepEqual(await agent.heal(), [`CREATE ${binding}`]);
  await agent.client.request('macip_acl_add_replace', { acl_index: index, tag: 'macs', r: [] });
  assert.deepEqual(await agent.drift(), [`different ${first.key} rules`]);
  assert.deepEqual(await agent.heal(), [`UPDATE ${first.key}`]);

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(one, two, second), []);
  // Another sort of list is another list.
  const third = acl({ name: 'macs', rules: any(Action.DENY), interfaces: { egress: ['two'] } });
  await next.commit(third);
  assert.deepEqual(await next.drift(), []);
  assert.deepEqual(await next.client.list('macip_acl_dump', { acl_index: ALL }), []);
  assert.deepEqual(await listsOn(next, 'two'), [[], ['macs']]);
  await next.commit(gone(third), gone(one), gone(two));
  assert.deepEqual(await next.client.list('acl_dump', { acl_index: ALL }), []);
});
