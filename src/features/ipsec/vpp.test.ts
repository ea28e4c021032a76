import assert from 'node:assert/strict';
import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { Interface_Type as Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
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
import type { Change } from '../../scheduler/scheduler.ts';
import { gone, loopback, vppInterface } from '../../../test/vpp/builders.ts';
import { vppTests } from '../../../test/vpp/stage.ts';
import type { VppAgent } from '../../../test/vpp/stage.ts';
import { interfaceKey } from '../interface/model.ts';
import { asKey } from '../../model/key.ts';
import { keyOf } from '../testing.ts';
import { saKey, spdInterfaceKey } from './model.ts';

const vppTest = vppTests(import.meta.url);

function change<D extends DescMessage>(schema: D, init: MessageInitShape<D>): Change {
  const value = create(schema, init);
  return { key: asKey(keyOf(value)), value: value as Change['value'] };
}

const SECRET = '00112233445566778899aabbccddeeff';

function association(index: number, init: MessageInitShape<typeof SecurityAssociationSchema> = {}): Change {
  return change(SecurityAssociationSchema, {
    spi: 1_000 + index,
    protocol: Protocol.ESP,
    cryptoAlg: CryptoAlg.AES_GCM_128,
    cryptoKey: SECRET,
    cryptoSalt: 0x01020304,
    useAntiReplay: true,
    ...init,
    index,
  } as MessageInitShape<typeof SecurityAssociationSchema>);
}

const tunnel = vppInterface('tunnel', {
  type: Type.IPIP_TUNNEL,
  link: { case: 'ipip', value: { srcAddr: '192.0.2.1', dstAddr: '192.0.2.2' } },
});
const ALL = 0xffff_ffff;

/** All associations, by the newest list that this VPP has. */
function associationsOf({ client }: VppAgent) {
  return client.list(client.pick('ipsec_sa_v5_dump', 'ipsec_sa_v4_dump', 'ipsec_sa_v3_dump'), { sa_id: ALL });
}

const INBOUND = 0x40;

vppTest('associations of every sort come, change, are read back and go', async (stage) => {
  const agent = await stage.agent();
  const all = [
    association(1),
    association(2, {
      cryptoAlg: CryptoAlg.AES_CBC_256,
      cryptoKey: `${SECRET}${SECRET.toUpperCase()}`,
      cryptoSalt: 0,
      integAlg: IntegAlg.SHA_256_128,
      integKey: SECRET,
      useEsn: true,
      tunnelSrcAddr: '192.0.2.1',
      tunnelDstAddr: '192.0.2.2',
      enableUdpEncap: true,
      tunnelDstPort: 4501,
    }),
    association(3, { tunnelSrcAddr: '2001:db8::1', tunnelDstAddr: '2001:db8:0::2' }),
    association(4, {
      protocol: Protocol.AH,
      cryptoAlg: CryptoAlg.NONE_CRYPTO,
      cryptoKey: '',
      cryptoSalt: 0,
      integAlg: IntegAlg.SHA1_96,
      integKey: SECRET,
    }),
  ];
  await agent.commit(...all);
  assert.deepEqual(await agent.drift(), []);
  const rekeyed = association(1, { cryptoKey: SECRET.replaceAll('0', '1') });
  await agent.commit(rekeyed);
  assert.deepEqual(await agent.drift(), []);

  await agent.client.request('ipsec_sad_entry_del', { id: 3 });
  assert.deepEqual(await agent.drift(), [`missing ${saKey(3)}`]);
  assert.deepEqual(await agent.heal(), [`CREATE ${saKey(3)}`]);

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(rekeyed, ...all.slice(1)), []);
  await next.commit(...all.map(gone));
  assert.deepEqual(await associationsOf(next), []);
});

vppTest('policies of a database come, change, are healed and go', async (stage) => {
  const agent = await stage.agent();
  const devices = [loopback('one'), loopback('two')];
  const database = (...names: string[]) =>
    change(SecurityPolicyDatabaseSchema, { index: 10, interfaces: names.map((name) => ({ name })) });
  const other = change(SecurityPolicyDatabaseSchema, { index: 7, interfaces: [{ name: 'two' }] });
  const policy = (init: MessageInitShape<typeof SecurityPolicySchema>) =>
    change(SecurityPolicySchema, { ...init, spdIndex: 10 } as MessageInitShape<typeof SecurityPolicySchema>);
  const range = {
    remoteAddrStart: '10.0.1.0',
    remoteAddrStop: '10.0.1.255',
    localAddrStart: '10.0.2.0',
    localAddrStop: '10.0.2.255',
  };
  const out = policy({ ...range, saIndex: 1, priority: 10, isOutbound: true, action: Action.PROTECT });
  const back = policy({ ...range, saIndex: 2, priority: 10, action: Action.PROTECT });
  const six = policy({ remoteAddrStart: '::', remoteAddrStop: 'fd00::ffff', action: Action.BYPASS, protocol: 58 });
  const rest = policy({
    priority: -5,
    isOutbound: true,
    action: Action.DISCARD,
    localPortStart: 80,
    localPortStop: 90,
  });
  const policies = [out, back, six, rest];
  const associations = [association(1), association(2)];
  await agent.commit(...devices, ...associations, other, database('one'), ...policies);
  assert.deepEqual(await agent.drift(), []);
  const flags = (await associationsOf(agent)).map(({ entry }) => entry.flags & INBOUND);
  assert.deepEqual(flags, [0, INBOUND], 'the association of what comes in is made for that');

  const changed = policy({ ...range, saIndex: 1, priority: 11, isOutbound: true, action: Action.PROTECT });
  assert.equal(changed.key, out.key);
  await agent.commit(changed);
  assert.deepEqual(await agent.drift(), []);

  // Damage: an entry and a binding less, an entry more.
  const { swIfIndex } = agent.metadata<{ swIfIndex: number }>(interfaceKey('one'));
  const [entry] = agent.metadata<readonly object[]>(changed.key);
  await agent.client.request('ipsec_spd_entry_add_del_v2', { is_add: false, entry: { ...entry, protocol: 255 } });
  await agent.client.request('ipsec_interface_add_del_spd', { is_add: false, sw_if_index: swIfIndex, spd_id: 10 });
  const lost = [`missing ${changed.key}`, `missing ${spdInterfaceKey(10, 'one')}`].sort();
  assert.deepEqual(await agent.drift(), lost);
  assert.deepEqual(
    await agent.heal(),
    lost.map((each) => each.replace('missing', 'CREATE')),
  );
  await agent.client.request('ipsec_spd_entry_add_del_v2', {
    is_add: true,
    entry: { ...entry, protocol: 17, priority: 99, policy: Action.DISCARD, sa_id: 0, is_outbound: false },
  });
  const [healed] = await agent.heal();
  assert.match(healed ?? '', /^DELETE config\/vpp\/ipsec\/v2\/sp\/spd\/10\//);
  assert.deepEqual(await agent.drift(), []);

  const wanted = [...devices, ...associations, other, database('one'), changed, back, six, rest];
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...wanted), []);
  // An association that changes takes its policies with it, and brings them back.
  await next.commit(association(1, { spi: 77 }));
  assert.deepEqual(await next.drift(), []);
  await next.commit(...wanted.map(gone));
  assert.deepEqual(await next.client.list('ipsec_spds_dump'), []);
  assert.deepEqual(await associationsOf(next), []);
});

vppTest('a tunnel is protected, gets new keys in place, is healed, and is free again', async (stage) => {
  const agent = await stage.agent();
  const protection = (saOut: number, ...saIn: number[]) =>
    change(TunnelProtectionSchema, { interface: 'tunnel', saOut: [saOut], saIn });
  const associations = [1, 2, 3, 4].map((index) => association(index));
  const first = protection(1, 2);
  await agent.commit(tunnel, ...associations, first);
  assert.deepEqual(await agent.drift(), []);
  const rekeyed = protection(3, 4, 2);
  assert.deepEqual(await agent.commit(rekeyed), [`UPDATE ${rekeyed.key}`]);
  assert.deepEqual(await agent.drift(), []);

  const { swIfIndex } = agent.metadata<{ swIfIndex: number }>(interfaceKey('tunnel'));
  await agent.client.request('ipsec_tunnel_protect_del', { sw_if_index: swIfIndex, nh: '0.0.0.0' });
  assert.deepEqual(await agent.drift(), [`missing ${rekeyed.key}`]);
  assert.deepEqual(await agent.heal(), [`CREATE ${rekeyed.key}`]);

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(tunnel, ...associations, rekeyed), []);
  await next.commit(gone(rekeyed), ...associations.map(gone), gone(tunnel));
  assert.deepEqual(await next.client.list('ipsec_tunnel_protect_dump', { sw_if_index: ALL }), []);
  assert.deepEqual(await associationsOf(next), []);
});

vppTest('what VPP refuses of IPsec is told in its words, without the key', async (stage) => {
  const agent = await stage.agent();
  await agent.client.request(agent.client.pick('ipsec_sad_entry_add_v2', 'ipsec_sad_entry_add'), {
    entry: {
      sad_id: 1,
      spi: 5,
      protocol: 'IPSEC_API_PROTO_ESP',
      integrity_algorithm: 2,
      integrity_key: { length: 16 },
    },
  });
  const taken = association(1);
  const refused = (await agent.failing(taken))[taken.key] ?? '';
  assert.match(refused, /ENTRY_ALREADY_EXISTS/);
  assert.equal(refused.toLowerCase().includes(SECRET), false, refused);
  await agent.client.request('ipsec_sad_entry_del', { id: 1 });

  const device = loopback('one');
  const associations = [2, 3].map((index) => association(index));
  const protection = change(TunnelProtectionSchema, { interface: 'one', saOut: [2], saIn: [3] });
  const failures = await agent.failing(device, ...associations, protection);
  assert.match(failures[protection.key] ?? '', /INVALID_SW_IF_INDEX/);
  await agent.commit(gone(taken), gone(protection), ...associations.map(gone), gone(device));
});
