/** Counters of a real VPP as an operator gets them: Prometheus, REST, gRPC, and VPP's command line. */

import assert from 'node:assert/strict';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startAgent } from '../../src/agent/agent.ts';
import { HttpClient } from '../../src/client/http.ts';
import { StatsPollerService } from '../../src/model/gen/ligato/configurator/statspoller_pb.js';
import { startVpp, vppBinary } from '../vpp/process.ts';

const skip = vppBinary() === undefined && 'needs VPP (LIGATURE_VPP_BIN)';

/** Two loopbacks; VPP pings one of its own addresses, so that packets are counted. */
const network = `
vppConfig:
  interfaces:
    - { name: one, type: SOFTWARE_LOOPBACK, enabled: true, ipAddresses: [10.1.0.1/24] }
`;

test("VPP's counters in Prometheus, REST and gRPC are those of VPP", { skip }, async () => {
  await using vpp = await startVpp();
  const folder = mkdtempSync(join(tmpdir(), 'lg-telemetry-'));
  const state = join(folder, 'state');
  writeFileSync(join(folder, 'initial-config.yaml'), network);
  const grpcPort = await freePort();
  const agent = await startAgent({
    args: [
      ...['--engine', 'vpp', '--vpp-api-socket', vpp.apiSocket, '--state-dir', state, '--config-dir', folder],
      ...['--http-port', '0', '--grpc-port', String(grpcPort), '--log-level', 'error'],
    ],
    env: {},
    signals: [],
  });
  try {
    const rest = new HttpClient({ socketPath: join(state, 'control', 'http.sock') });
    const cli = (vppclicommand: string): Promise<string> =>
      rest.json({ method: 'POST', path: '/vpp/command', body: JSON.stringify({ vppclicommand }) });
    assert.match(await cli('show version'), /^vpp v/);
    // Packets to an address behind the loopback are dropped there, and counted.
    await cli(
      'packet-generator new { name x limit 7 size 64-64 interface loop0 node ethernet-input data { IP4: 1.2.3 -> de:ad:00:00:00:00 UDP: 10.9.0.1 -> 10.1.0.77 UDP: 1 -> 2 incrementing 20 } }',
    );
    await cli('packet-generator enable-stream');

    const received = async (): Promise<number> => {
      const text = await rest.text({ path: '/metrics' });
      return Number(/^vpp_interfaces_rx_packets\{name="loop0",index="1",agent="[^"]+"\} (\d+)$/m.exec(text)?.[1]);
    };
    for (const end = performance.now() + 30_000; (await received()) !== 7; )
      if (performance.now() > end) assert.fail(`${await received()} packets are counted, 7 were sent`);
    const metrics = await rest.text({ path: '/metrics' });
    for (const name of ['vpp_nodes_counter', 'vpp_runtime_calls', 'vpp_memory_used', 'vpp_buffers_num_free'])
      assert.match(metrics, new RegExp(`^${name}\\{.*\\} [1-9]`, 'm'));
    assert.match(metrics, /^ligato_ifplugin_operational_state\{name="one"\} 1$/m);
    assert.match(metrics, /^ligato_ifplugin_admin_state\{name="one"\} 1$/m);
    assert.match(metrics, /^ligato_govppmux_requests_done_total\{message="create_loopback(_instance)?"\} 1$/m);
    assert.match(metrics, /^ligato_build_info\{version=.*\} 1$/m);

    const { interfaces } = await rest.json<{
      interfaces: { name: string; device: string; counters: { rxPackets: number } }[];
    }>({
      path: '/api/v1/interfaces',
    });
    assert.deepEqual(
      interfaces.map(({ name, device, counters }) => [name, device, Number(counters.rxPackets)]),
      [['one', 'loop0', 7]],
    );
    const statistics = await rest.json<{ name: string }[]>({ path: '/api/v1/vpp/statistics/interfaces' });
    assert.deepEqual(
      statistics.map(({ name }) => name),
      ['local0', 'loop0', 'pg-1'],
    );

    const client = createClient(StatsPollerService, createGrpcTransport({ baseUrl: `http://127.0.0.1:${grpcPort}` }));
    const polled: [string, bigint | undefined][] = [];
    for await (const { stats } of client.pollStats({})) {
      const found = stats?.stats.case === 'vppStats' ? stats.stats.value.interface : undefined;
      polled.push([found?.name ?? '', found?.rx?.packets]);
    }
    assert.deepEqual(polled, [['one', 7n]]);
  } finally {
    await agent.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
