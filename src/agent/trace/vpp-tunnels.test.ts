/** What VPP does with packets that it packs, protects or steers along segments, in the words of the configuration. */

import assert from 'node:assert/strict';
import { vppTests } from '../../../test/vpp/stage.ts';
import { objectOf, wayOf } from './testing.ts';
import { KEPT, withConfiguration } from './vpp/testing.ts';

const vppTest = vppTests(import.meta.url, ...KEPT);

const three = `vppConfig:
  interfaces:
    - { name: one, type: SOFTWARE_LOOPBACK, enabled: true, physAddress: "02:00:00:00:01:01", ipAddresses: [10.1.0.1/24, "fd01::1/64"] }
    - { name: two, type: SOFTWARE_LOOPBACK, enabled: true, physAddress: "02:00:00:00:01:02", ipAddresses: [10.2.0.1/24, "fd02::1/64"] }
    - { name: three, type: SOFTWARE_LOOPBACK, enabled: true, physAddress: "02:00:00:00:01:03", ipAddresses: [10.3.0.1/24] }`;
const neighbours = `
    - { interface: two, ipAddress: 10.2.0.2, physAddress: "02:00:00:00:00:02", static: true }
    - { interface: two, ipAddress: "fd02::2", physAddress: "02:00:00:00:00:02", static: true }
    - { interface: three, ipAddress: 10.3.0.2, physAddress: "02:00:00:00:00:03", static: true }
    - { interface: three, ipAddress: 10.3.0.3, physAddress: "02:00:00:00:00:04", static: true }`;
const outerWay = [
  '~route: VRF 0: connected subnet 10.2.0.2/32 via 10.2.0.2 out of two (outer packet)',
  'neighbour: 10.2.0.2 on two is MAC (configured) (outer packet)',
  'interface: two sends it (outer packet)',
];
const key = 'cryptoAlg: AES_GCM_128, cryptoKey: "00112233445566778899aabbccddeeff"';

vppTest('tunnels of IP packets, one in another, and one whose end nobody routes to', (stage) =>
  withConfiguration(
    stage,
    `${three}
    - { name: gre, type: GRE_TUNNEL, enabled: true, ipAddresses: [10.11.0.1/30], gre: { tunnelType: L3, srcAddr: 10.2.0.1, dstAddr: 10.2.0.2 } }
    - { name: frames, type: GRE_TUNNEL, enabled: true, ipAddresses: [10.20.0.1/24], gre: { tunnelType: TEB, srcAddr: 10.2.0.1, dstAddr: 10.2.0.2 } }
    - { name: ipip, type: IPIP_TUNNEL, enabled: true, ipAddresses: [10.12.0.1/30], ipip: { srcAddr: 10.2.0.1, dstAddr: 10.2.0.2 } }
    - { name: inner, type: IPIP_TUNNEL, enabled: true, ipAddresses: [10.13.0.1/30], ipip: { srcAddr: 10.12.0.1, dstAddr: 10.12.0.2 } }
    - { name: six, type: IPIP_TUNNEL, enabled: true, ipAddresses: [10.16.0.1/30], ipip: { srcAddr: "fd02::1", dstAddr: "fd02::2" } }
    - { name: gtp, type: GTPU_TUNNEL, enabled: true, ipAddresses: [10.14.0.1/30], gtpu: { srcAddr: 10.2.0.1, dstAddr: 10.2.0.2, teid: 77, decapNext: IP4 } }
    - { name: far, type: VXLAN_TUNNEL, enabled: true, ipAddresses: [10.15.0.1/24], vxlan: { srcAddress: 10.2.0.1, dstAddress: 10.99.0.2, vni: 9 } }
  arps:${neighbours}
    - { interface: far, ipAddress: 10.15.0.2, physAddress: "02:00:00:00:00:07", static: true }
    - { interface: frames, ipAddress: 10.20.0.2, physAddress: "02:00:00:00:00:07", static: true }`,
    async (trace) => {
      for (const [to, wrap] of [
        ['10.11.0.2', 'gre wraps it: GRE 10.2.0.1 -> 10.2.0.2'],
        ['10.12.0.2', 'ipip wraps it: IPIP 10.2.0.1 -> 10.2.0.2'],
        ['10.14.0.2', 'gtp wraps it: GTPU 77 10.2.0.1 -> 10.2.0.2'],
        ['10.20.0.2', 'frames wraps it: GRE 10.2.0.1 -> 10.2.0.2'],
      ] as const) {
        const wrapped = await trace('10.1.0.2', to);
        assert.deepEqual(wayOf(wrapped).slice(-4), [`tunnel: ${wrap}`, ...outerWay], JSON.stringify(wrapped));
        const [tunnel] = wrap.split(' ');
        assert.equal(wrapped.hops.at(-4)?.key, `config/vpp/v2/interfaces/${tunnel}`);
        assert.equal(wrapped.verdict.text, 'out of two');
      }
      assert.deepEqual(wayOf(await trace('10.1.0.2', '10.13.0.2')).slice(2), [
        'tunnel: inner wraps it: IPIP 10.12.0.1 -> 10.12.0.2',
        '~route: VRF 0: connected subnet 10.12.0.2/32 out of ipip (outer packet)',
        'tunnel: ipip wraps it: IPIP 10.2.0.1 -> 10.2.0.2 (outer packet)',
        ...outerWay,
      ]);
      assert.deepEqual(wayOf(await trace('10.1.0.2', '10.16.0.2')).slice(2, 4), [
        'tunnel: six wraps it: IPIP fd02::1 -> fd02::2',
        '~route: VRF 0: connected subnet fd02::2/128 via fd02::2 out of two (outer packet)',
      ]);
      const lost = await trace('10.1.0.2', '10.15.0.2');
      assert.deepEqual(lost.verdict, {
        outcome: 'dropped',
        text: 'VRF 0 has no route to 10.99.0.2, the other end of far',
        key: 'config/vpp/v2/interfaces/far',
      });
    },
  ),
);

vppTest('WireGuard without a session, and without a peer', (stage) =>
  withConfiguration(
    stage,
    `${three}
    - { name: wg, type: WIREGUARD_TUNNEL, enabled: true, ipAddresses: [10.17.0.1/24], wireguard: { privateKey: "gIjXzrQxIFf80d3O8Hd3KhLkkh8sHhJDxrYmHtnoxnI=", port: 4500, srcAddr: 10.2.0.1 } }
  wgPeers:
    - { publicKey: "dIjXzrQxIFf80d3O8Hd3KhLkkh8sHhJDxrYmHtnoxnI=", wgIfName: wg, endpoint: 10.2.0.2, port: 4501, allowedIps: [10.17.0.0/24] }
  routes:
    - { dstNetwork: 10.17.0.2/32, nextHopAddr: 10.17.0.2, outgoingInterface: wg }
    - { dstNetwork: 10.18.0.2/32, nextHopAddr: 10.18.0.2, outgoingInterface: wg }`,
    async (trace) => {
      const waiting = await trace('10.1.0.2', '10.17.0.2');
      assert.equal(waiting.hops.at(-1)?.text, 'wg wraps it: WIREGUARD 10.2.0.1 -> 10.2.0.2', JSON.stringify(waiting));
      assert.match(waiting.verdict.text, /^WireGuard has no session with its peer/);
      assert.equal(waiting.verdict.key, 'config/vpp/v2/interfaces/wg');
      const nobody = await trace('10.1.0.2', '10.18.0.2');
      assert.match(nobody.verdict.text, /^no WireGuard peer has the next hop among its allowed_ips$/);
    },
  ),
);

vppTest('IPsec: the rule of the database that decides, and the association that protects', (stage) =>
  withConfiguration(
    stage,
    `${three}
    - { name: guarded, type: IPIP_TUNNEL, enabled: true, ipAddresses: [10.12.0.1/30], ipip: { srcAddr: 10.2.0.1, dstAddr: 10.2.0.2 } }
    - { name: sec, type: IPSEC_TUNNEL, enabled: true, ipAddresses: [10.14.0.1/30], ipsec: { tunnelMode: POINT_TO_POINT } }
  arps:${neighbours}
  routes:
    - { dstNetwork: 10.7.0.0/16, nextHopAddr: 10.3.0.2, outgoingInterface: three }
  ipsecSas:
    - { index: 10, spi: 1001, protocol: ESP, ${key} }
    - { index: 11, spi: 1002, protocol: ESP, ${key} }
    - { index: 20, spi: 2001, protocol: ESP, ${key}, tunnelSrcAddr: 10.3.0.1, tunnelDstAddr: 10.3.0.3 }
    - { index: 30, spi: 3001, protocol: ESP, ${key}, tunnelSrcAddr: 10.2.0.1, tunnelDstAddr: 10.2.0.2 }
    - { index: 31, spi: 3002, protocol: ESP, ${key}, tunnelSrcAddr: 10.2.0.2, tunnelDstAddr: 10.2.0.1 }
  ipsecTunnelProtections:
    - { interface: guarded, saOut: [10], saIn: [11] }
    - { interface: sec, saOut: [30], saIn: [31] }
  ipsecSpds:
    - { index: 100, interfaces: [{ name: three }] }
  ipsecSps:
    - { spdIndex: 100, priority: 90, isOutbound: true, localAddrStart: 10.3.0.1, localAddrStop: 10.3.0.1, remoteAddrStart: 10.3.0.3, remoteAddrStop: 10.3.0.3, protocol: 50, action: BYPASS }
    - { spdIndex: 100, priority: 100, isOutbound: true, localAddrStart: 10.1.0.0, localAddrStop: 10.1.0.255, remoteAddrStart: 10.7.1.0, remoteAddrStop: 10.7.1.255, action: PROTECT, saIndex: 20 }
    - { spdIndex: 100, priority: 80, isOutbound: true, localAddrStart: 10.1.0.0, localAddrStop: 10.1.0.255, remoteAddrStart: 10.7.2.0, remoteAddrStop: 10.7.2.255, action: BYPASS }
    - { spdIndex: 100, priority: 70, isOutbound: true, localAddrStart: 10.1.0.0, localAddrStop: 10.1.0.255, remoteAddrStart: 10.7.3.0, remoteAddrStop: 10.7.3.255, action: DISCARD }`,
    async (trace) => {
      const ipsec = 'config/vpp/ipsec/v2';
      const protectedWay = await trace('10.1.0.2', '10.7.1.2');
      assert.deepEqual(wayOf(protectedWay).slice(3), [
        'IPsec: database 100: the rule of priority 100 protects it (PROTECT)',
        'IPsec: association 20 protects it: ESP, SPI 2001, tunnel 10.3.0.1 -> 10.3.0.3',
        '~route: VRF 0: connected subnet 10.3.0.3/32 via 10.3.0.3 out of three (outer packet)',
        'neighbour: 10.3.0.3 on three is MAC (configured) (outer packet)',
        'IPsec: database 100: the rule of priority 90 lets it pass (BYPASS) (outer packet)',
        'interface: three sends it (outer packet)',
      ]);
      assert.match(protectedWay.hops[3]?.key ?? '', /ipsec\/v2\/sp\/spd\/100\/sa\/20\/outbound\/.*10\.7\.1\.0/);
      assert.equal(protectedWay.hops[4]?.key, `${ipsec}/sa/20`);
      const clear = await trace('10.1.0.2', '10.7.2.2');
      assert.deepEqual(wayOf(clear).slice(3), [
        'IPsec: database 100: the rule of priority 80 lets it pass (BYPASS)',
        'interface: three sends it',
      ]);
      const discarded = await trace('10.1.0.2', '10.7.3.2');
      assert.equal(discarded.verdict.text, 'IPsec: database 100: the rule of priority 70 discards it (DISCARD)');
      assert.match(discarded.verdict.key ?? '', /sp\/spd\/100\/.*10\.7\.3\.0/);
      const unmatched = await trace('10.1.0.2', '10.7.4.2');
      assert.equal(unmatched.verdict.text, 'IPsec: no rule of database 100 is for it');

      const guarded = await trace('10.1.0.2', '10.12.0.2');
      assert.deepEqual(wayOf(guarded).slice(2), [
        'tunnel: guarded wraps it: IPIP 10.2.0.1 -> 10.2.0.2',
        'IPsec: guarded is protected (outer packet)',
        'IPsec: association 10 protects it: ESP, SPI 1001, no tunnel of its own (outer packet)',
        ...outerWay,
      ]);
      assert.deepEqual(
        guarded.hops.slice(3, 5).map((hop) => hop.key),
        [`${ipsec}/tun-protect/guarded`, `${ipsec}/sa/10`],
      );
      assert.deepEqual(wayOf(await trace('10.1.0.2', '10.14.0.2')).slice(2), [
        'IPsec: sec is protected',
        'IPsec: association 30 protects it: ESP, SPI 3001, tunnel 10.2.0.1 -> 10.2.0.2',
        ...outerWay,
      ]);
    },
  ),
);

vppTest('segment routing: steering, the list that is taken, and segments that end here', (stage) =>
  withConfiguration(
    stage,
    `${three.replace('vppConfig:', 'vppConfig:\n  vrfs: [{ id: 5, protocol: IPV4, label: five }]')}
    - { name: five, type: SOFTWARE_LOOPBACK, enabled: true, vrf: 5, physAddress: "02:00:00:00:01:05", ipAddresses: [10.5.0.1/24] }
  arps:${neighbours}
    - { interface: five, ipAddress: 10.5.0.2, physAddress: "02:00:00:00:00:05", static: true }
  routes:
    - { dstNetwork: "fc00:2::/32", nextHopAddr: "fd02::2", outgoingInterface: two }
  srv6Global: { encapSourceAddress: "fd02::1" }
  srv6Localsids:
    - { sid: "fc00:1::1", baseEndFunction: { psp: false } }
    - { sid: "fc00:1::2", endFunctionX: { psp: true, outgoingInterface: two, nextHop: "fd02::2" } }
    - { sid: "fc00:1::4", endFunctionDx4: { outgoingInterface: two, nextHop: 10.2.0.2 } }
    - { sid: "fc00:1::5", endFunctionDt4: { vrfId: 5 } }
  srv6Policies:
    - { bsid: "fc00:1::a1", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:2::1", "fc00:2::4"] }] }
    - { bsid: "fc00:1::a2", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:1::1", "fc00:1::4"] }] }
    - { bsid: "fc00:1::a3", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:1::5"] }] }
    - { bsid: "fc00:1::a4", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:1::2", "fc00:2::5"] }] }
    - { bsid: "fc00:1::a6", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:9::9"] }] }
  srv6Steerings:
    - { name: away, policyBsid: "fc00:1::a1", l3Traffic: { prefixAddress: 10.81.0.0/24 } }
    - { name: here, policyBsid: "fc00:1::a2", l3Traffic: { prefixAddress: 10.82.0.0/24 } }
    - { name: table, policyBsid: "fc00:1::a3", l3Traffic: { prefixAddress: 10.5.0.0/24 } }
    - { name: cross, policyBsid: "fc00:1::a4", l3Traffic: { prefixAddress: 10.84.0.0/24 } }
    - { name: lost, policyBsid: "fc00:1::a6", l3Traffic: { prefixAddress: 10.86.0.0/24 } }`,
    async (trace) => {
      const srv6 = 'config/vpp/srv6/v2';
      const away = await trace('10.1.0.2', '10.81.0.1');
      assert.deepEqual(wayOf(away).slice(1), [
        'route: VRF 0: SRv6 steering of 10.81.0.0/24',
        'SRv6 policy: policy fc00:1::a1 wraps it: fd02::1 -> fc00:2::1, list 1 of 1: fc00:2::1, fc00:2::4',
        'route: VRF 0: route fc00:2::/32 via fd02::2 out of two (outer packet)',
        'neighbour: fd02::2 on two is MAC (configured) (outer packet)',
        'interface: two sends it (outer packet)',
      ]);
      assert.deepEqual(away.hops.slice(1, 3).map(objectOf), [`${srv6}/steering/away`, `${srv6}/policy/fc00:1::a1 #1`]);

      const here = await trace('10.1.0.2', '10.82.0.1');
      assert.deepEqual(wayOf(here).slice(3), [
        'route: VRF 0: local segment fc00:1::1/128 (outer packet)',
        'segment: fc00:1::1 ends here: End: on to the next segment (outer packet)',
        'route: VRF 0: local segment fc00:1::4/128 via 10.2.0.2 out of two (outer packet)',
        'segment: fc00:1::4 ends here: End.DX4: unpacks it, to 10.2.0.2 out of two (outer packet)',
        'neighbour: 10.2.0.2 on two is MAC (configured)',
        'interface: two sends it',
      ]);
      assert.equal(here.hops[4]?.key, `${srv6}/localsid/fc00:1::1`);
      const table = await trace('10.1.0.2', '10.5.0.2');
      assert.deepEqual(wayOf(table).slice(4), [
        'segment: fc00:1::5 ends here: End.DT4: unpacks it, on in VRF 5 (outer packet)',
        'route: VRF 5: connected subnet 10.5.0.2/32 via 10.5.0.2 out of five',
        'neighbour: 10.5.0.2 on five is MAC (configured)',
        'interface: five sends it',
      ]);
      const cross = await trace('10.1.0.2', '10.84.0.1');
      assert.deepEqual(wayOf(cross).slice(4, 6), [
        'segment: fc00:1::2 ends here: End.X: on to the next segment, to fd02::2 out of two (outer packet)',
        'neighbour: fd02::2 on two is MAC (configured) (outer packet)',
      ]);
      assert.equal((await trace('10.1.0.2', '10.86.0.1')).verdict.text, 'VRF 0 has no route to fc00:9::9');
      const bare = await trace('fd01::2', 'fc00:1::1', { interface: 'one' });
      assert.deepEqual(bare.verdict, {
        outcome: 'dropped',
        text: 'the packet has no list of segments',
        key: `${srv6}/localsid/fc00:1::1`,
      });
    },
  ),
);

vppTest('tunnels that are ports of a bridge domain', (stage) =>
  withConfiguration(
    stage,
    `${three}
    - { name: port1, type: SOFTWARE_LOOPBACK, enabled: true, physAddress: "02:00:00:00:01:04" }
    - { name: overlay, type: VXLAN_TUNNEL, enabled: true, vxlan: { srcAddress: 10.2.0.1, dstAddress: 10.2.0.2, vni: 7 } }
    - { name: packets, type: GRE_TUNNEL, enabled: true, gre: { tunnelType: L3, srcAddr: 10.2.0.1, dstAddr: 10.2.0.5 } }
    - { name: frames, type: GRE_TUNNEL, enabled: true, gre: { tunnelType: TEB, srcAddr: 10.2.0.1, dstAddr: 10.2.0.2 } }
  arps:${neighbours}
  bridgeDomains:
    - { name: bd, flood: true, unknownUnicastFlood: true, forward: true, learn: true, interfaces: [{ name: port1 }, { name: overlay }, { name: frames }] }
  fibs:
    - { bridgeDomain: bd, physAddress: "02:00:00:00:00:55", outgoingInterface: overlay, staticConfig: true }
    - { bridgeDomain: bd, physAddress: "02:00:00:00:00:66", outgoingInterface: frames, staticConfig: true }`,
    async (trace) => {
      for (const [mac, name, wrap] of [
        ['02:00:00:00:00:55', 'overlay', 'VXLAN 7'],
        ['02:00:00:00:00:66', 'frames', 'GRE'],
      ] as const) {
        const bridged = await trace('10.5.0.2', '10.5.0.3', { interface: 'port1', destinationMac: mac });
        assert.deepEqual(wayOf(bridged).slice(2), [
          `forwarding table: bd: MAC (configured) is behind ${name}`,
          `tunnel: ${name} wraps it: ${wrap} 10.2.0.1 -> 10.2.0.2`,
          ...outerWay,
        ]);
        assert.equal(bridged.verdict.text, 'out of two');
      }
    },
  ),
);
