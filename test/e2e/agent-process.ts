/** An agent as users run it: a process of the command, with directories and a vswitch namespace of its own. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpClient } from '../../src/client/http.ts';

const root = join(import.meta.dirname, '../..');
const command = join(root, 'src/cli/main.ts');
let counter = 0;

export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How the process of an agent is started. */
export interface StartOptions {
  /** Modules that are loaded before the agent. */
  readonly imports?: readonly string[];
  /** Variables on top of those of the test; read at each start. */
  readonly environment?: Readonly<Record<string, string>>;
}

export class AgentProcess implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'lg-e2e-'));
  readonly namespace = `lg-${process.pid}-e2e${counter++}`;
  readonly client: HttpClient;
  readonly port: number;
  readonly #flags: readonly string[];
  readonly #options: StartOptions;
  #process: ChildProcess | undefined;
  #log = '';

  private constructor(port: number, flags: readonly string[], options: StartOptions) {
    this.port = port;
    this.#flags = flags;
    this.#options = options;
    mkdirSync(this.configDirectory);
    this.client = new HttpClient({ socketPath: join(this.stateDirectory, 'control', 'http.sock') });
  }

  /** Starts one and waits until it is ready. */
  static async open(
    flags: readonly string[] = [],
    files: Readonly<Record<string, string>> = {},
    options: StartOptions = {},
  ): Promise<AgentProcess> {
    const agent = new AgentProcess(await freePort(), flags, options);
    for (const [name, content] of Object.entries(files)) writeFileSync(join(agent.configDirectory, name), content);
    await agent.start();
    return agent;
  }

  get stateDirectory(): string {
    return join(this.folder, 'state');
  }

  get configDirectory(): string {
    return join(this.folder, 'conf');
  }

  get log(): string {
    return this.#log;
  }

  get token(): string {
    return readFileSync(join(this.stateDirectory, 'http-token'), 'utf8').trim();
  }

  async start(): Promise<void> {
    const args = [
      command,
      'agent',
      ...['--state-dir', this.stateDirectory, '--config-dir', this.configDirectory],
      ...['--kernel-namespace', this.namespace, '--http-port', String(this.port), '--grpc-port', '0', '--remove'],
      ...this.#flags,
    ];
    const { imports = [], environment = {} } = this.#options;
    const agent = spawn(process.execPath, [...imports.map((module) => `--import=${module}`), ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      // A name of its own: agents of one name take each other's devices in the host's namespace for theirs.
      env: { ...process.env, MICROSERVICE_LABEL: this.namespace, ...environment },
    });
    this.#process = agent;
    agent.stderr.setEncoding('utf8').on('data', (text: string) => (this.#log += text));
    await this.until('the agent is ready', async () => {
      if (agent.exitCode !== null) throw new Error(`the agent ended: ${this.#log}`);
      return (await fetch(`http://127.0.0.1:${this.port}/readiness`).catch(() => undefined))?.status === 200;
    });
  }

  /** Ends it as an operator does; resolves with its exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const agent = this.#process;
    if (!agent || agent.exitCode !== null || agent.signalCode !== null) return agent?.exitCode ?? null;
    const ended = once(agent, 'exit');
    agent.kill(signal);
    await ended;
    return agent.exitCode;
  }

  /** Resolves when the process has ended by itself. */
  async ended(): Promise<void> {
    const agent = this.#process;
    if (!agent || agent.exitCode !== null || agent.signalCode !== null) return;
    await once(agent, 'exit');
  }

  /** Runs a command line against it. */
  ligature(...args: readonly string[]): CommandResult {
    return ligature('--state-dir', this.stateDirectory, ...args);
  }

  file(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + 20_000;
    while (!(await holds())) {
      if (performance.now() > end) throw new Error(`waited in vain until ${what}; log:\n${this.#log}`);
      await delay(20);
    }
  }

  get hasNamespace(): boolean {
    return existsSync(`/var/run/netns/${this.namespace}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    if (this.hasNamespace) spawnSync('ip', ['netns', 'delete', this.namespace]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs the command as a user does. */
export function ligature(...args: readonly string[]): CommandResult {
  const env = { ...process.env, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8', env });
  return { status, stdout, stderr };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
