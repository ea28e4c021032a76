// needs-kernel: esp, ipip, gre, xfrmi, wireguard
/** Tunnels of IP packets and IPsec in the kernel: what a trace says, on a kernel that has them. */

import '../../../test/stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { TraceStage, wayOf } from './testing.ts';

const skip = requires({ netns: true, kernel: ['esp', 'ipip', 'gre', 'xfrmi', 'wireguard'] });
const patience = { count: 1, timeout: 120_000 };

const two = {
  pod1: { pod: '10.1.0.2/24', tap: '10.1.0.1/24', gateway: '10.1.0.1' },
  pod2: { pod: '10.2.0.2/24', tap: '10.2.0.1/24', gateway: '10.2.0.1' },
};
const key = 'cryptoAlg: AES_GCM_128, cryptoKey: "00112233445566778899aabbccddeeff"';
const ends = 'srcAddr: 10.2.0.1, dstAddr: 10.2.0.2';
const seenRoute = 'route: VRF 0: connected subnet 10.2.0.0/24 out of tap-pod2 (outer packet)';
const neighbour = '~neighbour: 10.2.0.2 on tap-pod2 is MAC (configured) (outer packet)';
const sent = 'interface: tap-pod2 sends it (outer packet)';
/** pod2 has no IPsec, and does not answer all of it: it is not to be asked. */
const arps =
  '  arps:\n    - { interface: tap-pod2, ipAddress: 10.2.0.2, physAddress: "02:00:00:00:00:02", static: true }';

test('GRE and IPIP tunnels, plain and protected, and WireGuard', { skip, timeout: 600_000 }, async () => {
  await using stage = await TraceStage.open('pod1', 'pod2');
  await stage.configure(
    two,
    `    - { name: gre, type: GRE_TUNNEL, enabled: true, ipAddresses: [10.11.0.1/30], gre: { tunnelType: L3, ${ends} } }
    - { name: ipip, type: IPIP_TUNNEL, enabled: true, ipAddresses: [10.12.0.1/30], ipip: { srcAddr: 10.2.0.1, dstAddr: 10.2.0.3 } }
    - { name: guarded, type: IPIP_TUNNEL, enabled: true, ipAddresses: [10.13.0.1/30], ipip: { ${ends} } }
    - { name: sec, type: IPSEC_TUNNEL, enabled: true, ipAddresses: [10.14.0.1/30], ipsec: { tunnelMode: POINT_TO_POINT } }
    - { name: wg, type: WIREGUARD_TUNNEL, enabled: true, ipAddresses: [10.15.0.1/24], wireguard: { privateKey: "gIjXzrQxIFf80d3O8Hd3KhLkkh8sHhJDxrYmHtnoxnI=", port: 4500, srcAddr: 10.2.0.1 } }
${arps}
    - { interface: tap-pod2, ipAddress: 10.2.0.3, physAddress: "02:00:00:00:00:03", static: true }
  wgPeers:
    - { publicKey: "dIjXzrQxIFf80d3O8Hd3KhLkkh8sHhJDxrYmHtnoxnI=", wgIfName: wg, endpoint: 10.2.0.2, port: 4501, allowedIps: [10.15.0.0/24] }
  ipsecSas:
    - { index: 10, spi: 1001, protocol: ESP, ${key} }
    - { index: 11, spi: 1002, protocol: ESP, ${key} }
    - { index: 30, spi: 3001, protocol: ESP, ${key}, tunnelSrcAddr: 10.2.0.1, tunnelDstAddr: 10.2.0.2 }
    - { index: 31, spi: 3002, protocol: ESP, ${key}, tunnelSrcAddr: 10.2.0.2, tunnelDstAddr: 10.2.0.1 }
  ipsecTunnelProtections:
    - { interface: guarded, saOut: [10], saIn: [11] }
    - { interface: sec, saOut: [30], saIn: [31] }`,
  );
  const ipsec = 'config/vpp/ipsec/v2';
  const seen = await stage.pod('pod2').capture('eth0', { direction: 'in' });
  const gre = await stage.trace('pod1', '10.11.0.2');
  assert.deepEqual(wayOf(gre).slice(2), [
    'interface: gre sends it',
    'tunnel: gre wraps it: GRE 10.2.0.1 -> 10.2.0.2',
    ...[seenRoute, neighbour, sent],
  ]);
  assert.equal(gre.verdict.text, 'out of tap-pod2, to Linux interface pod2');
  await seen.wait({ ip: { destination: '10.2.0.2', protocol: 47 } }, patience);
  const ipip = await stage.trace('pod1', '10.12.0.2');
  assert.deepEqual(wayOf(ipip).slice(3), [
    'tunnel: ipip wraps it: IPIP 10.2.0.1 -> 10.2.0.3',
    ...[seenRoute, neighbour.replace('10.2.0.2', '10.2.0.3'), sent],
  ]);
  const guarded = await stage.trace('pod1', '10.13.0.2');
  assert.deepEqual(wayOf(guarded).slice(3), [
    'tunnel: guarded wraps it: IPIP 10.2.0.1 -> 10.2.0.2',
    ...[seenRoute, neighbour],
    'IPsec: guarded is protected (outer packet)',
    'IPsec: association 10 protects it: ESP, SPI 1001, no tunnel of its own (outer packet)',
    sent,
  ]);
  assert.deepEqual(
    guarded.hops.slice(6, 8).map((hop) => hop.key),
    [`${ipsec}/tun-protect/guarded`, `${ipsec}/sa/10`],
  );
  await seen.wait({ ip: { destination: '10.2.0.2', protocol: 50 } }, patience);
  const sec = await stage.trace('pod1', '10.14.0.2');
  assert.deepEqual(wayOf(sec).slice(2), [
    'interface: sec sends it',
    '~IPsec: sec is protected (outer packet)',
    '~IPsec: association 30 protects it: ESP, SPI 3001, tunnel 10.2.0.1 -> 10.2.0.2 (outer packet)',
    ...[seenRoute, neighbour, sent].map((hop) => `~${hop.replace(/^~/, '')}`),
  ]);
  assert.equal(sec.verdict.text, 'out of tap-pod2, to Linux interface pod2 (looked up)');
  await seen.wait({ ip: { destination: '10.2.0.2', protocol: 50 } }, { ...patience, count: 2 });
  const wg = await stage.trace('pod1', '10.15.0.2');
  assert.deepEqual(wayOf(wg).slice(3, 5), ['~tunnel: wg wraps it: WIREGUARD 10.2.0.1 -> 10.2.0.2', `~${seenRoute}`]);
  assert.match(wg.verdict.text, /looked up; WireGuard waits until its peer has answered/);
});

test('security policy databases: the rule that decides', { skip, timeout: 600_000 }, async () => {
  await using stage = await TraceStage.open('pod1', 'pod2');
  await stage.configure(
    two,
    `${arps}
  routes:
    - { dstNetwork: 10.7.0.0/16, nextHopAddr: 10.2.0.2, outgoingInterface: tap-pod2 }
  ipsecSas:
    - { index: 20, spi: 2001, protocol: ESP, ${key}, tunnelSrcAddr: 10.2.0.1, tunnelDstAddr: 10.2.0.2 }
  ipsecSpds:
    - { index: 100, interfaces: [{ name: tap-pod2 }] }
  ipsecSps:
    - { spdIndex: 100, priority: 90, isOutbound: true, localAddrStart: 10.2.0.1, localAddrStop: 10.2.0.1, remoteAddrStart: 10.2.0.2, remoteAddrStop: 10.2.0.2, protocol: 50, action: BYPASS }
    - { spdIndex: 100, priority: 100, isOutbound: true, localAddrStart: 10.1.0.0, localAddrStop: 10.1.0.255, remoteAddrStart: 10.7.1.0, remoteAddrStop: 10.7.1.255, action: PROTECT, saIndex: 20 }
    - { spdIndex: 100, priority: 80, isOutbound: true, localAddrStart: 10.1.0.0, localAddrStop: 10.1.0.255, remoteAddrStart: 10.7.2.0, remoteAddrStop: 10.7.2.255, action: BYPASS }
    - { spdIndex: 100, priority: 70, isOutbound: true, localAddrStart: 10.1.0.0, localAddrStop: 10.1.0.255, remoteAddrStart: 10.7.3.0, remoteAddrStop: 10.7.3.255, action: DISCARD }`,
  );
  const sp = /^config\/vpp\/ipsec\/v2\/sp\/spd\/100\//;
  const seen = await stage.pod('pod2').capture('eth0', { direction: 'in' });
  const secured = await stage.trace('pod1', '10.7.1.2');
  assert.deepEqual(wayOf(secured).slice(3), [
    '~IPsec: database 100: the rule of priority 100 protects it (PROTECT)',
    'IPsec: association 20 protects it: ESP, SPI 2001, tunnel 10.2.0.1 -> 10.2.0.2',
    ...[seenRoute, neighbour],
    '~IPsec: database 100: the rule of priority 90 lets it pass (BYPASS) (outer packet)',
    sent,
  ]);
  assert.match(secured.hops[3]?.key ?? '', sp);
  assert.equal(secured.hops[4]?.key, 'config/vpp/ipsec/v2/sa/20');
  await seen.wait({ ip: { destination: '10.2.0.2', protocol: 50 } }, patience);
  const clear = await stage.trace('pod1', '10.7.2.2');
  assert.deepEqual(wayOf(clear).slice(3), [
    '~IPsec: database 100: the rule of priority 80 lets it pass (BYPASS)',
    'interface: tap-pod2 sends it',
  ]);
  await seen.wait({ ip: { destination: '10.7.2.2' } }, patience);
  const discarded = await stage.trace('pod1', '10.7.3.2');
  assert.equal(discarded.verdict.text, 'IPsec: database 100: the rule of priority 70 discards it (DISCARD)');
  assert.match(discarded.verdict.key ?? '', sp);
  const unmatched = await stage.trace('pod1', '10.7.4.2');
  assert.equal(unmatched.verdict.text, 'IPsec: no rule of database 100 is for it');
  for (const destination of ['10.7.1.2', '10.7.3.2', '10.7.4.2'])
    assert.deepEqual(await seen.frames({ ip: { destination } }), []);
});
