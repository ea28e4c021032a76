/** What VPP's tracer tells of real packets, in the words of the configuration. */

import assert from 'node:assert/strict';
import { vppTests } from '../../../test/vpp/stage.ts';
import { objectOf, wayOf } from './testing.ts';
import { KEPT, withConfiguration } from './vpp/testing.ts';
import type { Trace } from './trace.ts';

const vppTest = vppTests(import.meta.url, ...KEPT);

const two = `vppConfig:
  interfaces:
    - { name: one, type: SOFTWARE_LOOPBACK, enabled: true, physAddress: "02:00:00:00:01:01", ipAddresses: [10.1.0.1/24] }
    - { name: two, type: SOFTWARE_LOOPBACK, enabled: true, physAddress: "02:00:00:00:01:02", ipAddresses: [10.2.0.1/24] }`;
const neighbour = '{ interface: two, ipAddress: 10.2.0.2, physAddress: "02:00:00:00:00:02", static: true }';
const routes = 'config/vpp/v2/route';

vppTest('routed packets and why they go nowhere', (stage) =>
  withConfiguration(
    stage,
    `${two}
  arps: [${neighbour}]
  routes:
    - { dstNetwork: 10.8.0.0/16, nextHopAddr: 10.2.0.2, outgoingInterface: two }
    - { dstNetwork: 10.8.9.0/24, type: DROP }`,
    async (trace) => {
      const routed = await trace('10.1.0.2', '10.8.0.1');
      assert.deepEqual(wayOf(routed), [
        'interface: one receives it',
        'route: VRF 0: route 10.8.0.0/16 via 10.2.0.2 out of two',
        'neighbour: 10.2.0.2 on two is MAC (configured)',
        'interface: two sends it',
      ]);
      assert.equal(routed.hops[1]?.key, `${routes}/if/two/vrf/0/dst/10.8.0.0/16/gw/10.2.0.2`);
      assert.equal(routed.hops[2]?.key, 'config/vpp/v2/arp/two/10.2.0.2');
      assert.deepEqual(routed.verdict, {
        outcome: 'forwarded',
        text: 'out of two',
        key: 'config/vpp/v2/interfaces/two',
      });
      assert.equal(routed.packet.interface, 'one');

      const connected = await trace('one', '10.2.0.2');
      assert.equal(connected.hops[0]?.text, 'sends it itself');
      assert.equal(connected.hops[1]?.text, 'VRF 0: connected subnet 10.2.0.2/32 via 10.2.0.2 out of two');
      assert.equal(connected.verdict.outcome, 'forwarded');

      const dropped = await trace('10.1.0.2', '10.8.9.1');
      assert.equal(dropped.verdict.text, 'VRF 0: route 10.8.9.0/24 drops it');
      assert.match(dropped.verdict.key ?? '', /dst\/10\.8\.9\.0\/24/);
      assert.equal((await trace('10.1.0.2', '10.99.0.1')).verdict.text, 'VRF 0 has no route to 10.99.0.1');
      const silent = await trace('10.1.0.2', '10.2.0.9');
      assert.equal(silent.verdict.text, 'nobody answers ARP for the next hop to 10.2.0.9');
      assert.equal((await trace('10.1.0.2', 'two')).verdict.outcome, 'delivered');
      const short = await trace('10.1.0.2', '10.8.0.1', { ttl: 1 });
      assert.deepEqual([short.verdict.outcome, short.verdict.text], ['dropped', 'its TTL ends here']);
    },
  ),
);

vppTest('the rule of an access list that decides', (stage) =>
  withConfiguration(
    stage,
    `${two}
  arps: [${neighbour}]
  acls:
    - name: web
      interfaces: { ingress: [one] }
      rules:
        - { action: PERMIT, ipRule: { tcp: { destinationPortRange: { lowerPort: 80, upperPort: 80 }, sourcePortRange: { upperPort: 65535 } } } }
        - { action: REFLECT, ipRule: { ip: { destinationNetwork: 10.0.0.0/8 }, udp: { destinationPortRange: { lowerPort: 53, upperPort: 53 }, sourcePortRange: { upperPort: 65535 } } } }
        - { action: DENY, ipRule: { ip: { destinationNetwork: 10.2.0.0/16 } } }
    - name: leaving
      interfaces: { egress: [two] }
      rules:
        - { action: PERMIT, ipRule: { ip: {} } }`,
    async (trace) => {
      const lists = 'config/vpp/acls/v2/acl';
      const deciders = ({ hops }: Trace) => hops.filter(({ by }) => by === 'access list').map(objectOf);
      const web = await trace('10.1.0.2', '10.2.0.2:80');
      assert.deepEqual(deciders(web), [`${lists}/web #1`, `${lists}/leaving #1`]);
      assert.equal(web.verdict.outcome, 'forwarded');
      const dns = await trace('10.1.0.2', '10.2.0.2', { protocol: 'udp', destinationPort: 53 });
      assert.ok(
        wayOf(dns).includes('access list: web rule 2 permits and reflects it (input of one)'),
        JSON.stringify(dns),
      );
      const denied = await trace('10.1.0.2', '10.2.0.2');
      assert.equal(denied.verdict.text, 'access list: web rule 3 denies it (input of one)');
      assert.equal(objectOf(denied.verdict), `${lists}/web #3`);
      const other = await trace('10.1.0.2', '192.0.2.1');
      assert.equal(other.verdict.text, 'access list: no rule of the input lists of one permits it');
    },
  ),
);

vppTest('the mapping or pool that rewrites the header', (stage) =>
  withConfiguration(
    stage,
    `${two}
  arps:
    - ${neighbour}
    - { interface: one, ipAddress: 10.1.0.2, physAddress: "02:00:00:00:00:01", static: true }
  nat44Global: { forwarding: false }
  nat44Interfaces:
    - { name: one, natInside: true }
    - { name: two, natOutside: true }
  nat44Pools:
    - { name: exit, vrfId: 4294967295, firstIp: 198.51.100.100 }
  dnat44s:
    - label: shop
      stMappings:
        - { externalIp: 203.0.113.10, externalPort: 80, protocol: TCP, localIps: [{ localIp: 10.1.0.2, localPort: 8080 }] }`,
    async (trace) => {
      const called = await trace('10.2.0.2', '203.0.113.10:80');
      const mapping = called.hops.find(({ by }) => by === 'NAT44');
      assert.equal(
        mapping?.text,
        'mapping shop (TCP 203.0.113.10:80): destination 203.0.113.10:80 becomes 10.1.0.2:8080',
        JSON.stringify(called),
      );
      assert.equal(objectOf(mapping), 'config/vpp/nat/v2/dnat44/shop #1');
      assert.equal(called.verdict.text, 'out of one');
      const leaving = await trace('10.1.0.2', '10.2.0.2', { protocol: 'udp', destinationPort: 53, sourcePort: 5353 });
      const pool = leaving.hops.find(({ by }) => by === 'NAT44');
      assert.match(
        pool?.text ?? '',
        /^pool exit: source 10\.1\.0\.2:5353 becomes 198\.51\.100\.100:\d+$/,
        JSON.stringify(leaving),
      );
      const closed = await trace('10.2.0.2', '10.1.0.2:22');
      assert.equal(closed.verdict.outcome, 'dropped', JSON.stringify(closed));
    },
  ),
);

vppTest('bridge domains and tunnels', (stage) =>
  withConfiguration(
    stage,
    `${two}
    - { name: port1, type: SOFTWARE_LOOPBACK, enabled: true, physAddress: "02:00:00:00:01:03" }
    - { name: port2, type: SOFTWARE_LOOPBACK, enabled: true, physAddress: "02:00:00:00:01:04" }
    - { name: bvi, type: SOFTWARE_LOOPBACK, enabled: true, physAddress: "02:00:00:00:01:05", ipAddresses: [10.5.0.1/24] }
    - { name: overlay, type: VXLAN_TUNNEL, enabled: true, ipAddresses: [10.7.0.1/24], vxlan: { srcAddress: 10.2.0.1, dstAddress: 10.2.0.2, vni: 7 } }
  arps:
    - ${neighbour}
    - { interface: overlay, ipAddress: 10.7.0.2, physAddress: "02:00:00:00:00:07", static: true }
    - { interface: bvi, ipAddress: 10.5.0.55, physAddress: "02:00:00:00:00:55", static: true }
  bridgeDomains:
    - name: bd
      flood: true
      unknownUnicastFlood: true
      forward: true
      learn: true
      interfaces: [{ name: bvi, bridgedVirtualInterface: true }, { name: port1 }, { name: port2 }]
  fibs:
    - { bridgeDomain: bd, physAddress: "02:00:00:00:00:55", outgoingInterface: port2, staticConfig: true }
    - { bridgeDomain: bd, physAddress: "02:00:00:00:00:66", action: DROP }`,
    async (trace) => {
      const port = { interface: 'port1' };
      const bridged = await trace('10.5.0.2', '10.5.0.55', port);
      assert.deepEqual(wayOf(bridged), [
        'interface: port1 receives it',
        'bridge domain: bd has port1 as a port',
        'forwarding table: bd: MAC (configured) is behind port2',
        'interface: port2 sends it',
      ]);
      assert.match(bridged.hops[2]?.key ?? '', /fib\/bd\/mac\/02:00:00:00:00:55$/);
      const dropped = await trace('10.5.0.2', '10.5.0.66', { ...port, destinationMac: '02:00:00:00:00:66' });
      assert.equal(dropped.verdict.text, 'bridge domain: bd: a DROP entry of its table has the destination');
      const up = await trace('10.5.0.2', '10.2.0.2', port);
      assert.deepEqual(wayOf(up).slice(2), [
        'forwarding table: bd: MAC (own address) is behind its BVI bvi',
        'interface: bvi receives it',
        'route: VRF 0: connected subnet 10.2.0.2/32 via 10.2.0.2 out of two',
        'neighbour: 10.2.0.2 on two is MAC (configured)',
        'interface: two sends it',
      ]);
      const down = await trace('10.1.0.2', '10.5.0.55');
      assert.deepEqual(wayOf(down).slice(1), [
        'route: VRF 0: connected subnet 10.5.0.55/32 via 10.5.0.55 out of bvi',
        'neighbour: 10.5.0.55 on bvi is MAC (configured)',
        'interface: bvi sends it',
        'bridge domain: bd gets it from its BVI bvi',
        'forwarding table: bd: MAC (configured) is behind port2',
        'interface: port2 sends it',
      ]);
      const wrapped = await trace('10.1.0.2', '10.7.0.2');
      assert.deepEqual(wayOf(wrapped).slice(1), [
        'route: VRF 0: connected subnet 10.7.0.2/32 via 10.7.0.2 out of overlay',
        'neighbour: 10.7.0.2 on overlay is MAC (configured)',
        'tunnel: overlay wraps it: VXLAN 7 10.2.0.1 -> 10.2.0.2',
        '~route: VRF 0: connected subnet 10.2.0.2/32 via 10.2.0.2 out of two (outer packet)',
        'neighbour: 10.2.0.2 on two is MAC (configured) (outer packet)',
        'interface: two sends it (outer packet)',
      ]);
    },
  ),
);

vppTest('cross-connects, policies and lists by MAC address', (stage) =>
  withConfiguration(
    stage,
    `${two}
    - { name: in1, type: SOFTWARE_LOOPBACK, enabled: true, physAddress: "02:00:00:00:01:03" }
    - { name: out1, type: SOFTWARE_LOOPBACK, enabled: true, physAddress: "02:00:00:00:01:04" }
    - { name: three, type: SOFTWARE_LOOPBACK, enabled: true, physAddress: "02:00:00:00:01:06", ipAddresses: [10.3.0.1/24] }
    - { name: four, type: SOFTWARE_LOOPBACK, enabled: true, physAddress: "02:00:00:00:01:07", ipAddresses: [10.4.0.1/24] }
  arps: [${neighbour}]
  bridgeDomains: [{ name: end, flood: true, forward: true, learn: true, interfaces: [{ name: out1 }] }]
  xconnectPairs:
    - { receiveInterface: in1, transmitInterface: out1 }
  l3xconnects:
    - { interface: three, protocol: IPV4, paths: [{ outgoingInterface: two, nextHopAddr: 10.2.0.2 }] }
  acls:
    - name: steered
      rules:
        - { action: PERMIT, ipRule: { ip: { destinationNetwork: 10.66.0.0/16 } } }
    - name: hosts
      interfaces: { ingress: [four] }
      rules:
        - { action: DENY, macipRule: { sourceAddress: 10.4.0.4, sourceAddressPrefix: 32, sourceMacAddress: "00:00:00:00:00:00", sourceMacAddressMask: "00:00:00:00:00:00" } }
        - { action: PERMIT, macipRule: { sourceAddress: 10.4.0.2, sourceAddressPrefix: 32, sourceMacAddress: "00:00:00:00:00:00", sourceMacAddressMask: "00:00:00:00:00:00" } }
  abfs:
    - { index: 3, aclName: steered, attachedInterfaces: [{ inputInterface: one, priority: 1 }], forwardingPaths: [{ interfaceName: two, nextHopIp: 10.2.0.2 }] }`,
    async (trace) => {
      const crossed = await trace('192.0.2.1', '192.0.2.2', { interface: 'in1', destinationMac: '02:00:00:00:00:99' });
      assert.deepEqual(wayOf(crossed).slice(1), [
        'cross-connect: takes what in1 receives, to out1',
        'interface: out1 sends it',
      ]);
      const steered = await trace('10.1.0.2', '10.66.0.1');
      const policy = steered.hops.find(({ by }) => by === 'ABF policy');
      assert.equal(policy?.key, 'config/vpp/abfs/v2/abf/3', JSON.stringify(steered));
      assert.equal(steered.verdict.text, 'out of two');
      const routed = await trace('10.3.0.2', '192.0.2.9');
      assert.ok(
        routed.hops.some(({ by }) => by === 'L3 cross-connect'),
        JSON.stringify(routed),
      );
      assert.equal(routed.verdict.text, 'out of two');
      const host = await trace('10.4.0.2', '10.2.0.2');
      assert.ok(wayOf(host).includes('MACIP list: hosts rule 2 permits it (input of four)'), JSON.stringify(host));
      assert.equal(host.verdict.outcome, 'forwarded');
      const spoofed = await trace('10.4.0.3', '10.2.0.2');
      assert.equal(
        spoofed.verdict.text,
        'MACIP list: no rule of hosts permits it (input of four)',
        JSON.stringify(spoofed),
      );
      const denied = await trace('10.4.0.4', '10.2.0.2');
      assert.equal(denied.verdict.text, 'MACIP list: hosts rule 1 denies it (input of four)');
      assert.equal(objectOf(denied.verdict), 'config/vpp/acls/v2/acl/hosts #1');
    },
  ),
);

vppTest('IPv6 packets and packets of a VRF', (stage) =>
  withConfiguration(
    stage,
    `vppConfig:
  vrfs: [{ id: 5, protocol: IPV4 }, { id: 5, protocol: IPV6 }]
  interfaces:
    - { name: one, type: SOFTWARE_LOOPBACK, enabled: true, vrf: 5, physAddress: "02:00:00:00:01:01", ipAddresses: ["fd01::1/64", 10.1.0.1/24] }
    - { name: two, type: SOFTWARE_LOOPBACK, enabled: true, vrf: 5, physAddress: "02:00:00:00:01:02", ipAddresses: ["fd02::1/64", 10.2.0.1/24] }
  arps:
    - ${neighbour}
    - { interface: two, ipAddress: "fd02::2", physAddress: "02:00:00:00:00:02", static: true }
  routes:
    - { vrfId: 5, dstNetwork: "fd08::/32", nextHopAddr: "fd02::2", outgoingInterface: two }
    - { vrfId: 5, dstNetwork: 10.8.0.0/16, nextHopAddr: 10.2.0.2, outgoingInterface: two }`,
    async (trace) => {
      const six = await trace('fd01::2', '[fd08::1]:443', { interface: 'one' });
      assert.deepEqual(wayOf(six), [
        'interface: one receives it',
        'route: VRF 5: route fd08::/32 via fd02::2 out of two',
        'neighbour: fd02::2 on two is MAC (configured)',
        'interface: two sends it',
      ]);
      assert.match(six.hops[1]?.key ?? '', /vrf\/5\/dst\/fd08::/);
      const four = await trace('10.1.0.2', '10.8.0.1', { interface: 'one' });
      assert.equal(four.hops[1]?.text, 'VRF 5: route 10.8.0.0/16 via 10.2.0.2 out of two');
      await assert.rejects(
        trace('10.1.0.2', '10.8.0.1', { vrf: 7 }),
        /^TraceError: vrf: the switch has no VRF 7; it has 0, 5$/,
      );
      await assert.rejects(
        trace('10.1.0.2', '10.8.0.1', { interface: 'one', vrf: 0 }),
        /^TraceError: vrf: interface one is in VRF 5, not in 0$/,
      );
      const found = await trace('10.1.0.2', '10.8.0.1', { vrf: 5 });
      assert.equal(found.packet.interface, 'one');
      assert.equal(
        (await trace('fd01::2', 'fd09::1', { interface: 'one' })).verdict.text,
        'VRF 5 has no route to fd09::1',
      );
    },
  ),
);

vppTest('routes that lead from VRF to VRF', (stage) =>
  withConfiguration(
    stage,
    `vppConfig:
  vrfs: [{ id: 5, protocol: IPV4, label: five }, { id: 6, protocol: IPV4 }, { id: 7, protocol: IPV4 }]
  interfaces:
    - { name: five, type: SOFTWARE_LOOPBACK, enabled: true, vrf: 5, physAddress: "02:00:00:00:01:05", ipAddresses: [10.5.0.1/24] }
    - { name: seven, type: SOFTWARE_LOOPBACK, enabled: true, vrf: 7, physAddress: "02:00:00:00:01:07", ipAddresses: [10.7.0.1/24] }
  arps:
    - { interface: seven, ipAddress: 10.7.0.2, physAddress: "02:00:00:00:00:07", static: true }
  routes:
    - { vrfId: 5, dstNetwork: 10.60.0.0/16, type: INTER_VRF, viaVrfId: 6 }
    - { vrfId: 6, dstNetwork: 10.60.7.0/24, type: INTER_VRF, viaVrfId: 7 }
    - { vrfId: 6, dstNetwork: 10.60.8.0/24, type: INTER_VRF, viaVrfId: 7 }
    - { vrfId: 7, dstNetwork: 10.60.7.0/24, nextHopAddr: 10.7.0.2, outgoingInterface: seven }`,
    async (trace) => {
      const twice = await trace('10.5.0.2', '10.60.7.1', { interface: 'five' });
      assert.deepEqual(wayOf(twice).slice(1), [
        'route: VRF 5: route 10.60.0.0/16',
        'route: VRF 6: route 10.60.7.0/24',
        'route: VRF 7: route 10.60.7.0/24 via 10.7.0.2 out of seven',
        'neighbour: 10.7.0.2 on seven is MAC (configured)',
        'interface: seven sends it',
      ]);
      assert.deepEqual(
        twice.hops.slice(1, 4).map((hop) => hop.key),
        [
          `${routes}/vrf/5/dst/10.60.0.0/16`,
          `${routes}/vrf/6/dst/10.60.7.0/24`,
          `${routes}/if/seven/vrf/7/dst/10.60.7.0/24/gw/10.7.0.2`,
        ],
      );
      const lost = await trace('10.5.0.2', '10.60.8.1', { interface: 'five' });
      assert.deepEqual(lost.verdict, { outcome: 'dropped', text: 'VRF 7 has no route to 10.60.8.1' });
    },
  ),
);
