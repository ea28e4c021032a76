// needs-kernel: wireguard
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { Interface_Type as LinuxType } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { Interface_Type as Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { PeerSchema } from '../../model/gen/ligato/vpp/wireguard/wireguard_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { getLink } from '../../kernel/netlink/link.ts';
import { getWireguardDevice } from '../../kernel/netlink/wireguard.ts';
import { gone, linuxInterface, reaches, Stage, vppInterface } from '../../../test/stage/stage.ts';
import type { StageAgent } from '../../../test/stage/stage.ts';
import { interfaceKey } from '../interface/model.ts';
import { wireguardPeerKey } from './model.ts';

interface Keys {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** The last 32 bytes of the DER forms are the keys. */
function keys(): Keys {
  const pair = generateKeyPairSync('x25519');
  const raw = (der: Buffer): string => der.subarray(-32).toString('base64');
  return {
    privateKey: raw(pair.privateKey.export({ type: 'pkcs8', format: 'der' })),
    publicKey: raw(pair.publicKey.export({ type: 'spki', format: 'der' })),
  };
}

function tunnel(name: string, { privateKey }: Keys, port: number, ipAddresses: string[], srcAddr: string): Change {
  const value = { privateKey, port, srcAddr };
  return vppInterface(name, { type: Type.WIREGUARD_TUNNEL, ipAddresses, link: { case: 'wireguard', value } });
}

function peer(
  wgIfName: string,
  { publicKey }: Keys,
  endpoint: string,
  port: number,
  allowedIps: string[],
  keepalive = 0,
) {
  const value = create(PeerSchema, { wgIfName, publicKey, endpoint, port, allowedIps, persistentKeepalive: keepalive });
  return { key: wireguardPeerKey(wgIfName, endpoint, port), value };
}

function wire(namespace: Awaited<ReturnType<Stage['pod']>>['namespace']): Change[] {
  return [
    vppInterface('tap1', {
      type: Type.TAP,
      ipAddresses: ['192.0.2.1/24', 'fd02::1/64'],
      link: { case: 'tap', value: { version: 2 } },
    }),
    linuxInterface('far', {
      type: LinuxType.TAP_TO_VPP,
      namespace,
      hostIfName: 'eth0',
      ipAddresses: ['192.0.2.2/24', 'fd02::2/64'],
      link: { case: 'tap', value: { vppTapIfName: 'tap1' } },
    }),
  ];
}

async function peersOf({ driver }: StageAgent, name: string) {
  const link = await driver.rtnl(driver.vswitch).get(getLink({ name }));
  return link && (await getWireguardDevice(driver.vswitch, link.index));
}

test('two agents speak through WireGuard over IPv4 and IPv6; drift, change and restart', async () => {
  await using stage = await Stage.open();
  // The other agent has the pod for a data plane.
  const { host, namespace } = await stage.pod('pod');
  const agent = await stage.agent();
  const far = await stage.agentOf(namespace.reference);
  const [mine, theirs] = [keys(), keys()];
  await agent.commit(...wire(namespace));
  const here = [
    tunnel('wg1', mine, 51820, ['10.9.0.1/24', 'fd09::1/64'], '192.0.2.1'),
    peer('wg1', theirs, '192.0.2.2', 51821, ['10.9.0.2', 'fd09::2/128'], 25),
  ];
  await agent.commit(...here);
  await far.commit(
    tunnel('wg2', theirs, 51821, ['10.9.0.2/24', 'fd09::2/64'], '192.0.2.2'),
    peer('wg2', mine, '192.0.2.1', 51820, ['10.9.0.0/24', 'fd09::/64']),
  );
  await agent.until('IPv4', () => reaches(host, '10.9.0.1'), 30_000);
  await agent.until('IPv6', () => reaches(host, 'fd09::1'), 30_000);
  assert.deepEqual(await agent.drift(), []);

  // Over IPv6, and only what is allowed: another key for the peer is a change of its object.
  const six = peer('wg1', theirs, 'fd02::2', 51821, ['10.9.0.2/32']);
  await agent.commit(gone(here[1]!), six);
  await agent.until('IPv6 outside', () => reaches(stage.vswitch, '10.9.0.2'), 30_000);
  assert.equal((await host.ping('fd09::1', { timeout: 500 })).received, 0, 'not an allowed source');
  const wider = peer('wg1', theirs, 'fd02::2', 51821, ['10.9.0.2/32', 'fd09::2/128'], 10);
  assert.deepEqual(await agent.commit(wider), [`UPDATE ${wider.key}`]);
  await agent.until('allowed again', () => reaches(host, 'fd09::1'), 30_000);
  const read = await peersOf(agent, 'wg1');
  assert.deepEqual([read?.peers[0]?.keepalive, read?.peers[0]?.allowed.length], [10, 2]);

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...wire(namespace), here[0]!, wider), []);

  // Damage: down, and gone, while the agent mends the first or has just mended it. The peer goes with its device, without an event.
  for (let times = 0; times < 3; times++) {
    await stage.vswitch.run('ip', 'link', 'set', 'wg1', 'down');
    await stage.vswitch.run('ip', 'link', 'del', 'wg1');
    await next.until('tunnel and peer are back', async () => (await next.drift()).length === 0, 20_000);
  }
  await next.until('after damage', () => reaches(host, '10.9.0.1'), 30_000);

  // The key changes in place; without the right one nothing passes.
  await next.scheduler.idle();
  const index = (await peersOf(next, 'wg1'))?.index;
  const other = keys();
  const stranger = tunnel('wg1', other, 51820, ['10.9.0.1/24', 'fd09::1/64'], '192.0.2.1');
  assert.deepEqual(await next.commit(stranger), [`UPDATE ${interfaceKey('wg1')}`]);
  const changed = await peersOf(next, 'wg1');
  assert.deepEqual(
    [changed?.index, Buffer.from(changed!.privateKey!).toString('base64'), changed?.peers.length],
    [index, other.privateKey, 1],
  );
  assert.equal((await stage.vswitch.ping('10.9.0.2', { timeout: 500 })).received, 0);
  await next.commit(here[0]!);
  await next.until('the right key', () => reaches(stage.vswitch, '10.9.0.2'), 30_000);

  await next.commit(gone(wider), gone(here[0]!), ...wire(namespace).map(gone));
  const left = (await stage.vswitch.links()).map((link) => link.name);
  assert.ok(!left.some((name) => /^(wg|tap)/.test(name)), left.join());
});

test('a peer with thousands of prefixes, and what is wrong', async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  const mine = keys();
  const prefixes = Array.from({ length: 2_500 }, (_, index) => `10.${index >> 8}.${index & 0xff}.0/24`);
  const many = peer('wg1', keys(), '192.0.2.2', 1, prefixes);
  const silent = peer('wg1', keys(), 'fd02::2', 0, ['fd00::/8']);
  await agent.commit(tunnel('wg1', mine, 0, [], '192.0.2.1'), many, silent);
  assert.equal((await peersOf(agent, 'wg1'))?.peers.find(({ allowed }) => allowed.length > 1)?.allowed.length, 2_500);
  assert.deepEqual(await agent.drift(), []);

  const loop = vppInterface('loop1', { type: Type.SOFTWARE_LOOPBACK });
  await agent.commit(loop);
  const wrong = peer('loop1', keys(), '192.0.2.3', 5, []);
  const failures = await agent.failing(wrong);
  assert.match(failures[wrong.key]!, /loop1 is not a WireGuard tunnel/);
  await agent.commit(gone(wrong));

  const twin = tunnel('wg2', keys(), 51820, [], '192.0.2.1');
  await agent.commit(tunnel('wg1', mine, 51820, [], '192.0.2.1'));
  const taken = await agent.failing(twin);
  assert.match(taken[twin.key]!, /UDP port 51820 is taken/);
  assert.deepEqual(await agent.commit(gone(twin)), []);
  assert.equal(
    JSON.stringify(agent.scheduler.snapshot().node(interfaceKey('wg1'))?.metadata).includes(mine.privateKey),
    false,
  );
});
