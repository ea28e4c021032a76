import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { PeerSchema } from '../../model/gen/ligato/vpp/wireguard/wireguard_pb.js';
import { asKey } from '../../model/key.ts';
import { assertProblems, keyOf, labelsOf } from '../testing.ts';
import { wireguardPeer, wireguardPeerKey } from './model.ts';

const KEY = asKey('key');
const right = {
  publicKey: `${'A'.repeat(43)}=`,
  port: 51_820,
  endpoint: '10.0.0.2',
  wgIfName: 'wg1',
  allowedIps: ['10.1.0.0/16'],
};
const peer = (change: MessageInitShape<typeof PeerSchema> = {}) => create(PeerSchema, { ...right, ...change });

test('keys are those of the model', () => {
  assert.equal(keyOf(peer()), wireguardPeerKey('wg1', '10.0.0.2', 51_820));
  assert.equal(keyOf(peer()), 'config/vpp/wg/v1/peer/wg1/endpoint/10.0.0.2/51820');
});

test('wrong values are refused', () => {
  assertProblems(wireguardPeer, PeerSchema, right, [
    ['a short key', { publicKey: 'AAAA' }, ['public_key'], /44 characters/],
    ['33 bytes', { publicKey: `${'A'.repeat(42)}B=` }, ['public_key']],
    ['port 65536', { port: 65_536 }, ['port']],
    ['a keep-alive of a day', { persistentKeepalive: 86_400 }, ['persistent_keepalive'], /65535 \(s\)/],
    ['no endpoint', { endpoint: '' }, ['endpoint']],
    ['no tunnel', { wgIfName: '' }, ['wg_if_name']],
    ['a bad mask', { allowedIps: ['10.0.0.0/33'] }, ['allowed_ips[0]']],
    ['a host', { allowedIps: ['10.0.0.1'] }, []],
    ['a network twice', { allowedIps: ['10.0.0.1/8', '10.0.0.2/8'] }, ['allowed_ips[1]']],
  ]);
});

test('a peer waits for its tunnel, which has a peer and a network once', () => {
  assert.deepEqual(labelsOf(wireguardPeer, peer()), ['interface wg1']);
  const claims = new Set(wireguardPeer.claims!(KEY, peer()));
  const other = wireguardPeer.claims!(KEY, peer({ publicKey: `${'A'.repeat(42)}E=`, endpoint: '10.0.0.3' }));
  assert.deepEqual(
    other.filter((claim) => claims.has(claim)),
    ['10.1.0.0/16 behind a peer of interface wg1'],
  );
});

test('what was found of the state of a peer is no difference', () => {
  assert.ok(wireguardPeer.equivalent!(KEY, peer({ flags: 1 }), peer()));
  assert.ok(!wireguardPeer.equivalent!(KEY, peer({ allowedIps: [] }), peer()));
});
