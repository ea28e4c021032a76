/** What a trace says of packets that are packed or steered along segments is what happens to those of a host. */

import '../../../test/stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { reaches } from '../../../test/stage/stage.ts';
import { objectOf, TraceStage, wayOf } from './testing.ts';

const skip = requires({ netns: true, kernel: ['vxlan'] });
const patience = { count: 1, timeout: 20_000 };

const two = {
  pod1: { pod: '10.1.0.2/24, "fd01::2/64"', tap: '10.1.0.1/24, "fd01::1/64"', gateway: '10.1.0.1' },
  pod2: { pod: '10.2.0.2/24, "fd02::2/64"', tap: '10.2.0.1/24, "fd02::1/64"', gateway: '10.2.0.1' },
};
const tunnel = (name: string, number: number, vni: number, ends: string) =>
  `    - { name: ${name}, type: VXLAN_TUNNEL, enabled: true, ipAddresses: [10.${number}.0.1/24], vxlan: { ${ends}, vni: ${vni} } }`;
const peers = (...tunnels: readonly (readonly [name: string, number: number])[]) =>
  tunnels
    .map(
      ([name, number]) =>
        `    - { interface: ${name}, ipAddress: 10.${number}.0.2, physAddress: "02:00:00:00:00:07", static: true }`,
    )
    .join('\n');
const outerWay = (address: string, route: string) => [
  `route: VRF 0: ${route} out of tap-pod2 (outer packet)`,
  `~neighbour: ${address} on tap-pod2 is MAC (found by ${address.includes(':') ? 'ND' : 'ARP'}) (outer packet)`,
  'interface: tap-pod2 sends it (outer packet)',
];

test('the outer packets of tunnels: their routes, access lists, and the tunnel that they are in', {
  skip,
}, async () => {
  await using stage = await TraceStage.open('pod1', 'pod2');
  await stage.configure(
    two,
    `${tunnel('overlay', 7, 7, 'srcAddress: 10.2.0.1, dstAddress: 10.2.0.2')}
${tunnel('six', 6, 6, 'srcAddress: "fd02::1", dstAddress: "fd02::2"')}
${tunnel('nested', 8, 8, 'srcAddress: 10.7.0.1, dstAddress: 10.7.0.2')}
${tunnel('shut', 9, 9, 'srcAddress: 10.2.0.1, dstAddress: 10.2.0.3')}
  arps:
${peers(['overlay', 7], ['six', 6], ['nested', 8], ['shut', 9])}
    - { interface: tap-pod2, ipAddress: 10.2.0.3, physAddress: "02:00:00:00:00:03", static: true }
  acls:
    - name: no-shut
      interfaces: { egress: [tap-pod2] }
      rules:
        - { action: DENY, ipRule: { ip: { destinationNetwork: 10.2.0.3/32 }, udp: { destinationPortRange: { lowerPort: 4789, upperPort: 4789 }, sourcePortRange: { upperPort: 65535 } } } }
        - { action: PERMIT, ipRule: { ip: {} } }`,
  );
  const seen = await stage.pod('pod2').capture('eth0', { direction: 'in' });
  const overlay = await stage.trace('pod1', '10.7.0.2');
  assert.deepEqual(wayOf(overlay).slice(3), [
    'interface: overlay sends it',
    'tunnel: overlay wraps it: VXLAN 7 10.2.0.1 -> 10.2.0.2',
    'route: VRF 0: connected subnet 10.2.0.0/24 out of tap-pod2 (outer packet)',
    '~neighbour: 10.2.0.2 on tap-pod2 is MAC (found by ARP) (outer packet)',
    'access list: no-shut rule 2 permits it (output of tap-pod2) (outer packet)',
    'interface: tap-pod2 sends it (outer packet)',
  ]);
  assert.deepEqual(overlay.verdict, {
    outcome: 'forwarded',
    text: 'out of tap-pod2, to Linux interface pod2',
    key: 'config/vpp/v2/interfaces/tap-pod2',
  });
  await seen.wait({ vxlan: { vni: 7, inner: { ip: { destination: '10.7.0.2' } } } }, patience);

  const six = await stage.trace('pod1', '10.6.0.2');
  assert.deepEqual(wayOf(six)[4], 'tunnel: six wraps it: VXLAN 6 fd02::1 -> fd02::2');
  assert.equal(six.verdict.text, 'out of tap-pod2, to Linux interface pod2');
  const nested = await stage.trace('pod1', '10.8.0.2');
  assert.deepEqual(wayOf(nested).slice(4), [
    'tunnel: nested wraps it: VXLAN 8 10.7.0.1 -> 10.7.0.2',
    'route: VRF 0: connected subnet 10.7.0.0/24 out of overlay (outer packet)',
    '~neighbour: 10.7.0.2 on overlay is MAC (configured) (outer packet)',
    'interface: overlay sends it (outer packet)',
    '~tunnel: overlay wraps it: VXLAN 7 10.2.0.1 -> 10.2.0.2 (outer packet)',
    ...outerWay('10.2.0.2', 'connected subnet 10.2.0.0/24').map((hop) => `~${hop.replace(/^~/, '')}`),
  ]);
  await seen.wait({ vxlan: { vni: 7, inner: { vxlan: { vni: 8 } } } }, patience);

  const shut = await stage.trace('pod1', '10.9.0.2');
  assert.equal(shut.verdict.text, 'access list: no-shut rule 1 denies it (output of tap-pod2)');
  assert.equal(objectOf(shut.verdict), 'config/vpp/acls/v2/acl/no-shut #1');
  await stage.trace('pod1', '10.7.0.2');
  await seen.wait({ vxlan: { vni: 7, inner: { ip: { destination: '10.7.0.2' } } } }, { ...patience, count: 2 });
  assert.deepEqual(await seen.frames({ vxlan: { vni: 9 } }), []);
});

test('a tunnel that is a port of a bridge domain', { skip }, async () => {
  await using stage = await TraceStage.open('pod1', 'pod2');
  await stage.configure(
    { pod1: { pod: '10.5.0.2/24' }, pod2: two.pod2 },
    `    - { name: overlay, type: VXLAN_TUNNEL, enabled: true, vxlan: { srcAddress: 10.2.0.1, dstAddress: 10.2.0.2, vni: 7 } }
  bridgeDomains:
    - { name: bd, flood: true, unknownUnicastFlood: true, forward: true, learn: true, interfaces: [{ name: tap-pod1 }, { name: overlay }] }
  fibs:
    - { bridgeDomain: bd, physAddress: "02:00:00:00:00:55", outgoingInterface: overlay, staticConfig: true }`,
  );
  const seen = await stage.pod('pod2').capture('eth0', { direction: 'in' });
  const bridged = await stage.trace('pod1', '10.5.0.3', { destinationMac: '02:00:00:00:00:55' });
  assert.deepEqual(wayOf(bridged), [
    'interface: tap-pod1 receives it',
    'bridge domain: bd has tap-pod1 as a port',
    'forwarding table: bd: MAC (configured) is behind overlay',
    'interface: overlay sends it',
    'tunnel: overlay wraps it: VXLAN 7 10.2.0.1 -> 10.2.0.2',
    ...outerWay('10.2.0.2', 'connected subnet 10.2.0.0/24'),
  ]);
  assert.equal(bridged.verdict.text, 'out of tap-pod2, to Linux interface pod2');
  await seen.wait({ vxlan: { vni: 7, inner: { ip: { destination: '10.5.0.3' } } } }, patience);
});

test('tunnels that lead nowhere, into themselves and into each other', { skip }, async () => {
  await using stage = await TraceStage.open('pod1', 'pod2');
  await stage.configure(
    two,
    `${tunnel('far', 9, 9, 'srcAddress: 10.2.0.1, dstAddress: 10.99.0.2')}
${tunnel('loop', 10, 10, 'srcAddress: 10.2.0.1, dstAddress: 10.10.0.2')}
${tunnel('ping', 11, 11, 'srcAddress: 10.12.0.1, dstAddress: 10.12.0.2')}
${tunnel('pong', 12, 12, 'srcAddress: 10.11.0.1, dstAddress: 10.11.0.2')}
  arps:
${peers(['far', 9], ['loop', 10], ['ping', 11], ['pong', 12])}`,
  );
  const { verdict } = await stage.trace('pod1', '10.9.0.2');
  assert.deepEqual(verdict, {
    outcome: 'dropped',
    text: 'VRF 0 has no route to 10.99.0.2, the other end of far',
    key: 'config/vpp/v2/interfaces/far',
  });
  const loop = await stage.trace('pod1', '10.10.0.2');
  assert.equal(loop.verdict.text, '10.10.0.2, the other end of loop, is behind loop itself');
  const each = await stage.trace('pod1', '10.11.0.2');
  assert.equal(each.verdict.text, 'tunnels lead into each other: ping is entered again', JSON.stringify(each.hops));
});

test('segment routing: steering, the list that is taken, and segments that end here', { skip }, async () => {
  await using stage = await TraceStage.open('pod1', 'pod2');
  await stage.configure(
    two,
    `  routes:
    - { dstNetwork: "fc00:2::/32", nextHopAddr: "fd02::2", outgoingInterface: tap-pod2 }
  srv6Global: { encapSourceAddress: "fd02::1" }
  srv6Localsids:
    - { sid: "fc00:1::1", baseEndFunction: { psp: false } }
    - { sid: "fc00:1::2", endFunctionX: { psp: false, outgoingInterface: tap-pod2, nextHop: "fd02::2" } }
    - { sid: "fc00:1::4", endFunctionDx4: { outgoingInterface: tap-pod2, nextHop: 10.2.0.2 } }
  srv6Policies:
    - { bsid: "fc00:1::a1", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:2::1", "fc00:2::4"] }] }
    - { bsid: "fc00:1::a2", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:1::1", "fc00:1::4"] }] }
    - { bsid: "fc00:1::a4", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:1::2", "fc00:2::5"] }] }
    - { bsid: "fc00:1::a6", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:9::9"] }] }
  srv6Steerings:
    - { name: away, policyBsid: "fc00:1::a1", l3Traffic: { prefixAddress: 10.81.0.0/24 } }
    - { name: here, policyBsid: "fc00:1::a2", l3Traffic: { prefixAddress: 10.82.0.0/24 } }
    - { name: cross, policyBsid: "fc00:1::a4", l3Traffic: { prefixAddress: 10.84.0.0/24 } }
    - { name: lost, policyBsid: "fc00:1::a6", l3Traffic: { prefixAddress: 10.86.0.0/24 } }`,
  );
  assert.ok(await reaches(stage.pod('pod1'), '10.2.0.2'));
  const srv6 = 'config/vpp/srv6/v2';
  const seen = await stage.pod('pod2').capture('eth0', { direction: 'in' });
  const away = await stage.trace('pod1', '10.81.0.1');
  assert.deepEqual(wayOf(away).slice(1), [
    'route: VRF 0: SRv6 steering of 10.81.0.0/24',
    'SRv6 policy: policy fc00:1::a1 wraps it, list 1 of 1: fc00:2::1, fc00:2::4',
    ...outerWay('fd02::2', 'route fc00:2::/32 via fd02::2'),
  ]);
  assert.deepEqual(away.hops.slice(1, 3).map(objectOf), [`${srv6}/steering/away`, `${srv6}/policy/fc00:1::a1 #1`]);
  await seen.wait({ ip: { source: 'fd02::1', destination: 'fc00:2::1' } }, patience);

  const here = await stage.trace('pod1', '10.82.0.1');
  assert.deepEqual(wayOf(here).slice(3), [
    'segment: fc00:1::1 ends here: End: on to the next segment (outer packet)',
    'segment: fc00:1::4 ends here: End.DX4: unpacks it, to 10.2.0.2 out of tap-pod2 (outer packet)',
    "route: the segment's: via 10.2.0.2 out of tap-pod2",
    '~neighbour: 10.2.0.2 on tap-pod2 is MAC (found by ARP)',
    'interface: tap-pod2 sends it',
  ]);
  assert.equal(here.hops[4]?.key, `${srv6}/localsid/fc00:1::4`);
  await seen.wait({ ip: { source: '10.1.0.2', destination: '10.82.0.1' } }, patience);

  const cross = await stage.trace('pod1', '10.84.0.1');
  assert.deepEqual(wayOf(cross).slice(3), [
    'segment: fc00:1::2 ends here: End.X: on to the next segment, to fd02::2 out of tap-pod2 (outer packet)',
    "route: the segment's: via fd02::2 out of tap-pod2 (outer packet)",
    '~neighbour: fd02::2 on tap-pod2 is MAC (found by ND) (outer packet)',
    'interface: tap-pod2 sends it (outer packet)',
  ]);
  await seen.wait({ ip: { destination: 'fc00:2::5' } }, patience);

  const lost = await stage.trace('pod1', '10.86.0.1');
  assert.equal(lost.verdict.text, 'VRF 0 has no route to fc00:9::9');
  assert.equal(lost.verdict.key, `${srv6}/policy/fc00:1::a6`);
  const bare = await stage.trace('pod1', 'fc00:1::1');
  assert.deepEqual(bare.verdict, {
    outcome: 'dropped',
    text: 'the packet has no list of segments',
    key: `${srv6}/localsid/fc00:1::1`,
  });
  const own = await stage.trace('tap-pod1', '10.81.0.1');
  assert.deepEqual(wayOf(own).slice(0, 3), ['switch: sends it itself', ...wayOf(away).slice(1, 3)]);
});
