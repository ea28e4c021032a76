/** What a trace says is what happens to the packets of a host. */

import '../../../test/stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { reaches } from '../../../test/stage/stage.ts';
import { objectOf, TraceStage, wayOf } from './testing.ts';

const skip = requires({ netns: true });

const two = {
  pod1: { pod: '10.1.0.2/24', tap: '10.1.0.1/24', gateway: '10.1.0.1' },
  pod2: { pod: '10.2.0.2/24', tap: '10.2.0.1/24', gateway: '10.2.0.1' },
};

test('routed packets: by which route they go, or why they go nowhere', { skip }, async () => {
  await using stage = await TraceStage.open('pod1', 'pod2');
  await stage.configure(
    two,
    `  routes:
    - { dstNetwork: 10.8.0.0/16, nextHopAddr: 10.2.0.2, outgoingInterface: tap-pod2 }
    - { dstNetwork: 10.8.9.0/24, type: DROP }
  arps:
    - { interface: tap-pod2, ipAddress: 10.2.0.7, physAddress: "02:00:00:00:00:07", static: true }`,
  );
  const forwarded = await stage.trace('pod1', 'pod2');
  assert.deepEqual(wayOf(forwarded), [
    'interface: tap-pod1 receives it',
    'route: VRF 0: connected subnet 10.2.0.0/24 out of tap-pod2',
    '~neighbour: 10.2.0.2 on tap-pod2 is MAC (found by ARP)',
    'interface: tap-pod2 sends it',
  ]);
  assert.deepEqual(forwarded.verdict, {
    outcome: 'forwarded',
    text: 'out of tap-pod2, to Linux interface pod2',
    key: 'config/vpp/v2/interfaces/tap-pod2',
  });
  assert.ok(await reaches(stage.pod('pod1'), '10.2.0.2'));

  const routed = await stage.trace('10.1.0.2', '10.8.1.1');
  const hop = routed.hops.find(({ by }) => by === 'route');
  assert.equal(hop?.text, 'VRF 0: route 10.8.0.0/16 via 10.2.0.2 out of tap-pod2');
  assert.equal(hop?.key, 'config/vpp/v2/route/if/tap-pod2/vrf/0/dst/10.8.0.0/16/gw/10.2.0.2');
  assert.equal(hop?.header?.ttl, 63);

  const arp = await stage.trace('pod1', '10.2.0.7');
  assert.ok(
    arp.hops.some(({ key }) => key === 'config/vpp/v2/arp/tap-pod2/10.2.0.7'),
    JSON.stringify(arp.hops),
  );

  const dropped = await stage.trace('pod1', '10.8.9.1');
  assert.equal(dropped.verdict.outcome, 'dropped');
  assert.match(dropped.verdict.text, /^VRF 0: route 10\.8\.9\.0\/24 drops it/);
  assert.match(dropped.verdict.key ?? '', /dst\/10\.8\.9\.0\/24/);

  const lost = await stage.trace('pod1', '10.99.0.1');
  assert.deepEqual(lost.verdict, { outcome: 'dropped', text: 'VRF 0 has no route to 10.99.0.1' });
  const silent = await stage.trace('pod1', '10.2.0.9');
  assert.equal(silent.verdict.text, 'nobody on tap-pod2 answers ARP for 10.2.0.9');
  const short = await stage.trace('pod1', 'pod2', { ttl: 1 });
  assert.equal(short.verdict.text, 'its TTL ends here');

  const own = await stage.trace('pod1', 'tap-pod1');
  assert.equal(own.verdict.outcome, 'delivered');
  const fromSwitch = await stage.trace('tap-pod1', 'pod1');
  assert.equal(fromSwitch.packet.interface, undefined);
  assert.equal(fromSwitch.verdict.outcome, 'forwarded');
  assert.equal((await stage.trace('tap-pod1', '10.99.0.1')).verdict.text, 'VRF 0 has no route to 10.99.0.1');
  assert.deepEqual(await stage.agent.drift(), []);
});

test('access lists: the rule that permits, denies or reflects', { skip }, async () => {
  await using stage = await TraceStage.open('pod1', 'pod2');
  await stage.configure(
    two,
    `  acls:
    - name: web-only
      interfaces: { ingress: [tap-pod1] }
      rules:
        - { action: DENY, ipRule: { ip: { destinationNetwork: 10.2.0.99/32 } } }
        - { action: PERMIT, ipRule: { tcp: { destinationPortRange: { lowerPort: 80, upperPort: 80 }, sourcePortRange: { upperPort: 65535 } } } }
        - { action: REFLECT, ipRule: { udp: { destinationPortRange: { lowerPort: 53, upperPort: 53 }, sourcePortRange: { upperPort: 65535 } } } }
    - name: no-dns
      interfaces: { egress: [tap-pod2] }
      rules:
        - { action: DENY, ipRule: { udp: { destinationPortRange: { lowerPort: 53, upperPort: 53 }, sourcePortRange: { upperPort: 65535 } } } }
        - { action: PERMIT, ipRule: { ip: {} } }
    - name: hosts
      interfaces: { ingress: [tap-pod2] }
      rules:
        - { action: PERMIT, macipRule: { sourceAddress: 10.2.0.2, sourceAddressPrefix: 32, sourceMacAddress: "00:00:00:00:00:00", sourceMacAddressMask: "00:00:00:00:00:00" } }`,
  );
  await stage.pod('pod2').echo({ protocol: 'tcp', port: 80 });
  await stage.pod('pod2').echo({ protocol: 'tcp', port: 81 });
  const lists = 'config/vpp/acls/v2/acl';

  const web = await stage.trace('pod1', 'pod2:80');
  assert.equal(web.packet.protocol, 'tcp');
  assert.equal(web.verdict.outcome, 'forwarded');
  const decided = web.hops.filter(({ by }) => by === 'access list').map(objectOf);
  assert.deepEqual(decided, [`${lists}/web-only #2`, `${lists}/no-dns #2`]);
  assert.ok((await stage.pod('pod1').tcp({ to: '10.2.0.2', port: 80 })).connected);

  const other = await stage.trace('pod1', 'pod2:81');
  assert.deepEqual(other.verdict, {
    outcome: 'dropped',
    text: 'access list: no rule of the input lists of tap-pod1 permits it',
    key: 'config/vpp/v2/interfaces/tap-pod1',
  });
  assert.ok(!(await stage.pod('pod1').tcp({ to: '10.2.0.2', port: 81, timeout: 300 })).connected);

  const denied = await stage.trace('pod1', '10.2.0.99');
  assert.equal(denied.verdict.text, 'access list: web-only rule 1 denies it (input of tap-pod1)');
  assert.equal(objectOf(denied.verdict), `${lists}/web-only #1`);

  const dns = await stage.trace('pod1', 'pod2', { protocol: 'udp', destinationPort: 53 });
  assert.ok(wayOf(dns).includes('access list: web-only rule 3 permits and reflects it (input of tap-pod1)'));
  assert.equal(objectOf(dns.verdict), `${lists}/no-dns #1`);
  assert.match(dns.verdict.text, /output of tap-pod2/);

  const answer = await stage.trace('pod2', 'pod1');
  assert.ok(
    answer.hops.some((hop) => objectOf(hop) === `${lists}/hosts #1`),
    JSON.stringify(answer.hops),
  );
  const spoofed = await stage.trace('10.2.0.3', 'pod1', { interface: 'tap-pod2' });
  assert.equal(spoofed.verdict.text, 'MACIP list: no rule of hosts permits it (input of tap-pod2)');
  assert.equal(objectOf(spoofed.verdict), `${lists}/hosts`);
});

test('NAT44: which mapping or pool rewrites the header', { skip }, async () => {
  await using stage = await TraceStage.open('pod1', 'out');
  await stage.configure(
    {
      pod1: { pod: '10.1.0.2/24', tap: '10.1.0.1/24', gateway: '10.1.0.1' },
      out: { pod: '198.51.100.2/24', tap: '198.51.100.1/24', gateway: '198.51.100.1' },
    },
    `  nat44Global: { forwarding: false }
  nat44Interfaces:
    - { name: tap-out, natOutside: true }
    - { name: tap-pod1, natInside: true }
  nat44Pools:
    - { name: exit, vrfId: 4294967295, firstIp: 198.51.100.100 }
  dnat44s:
    - label: shop
      stMappings:
        - { externalIp: 203.0.113.9, externalPort: 443, protocol: TCP, localIps: [{ localIp: 10.1.0.9, localPort: 443 }] }
        - { externalIp: 203.0.113.10, externalPort: 80, protocol: TCP, localIps: [{ localIp: 10.1.0.2, localPort: 8080 }] }`,
  );
  await stage.pod('pod1').echo({ protocol: 'tcp', port: 8080 });
  const called = await stage.trace('out', '203.0.113.10:80');
  const mapping = called.hops.find(({ by }) => by === 'NAT44');
  assert.ok(mapping, JSON.stringify(called));
  assert.equal(mapping.text, 'mapping shop (TCP 203.0.113.10:80): destination 203.0.113.10:80 becomes 10.1.0.2:8080');
  assert.equal(objectOf(mapping), 'config/vpp/nat/v2/dnat44/shop #2');
  assert.equal(mapping.header?.destinationPort, 8080);
  assert.equal(called.verdict.text, 'out of tap-pod1, to Linux interface pod1');
  assert.ok((await stage.pod('out').tcp({ to: '203.0.113.10', port: 80 })).connected);

  const leaving = await stage.trace('pod1', 'out', { protocol: 'udp', destinationPort: 53, sourcePort: 5353 });
  const pool = leaving.hops.find(({ by }) => by === 'NAT44');
  assert.equal(pool?.text, 'pool exit: source 10.1.0.2:5353 becomes 198.51.100.100:5353');
  assert.match(pool?.key ?? '', /nat44-pool\/exit$/);
  assert.equal(leaving.verdict.outcome, 'forwarded');

  const closed = await stage.trace('out', 'pod1:8080');
  assert.equal(closed.verdict.outcome, 'dropped');
  assert.match(closed.verdict.text, /^NAT44: comes from outside, has no mapping/);
  assert.ok(!(await stage.pod('out').tcp({ to: '10.1.0.2', port: 8080, timeout: 300 })).connected);
  const flows = await stage.agent.driver.conntrack(stage.agent.driver.vswitch).list();
  assert.deepEqual(
    flows.filter(({ original }) => original.sourcePort === called.packet.sourcePort),
    [],
    'the connection of the trace is forgotten',
  );
});

test('bridge domains: ports, entries, BVI, and what they drop', { skip }, async () => {
  await using stage = await TraceStage.open('pod1', 'pod2', 'pod3', 'pod4');
  await stage.configure(
    {
      pod1: { pod: '10.1.0.2/24', tap: '10.1.0.1/24', gateway: '10.1.0.1' },
      pod2: { pod: '10.5.0.2/24', gateway: '10.5.0.1' },
      pod3: { pod: '10.5.0.3/24', gateway: '10.5.0.1' },
      pod4: { pod: '10.5.0.4/24', gateway: '10.5.0.1' },
    },
    `    - { name: bvi, type: SOFTWARE_LOOPBACK, enabled: true, ipAddresses: [10.5.0.1/24] }
  bridgeDomains:
    - name: bd
      flood: true
      unknownUnicastFlood: true
      forward: true
      learn: true
      interfaces:
        - { name: bvi, bridgedVirtualInterface: true }
        - { name: tap-pod2 }
        - { name: tap-pod3, splitHorizonGroup: 1 }
        - { name: tap-pod4, splitHorizonGroup: 1 }
  fibs:
    - { bridgeDomain: bd, physAddress: "02:00:00:00:00:66", action: DROP }
    - { bridgeDomain: bd, physAddress: "02:00:00:00:00:55", outgoingInterface: tap-pod3, staticConfig: true }`,
  );
  assert.ok(await reaches(stage.pod('pod2'), '10.5.0.3'));
  const bridged = await stage.trace('pod2', 'pod3');
  assert.deepEqual(wayOf(bridged), [
    'interface: tap-pod2 receives it',
    'bridge domain: bd has tap-pod2 as a port',
    'forwarding table: bd: MAC (learned) is behind tap-pod3',
    'interface: tap-pod3 sends it',
  ]);
  assert.equal(bridged.verdict.text, 'out of tap-pod3, to Linux interface pod3');

  const configured = await stage.trace('pod2', '10.5.0.55', { destinationMac: '02:00:00:00:00:55' });
  const entry = configured.hops.find(({ by }) => by === 'forwarding table');
  assert.match(entry?.key ?? '', /fib\/bd\/mac\/02:00:00:00:00:55$/);
  const dropped = await stage.trace('pod2', '10.5.0.66', { destinationMac: '02:00:00:00:00:66' });
  assert.equal(dropped.verdict.text, 'bridge domain: bd: a DROP entry of its table has the destination');
  assert.equal(dropped.verdict.key, 'config/vpp/l2/v2/bridge-domain/bd');
  const flooded = await stage.trace('pod2', '10.5.0.77', { destinationMac: '02:00:00:00:00:77' });
  assert.ok(wayOf(flooded).includes('bridge domain: bd floods it to tap-pod4: it knows no port for MAC'));

  assert.ok(!(await reaches(stage.pod('pod3'), '10.5.0.4')));
  const split = await stage.trace('pod3', 'pod4');
  assert.equal(split.verdict.text, 'bridge domain: bd: both ports are in one split-horizon group');

  const router = await stage.trace('pod2', 'bvi');
  assert.equal(router.verdict.outcome, 'delivered');
  assert.ok(await reaches(stage.pod('pod2'), '10.1.0.2'));
  const up = await stage.trace('pod2', 'pod1');
  assert.deepEqual(wayOf(up), [
    'interface: tap-pod2 receives it',
    'bridge domain: bd has tap-pod2 as a port',
    'forwarding table: bd: MAC (own address) is behind its BVI bvi',
    'interface: bvi receives it',
    'route: VRF 0: connected subnet 10.1.0.0/24 out of tap-pod1',
    '~neighbour: 10.1.0.2 on tap-pod1 is MAC (found by ARP)',
    'interface: tap-pod1 sends it',
  ]);
  const down = await stage.trace('pod1', 'pod3');
  assert.deepEqual(wayOf(down), [
    'interface: tap-pod1 receives it',
    'route: VRF 0: connected subnet 10.5.0.0/24 out of bvi',
    '~neighbour: 10.5.0.3 on bvi is MAC (found by ARP)',
    'interface: bvi sends it',
    'bridge domain: bd gets it from its BVI bvi',
    'forwarding table: bd: MAC (learned) is behind tap-pod3',
    'interface: tap-pod3 sends it',
  ]);
  assert.equal(down.verdict.text, 'out of tap-pod3, to Linux interface pod3');
});

test('tunnels, cross-connects and policies', { skip }, async () => {
  await using stage = await TraceStage.open('pod1', 'pod2', 'pod3');
  await stage.configure(
    {
      ...two,
      pod3: { pod: '10.3.0.2/24', tap: '10.3.0.1/24', gateway: '10.3.0.1' },
    },
    `    - { name: overlay, type: VXLAN_TUNNEL, enabled: true, ipAddresses: [10.7.0.1/24], vxlan: { srcAddress: 10.2.0.1, dstAddress: 10.2.0.2, vni: 7 } }
  routes:
    - { dstNetwork: 10.77.0.0/16, nextHopAddr: 10.7.0.2, outgoingInterface: overlay }
  arps:
    - { interface: overlay, ipAddress: 10.7.0.2, physAddress: "02:00:00:00:00:07", static: true }
  l3xconnects:
    - { interface: tap-pod3, protocol: IPV4, paths: [{ outgoingInterface: tap-pod2, nextHopAddr: 10.2.0.2 }] }
  acls:
    - name: steered
      rules:
        - { action: PERMIT, ipRule: { ip: { destinationNetwork: 10.66.0.0/16 } } }
  abfs:
    - { index: 3, aclName: steered, attachedInterfaces: [{ inputInterface: tap-pod1, priority: 1 }], forwardingPaths: [{ interfaceName: tap-pod2, nextHopIp: 10.2.0.2 }] }`,
  );
  const wrapped = await stage.trace('pod1', '10.77.0.1');
  assert.deepEqual(wayOf(wrapped).slice(1), [
    'route: VRF 0: route 10.77.0.0/16 via 10.7.0.2 out of overlay',
    '~neighbour: 10.7.0.2 on overlay is MAC (configured)',
    'interface: overlay sends it',
    'tunnel: overlay wraps it: VXLAN 7 10.2.0.1 -> 10.2.0.2',
    'route: VRF 0: connected subnet 10.2.0.0/24 out of tap-pod2 (outer packet)',
    '~neighbour: 10.2.0.2 on tap-pod2 is MAC (found by ARP) (outer packet)',
    'interface: tap-pod2 sends it (outer packet)',
  ]);
  assert.equal(wrapped.verdict.text, 'out of tap-pod2, to Linux interface pod2');

  const policy = await stage.trace('pod1', '10.66.0.1');
  const taken = policy.hops.find(({ by }) => by === 'ABF policy');
  assert.equal(taken && objectOf(taken), 'config/vpp/abfs/v2/abf/3 #1');
  assert.equal(policy.verdict.text, 'out of tap-pod2, to Linux interface pod2');

  const crossed = await stage.trace('pod3', '10.99.0.1');
  assert.ok(
    crossed.hops.some(({ by }) => by === 'L3 cross-connect'),
    JSON.stringify(crossed.hops),
  );
  assert.equal(crossed.verdict.text, 'out of tap-pod2, to Linux interface pod2');
});

test('what cannot be asked is said with what can', { skip }, async () => {
  await using stage = await TraceStage.open('pod1', 'pod2');
  await stage.configure(two);
  await assert.rejects(
    stage.trace('nobody', 'pod1'),
    /from: "nobody" is no address and no interface; accepted are .*tap-pod1/,
  );
  await assert.rejects(stage.trace('pod1', 'fd00::1'), /from: interface pod1 has no IPv6 address/);
  await assert.rejects(stage.trace('pod1', 'pod2', { protocol: 'tcp' }), /destinationPort: tcp needs one, 1-65535/);
  await assert.rejects(stage.trace('pod1', 'pod2:80', { protocol: 'icmp' }), /protocol: icmp has no ports/);
  await assert.rejects(
    stage.trace('pod1', 'pod2', { interface: 'tap9' }),
    /interface: the switch has no interface tap9; it has tap-pod1/,
  );
  await assert.rejects(stage.trace('pod1', 'pod2:0'), /^TraceError: to: "pod2:0" has port 0; 1-65535 is accepted$/);
  await assert.rejects(stage.trace('10.1.0.2:70000', 'pod2'), /from: "10\.1\.0\.2:70000" has port 70000; 1-65535/);
  await assert.rejects(stage.trace('pod1', '[fd00::1]:x'), /to: "\[fd00::1\]:x" is no address and no interface/);
  await assert.rejects(stage.trace('pod1', 'pod2', { vrf: 9 }), /^TraceError: vrf: the switch has no VRF 9; it has 0$/);
  await assert.rejects(
    stage.trace('pod1', 'pod2', { sourceMac: 'no' }),
    /sourceMac: "no" is no MAC address such as 02:fe:00:00:00:01/,
  );
  await assert.rejects(stage.trace('192.0.2.1', 'pod2'), /interface: it is not known by which interface .*--in/);
  const tables = await stage.agent.driver.nft(stage.agent.driver.vswitch).tables();
  assert.deepEqual(tables, []);
});
