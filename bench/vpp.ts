/** The VPP driver on a VPP of its own: how fast it connects, asks, reads lists; then the whole agent. */

import { connectVpp } from '../src/vpp/index.ts';
import type { VppClient } from '../src/vpp/index.ts';
import { startVpp, vppBinary } from '../test/vpp/process.ts';
import type { VppProcess } from '../test/vpp/process.ts';
import { Missing, type Result, result, type Section } from './result.ts';
import { median, timed } from './statistics.ts';
import { benchAgent } from './vpp-agent.ts';

const pings = 200_000;
const sequential = 2_000;
const routes = 100_000;

export const sections: Readonly<Record<string, Section>> = {
  driver: () => onOwnVpp(benchDriver),
  agent: () => onOwnVpp(benchAgent),
};

async function onOwnVpp(bench: (vpp: VppProcess) => Promise<readonly Result[]>): Promise<readonly Result[]> {
  if (vppBinary() === undefined) throw new Missing('needs VPP (LIGATURE_VPP_BIN)');
  await using vpp = await startVpp();
  return await bench(vpp);
}

async function benchDriver(vpp: VppProcess): Promise<readonly Result[]> {
  const connects: number[] = [];
  for (let turn = 0; turn < 5; turn++) {
    connects.push(await timed(async () => (await connectVpp({ path: vpp.apiSocket })).close()));
  }
  const client = await connectVpp({ path: vpp.apiSocket });
  try {
    const one = (sequential / (await timed(() => oneByOne(client)))) * 1_000;
    const rates: number[] = [];
    const before = process.cpuUsage();
    for (let turn = 0; turn < 5; turn++) rates.push((pings / (await timed(() => together(client)))) * 1_000);
    const { user, system } = process.cpuUsage(before);
    const made = await timed(() => makeRoutes(client));
    const pingTarget = 'target: 200,000/s, 10 times';
    const reads: number[] = [];
    for (let turn = 0; turn < 5; turn++) reads.push((routes / (await timed(() => readRoutes(client)))) * 1_000);
    return [
      result('connect, definitions included', median(connects), 'ms', { value: 150, from: 'target' }, client.version),
      result('control pings, one at a time', one, '1/s'),
      result(
        'control pings, pipelined',
        median(rates),
        '1/s',
        { value: one, from: 'one at a time, same run' },
        pingTarget,
      ),
      result(
        '- processor time of one, ours',
        (user + system) / (5 * pings),
        'µs',
        undefined,
        'apart from VPP; both share the cores',
      ),
      result('routes made, pipelined', (routes / made) * 1_000, '1/s'),
      result(`a list of ${routes} routes read`, median(reads), 'messages/s', { value: 500_000, from: 'target' }),
    ];
  } finally {
    await client.close();
  }
}

async function oneByOne(client: VppClient): Promise<void> {
  for (let index = 0; index < sequential; index++) await client.request('control_ping');
}

function together(client: VppClient): Promise<unknown> {
  return Promise.all(Array.from({ length: pings }, () => client.request('control_ping', {}, { timeout: 60_000 })));
}

async function makeRoutes(client: VppClient): Promise<void> {
  const { sw_if_index } = await client.request('create_loopback');
  await client.request('sw_interface_add_del_address', { sw_if_index, is_add: true, prefix: '10.0.0.1/24' });
  const paths = [{ sw_if_index, weight: 1, nh: { address: '10.0.0.2' } }];
  const prefixes = Array.from(
    { length: routes },
    (_, index) => `11.${index >> 16}.${(index >> 8) & 255}.${index & 255}/32`,
  );
  const name = client.pick('ip_route_add_del_v2', 'ip_route_add_del');
  await Promise.all(
    prefixes.map((prefix) => client.request(name, { is_add: true, route: { prefix, paths } }, { timeout: 60_000 })),
  );
}

async function readRoutes(client: VppClient): Promise<void> {
  await client.each('ip_route_dump', {}, () => undefined);
}
