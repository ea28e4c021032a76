/** The whole agent on a VPP of its own: bulk commits against one request at a time, a resync with nothing to do, a restart of VPP. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message } from '@bufbuild/protobuf';
import { startAgent } from '../src/agent/agent.ts';
import type { Configurator } from '../src/agent/configuration/configurator.ts';
import type { Intent } from '../src/agent/intent/intent.ts';
import { configuratorPlugin } from '../src/agent/plugins/configurator.ts';
import { enginePlugin } from '../src/agent/plugins/engine.ts';
import { intentPlugin } from '../src/agent/plugins/intent.ts';
import { modelsPlugin } from '../src/agent/plugins/models.ts';
import { vppFeaturesPlugin } from '../src/agent/plugins/vpp-features.ts';
import type { ModelRegistry } from '../src/model/index.ts';
import { formatConfiguration } from '../src/model/index.ts';
import type { Scheduler, Source, TransactionRecord } from '../src/scheduler/scheduler.ts';
import type { VppClient } from '../src/vpp/index.ts';
import type { VppProcess } from '../test/vpp/process.ts';
import { type Result, result } from './result.ts';
import { median, timed } from './statistics.ts';

const routes = 10_000;
const ports = 1_000;
const runs = 5;
const source: Source = { name: 'bench', priority: 40 };

interface BenchAgent extends AsyncDisposable {
  readonly models: ModelRegistry;
  readonly intent: Intent;
  readonly configurator: Configurator;
  readonly scheduler: Scheduler;
  readonly client: VppClient;
}

async function openAgent({ apiSocket }: VppProcess): Promise<BenchAgent> {
  const folder = mkdtempSync(join(tmpdir(), 'lg-bench-'));
  const application = await startAgent({
    plugins: [enginePlugin, vppFeaturesPlugin, configuratorPlugin],
    args: `--engine vpp --vpp-api-socket ${apiSocket} --state-dir ${folder} --config-dir ${folder} --log-level error`.split(
      ' ',
    ),
    signals: [],
  });
  const { scheduler, vpp } = application.api(vppFeaturesPlugin);
  return {
    models: application.api(modelsPlugin),
    intent: application.api(intentPlugin),
    configurator: application.api(configuratorPlugin),
    scheduler,
    client: vpp.client,
    async [Symbol.asyncDispose]() {
      await application.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const loopback = { name: 'loop1', type: 'SOFTWARE_LOOPBACK', enabled: true, ipAddresses: ['192.0.2.1/24'] };
const prefixes = Array.from({ length: routes }, (_, index) => `10.64.${index >> 8}.${index & 255}/32`);
const wanted = prefixes.map((dstNetwork) => ({ dstNetwork, nextHopAddr: '192.0.2.2', outgoingInterface: 'loop1' }));
const bridged = Array.from({ length: ports }, (_, index) => ({
  name: `port${index}`,
  type: 'SOFTWARE_LOOPBACK',
  enabled: true,
  ipAddresses: [`172.16.${index >> 8}.${index & 255}/32`],
}));
const domain = {
  name: 'lan',
  learn: true,
  flood: true,
  forward: true,
  interfaces: bridged.map(({ name }) => ({ name })),
};

export async function benchAgent(vpp: VppProcess): Promise<readonly Result[]> {
  await using agent = await openAgent(vpp);
  const { models } = agent;
  await apply(agent, textOf(models, 'vpp.interfaces', [loopback]));
  return [...(await benchRoutes(agent)), ...(await benchPorts(agent)), ...(await benchRestart(agent, vpp))];
}

async function benchRoutes(agent: BenchAgent): Promise<readonly Result[]> {
  const yaml = textOf(agent.models, 'vpp.route', wanted);
  const whole: number[] = [];
  const single: number[] = [];
  const busy: number[] = [];
  for (let run = 0; run < runs; run++) {
    single.push(await timed(() => oneByOne(agent.client)));
    const before = process.cpuUsage();
    whole.push(await timed(() => apply(agent, yaml)));
    const { user, system } = process.cpuUsage(before);
    busy.push((user + system) / 1_000);
    if ((await countRoutes(agent.client)) < routes) throw new Error('routes are missing in VPP');
    if (run < runs - 1) await remove(agent, 'vpp.route', wanted);
  }
  const resyncs: number[] = [];
  for (let run = 0; run < runs; run++) resyncs.push(await timed(() => resync(agent)));
  const peer = { value: median(single), from: 'one request at a time, same run' };
  return [
    result(`${routes} routes from YAML`, median(whole), 'ms', peer, 'target: 500 ms, 0.1'),
    result('- processor time of that, ours', median(busy), 'ms', undefined, 'apart from VPP; both share the cores'),
    result(`full resync, ${routes} routes, nothing to do`, median(resyncs), 'ms', { value: 1_000, from: 'target' }),
  ];
}

/** The same routes on the same connection, each awaited; then they go, together. */
async function oneByOne(client: VppClient): Promise<void> {
  const interfaces = await client.list('sw_interface_dump', {});
  const { sw_if_index } = interfaces.find(({ tag }) => tag === 'loop1')!;
  const paths = [{ sw_if_index, weight: 1, nh: { address: '192.0.2.2' } }];
  const name = client.pick('ip_route_add_del_v2', 'ip_route_add_del');
  for (const prefix of prefixes) await client.request(name, { is_add: true, route: { prefix, paths } });
  const gone = prefixes.map((prefix) => client.request(name, { is_add: false, route: { prefix, paths } }));
  await Promise.all(gone);
}

async function benchPorts(agent: BenchAgent): Promise<readonly Result[]> {
  const yaml = `${textOf(agent.models, 'vpp.interfaces', bridged)}`;
  const made = await timed(() => apply(agent, yaml));
  const joined = await timed(() => apply(agent, textOf(agent.models, 'vpp.l2.bridge-domain', [domain])));
  const again = await timed(() => resync(agent));
  await remove(agent, 'vpp.l2.bridge-domain', [domain]);
  const removed = await timed(() => remove(agent, 'vpp.interfaces', bridged));
  return [
    result(`${ports} loopbacks with an address from YAML`, made, 'ms'),
    result(`a bridge domain of ${ports} ports`, joined, 'ms'),
    result(`full resync of all that, nothing to do`, again, 'ms'),
    result(`removal of the ${ports} loopbacks`, removed, 'ms'),
  ];
}

/** VPP ends as by a crash and comes back empty. */
async function benchRestart(agent: BenchAgent, vpp: VppProcess): Promise<readonly Result[]> {
  const healed: number[] = [];
  for (let run = 0; run < 3; run++) {
    const record = heard(agent.scheduler);
    await vpp.restart();
    const back = performance.now();
    const { executed } = await record;
    healed.push(performance.now() - back);
    const failed = executed.filter(({ newError }) => newError !== undefined).length;
    if (failed > 0 || (await countRoutes(agent.client)) < routes) throw new Error('VPP is not as it was');
  }
  const target = { value: 3_000, from: 'target' };
  return [result(`VPP started anew, ${routes} routes healed after its socket is back`, median(healed), 'ms', target)];
}

/** The next resync after VPP came back. */
function heard(scheduler: Scheduler): Promise<TransactionRecord> {
  return new Promise((resolve) => {
    const stop = scheduler.onTransaction((record) => {
      if (record.resync !== 'DownstreamResync') return;
      stop();
      resolve(record);
    });
  });
}

function textOf(models: ModelRegistry, name: string, objects: readonly object[]): string {
  return formatConfiguration(
    objects.map((each) => models.model(name).fromJson(each) as Message),
    'yaml',
    { registry: models },
  );
}

async function apply({ configurator }: BenchAgent, yaml: string): Promise<void> {
  const { commit } = await configurator.apply(yaml, { source, options: { retry: false } });
  const failure = commit?.failures[0];
  if (failure) throw new Error(`${failure.operation} ${failure.key}: ${failure.error.message}`);
}

async function remove({ models, intent }: BenchAgent, name: string, objects: readonly object[]): Promise<void> {
  const model = models.model(name);
  const changes = objects.map((each) => ({ key: models.keyOf(model.fromJson(each) as Message), value: null }));
  await intent.commit({ source, changes, options: { retry: false } });
}

async function resync({ intent }: BenchAgent): Promise<void> {
  const { commit } = await intent.commit({ source, changes: [], options: { resync: 'FullResync' } });
  const done = commit?.record.executed.filter(({ noop }) => !noop) ?? [];
  if (done.length > 0) throw new Error(`a resync with nothing to do did ${done.length} operations: ${done[0]!.key}`);
}

async function countRoutes(client: VppClient): Promise<number> {
  let count = 0;
  await client.each('ip_route_dump', {}, () => count++);
  return count;
}
