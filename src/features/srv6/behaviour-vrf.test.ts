// needs-kernel: vrf
import assert from 'node:assert/strict';
import { eventually } from '../../../test/router/agent.ts';
import { onEachEngine } from '../../../test/router/each-engine.ts';
import type { KernelBench } from '../../../test/router/kernel.ts';
import { answers, Chain, HOSTS as hosts, route } from './testing.ts';

/** c is in VRF 10, where m's other addresses are reached by m's segments only. */
function network(chain: Chain): string {
  const { bench } = chain;
  return `
vppConfig:
  vrfs:
    - { id: 10, protocol: IPV4 }
    - { id: 10, protocol: IPV6 }
  interfaces:
    - ${bench.tap('m', '10.2.0.1/24, "fd02::1/64"')}
    - ${bench.tap('c', '10.3.0.1/24, "fd03::1/64"', ', vrf: 10')}
  routes:
    - { dstNetwork: "fc00:2::/32", nextHopAddr: "fd02::2", outgoingInterface: m }
  srv6Global: { encapSourceAddress: "fd02::1" }
  srv6Localsids:
    - { sid: "fc00:1::d4", endFunctionDt4: { vrfId: 10 } }
    - { sid: "fc00:1::d6", endFunctionDt6: { vrfId: 10 } }
  srv6Policies:
    - { bsid: "fc00:1::b4", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:2::4"] }] }
    - { bsid: "fc00:1::b6", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:2::6"] }] }
  srv6Steerings:
    - { name: v4, policyBsid: "fc00:1::b4", l3Traffic: { installationVrfId: 10, prefixAddress: 10.22.0.0/16 } }
    - { name: v6, policyBsid: "fc00:1::b6", l3Traffic: { installationVrfId: 10, prefixAddress: "fd22::/64" } }
linuxConfig:
  interfaces:
    - ${bench.end('m', '10.2.0.2/24, "fd02::2/64"')}
    - ${bench.end('c', '10.3.0.2/24, "fd03::2/64"')}
  routes:
    - { outgoingInterface: c-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.3.0.1 }
    - { outgoingInterface: c-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd03::1" }
`;
}

onEachEngine(
  'segments lead into a VRF and out of it again',
  { hosts, kernel: ['vrf'], timeout: 600_000 },
  async (bench, engine) => {
    const chain = await Chain.on(bench);
    const agent = await bench.agent();
    const config = network(chain);
    await agent.commit(config);
    const m = chain.host('m');
    // Linux 6.1 makes a link-local address when the link comes up or this is written, not when netlink sets it.
    for (const device of engine === 'kernel' ? ['m', 'c'] : []) {
      const { router } = bench as KernelBench;
      await router.sysctl(`net.ipv6.conf.${device}.addr_gen_mode`, 1);
      await router.sysctl(`net.ipv6.conf.${device}.addr_gen_mode`, 0);
    }
    await m.sysctl('net.ipv6.conf.all.forwarding', 1);
    await m.address('direct', '10.22.0.2/32', 'fd22::2/128');
    await chain.introduce();
    await route(m, 'fc00:1::/32 via fd02::1 dev eth0');
    await route(m, 'fc00:2::4/128 encap seg6local action End.DX4 nh4 0.0.0.0 dev eth0');
    await route(m, 'fc00:2::6/128 encap seg6local action End.DT6 table 255 dev eth0');
    await route(m, '10.3.0.2/32 encap seg6 mode encap segs fc00:1::d4 dev eth0 src 10.22.0.2');
    await route(m, 'fd03::2/128 encap seg6 mode encap segs fc00:1::d6 dev eth0 src fd22::2');
    await eventually(() => answers(m, '10.3.0.2'));
    await eventually(() => answers(m, 'fd03::2'));
    assert.deepEqual(await agent.drift(), []);

    // The way out of the VRF is missed, and made again.
    if (engine === 'kernel') {
      await (bench as KernelBench).ip('-6 route del throw fc00:2::4/128 table 1010');
      assert.deepEqual(await agent.heal(), ['UPDATE config/vpp/srv6/v2/steering/v4']);
      await eventually(() => answers(m, '10.3.0.2'));
    }

    await agent.stop();
    const again = await bench.agent();
    assert.deepEqual(await again.resync(config), []);
    await again.remove(config);
    assert.deepEqual(await again.drift(), []);
    if (engine === 'kernel')
      assert.doesNotMatch(await (bench as KernelBench).ip('-6 route show table all'), /proto 79/);
  },
);
