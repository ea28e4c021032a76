import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ethernet, ip, udp } from '../../../test/lab/frame.ts';
import { eventually } from '../../../test/router/agent.ts';
import type { Bench } from '../../../test/router/bench.ts';
import { onVpp } from '../../../test/router/each-engine.ts';
import { PuntSocket } from './testing.ts';

const hosts = ['a', 'b'];

const network = (bench: Bench, more: string) => `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
    - ${bench.tap('b', '10.2.0.1/24, "fd02::1/64"')}
${more}
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64"')}
    - ${bench.end('b', '10.2.0.2/24, "fd02::2/64"')}
`;
const only = (more: string) => `vppConfig:\n${more}`;

/** Host a sends this to the router, of the router's own address in the family. */
async function send(bench: Bench, family: 4 | 6, protocol: number, payload: Buffer): Promise<void> {
  const a = bench.host('a');
  const [source, destination] = family === 4 ? ['10.1.0.2', '10.1.0.1'] : ['fd01::2', 'fd01::1'];
  const [router] = await a.whoHas('eth0', destination!, family === 4 ? { from: source! } : {});
  if (router === undefined) return;
  const { mac } = (await a.link('eth0'))!;
  const packet = ip({ source: source!, destination: destination!, protocol }, payload);
  await a.send(
    'eth0',
    ethernet({ source: mac, destination: router, etherType: family === 4 ? 0x0800 : 0x86dd }, packet),
  );
}

/** Resolves when what is sent, again and again, comes out of the socket. */
async function comes(socket: PuntSocket, sending: () => Promise<void>, text: string): Promise<void> {
  await eventually(async () => {
    await sending();
    return socket.read().some((packet) => packet.includes(text));
  });
}

onVpp('datagrams to a port come out of a socket, of another one, of none', { hosts }, async (bench) => {
  const agent = await bench.agent();
  using one = new PuntSocket(join(bench.vpp.folder, 'one.sock'));
  using two = new PuntSocket(join(bench.vpp.folder, 'two.sock'));
  const toSocket = (path: string, protocol = 'ALL') => `
  puntTohosts:
    - { l3Protocol: ${protocol}, l4Protocol: UDP, port: 5353, socketPath: ${path} }`;
  const config = network(bench, toSocket(one.path));
  await agent.commit(config);
  const datagram = (text: string, port = 5353) => udp(4000, port, Buffer.from(text));
  await comes(one, () => send(bench, 4, 17, datagram('first')), 'first');
  await comes(one, () => send(bench, 6, 17, datagram('sixth')), 'sixth');
  assert.deepEqual(await agent.drift(), []);

  const [done, ...more] = await agent.commit(only(toSocket(two.path)));
  assert.deepEqual([done?.split(' ')[0], more], ['UPDATE', []]);
  one.read();
  // Another port is nobody's.
  await send(bench, 4, 17, datagram('other', 5354));
  await comes(two, () => send(bench, 4, 17, datagram('second')), 'second');
  assert.deepEqual(one.read(), []);
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(network(bench, toSocket(two.path))), []);
  await comes(two, () => send(bench, 4, 17, datagram('third')), 'third');
  await again.remove(only(toSocket(two.path)));
  two.read();
  await send(bench, 4, 17, datagram('fourth'));
  // Answered after what was sent before.
  assert.equal((await bench.host('a').ping('10.1.0.1')).received, 1);
  assert.deepEqual(two.read(), []);
  assert.deepEqual(await bench.leftOf(again, network(bench, '')), []);
});

onVpp('what belongs to no tunnel comes out of the socket of its reason', { hosts }, async (bench) => {
  const agent = await bench.agent();
  using socket = new PuntSocket(join(bench.vpp.folder, 'one.sock'));
  const exceptions = `
  puntExceptions:
    - { reason: ipsec4-no-such-tunnel, socketPath: ${socket.path} }`;
  // VPP asks tunnels for ESP once there is one.
  const tunnel = `
  ipsecSas:
    - { index: 1, spi: 1001, protocol: ESP, cryptoAlg: AES_GCM_128, cryptoKey: 00112233445566778899aabbccddeeff }
    - { index: 2, spi: 1002, protocol: ESP, cryptoAlg: AES_GCM_128, cryptoKey: 00112233445566778899aabbccddeeff }
  ipsecTunnelProtections: [{ interface: tunnel, saOut: [1], saIn: [2] }]`;
  const base = network(bench, tunnel + exceptions).replace(
    '  interfaces:\n',
    `  interfaces:
    - { name: tunnel, type: IPIP_TUNNEL, enabled: true, ipAddresses: [10.5.0.1/30], ipip: { srcAddr: 10.1.0.1, dstAddr: 10.1.0.2 } }\n`,
  );
  await agent.commit(base);
  // Security parameters index, sequence number, and what says who it is.
  const esp = (text: string) =>
    Buffer.concat([Buffer.from([0, 0, 0x77, 0x77, 0, 0, 0, 1]), Buffer.from(text.padEnd(64))]);
  await comes(socket, () => send(bench, 4, 50, esp('first')), 'first');
  assert.deepEqual(await agent.drift(), []);
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(base), []);
  await comes(socket, () => send(bench, 4, 50, esp('second')), 'second');
  await again.remove(only(exceptions));
  socket.read();
  await send(bench, 4, 50, esp('third'));
  assert.equal((await bench.host('a').ping('10.1.0.1')).received, 1);
  assert.deepEqual(socket.read(), []);
  assert.deepEqual(await bench.leftOf(again, base), []);
});

onVpp('what nobody of the router takes is redirected', { hosts }, async (bench) => {
  const agent = await bench.agent();
  const UNKNOWN = 99;
  const redirects = (four: string) => `
  puntIpredirects:
    - { l3Protocol: IPV4, rxInterface: a, txInterface: b, nextHop: ${four} }
    - { l3Protocol: IPV6, rxInterface: a, txInterface: b, nextHop: "fd02::2" }`;
  const config = network(bench, redirects('10.2.0.2'));
  await agent.commit(config);
  const capture = await bench.host('b').capture('eth0', { direction: 'in' });
  const came = async (text: string) =>
    (await capture.frames({ ip: { protocol: UNKNOWN } })).filter(({ bytes }) => bytes.includes(text));
  for (const family of [4, 6] as const) {
    await eventually(async () => {
      await send(bench, family, UNKNOWN, Buffer.from(`packet${family}`.padEnd(64)));
      return (await came(`packet${family}`)).length > 0;
    });
  }
  assert.deepEqual(await agent.drift(), []);
  // To a next hop that does not answer.
  assert.equal((await agent.commit(only(redirects('10.2.0.9')))).length, 1);
  await send(bench, 4, UNKNOWN, Buffer.from('nowhere'.padEnd(64)));
  await eventually(async () => (await capture.frames({ arp: { operation: 1, targetIp: '10.2.0.9' } })).length > 0);
  assert.deepEqual(await came('nowhere'), []);
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(network(bench, redirects('10.2.0.9'))), []);
  await again.remove(only(redirects('10.2.0.9')));
  await send(bench, 6, UNKNOWN, Buffer.from('after'.padEnd(64)));
  assert.equal((await bench.host('a').ping('fd01::1')).received, 1);
  assert.deepEqual(await came('after'), []);
  await capture.close();
  assert.deepEqual(await bench.leftOf(again, network(bench, '')), []);
});
