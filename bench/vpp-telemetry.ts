/** What reading VPP's counters costs: 1,000 interfaces of a VPP of its own. */

import { Metrics } from '../src/app/metrics/metrics.ts';
import { VppTelemetry } from '../src/agent/telemetry/vpp-telemetry.ts';
import { connectVpp, VppStats } from '../src/vpp/index.ts';
import { startVpp, vppBinary } from '../test/vpp/process.ts';
import { longestBlock } from './event-loop.ts';
import { Missing, type Result, result } from './result.ts';
import { median, timed } from './statistics.ts';

export const sections = { counters: run };

const interfaces = 1_000;
const turns = 50;
const target = { value: 5, from: 'target' };

async function run(): Promise<readonly Result[]> {
  if (vppBinary() === undefined) throw new Missing('needs VPP (LIGATURE_VPP_BIN)');
  await using vpp = await startVpp();
  const client = await connectVpp({ path: vpp.apiSocket });
  const stats = new VppStats({ path: vpp.statsSocket });
  try {
    await Promise.all(
      Array.from({ length: interfaces }, () => client.request('create_loopback', {}, { timeout: 60_000 })),
    );
    const found = (await stats.interfaces()).length;
    if (found <= interfaces) throw new Error(`${found} interfaces are counted`);
    const metrics = new Metrics();
    new VppTelemetry(stats, 'bench').publish(metrics, []);
    const polls: number[] = [];
    for (let turn = 0; turn < turns; turn++) polls.push(await timed(() => stats.interfaces()));
    const all: number[] = [];
    for (let turn = 0; turn < turns; turn++)
      all.push(
        await timed(() =>
          Promise.all([stats.nodes(), stats.errors(), stats.buffers(), stats.memory(), stats.runtime()]),
        ),
      );
    const scrapes: number[] = [];
    for (let turn = 0; turn < 5; turn++) {
      scrapes.push(await timed(() => metrics.text()));
      // The shared reading grows old.
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    const blocks: number[] = [];
    for (let turn = 0; turn < 9; turn++) {
      blocks.push((await longestBlock(() => metrics.text())).longest);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    const per = `${interfaces} interfaces, median of ${turns}`;
    return [
      result('a poll of interface counters', median(polls), 'ms', target, per),
      result('a poll of nodes, errors, buffers, memory, runtime', median(all), 'ms', undefined, per),
      result('all of it as Prometheus text', median(scrapes), 'ms', undefined, `${interfaces} interfaces`),
      result('longest block of the event loop by that', median(blocks), 'ms', target, 'median of 9'),
    ];
  } finally {
    stats.close();
    await client.close();
  }
}
