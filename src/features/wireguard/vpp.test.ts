import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { Interface_Type as Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { PeerSchema } from '../../model/gen/ligato/vpp/wireguard/wireguard_pb.js';
import type { Peer } from '../../model/gen/ligato/vpp/wireguard/wireguard_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { gone, loopback, vppInterface } from '../../../test/vpp/builders.ts';
import { vppTests } from '../../../test/vpp/stage.ts';
import type { VppInterface } from '../interface/vpp-metadata.ts';
import { wireguardPeerKey } from './model.ts';
import type { VppPeer } from './vpp.ts';

const vppTest = vppTests(import.meta.url);

/** Keys of the right form; the last characters keep the base64 canonical. */
function key(letter: string): string {
  return `${letter.repeat(42)}A=`;
}

function tunnel(name: string, privateKey: string, port: number, srcAddr = '192.0.2.1'): Change {
  return vppInterface(name, {
    type: Type.WIREGUARD_TUNNEL,
    ipAddresses: [`10.${port % 256}.0.1/24`],
    link: { case: 'wireguard', value: { privateKey, port, srcAddr } },
  });
}

function peer(
  init: Partial<Pick<Peer, 'publicKey' | 'endpoint' | 'port' | 'allowedIps' | 'persistentKeepalive'>>,
): Change {
  const value = create(PeerSchema, { wgIfName: 'wg1', endpoint: '192.0.2.2', port: 51_820, ...init });
  return { key: wireguardPeerKey('wg1', value.endpoint, value.port), value };
}

vppTest('WireGuard tunnels and their peers', async (stage) => {
  const first = await stage.agent();
  const privateKey = 'gGPVdsiu4GFvOWlcZ2qZ3Tpxtwzq3gWcGvTnXoVRSEg=';
  const wg1 = tunnel('wg1', privateKey, 51_820);
  const one = peer({ publicKey: key('b'), allowedIps: ['10.2.0.0/16', 'FD02:0::/32'], persistentKeepalive: 25 });
  const two = peer({ publicKey: key('c'), endpoint: 'FD00:0::9', port: 1000, allowedIps: ['10.3.0.0/16'] });
  const wanted = [loopback('underlay', ['192.0.2.1/24']), wg1, tunnel('wg2', key('d'), 51_821), one, two];
  await first.commit(...wanted);
  assert.deepEqual(await first.drift(), []);
  const second = await stage.restart(first);
  assert.deepEqual(await second.resync(...wanted), []);

  // Another peer takes its place.
  const other = peer({ publicKey: key('b'), allowedIps: ['10.2.0.0/16', '10.4.0.0/16'] });
  assert.deepEqual(await second.commit(other), [`CREATE ${one.key}`, `DELETE ${one.key}`]);
  assert.deepEqual(await second.drift(), []);

  const { client } = second;
  await client.request('wireguard_peer_remove', { peer_index: second.metadata<VppPeer>(two.key).index });
  assert.deepEqual(await second.drift(), [`missing ${two.key}`]);
  await second.heal();
  assert.deepEqual(await second.drift(), []);

  // The tunnel anew takes its peers along.
  const elsewhere = tunnel('wg1', privateKey, 51_900);
  const operations = await second.commit(elsewhere);
  for (const { key: each } of [wg1, one, two]) assert.ok(operations.includes(`CREATE ${each}`), operations.join());
  assert.deepEqual(await second.drift(), []);

  await client.request('wireguard_interface_delete', { sw_if_index: second.metadata<VppInterface>(wg1.key).swIfIndex });
  await second.heal();
  assert.deepEqual(await second.drift(), []);

  // No prefix: no peer. The same key at another endpoint: one peer of the tunnel.
  const none = peer({ publicKey: key('e'), port: 9 });
  await second.commit(none);
  assert.equal(second.state(none.key), 'UNIMPLEMENTED');
  await second.commit(...[...wanted, none].map(gone));
  assert.deepEqual(await second.drift(), []);
  assert.deepEqual(await client.list('wireguard_peers_dump', { peer_index: 0xffff_ffff }), []);
  assert.equal((await client.list('sw_interface_dump')).length, 1);
});
