import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type Message, type MessageInitShape } from '@bufbuild/protobuf';
import { ACL_Rule_Action as Action, ACLSchema } from '../../model/gen/ligato/vpp/acl/acl_pb.js';
import { asKey } from '../../model/key.ts';
import { assertProblems, keyOf, labelsOf, partAt, partKeys } from '../testing.ts';
import { acl, aclInterface, aclKey, ICMP, ICMPV6, ipMatch, isMacip, macIpMatch, TCP } from './model.ts';

type Fields<T> = Exclude<NonNullable<T>, Message>;
type Init = Fields<MessageInitShape<typeof ACLSchema>>;
type Rule = Fields<NonNullable<Init['rules']>[number]>;
type IpRule = Fields<Rule['ipRule']>;
type MacIpRule = Fields<Rule['macipRule']>;
const KEY = asKey('key');
const PERMIT_ANY: Rule = { action: Action.PERMIT, ipRule: {} };
const list = (change: Init = {}) => create(ACLSchema, { name: 'acl1', rules: [PERMIT_ANY], ...change });
const ip = (ipRule: IpRule): Init => ({ rules: [{ ipRule }] });
const HOST: MacIpRule = {
  sourceAddress: '10.0.0.1',
  sourceAddressPrefix: 32,
  sourceMacAddress: '02:fe:00:00:00:01',
  sourceMacAddressMask: 'ff:ff:ff:ff:ff:ff',
};
const macip = (macipRule: MacIpRule, action = Action.PERMIT): Init => ({
  rules: [{ action, macipRule: { ...HOST, ...macipRule } }],
});

test('keys are those of the model', () => {
  assert.equal(keyOf(list()), aclKey('acl1'));
  assert.equal(aclKey('acl1'), 'config/vpp/acls/v2/acl/acl1');
});

test('lists and kinds of rules are checked', () => {
  assertProblems(acl, ACLSchema, { name: 'acl1', rules: [PERMIT_ANY] }, [
    ['no name', { name: '' }, ['name']],
    ['a long name', { name: 'x'.repeat(64) }, ['name']],
    ['no rules', { rules: [] }, ['rules'], /at least one/],
    ['a rule without conditions', { rules: [{ action: Action.PERMIT }] }, ['rules[0]'], /required/],
    ['a rule of both kinds', { rules: [{ ipRule: {}, macipRule: HOST }] }, ['rules[0]']],
    ['rules of both kinds', { rules: [PERMIT_ANY, { macipRule: HOST }] }, ['rules[1]'], /ip_rule/],
    [
      'an unknown action',
      { rules: [{ ...PERMIT_ANY, action: 3 as Action }] },
      ['rules[0].action'],
      /DENY, PERMIT, REFLECT/,
    ],
    ['an interface twice', { interfaces: { ingress: ['a', 'b', 'a'] } }, ['interfaces.ingress[2]']],
    ['an interface in both directions', { interfaces: { ingress: ['a'], egress: ['a'] } }, []],
    ['an interface without name', { interfaces: { egress: [''] } }, ['interfaces.egress[0]']],
    ['MACIP on the way out', { ...macip({}), interfaces: { egress: ['a'] } }, ['interfaces.egress'], /ingress/],
    ['MACIP on the way in', { ...macip({}), interfaces: { ingress: ['a'] } }, []],
  ]);
});

test('conditions on IP packets are checked', () => {
  const networks = (sourceNetwork: string, destinationNetwork: string, protocol = 0): IpRule => ({
    ip: { sourceNetwork, destinationNetwork, protocol },
  });
  const ports = (lowerPort: number, upperPort: number) => ({ lowerPort, upperPort });
  const tcp = 'rules[0].ip_rule.tcp';
  assertProblems(acl, ACLSchema, { name: 'acl1', rules: [PERMIT_ANY] }, [
    ['networks', ip(networks('10.0.0.0/8', '0.0.0.0/0')), []],
    ['one network', ip(networks('10.0.0.0/8', '')), []],
    ['a bad mask', ip(networks('10.0.0.0/33', '')), ['rules[0].ip_rule.ip.source_network']],
    ['two families', ip(networks('10.0.0.0/8', '::/0')), ['rules[0].ip_rule.ip.destination_network'], /IPv6.*IPv4/],
    ['protocol 256', ip(networks('', '', 256)), ['rules[0].ip_rule.ip.protocol'], /0-255/],
    ['TCP and UDP', ip({ tcp: {}, udp: {} }), ['rules[0].ip_rule'], /tcp and udp/],
    ['UDP with the number of TCP', ip({ ...networks('', '', 6), udp: {} }), ['rules[0].ip_rule.ip.protocol'], /17/],
    ['UDP with its number', ip({ ...networks('', '', 17), udp: {} }), []],
    ['ICMP for IPv6', ip({ ...networks('::/0', '::/0', 58), icmp: { icmpv6: true } }), []],
    [
      'ICMPv6 for IPv4',
      ip({ ...networks('10.0.0.0/8', ''), icmp: { icmpv6: true } }),
      ['rules[0].ip_rule.icmp.icmpv6'],
      /IPv4/,
    ],
    ['ICMP for IPv6 networks', ip({ ...networks('::/0', ''), icmp: {} }), ['rules[0].ip_rule.icmp.icmpv6']],
    [
      'types upside down',
      ip({ icmp: { icmpTypeRange: { first: 8, last: 0 } } }),
      ['rules[0].ip_rule.icmp.icmp_type_range.last'],
    ],
    [
      'code 256',
      ip({ icmp: { icmpCodeRange: { first: 0, last: 256 } } }),
      ['rules[0].ip_rule.icmp.icmp_code_range.last'],
    ],
    ['ports', ip({ tcp: { destinationPortRange: ports(80, 80) } }), []],
    [
      'ports upside down',
      ip({ tcp: { destinationPortRange: ports(90, 80) } }),
      [`${tcp}.destination_port_range.upper_port`],
      /80 is before/,
    ],
    [
      'port 65536',
      ip({ udp: { sourcePortRange: ports(1, 65_536) } }),
      ['rules[0].ip_rule.udp.source_port_range.upper_port'],
    ],
    ['flags', ip({ tcp: { tcpFlagsMask: 18, tcpFlagsValue: 2 } }), []],
    ['nine bits of flags', ip({ tcp: { tcpFlagsMask: 256 } }), [`${tcp}.tcp_flags_mask`]],
    [
      'flags that are not looked at',
      ip({ tcp: { tcpFlagsMask: 2, tcpFlagsValue: 18 } }),
      [`${tcp}.tcp_flags_value`],
      /no packet/,
    ],
  ]);
});

test('conditions on MAC and IP address are checked', () => {
  const field = (name: string) => `rules[0].macip_rule.${name}`;
  assertProblems(acl, ACLSchema, { name: 'acl1', ...macip({}) }, [
    ['a network', macip({ sourceAddress: '10.0.0.0', sourceAddressPrefix: 8 }), []],
    ['any address', macip({ sourceAddress: '::', sourceAddressPrefix: 0 }), []],
    ['no address', macip({ sourceAddress: '' }), [field('source_address')]],
    ['a prefix beyond IPv4', macip({ sourceAddressPrefix: 33 }), [field('source_address_prefix')], /0-32/],
    ['a prefix of IPv6', macip({ sourceAddress: 'fd00::', sourceAddressPrefix: 64 }), []],
    ['no MAC address', macip({ sourceMacAddress: 'x' }), [field('source_mac_address')]],
    ['a MAC address without mask', macip({ sourceMacAddressMask: '' }), [field('source_mac_address_mask')]],
    ['any MAC address', macip({ sourceMacAddress: '', sourceMacAddressMask: '' }), []],
    ['reflection', macip({}, Action.REFLECT), ['rules[0].action'], /PERMIT and DENY/],
  ]);
});

test('bindings are parts that wait for their interface', () => {
  const value = list({ interfaces: { ingress: ['tap1', 'tap2'], egress: ['tap1'] } });
  assert.deepEqual(partKeys(acl, value), [
    'vpp/acl/acl1/interface/ingress/tap1',
    'vpp/acl/acl1/interface/ingress/tap2',
    'vpp/acl/acl1/interface/egress/tap1',
  ]);
  const binding = partAt(acl, value, 'vpp/acl/acl1/interface/egress/tap1') as never;
  assert.deepEqual(binding, { acl: 'acl1', interface: 'tap1', direction: 'egress', macip: false });
  assert.deepEqual(labelsOf(aclInterface, binding), ['interface tap1']);
  assert.deepEqual(aclInterface.claims!(KEY, binding), [], 'several lists work on one interface');
  const only = list({ ...macip({}), interfaces: { ingress: ['tap1'] } });
  assert.ok(isMacip(only));
  const claimed = partAt(acl, only, 'vpp/acl/acl1/interface/ingress/tap1') as never;
  assert.deepEqual(aclInterface.claims!(KEY, claimed), ['MACIP list of interface tap1']);
});

test('lists are the same whatever the spelling, but the order of rules counts', () => {
  const same = (left: Init, right: Init) => acl.equivalent!(KEY, list(left), list(right));
  const deny: Rule = { ipRule: { ip: { sourceNetwork: '10.0.0.0/8' } } };
  assert.ok(!same({ rules: [deny, PERMIT_ANY] }, { rules: [PERMIT_ANY, deny] }));
  assert.ok(same({ interfaces: { ingress: ['a', 'b'] } }, { interfaces: { ingress: ['b', 'a'] } }));
  assert.ok(same({ interfaces: {} }, {}));
  assert.ok(!same({ interfaces: { ingress: ['a'] } }, { interfaces: { egress: ['a'] } }));
  const all = { lowerPort: 0, upperPort: 65_535 };
  assert.ok(
    same(ip({ tcp: {} }), ip({ ip: { protocol: 6 }, tcp: { sourcePortRange: all, destinationPortRange: all } })),
  );
  assert.ok(
    same(
      ip({ ip: { sourceNetwork: '10.0.0.1/8' } }),
      ip({ ip: { sourceNetwork: '10.0.0.0/8', destinationNetwork: '0.0.0.0/0' } }),
    ),
  );
  assert.ok(!same(ip({ ip: { sourceNetwork: '0.0.0.0/0' } }), ip({})), 'IPv4 only is not both families');
  assert.ok(!same(ip({ tcp: {} }), ip({ udp: {} })));
  assert.ok(!same(ip({}), macip({})));
  assert.ok(same(macip({ sourceMacAddress: '02:FE:00:00:00:01' }), macip({})));
  assert.ok(!same(macip({ sourceAddressPrefix: 24 }), macip({})));
});

test('rules say what they match', () => {
  const match = (rule: IpRule) => ipMatch(list(ip(rule)).rules[0]!.ipRule!);
  assert.equal(match({}).family, undefined);
  assert.equal(match({ icmp: {} }).protocol, ICMP);
  assert.deepEqual([match({ icmp: { icmpv6: true } }).protocol, match({ icmp: { icmpv6: true } }).family], [ICMPV6, 6]);
  const any = match({ ip: { sourceNetwork: '::/0' }, tcp: { tcpFlagsValue: 0 } });
  assert.deepEqual([any.family, any.source, any.protocol, any.tcpFlags], [6, undefined, TCP, undefined]);
  const ports = { destinationPortRange: { lowerPort: 80, upperPort: 81 } };
  assert.deepEqual(match({ udp: ports }).destinationPorts, { first: 80, last: 81 });
  const mac = macIpMatch(list(macip({ sourceMacAddressMask: 'ff:ff:ff:00:00:00' })).rules[0]!.macipRule!);
  assert.deepEqual([...mac.mac], [2, 0xfe, 0, 0, 0, 0]);
});
