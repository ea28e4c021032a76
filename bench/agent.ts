/** The agent as it is published: the bundle of `npm run build`, started by the command, in a process of its own. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpClient } from '../src/client/http.ts';
import { type Result, result } from './result.ts';
import { median } from './statistics.ts';

export const sections = { built: run };

const root = join(import.meta.dirname, '..');
const dist = process.env['LIGATURE_DIST'] ?? join(root, 'dist');
const starts = 9;
const objects = 10_000;
/** ms after which an idle agent has given back what its start, or bulk work, took for a while. */
const restAfterStart = 3_000;
const restAfterWork = 30_000;

async function run(): Promise<readonly Result[]> {
  using installed = new Installation();
  const ready: number[] = [];
  const again: number[] = [];
  let idle = 0;
  for (let start = 0; start < starts; start++) {
    await using agent = new Agent(installed, start);
    ready.push(await agent.start());
    if (start === 0) idle = await agent.residentAfter(restAfterStart);
    await agent.stop();
    again.push(await agent.start());
  }
  await using agent = new Agent(installed, starts);
  await agent.start();
  const before = agent.resident();
  await agent.longestBlock();
  const took = await agent.put(configuration());
  const block = await agent.longestBlock();
  const peak = agent.resident();
  const full = await agent.residentAfter(restAfterWork);
  await agent.stop();
  const restored = await agent.start();
  return [
    result('bundle of the agent', installed.size / 1e6, 'MB'),
    result('start to ready, first start', median(ready), 'ms', { value: 300, from: 'target' }, `median of ${starts}`),
    result('start to ready, with a state directory', median(again), 'ms', { value: 300, from: 'target' }),
    result('resident memory, idle', idle, 'MB', { value: 100, from: 'target' }),
    result('resident memory right after the start', before, 'MB'),
    result(`PUT of ${objects} objects in YAML`, took, 'ms'),
    result('longest block of the event loop meanwhile', block, 'ms', { value: 20, from: 'target' }),
    result(`resident memory with ${objects} objects`, full, 'MB', { value: 200, from: 'target' }, '30 s later'),
    result(`resident memory right after the PUT`, peak, 'MB'),
    result(`start to ready with ${objects} objects to restore`, restored, 'ms'),
  ];
}

function configuration(): string {
  const routes = Array.from(
    { length: objects - 1 },
    (_, index) =>
      `    - { dstNetwork: 10.${64 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}/32, nextHopAddr: 192.0.2.2, outgoingInterface: loop1 }`,
  );
  const loopback = '    - { name: loop1, type: SOFTWARE_LOOPBACK, enabled: true, ipAddresses: [192.0.2.1/24] }';
  return ['vppConfig:', '  interfaces:', loopback, '  routes:', ...routes, ''].join('\n');
}

/** What npm would install: without the sources, so that the bundles run. */
class Installation implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'lg-bench-'));
  readonly size: number;

  constructor() {
    const bundle = join(dist, 'agent.cjs');
    if (!existsSync(bundle)) throw new Error(`no ${bundle}: npm run build makes it`);
    this.size = statSync(bundle).size;
    for (const name of ['bin', 'package.json']) cpSync(join(root, name), join(this.folder, name), { recursive: true });
    cpSync(dist, join(this.folder, 'dist'), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

class Agent implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'lg-bench-'));
  readonly #namespace: string;
  readonly #installed: Installation;
  readonly #client = new HttpClient({ socketPath: join(this.#folder, 'control', 'http.sock'), timeout: 300_000 });
  #process: ChildProcess | undefined;

  constructor(installed: Installation, number: number) {
    this.#installed = installed;
    this.#namespace = `lg-${process.pid}-agent${number}`;
  }

  /** ms from the start of the process until it says that it is ready. */
  async start(): Promise<number> {
    const begin = performance.now();
    const agent = spawn(
      process.execPath,
      [
        join(this.#installed.folder, 'bin/ligature.js'),
        'agent',
        ...['--state-dir', this.#folder, '--config-dir', this.#folder],
        ...[
          '--kernel-namespace',
          this.#namespace,
          '--http-port',
          '0',
          '--grpc-port',
          '0',
          '--log-level',
          'info',
          '--log-format',
          'json',
        ],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.#process = agent;
    agent.stderr.setEncoding('utf8');
    let log = '';
    for await (const text of agent.stderr.iterator({ destroyOnReturn: false }) as AsyncIterable<string>) {
      log += text;
      if (!log.includes('"plugins":')) continue;
      agent.stderr.resume();
      const taken = performance.now() - begin;
      await this.#client.text({ path: '/readiness' });
      return taken;
    }
    throw new Error(`the agent ended: ${log}`);
  }

  async stop(): Promise<void> {
    const agent = this.#process;
    if (!agent || agent.exitCode !== null || agent.signalCode !== null) return;
    const ended = once(agent, 'exit');
    agent.kill('SIGTERM');
    await ended;
  }

  /** ms until all of it is applied. */
  async put(body: string): Promise<number> {
    const begin = performance.now();
    await this.#client.text({ method: 'PUT', path: '/api/v1/configuration', body });
    return performance.now() - begin;
  }

  /** ms, since the last time this was asked. */
  async longestBlock(): Promise<number> {
    const metrics = await this.#client.text({ path: '/metrics' });
    const line = /^nodejs_eventloop_lag_max_seconds(?:\{[^}]*\})? ([\d.e+-]+)$/m.exec(metrics);
    if (!line) throw new Error('the agent does not tell how long its event loop was blocked');
    return Number(line[1]) * 1000;
  }

  async residentAfter(rest: number): Promise<number> {
    await delay(rest);
    return this.resident();
  }

  /** MB of memory that the process has in RAM, shared pages of Node's binary included. */
  resident(): number {
    const status = readFileSync(`/proc/${this.#process?.pid}/status`, 'latin1');
    return (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024) / 1e6;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    spawnSync('ip', ['netns', 'delete', this.#namespace]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
