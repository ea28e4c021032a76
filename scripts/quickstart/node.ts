/** One node: its agent, and how it is talked to. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { HttpClient } from '../../src/client/http.ts';
import type { ApplyAnswer, RecordAnswer, StatusAnswer } from '../../src/cli/answers.ts';
import { type NodeDescription, pathOf, type Plan, VPP_NAMESPACE } from './nodes.ts';

const launcher = join(dirname(fileURLToPath(import.meta.url)), '../../bin/ligature.js');
/** ms; a busy machine starts three VPPs slowly. */
const patience = 60_000;

/** Small, and gone with the stage. */
const vppSettings = `heap: 256M
buffers: 8192
hugepages: 'off'
restart-delay: 100ms
stop-with-agent: true
`;

export class Node {
  readonly name: string;
  readonly #description: NodeDescription;
  readonly #folder: string;
  readonly #plan: Plan;
  readonly #client: HttpClient;
  #agent: ChildProcess | undefined;
  #door: Server | undefined;

  constructor(description: NodeDescription, folder: string, plan: Plan) {
    this.name = description.name;
    this.#plan = plan;
    this.#description = description;
    this.#folder = folder;
    this.#client = new HttpClient({ socketPath: join(folder, this.name, 'control', 'http.sock'), timeout: patience });
  }

  get engine(): NodeDescription['engine'] {
    return this.#description.engine;
  }

  get isGuest(): boolean {
    return this.#description.isGuest;
  }

  /** Its configuration as it is applied at first, for people. */
  get file(): string {
    return this.#description.file;
  }

  get configuration(): string {
    return readFileSync(pathOf(this.#description), 'utf8');
  }

  /** The socket of its VPP's API. */
  get vppSocket(): string {
    const own = join(this.#folder, this.name, 'vpp', 'api.sock');
    return this.isGuest ? (this.#plan.vppSocket ?? own) : own;
  }

  /** Name of the namespace that plays its vswitch; on the kernel only. */
  get vswitch(): string {
    return `${this.name}-vswitch`;
  }

  /** Starts the agent and waits until it is ready. */
  async start(): Promise<void> {
    const log = join(this.#folder, `${this.name}.log`);
    const output = openSync(log, 'a');
    const conf = join(this.#folder, 'conf', this.name);
    mkdirSync(conf, { recursive: true });
    const flags = {
      'microservice-label': this.name,
      'state-dir': join(this.#folder, this.name),
      'config-dir': conf,
      'http-port': String(this.#description.port),
      'grpc-port': String(this.#description.port - 80),
      'kernel-namespace-directory': join(this.#folder, 'netns'),
      ...this.#engineFlags(conf),
    };
    const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
    const command = [process.execPath, launcher, 'agent', ...args];
    const [program = '', ...rest] = this.isGuest ? ['nsenter', '--net=/proc/self/fd/3', ...command] : command;
    const inherited = this.isGuest ? [VPP_NAMESPACE] : [];
    const agent = spawn(program, rest, { stdio: ['ignore', output, output, ...inherited] });
    this.#agent = agent;
    await until(`agent of ${this.name} is ready`, async () => {
      if (agent.exitCode !== null) throw new Error(`the agent of ${this.name} ended: ${lastLines(log)}`);
      return this.isReady();
    });
    // A guest listens on the loopback of the host itself.
    if (!this.isGuest) this.#door ??= await openInside(join(this.#folder, `${this.name}.sock`), this.#description.port);
  }

  #engineFlags(conf: string): Readonly<Record<string, string>> {
    if (this.engine === 'kernel') return { 'kernel-namespace': this.vswitch };
    // Somebody else's VPP is left as it was found.
    if (this.isGuest) {
      writeFileSync(join(conf, 'removal.conf'), 'remove: true\n');
      return { engine: 'vpp', 'vpp-api-socket': this.vppSocket };
    }
    writeFileSync(join(conf, 'vpp-process.conf'), vppSettings);
    return { engine: 'vpp', 'vpp-bin': this.#plan.vppBinary ?? 'vpp' };
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    if (!this.#agent || this.#agent.exitCode !== null) return;
    const ended = once(this.#agent, 'exit');
    this.#agent.kill('SIGKILL');
    await ended;
  }

  async apply(
    yaml: string | Uint8Array,
    file: string,
    query: Readonly<Record<string, string>> = {},
  ): Promise<ApplyAnswer> {
    const call = {
      method: 'PUT',
      path: '/api/v1/configuration',
      body: yaml,
      query: { source: 'quickstart', file, ...query },
    } as const;
    const answer = await this.#client.json<ApplyAnswer>(call);
    const failure = answer.failures[0];
    if (failure) throw new Error(`${file}: ${failure.key}: ${failure.error} (${answer.failures.length} failed)`);
    return answer;
  }

  async delete(yaml: string, file: string): Promise<ApplyAnswer> {
    return this.#client.json({
      method: 'DELETE',
      path: '/api/v1/configuration',
      body: yaml,
      query: { source: 'quickstart', file },
    });
  }

  /** Compares its data plane with what is wanted, and mends it. */
  async resync(): Promise<void> {
    await this.#client.json({ method: 'POST', path: '/scheduler/downstream-resync' });
  }

  async vppPid(): Promise<number> {
    return (await this.#client.json<{ readonly pid: number }>({ path: '/api/v1/vpp' })).pid;
  }

  isReady(): Promise<boolean> {
    return this.#client.text({ path: '/readiness' }).then(
      () => true,
      () => false,
    );
  }

  values(query: Readonly<Record<string, string>> = {}): Promise<readonly StatusAnswer[]> {
    return this.#client.json({ path: '/api/v1/values', query });
  }

  history(): Promise<readonly RecordAnswer[]> {
    return this.#client.json({ path: '/api/v1/transactions', query: { limit: 1000 } });
  }

  /** Everything that is not as wanted, parts included. */
  async unsettled(): Promise<readonly StatusAnswer[]> {
    const all = (status: StatusAnswer): readonly StatusAnswer[] => [status, ...status.parts.flatMap(all)];
    return (await this.values()).flatMap(all).filter(({ state }) => state !== 'CONFIGURED' && state !== 'OBTAINED');
  }

  async close(): Promise<void> {
    this.#door?.close();
    const agent = this.#agent;
    if (!agent || agent.exitCode !== null) return;
    const ended = once(agent, 'exit');
    agent.kill('SIGTERM');
    await Promise.race([ended, delay(15_000, undefined, { ref: false })]);
    agent.kill('SIGKILL');
  }
}

/** Looks again until it holds; an error that names it after a while. */
export async function until(what: string, holds: () => Promise<boolean>, time = patience): Promise<void> {
  const end = performance.now() + time;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${time / 1000} s in vain until ${what}`);
    await delay(20);
  }
}

/** A socket in the file system that leads to a port of the stage: namespaces of the network do not part it from the host. */
async function openInside(path: string, port: number): Promise<Server> {
  const server = createServer((outer) => {
    const inner = connect(port, '127.0.0.1');
    outer.pipe(inner).pipe(outer);
    outer.on('error', () => inner.destroy());
    inner.on('error', () => outer.destroy());
  });
  server.listen(path);
  await once(server, 'listening');
  server.unref();
  return server;
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-3).join(' | ');
}
