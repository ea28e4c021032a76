/** 10,000 routes: one commit against `ip -batch`, from objects and from YAML; a full resync that finds nothing to do. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message } from '@bufbuild/protobuf';
import { formatConfiguration } from '../src/model/index.ts';
import {
  type BenchAgent,
  changesOf,
  commit,
  longestBlock,
  openAgent,
  removalOf,
  source,
  uniqueName,
  watched,
} from './kernel-agent.ts';
import { type Result, result } from './result.ts';
import { median, timed } from './statistics.ts';

const count = 10_000;
const runs = 5;

interface Route {
  readonly dstNetwork: string;
  readonly nextHopAddr: string;
  readonly outgoingInterface: string;
}

const routes: readonly Route[] = Array.from({ length: count }, (_, index) => ({
  dstNetwork: `10.${64 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}/32`,
  nextHopAddr: '192.0.2.2',
  outgoingInterface: 'loop1',
}));

const loopback = { name: 'loop1', type: 'SOFTWARE_LOOPBACK', enabled: true, ipAddresses: ['192.0.2.1/24'] };

export async function benchRoutes(): Promise<readonly Result[]> {
  await using agent = await openAgent();
  using reference = new IpBatch(routes);
  await commit(agent, changesOf(agent.models, 'vpp.interfaces', [loopback]));
  const changes = changesOf(agent.models, 'vpp.route', routes);
  const yaml = formatConfiguration(
    changes.map(({ value }) => value as Message),
    'yaml',
    { registry: agent.models },
  );

  const batch: number[] = [];
  const objects: number[] = [];
  const whole: number[] = [];
  longestBlock();
  const removals: number[] = [];
  const parses: number[] = [];
  const phases: Record<string, number[]> = {};
  for (let run = 0; run < runs; run++) {
    batch.push(reference.add());
    reference.flush();
    const parsed = changesOf(agent.models, 'vpp.route', routes);
    const { timing, took } = await commit(agent, parsed);
    objects.push(took);
    for (const [phase, ms] of Object.entries(timing)) (phases[phase] ??= []).push(ms);
    removals.push((await commit(agent, removalOf(changes))).took);
    parses.push(await timed(() => agent.configurator.parse(yaml)));
    whole.push(await timed(() => watched(() => agent.configurator.apply(yaml, { source, options: { retry: false } }))));
    await commit(agent, removalOf(changes));
  }
  const peer = { value: median(batch), from: 'ip -batch, same run' };
  const rows = [
    result(
      `${count} routes in one commit, from parsed objects`,
      median(objects),
      'ms',
      peer,
      `target 1.2, ${runs} runs`,
    ),
    ...Object.entries(phases).map(([phase, values]) => result(`- of which ${phase}`, median(values), 'ms')),
    result(`${count} routes in one commit, from YAML`, median(whole), 'ms', peer, 'target 2'),
    result('- of which parsing and validation of the text', median(parses), 'ms'),
    result(`removal of ${count} routes`, median(removals), 'ms'),
    result('longest block of the event loop, routes', longestBlock(), 'ms', { value: 20, from: 'target' }),
  ];
  await commit(agent, changes);
  return [...rows, ...(await benchResync(agent))];
}

async function benchResync(agent: BenchAgent): Promise<readonly Result[]> {
  const times: number[] = [];
  longestBlock();
  let done = 0;
  for (let run = 0; run < runs; run++) {
    times.push(
      await timed(async () => {
        const { commit: outcome } = await watched(() =>
          agent.intent.commit({
            source,
            changes: [],
            options: { resync: 'FullResync' },
          }),
        );
        done += outcome?.record.executed.filter(({ noop }) => !noop).length ?? 0;
      }),
    );
  }
  if (done > 0) throw new Error(`a resync that should find nothing to do did ${done} operations`);
  return [
    result(`full resync of ${count} routes, nothing to do`, median(times) / 1000, 's', { value: 0.5, from: 'target' }),
    result('longest block of the event loop, resync', longestBlock(), 'ms', { value: 20, from: 'target' }),
  ];
}

/** The same routes with the program of iproute2, in a namespace with a device like the agent's. */
class IpBatch implements Disposable {
  readonly #namespace = uniqueName('ip');
  readonly #folder = mkdtempSync(join(tmpdir(), 'lg-bench-'));
  readonly #file = join(this.#folder, 'routes');

  constructor(wanted: readonly Route[]) {
    const lines = wanted.map(
      ({ dstNetwork, nextHopAddr }) => `route add ${dstNetwork} via ${nextHopAddr} dev loop1 proto 77`,
    );
    writeFileSync(this.#file, `${lines.join('\n')}\n`);
    ip('netns', 'add', this.#namespace);
    this.#ip('link', 'add', 'loop1', 'up', 'type', 'bridge');
    this.#ip('address', 'add', '192.0.2.1/24', 'dev', 'loop1');
  }

  /** ms. */
  add(): number {
    const start = performance.now();
    this.#ip('-batch', this.#file);
    return performance.now() - start;
  }

  flush(): void {
    this.#ip('route', 'flush', 'proto', '77');
  }

  [Symbol.dispose](): void {
    ip('netns', 'delete', this.#namespace);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #ip(...args: readonly string[]): void {
    ip('-n', this.#namespace, ...args);
  }
}

function ip(...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(`ip ${args.join(' ')}: ${stderr}`);
}
