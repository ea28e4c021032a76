/** A VPP of the test's own (`LIGATURE_VPP_BIN`), without hugepages and network cards, in a folder that goes with it. */

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { connectVpp } from '../../src/vpp/index.ts';

export interface VppProcess extends AsyncDisposable {
  readonly pid: number;
  readonly folder: string;
  readonly apiSocket: string;
  readonly statsSocket: string;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Starts it again in the same place. */
  restart(): Promise<void>;
}

export function vppBinary(): string | undefined {
  return process.env['LIGATURE_VPP_BIN'];
}

export interface VppOptions {
  readonly workers?: number;
  /** File of the network namespace it runs in; default: that of the test. */
  readonly namespace?: string;
}

export async function startVpp(options: VppOptions = {}): Promise<VppProcess> {
  const binary = vppBinary();
  if (binary === undefined) throw new Error('LIGATURE_VPP_BIN names no VPP');
  const process_ = new Process(binary, options);
  await process_.restart();
  return process_;
}

class Process implements VppProcess {
  readonly folder = mkdtempSync(join(tmpdir(), 'lg-vpp-'));
  readonly apiSocket = join(this.folder, 'api.sock');
  readonly statsSocket = join(this.folder, 'stats.sock');
  readonly #binary: string;
  readonly #workers: number;
  readonly #namespace: string | undefined;
  #child: ChildProcess | undefined;

  constructor(binary: string, { workers = 0, namespace }: VppOptions) {
    this.#binary = binary;
    this.#workers = workers;
    this.#namespace = namespace;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async restart(): Promise<void> {
    await this.kill();
    const { folder } = this;
    writeFileSync(join(folder, 'startup.conf'), this.#configuration());
    const libraries = join(dirname(dirname(this.#binary)), 'lib/x86_64-linux-gnu');
    const env = { ...process.env, LD_LIBRARY_PATH: libraries };
    const inside = this.#namespace ? ['nsenter', `--net=${this.#namespace}`] : [];
    // A test that is killed takes its VPP along.
    const command = ['--pdeathsig', 'KILL', ...inside, this.#binary, '-c', join(folder, 'startup.conf')];
    this.#child = spawn('setpriv', command, { env, stdio: 'ignore' });
    const client = await connectVpp({ path: this.apiSocket, attempts: 400, backoff: { first: 50, most: 100 } }).catch(
      (error: unknown) => {
        throw new Error(`VPP did not start: ${this.#log()}`, { cause: error });
      },
    );
    await client.close();
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    rmSync(this.apiSocket, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    // VPP that is killed leaves its shared memory.
    for (const name of readdirSync('/dev/shm'))
      if (name.startsWith(`${this.#prefix}-`)) rmSync(join('/dev/shm', name), { force: true });
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Of its names in /dev/shm. */
  get #prefix(): string {
    return basename(this.folder);
  }

  #log(): string {
    const path = join(this.folder, 'vpp.log');
    return existsSync(path) ? readFileSync(path, 'utf8').slice(-500) : 'no log';
  }

  #configuration(): string {
    const { folder } = this;
    const plugins = ['x86_64-linux-gnu/vpp_plugins', 'vpp_plugins'].map((place) =>
      join(dirname(dirname(this.#binary)), 'lib', place),
    );
    const path = plugins.find((place) => existsSync(place));
    return [
      `unix { nodaemon runtime-dir ${folder} cli-listen ${folder}/cli.sock log ${folder}/vpp.log poll-sleep-usec 100 nosyslog }`,
      `cpu { workers ${this.#workers} }`,
      'memory { main-heap-size 256M main-heap-page-size 4k }',
      'buffers { page-size 4k buffers-per-numa 4096 }',
      `statseg { size 32M page-size 4k socket-name ${this.statsSocket} update-interval 1 per-node-counters on }`,
      `api-segment { prefix ${this.#prefix} }`,
      `socksvr { socket-name ${this.apiSocket} }`,
      `punt { socket ${folder}/punt.sock }`,
      `plugins { ${path === undefined ? '' : `path ${path} `}plugin dpdk_plugin.so { disable } }`,
      '',
    ].join('\n');
  }
}
