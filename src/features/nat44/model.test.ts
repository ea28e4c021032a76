import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  DNat44_Protocol as Protocol,
  DNat44_StaticMapping_TwiceNatMode as TwiceNat,
  DNat44Schema,
  Nat44AddressPoolSchema,
  Nat44GlobalSchema,
  Nat44InterfaceSchema,
  Nat44VrfRouteSchema,
  Nat44VrfTableSchema,
} from '../../model/gen/ligato/vpp/nat/nat_pb.js';
import { asKey } from '../../model/key.ts';
import { assertKeys, assertProblems, keyOf, labelsOf, partAt, partKeys } from '../testing.ts';
import * as nat from './model.ts';

type Dnat = MessageInitShape<typeof DNat44Schema>;
type Mapping = NonNullable<Dnat['stMappings']>[number];
type Pool = MessageInitShape<typeof Nat44AddressPoolSchema>;
const KEY = asKey('key');
const global = (change: MessageInitShape<typeof Nat44GlobalSchema> = {}) => create(Nat44GlobalSchema, change);
const pool = (change: Pool = {}) => create(Nat44AddressPoolSchema, { firstIp: '192.0.2.1', ...change });
const dnat = (...stMappings: Mapping[]) => create(DNat44Schema, { label: 'web', stMappings });
const WEB: Mapping = {
  externalIp: '192.0.2.1',
  externalPort: 80,
  localIps: [{ localIp: '10.0.0.1', localPort: 8080 }],
};
const TWO = [
  { localIp: '10.0.0.1', localPort: 8080 },
  { localIp: '10.0.0.2', localPort: 8080 },
];

test('keys are those of the models', () => {
  assert.equal(keyOf(global()), nat.NAT44_GLOBAL_KEY);
  assert.equal(keyOf(dnat()), nat.dnat44Key('web'));
  assert.equal(keyOf(create(Nat44InterfaceSchema, { name: 'tap1' })), nat.nat44InterfaceKey('tap1'));
  assert.equal(keyOf(create(Nat44VrfTableSchema, { srcVrfId: 1 })), nat.nat44VrfKey(1));
  assert.equal(keyOf(create(Nat44VrfRouteSchema, { srcVrfId: 1, destVrfId: 2 })), nat.nat44VrfRouteKey(1, 2));
  assert.equal(keyOf(dnat()), 'config/vpp/nat/v2/dnat44/web');
});

test('NAT as a whole: wrong values', () => {
  const one = { name: 'tap1', isInside: true };
  assertProblems(nat.nat44Global, Nat44GlobalSchema, {}, [
    ['an interface on both sides', { natInterfaces: [one, { name: 'tap1' }] }, []],
    ['an interface on one side twice', { natInterfaces: [one, one] }, ['nat_interfaces[1]']],
    [
      'output on both sides',
      { natInterfaces: [{ ...one, outputFeature: true }, { name: 'tap1' }] },
      ['nat_interfaces[0].output_feature'],
    ],
    ['an interface without name', { natInterfaces: [{ name: '' }] }, ['nat_interfaces[0].name']],
    ['an address of IPv6', { addressPool: [{ address: 'fd00::1' }] }, ['address_pool[0].address'], /IPv4/],
    [
      'an address twice',
      { addressPool: [{ address: '192.0.2.1' }, { address: '192.0.2.1' }] },
      ['address_pool[1].address'],
    ],
  ]);
});

test('NAT as a whole: parts', () => {
  const value = global({
    natInterfaces: [{ name: 'tap1', isInside: true }, { name: 'tap2' }],
    addressPool: [
      { address: '192.0.2.1', twiceNat: true, vrfId: 2 },
      { address: '192.0.2.2', vrfId: nat.ANY_VRF },
    ],
  });
  assert.deepEqual(partKeys(nat.nat44Global, value), [
    'vpp/nat44/interface/tap1/feature/in',
    'vpp/nat44/interface/tap2/feature/out',
    'vpp/nat44/address/192.0.2.1/twice-nat/on',
    'vpp/nat44/address/192.0.2.2/twice-nat/off',
    'vpp/nat44/endpoint-dependent',
  ]);
  assert.deepEqual(partKeys(nat.nat44Global, global({ endpointIndependent: true })), []);
  const at = (key: string) => partAt(nat.nat44Global, value, key) as never;
  assert.deepEqual(labelsOf(nat.globalInterface, at('vpp/nat44/interface/tap1/feature/in')), ['interface tap1']);
  const twice = labelsOf(nat.globalAddress, at('vpp/nat44/address/192.0.2.1/twice-nat/on'));
  assert.deepEqual(twice, ['VRF 2 (IPv4)', 'NAT44 in endpoint-dependent mode']);
  assert.deepEqual(labelsOf(nat.globalAddress, at('vpp/nat44/address/192.0.2.2/twice-nat/off')), []);
});

test('interfaces of NAT', () => {
  assertProblems(nat.nat44Interface, Nat44InterfaceSchema, { name: 'tap1', natInside: true }, [
    ['no name', { name: '' }, ['name']],
    ['both sides', { natOutside: true }, []],
    ['no side', { natInside: false }, ['nat_inside'], /neither/],
    ['output on both sides', { natOutside: true, outputFeature: true }, ['output_feature']],
  ]);
  const inside = create(Nat44InterfaceSchema, { name: 'tap1', natInside: true });
  assert.deepEqual(labelsOf(nat.nat44Interface, inside), ['NAT44', 'interface tap1']);
  const deprecated = nat.globalInterface.claims!(KEY, { interface: 'tap1', inside: true } as never);
  assert.deepEqual(nat.nat44Interface.claims!(KEY, inside), deprecated, 'two objects cannot both say it');
});

test('pools: wrong values', () => {
  assertProblems(nat.nat44Pool, Nat44AddressPoolSchema, { firstIp: '192.0.2.1' }, [
    ['no address', { firstIp: '' }, ['first_ip']],
    ['IPv6', { firstIp: 'fd00::1' }, ['first_ip'], /IPv4/],
    ['a range', { lastIp: '192.0.2.9' }, []],
    ['a range upside down', { lastIp: '192.0.1.255' }, ['last_ip'], /before/],
    ['a range of two families', { lastIp: 'fd00::1' }, ['last_ip']],
    ['a range that is too large', { lastIp: '193.0.2.1' }, ['last_ip'], /65536/],
    ['the largest range', { lastIp: '192.1.2.0' }, []],
  ]);
});

test('pools: parts, dependencies and claims', () => {
  assert.deepEqual(labelsOf(nat.nat44Pool, pool({ vrfId: 3 })), ['NAT44', 'VRF 3 (IPv4)']);
  assert.deepEqual(labelsOf(nat.nat44Pool, pool({ vrfId: nat.ANY_VRF })), ['NAT44']);
  const twice = pool({ twiceNat: true, lastIp: '192.0.2.3', vrfId: 3 });
  assert.deepEqual(labelsOf(nat.nat44Pool, twice), ['NAT44', 'VRF 3 (IPv4)', 'NAT44 in endpoint-dependent mode']);
  assert.deepEqual(partKeys(nat.nat44Pool, twice), ['vpp/nat44/twiceNAT-pool/vrf/3/addresses/192.0.2.1-192.0.2.3']);
  const single = pool({ twiceNat: true });
  assert.deepEqual(partKeys(nat.nat44Pool, single), ['vpp/nat44/twiceNAT-pool/vrf/0/addresses/192.0.2.1']);
  assert.deepEqual(nat.poolAddresses(pool({ firstIp: '192.0.2.255', lastIp: '192.0.3.1' })), [
    '192.0.2.255',
    '192.0.3.0',
    '192.0.3.1',
  ]);
  const overlap = (left: Pool, right: Pool) => {
    const claims = new Set(nat.nat44Pool.claims!(KEY, pool(left)));
    return nat.nat44Pool.claims!(KEY, pool(right)).some((claim) => claims.has(claim));
  };
  assert.ok(overlap({ lastIp: '192.0.2.9' }, { firstIp: '192.0.2.9', name: 'other', vrfId: 5 }));
  assert.ok(!overlap({ lastIp: '192.0.2.9' }, { firstIp: '192.0.2.10' }));
  assert.ok(!overlap({}, { twiceNat: true }));
  assert.ok(nat.nat44Pool.equivalent!(KEY, pool(), pool({ lastIp: '192.0.2.1' })));
  assert.ok(!nat.nat44Pool.equivalent!(KEY, pool(), pool({ lastIp: '192.0.2.2' })));
});

test('translations: wrong values', () => {
  const change = (mapping: Mapping): Dnat => ({ stMappings: [{ ...WEB, ...mapping }] });
  const at = (field: string) => [`st_mappings[0].${field}`];
  assertProblems(nat.dnat44, DNat44Schema, { label: 'web', stMappings: [WEB] }, [
    ['no label', { label: '' }, ['label']],
    ['a label of 65 bytes', { label: 'x'.repeat(65) }, ['label'], /64/],
    ['no outside', change({ externalIp: '' }), at('external_ip')],
    ['an outside interface', change({ externalIp: '', externalInterface: 'tap1' }), []],
    ['an outside of IPv6', change({ externalIp: 'fd00::1' }), at('external_ip')],
    ['port 65536', change({ externalPort: 65_536 }), at('external_port')],
    ['an unknown protocol', change({ protocol: 9 as Protocol }), at('protocol'), /TCP, UDP, ICMP/],
    ['no backend', change({ localIps: [] }), at('local_ips'), /at least one/],
    ['a backend of IPv6', change({ localIps: [{ localIp: 'fd00::1', localPort: 1 }] }), at('local_ips[0].local_ip')],
    [
      'a backend without port',
      change({ localIps: [{ localIp: '10.0.0.1' }] }),
      at('local_ips[0].local_port'),
      /needs a port/,
    ],
    ['a whole address', change({ externalPort: 0, localIps: [{ localIp: '10.0.0.1' }] }), []],
    ['a port for a whole address', change({ externalPort: 0 }), at('local_ips[0].local_port'), /whole address/],
    ['several backends', change({ localIps: TWO }), []],
    ['a backend twice', change({ localIps: [...TWO, TWO[0]!] }), at('local_ips[2]')],
    ['the same backend in another VRF', change({ localIps: [...TWO, { ...TWO[0]!, vrfId: 1 }] }), []],
    [
      'a share of 256',
      change({ localIps: [{ ...TWO[0]!, probability: 256 }] }),
      at('local_ips[0].probability'),
      /0-255/,
    ],
    [
      'several backends of a whole address',
      change({ externalPort: 0, localIps: [{ localIp: '10.0.0.1' }, { localIp: '10.0.0.2' }] }),
      at('external_port'),
    ],
    ['ICMP to several', change({ localIps: TWO, protocol: Protocol.ICMP }), at('protocol')],
    ['twice-NAT', change({ twiceNat: TwiceNat.ENABLED, twiceNatPoolIp: '192.0.2.9' }), []],
    ['an address without twice-NAT', change({ twiceNatPoolIp: '192.0.2.9' }), at('twice_nat_pool_ip'), /ENABLED/],
    [
      'an address for self-twice-NAT',
      change({ twiceNat: TwiceNat.SELF, twiceNatPoolIp: '192.0.2.9' }),
      at('twice_nat_pool_ip'),
    ],
    [
      'an address for several backends',
      change({ twiceNat: TwiceNat.ENABLED, twiceNatPoolIp: '192.0.2.9', localIps: TWO }),
      at('twice_nat_pool_ip'),
    ],
    ['an outside twice', { stMappings: [WEB, WEB] }, ['st_mappings[1]'], /TCP 192\.0\.2\.1:80/],
    ['the same port of another protocol', { stMappings: [WEB, { ...WEB, protocol: Protocol.UDP }] }, []],
    ['an identity', { idMappings: [{ ipAddress: '192.0.2.1', port: 53, protocol: Protocol.UDP }] }, []],
    ['an identity of nothing', { idMappings: [{}] }, ['id_mappings[0].ip_address']],
    ['an identity twice', { idMappings: [{ interface: 'a' }, { interface: 'a' }] }, ['id_mappings[1]']],
  ]);
});

test('translations wait for what they mention', () => {
  assert.deepEqual(labelsOf(nat.dnat44, dnat(WEB)), ['NAT44']);
  const wide: Mapping = { ...WEB, externalInterface: 'tap1', localIps: TWO.map((local) => ({ ...local, vrfId: 3 })) };
  const labels = ['NAT44', 'interface tap1', 'VRF 3 (IPv4)', 'NAT44 in endpoint-dependent mode'];
  assert.deepEqual(labelsOf(nat.dnat44, dnat(wide, { ...wide, externalPort: 81 })), labels);
  const twice: Mapping = { ...WEB, twiceNat: TwiceNat.ENABLED, twiceNatPoolIp: '192.0.2.9' };
  const dependency = nat.dnat44.dependencies!(KEY, dnat(twice)).find(
    ({ label }) => label === 'twice-NAT pool with 192.0.2.9',
  );
  const accepts = (value: Pool) => {
    const part = nat.nat44Pool.parts!(KEY, pool({ ...value, twiceNat: true }))[0]!;
    return dependency!.anyOf!.where!(part.key, part.value);
  };
  assert.ok(accepts({ lastIp: '192.0.2.9' }));
  assert.ok(accepts({ firstIp: '192.0.2.9' }));
  assert.ok(!accepts({ lastIp: '192.0.2.8' }));
});

test('an outside belongs to one object', () => {
  const claims = (...mappings: Mapping[]) => nat.dnat44.claims!(KEY, dnat(...mappings));
  assert.deepEqual(claims(WEB), ['NAT44 mapping of TCP 192.0.2.1:80']);
  assert.deepEqual(claims({ ...WEB, localIps: TWO }), claims(WEB));
  assert.notDeepEqual(claims({ ...WEB, protocol: Protocol.UDP }), claims(WEB));
  assert.deepEqual(claims({ externalInterface: 'tap1' }), ['NAT44 mapping of interface tap1']);
});

test('mappings and backends are sets', () => {
  const same = (left: Mapping[], right: Mapping[]) => nat.dnat44.equivalent!(KEY, dnat(...left), dnat(...right));
  const other = { ...WEB, externalPort: 81 };
  assert.ok(same([WEB, other], [other, WEB]));
  assert.ok(same([{ ...WEB, localIps: TWO }], [{ ...WEB, localIps: TWO.toReversed() }]));
  const weighted = TWO.map((local) => ({ ...local, probability: 1 }));
  assert.ok(same([{ ...WEB, localIps: TWO }], [{ ...WEB, localIps: weighted }]), 'a share of 0 is 1');
  assert.ok(!same([{ ...WEB, localIps: TWO }], [{ ...WEB, localIps: [TWO[0]!, { ...TWO[1]!, probability: 2 }] }]));
  assert.ok(!same([{ ...WEB, localIps: TWO }], [WEB]));
  assert.ok(!same([WEB], [{ ...WEB, sessionAffinity: 10 }]));
});

test('VRFs of NAT', () => {
  const table = create(Nat44VrfTableSchema, { srcVrfId: 1, destVrfIds: [2, 0, 1] });
  assertProblems(nat.nat44Vrf, Nat44VrfTableSchema, { srcVrfId: 1 }, [
    ['twice', { destVrfIds: [2, 2] }, ['dest_vrf_ids[1]']],
  ]);
  assert.deepEqual(labelsOf(nat.nat44Vrf, table), ['NAT44 in endpoint-dependent mode', 'VRF 1 (IPv4)', 'VRF 2 (IPv4)']);
  const route = create(Nat44VrfRouteSchema, { srcVrfId: 1, destVrfId: 2 });
  assert.deepEqual(labelsOf(nat.nat44VrfRoute, route), ['NAT44 table of VRF 1', 'VRF 2 (IPv4)']);
});

test('keys of pools are those of the model', () => {
  assertKeys(nat.nat44Pool, Nat44AddressPoolSchema, nat.nat44PoolKey);
  assert.equal(
    nat.nat44PoolKey(pool({ lastIp: '192.0.2.9' })),
    'config/vpp/nat/v2/nat44-pool/vrf/0/address/192.0.2.1-192.0.2.9',
  );
});
