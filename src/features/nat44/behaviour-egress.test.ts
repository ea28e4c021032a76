/** What leaves from inside: by an address of a pool, out of a VRF into others. */

import assert from 'node:assert/strict';
import { eventually } from '../../../test/router/agent.ts';
import type { Bench } from '../../../test/router/bench.ts';
import { onEachEngine } from '../../../test/router/each-engine.ts';
import { peers, reach } from './testing.ts';

const POOL = '{ name: out, vrfId: 4294967295, firstIp: 198.51.100.100 }';
const OTHER = '{ name: other, vrfId: 4294967295, firstIp: 198.51.100.110 }';

/** One interface outside: of several VPP answers ARP for a pool on one alone. */
function simple(bench: Bench, pools = POOL): string {
  return `
vppConfig:
  interfaces: [${bench.tap('out', '198.51.100.1/24')}, ${bench.tap('client', '10.10.0.1/24')}, ${bench.tap('web', '10.31.0.1/24')}]
  nat44Global: { forwarding: false }
  nat44Interfaces: [{ name: out, natOutside: true }, { name: client, natInside: true }, { name: web, natInside: true }]
  nat44Pools: [${pools}]
linuxConfig:
  interfaces: [${bench.end('out', '198.51.100.2/24')}, ${bench.end('client', '10.10.0.2/24')}, ${bench.end('web', '10.31.0.2/24')}]
  routes:
    - { outgoingInterface: client-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.10.0.1 }
    - { outgoingInterface: web-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.31.0.1 }`;
}

onEachEngine(
  'TCP, UDP and pings from inside have an address of the pool outside; what stays inside has its own',
  { hosts: ['out', 'client', 'web'], timeout: 120_000 },
  async (bench) => {
    const agent = await bench.agent();
    await agent.commit(simple(bench));
    const [out, client, web] = [bench.host('out'), bench.host('client'), bench.host('web')];
    await reach(bench, 'client', '10.10.0.1');
    await reach(bench, 'web', '10.31.0.1');
    await reach(bench, 'out', '198.51.100.1');
    const [tcp, udp] = [await out.echo({ protocol: 'tcp', port: 443 }), await out.echo({ protocol: 'udp', port: 53 })];
    const inside = await web.echo({ protocol: 'udp', port: 53 });
    const asks = (to: string) => async () => (await client.udp({ to, port: 53, timeout: 500 })).received === 1;
    await eventually(async () => (await client.tcp({ to: '198.51.100.2', port: 443 })).connected);
    await eventually(asks('198.51.100.2'));
    assert.deepEqual([await peers(tcp), await peers(udp)], [['198.51.100.100'], ['198.51.100.100']]);
    const capture = await out.capture('eth0', { direction: 'in', ip: { protocol: 1 } });
    await reach(bench, 'client', '198.51.100.2');
    const sources = (await capture.frames({ icmp: { type: 8 } })).map(({ ip }) => ip?.source);
    assert.deepEqual([...new Set(sources)], ['198.51.100.100']);
    await capture.close();
    await eventually(asks('10.31.0.2'));
    assert.deepEqual(await peers(inside), ['10.10.0.2']);
    // Nobody comes in by the pool's address, nor past it.
    await client.echo({ protocol: 'tcp', port: 22 });
    await out.run('ip', 'route', 'add', '10.10.0.0/24', 'via', '198.51.100.1');
    for (const to of ['198.51.100.100', '10.10.0.2']) {
      assert.equal((await out.tcp({ to, port: 22, timeout: 300 })).connected, false, to);
    }
    assert.deepEqual(await agent.drift(), []);

    // A pool that goes is used no more.
    await agent.commit(`vppConfig: { nat44Pools: [${OTHER}] }`);
    await agent.remove(`vppConfig: { nat44Pools: [${POOL}] }`);
    const later = await out.echo({ protocol: 'tcp', port: 444 });
    await eventually(async () => (await client.tcp({ to: '198.51.100.2', port: 444 })).connected);
    assert.deepEqual(await peers(later), ['198.51.100.110']);
    const config = simple(bench, OTHER);
    await agent.stop();
    const again = await bench.agent();
    assert.deepEqual(await again.resync(config), []);
    await eventually(async () => (await client.tcp({ to: '198.51.100.2', port: 444 })).connected);
    assert.deepEqual(await bench.leftOf(again, config), []);
  },
);

const leaves = (...vrfs: readonly number[]): string =>
  `vppConfig: { Nat44VrfTable_list: [{ srcVrfId: 10, destVrfIds: [${vrfs.join(', ')}] }] }`;
const ALSO_40 = 'vppConfig: { Nat44VrfRoute_list: [{ srcVrfId: 10, destVrfId: 40 }] }';
const outsides = ['b', 'c', 'd'] as const;

/** A client in VRF 10; the same subnet outside in VRFs 20, 30 and 40. */
function virtual(bench: Bench): string {
  const vrfOf = (at: number): number => (at + 2) * 10;
  return `
vppConfig:
  vrfs: [{ id: 10 }${outsides.map((_, at) => `, { id: ${vrfOf(at)} }`).join('')}]
  interfaces:
    - ${bench.tap('a', '10.10.0.1/24', ', vrf: 10')}${outsides.map((name, at) => `\n    - ${bench.tap(name, '198.51.100.1/24', `, vrf: ${vrfOf(at)}`)}`).join('')}
  nat44Global: { forwarding: false }
  nat44Interfaces:
    - { name: a, natInside: true }${outsides.map((name) => `\n    - { name: ${name}, natOutside: true }`).join('')}
  nat44Pools: [${POOL}]
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.10.0.2/24')}${outsides.map((name) => `\n    - ${bench.end(name, '198.51.100.2/24')}`).join('')}
  routes: [{ outgoingInterface: a-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.10.0.1 }]`;
}

onEachEngine(
  'out of a VRF: into those of its table and of routes of their own',
  { hosts: ['a', ...outsides], kernel: ['vrf'], timeout: 300_000 },
  async (bench) => {
    const agent = await bench.agent();
    const config = virtual(bench);
    await agent.commit(config);
    await reach(bench, 'a', '10.10.0.1');
    for (const name of outsides) await reach(bench, name, '198.51.100.1');
    const servers = await Promise.all(
      outsides.map((name) => bench.host(name).echo({ protocol: 'udp', port: 53, reply: name })),
    );
    /** Which answers a new client. */
    const answer = async (): Promise<string> => {
      const { answers } = await bench.host('a').udp({ to: '198.51.100.2', port: 53, timeout: 1000 });
      return Object.keys(answers).join();
    };
    for (const [at, name] of outsides.slice(0, 2).entries()) {
      await agent.commit(leaves((at + 2) * 10));
      await eventually(async () => (await answer()) === name);
      assert.deepEqual(await peers(servers[at]!), ['198.51.100.100']);
      assert.deepEqual(await agent.drift(), []);
    }
    await agent.commit(leaves());
    await agent.commit(ALSO_40);
    await eventually(async () => (await answer()) === 'd');
    assert.deepEqual(await agent.drift(), []);
    await agent.stop();
    const again = await bench.agent();
    assert.deepEqual(await again.resync(withRoute(config)), []);
    assert.equal(await answer(), 'd');
    // A table that leads nowhere: its own VRF has no such route.
    await again.remove(ALSO_40);
    assert.equal(await answer(), '');
    await again.remove(leaves());
    assert.deepEqual(await bench.leftOf(again, config), []);
  },
);

function withRoute(config: string): string {
  return config.replace(
    'linuxConfig:',
    `  Nat44VrfTable_list: [{ srcVrfId: 10 }]
  Nat44VrfRoute_list: [{ srcVrfId: 10, destVrfId: 40 }]
linuxConfig:`,
  );
}
