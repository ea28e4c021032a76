import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  CryptoAlg,
  IntegAlg,
  SecurityAssociation_IPSecProtocol as Protocol,
  SecurityAssociationSchema,
  SecurityPolicy_Action as Action,
  SecurityPolicyDatabaseSchema,
  SecurityPolicySchema,
  TunnelProtectionSchema,
} from '../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import { asKey } from '../../model/key.ts';
import { assertProblems, keyOf, labelsOf, partAt, partKeys } from '../testing.ts';
import * as ipsec from './model.ts';

type Association = MessageInitShape<typeof SecurityAssociationSchema>;
const KEY = asKey('key');
const AES = '00112233445566778899aabbccddeeff';
const esp = { index: 1, spi: 1000, protocol: Protocol.ESP, cryptoAlg: CryptoAlg.AES_GCM_128, cryptoKey: AES };

test('keys are those of the models', () => {
  assert.equal(keyOf(create(SecurityAssociationSchema, esp)), ipsec.saKey(1));
  assert.equal(keyOf(create(SecurityPolicyDatabaseSchema, { index: 2 })), ipsec.spdKey(2));
  const protection = (nextHopAddr: string) => create(TunnelProtectionSchema, { interface: 'ipip1', nextHopAddr });
  assert.equal(keyOf(protection('')), ipsec.tunnelProtectionKey('ipip1'));
  assert.equal(keyOf(protection('10.0.0.1')), ipsec.tunnelProtectionKey('ipip1', '10.0.0.1'));
});

test('associations: wrong values', () => {
  assertProblems(ipsec.securityAssociation, SecurityAssociationSchema, esp, [
    ['the number that VPP has for none', { index: 0xffff_ffff }, ['index'], /not in 0-4294967294/],
    ['SPI 0', { spi: 0 }, ['spi']],
    ['a short key', { cryptoKey: '0011' }, ['crypto_key'], /32 hexadecimal digits \(16 bytes\)/],
    ['a key that is not hexadecimal', { cryptoKey: 'x'.repeat(32) }, ['crypto_key']],
    ['a key without algorithm', { cryptoAlg: CryptoAlg.NONE_CRYPTO }, ['crypto_key'], /crypto_alg/],
    ['a longer key', { cryptoAlg: CryptoAlg.AES_CBC_256, cryptoKey: AES + AES }, []],
    ['an unknown algorithm', { cryptoAlg: 99 as CryptoAlg, cryptoKey: '' }, ['crypto_alg']],
    ['integrity', { integAlg: IntegAlg.SHA1_96, integKey: AES }, []],
    ['integrity without key', { integAlg: IntegAlg.SHA1_96 }, ['integ_key']],
    ['an integrity key without algorithm', { integKey: AES }, ['integ_key']],
    ['AH that encrypts', { protocol: Protocol.AH, integAlg: IntegAlg.SHA1_96, integKey: AES }, ['crypto_alg']],
    [
      'AH that checks nothing',
      { protocol: Protocol.AH, cryptoAlg: CryptoAlg.NONE_CRYPTO, cryptoKey: '' },
      ['integ_alg'],
    ],
    ['a tunnel', { tunnelSrcAddr: '10.0.0.1', tunnelDstAddr: '10.0.0.2' }, []],
    ['half a tunnel', { tunnelSrcAddr: '10.0.0.1' }, ['tunnel_dst_addr']],
    ['a tunnel of two families', { tunnelSrcAddr: '10.0.0.1', tunnelDstAddr: 'fd00::1' }, ['tunnel_dst_addr'], /IPv4/],
    ['a tunnel to itself', { tunnelSrcAddr: '10.0.0.1', tunnelDstAddr: '10.0.0.1' }, ['tunnel_dst_addr']],
    ['a port without UDP', { tunnelDstPort: 4500 }, ['tunnel_dst_port'], /enable_udp_encap/],
    ['a port with UDP', { tunnelDstPort: 4500, enableUdpEncap: true }, []],
    ['port 65536', { tunnelSrcPort: 65_536, enableUdpEncap: true }, ['tunnel_src_port']],
  ]);
});

test('no problem repeats a key', () => {
  const wrong = create(SecurityAssociationSchema, { ...esp, cryptoKey: 'deadbeef', integKey: 'cafebabe' });
  assert.doesNotMatch(JSON.stringify(ipsec.securityAssociation.validate!(KEY, wrong)), /deadbeef|cafebabe/);
});

test('associations are the same but for salt and ports', () => {
  const sa = (change: Association = {}) => create(SecurityAssociationSchema, { ...esp, ...change });
  const same = (left: Association, right: Association) =>
    ipsec.securityAssociation.equivalent!(KEY, sa(left), sa(right));
  assert.ok(same({ cryptoKey: AES.toUpperCase() }, {}));
  assert.ok(same({ tunnelDstPort: 4500 }, {}));
  assert.ok(!same({ cryptoSalt: 1 }, {}));
  assert.ok(!same({ tunnelDstPort: 4501 }, {}));
});

test('databases', () => {
  assertProblems(ipsec.securityPolicyDatabase, SecurityPolicyDatabaseSchema, { index: 1 }, [
    ['the number that VPP has for none', { index: 0xffff_ffff }, ['index'], /not in 0-4294967294/],
    ['an interface twice', { interfaces: [{ name: 'a' }, { name: 'a' }] }, ['interfaces[1].name']],
    ['entries of old', { policyEntries: [{}] }, ['policy_entries'], /vpp\.ipsec\.sp/],
  ]);
  const database = create(SecurityPolicyDatabaseSchema, { index: 1, interfaces: [{ name: 'tap1' }] });
  assert.deepEqual(partKeys(ipsec.securityPolicyDatabase, database), ['vpp/spd/1/interface/tap1']);
  const part = partAt(ipsec.securityPolicyDatabase, database, 'vpp/spd/1/interface/tap1') as never;
  assert.deepEqual(labelsOf(ipsec.spdInterface, part), ['interface tap1']);
  assert.deepEqual(ipsec.spdInterface.claims!(KEY, part), ['security policies of interface tap1']);
});

test('policies', () => {
  const right = { spdIndex: 1, saIndex: 2, action: Action.PROTECT };
  assertProblems(ipsec.securityPolicy, SecurityPolicySchema, right, [
    ['an action of no use', { action: Action.RESOLVE }, ['action'], /PROTECT/],
    ['a range', { remoteAddrStart: '10.0.0.0', remoteAddrStop: '10.0.0.255' }, []],
    ['everything', { localAddrStart: '::', localAddrStop: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' }, []],
    ['a range upside down', { localAddrStart: '10.0.0.9', localAddrStop: '10.0.0.1' }, ['local_addr_stop'], /before/],
    ['a range of two families', { localAddrStart: '10.0.0.9', localAddrStop: 'fd00::1' }, ['local_addr_stop']],
    ['half a range', { localAddrStart: '10.0.0.9' }, ['local_addr_stop']],
    [
      'ranges of two families',
      { localAddrStart: 'fd00::', localAddrStop: 'fd00::1', remoteAddrStart: '10.0.0.0', remoteAddrStop: '10.0.0.1' },
      ['local_addr_start'],
    ],
    ['ports', { remotePortStart: 80, remotePortStop: 0 }, []],
    ['ports upside down', { remotePortStart: 80, remotePortStop: 79 }, ['remote_port_stop']],
    ['protocol 256', { protocol: 256 }, ['protocol']],
  ]);
  const policy = (action: Action) => create(SecurityPolicySchema, { ...right, action });
  const protect = ['security policy database 1', 'security association 2'];
  assert.deepEqual(labelsOf(ipsec.securityPolicy, policy(Action.PROTECT)), protect);
  assert.deepEqual(labelsOf(ipsec.securityPolicy, policy(Action.DISCARD)), protect.slice(0, 1));
});

test('protections of tunnels', () => {
  const right = { interface: 'ipip1', saOut: [1], saIn: [2] };
  assertProblems(ipsec.tunnelProtection, TunnelProtectionSchema, right, [
    ['no interface', { interface: '' }, ['interface']],
    ['nothing out', { saOut: [] }, ['sa_out']],
    ['two out', { saOut: [1, 3] }, ['sa_out'], /one is accepted/],
    ['nothing in', { saIn: [] }, ['sa_in'], /1-255/],
    ['256 in', { saIn: Array.from({ length: 256 }, (_, index) => index) }, ['sa_in']],
    ['one in twice', { saIn: [2, 2] }, ['sa_in[1]']],
    ['no next hop', { nextHopAddr: 'x' }, ['next_hop_addr']],
  ]);
  const labels = ['interface ipip1', 'security association 1', 'security association 2'];
  assert.deepEqual(
    labelsOf(ipsec.tunnelProtection, create(TunnelProtectionSchema, { ...right, saIn: [2, 1] })),
    labels,
  );
});
