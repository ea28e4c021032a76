/**
 * What V8 made of the bundles while they ran once, kept beside them: compiling is a fifth of the start of an agent. Good for the very Node
 * that made it; any other compiles as usual. See bin/bundle.js.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeCacheOf } from '../bin/bundle.js';

export interface Bundles {
  readonly agent: string;
  readonly cli: string;
}

/** ms for the agent to start, and for it to stop. */
const patience = 60_000;
const runner = join(import.meta.dirname, 'build-code-cache-runner.js');

/** Runs the bundles. Returns the caches made and their sizes in bytes; without the rights to run an agent only the CLI's. */
export async function buildCodeCaches({ agent, cli }: Bundles): Promise<ReadonlyMap<string, number>> {
  for (const path of [agent, cli]) rmSync(codeCacheOf(path), { force: true });
  spawnSync(process.execPath, [runner, cli, '--help'], { stdio: 'ignore', timeout: patience });
  await runAgent(agent);
  const made = [agent, cli].map(codeCacheOf).filter((path) => existsSync(path));
  return new Map(made.map((path) => [path, statSync(path).size]));
}

async function runAgent(bundle: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lg-build-'));
  const namespace = `lg-build-${process.pid}`;
  const args = [
    ...['--state-dir', folder, '--config-dir', folder, '--kernel-namespace', namespace],
    ...['--http-port', '0', '--grpc-port', '0', '--log-format', 'json', '--remove'],
  ];
  const agent = spawn(process.execPath, [runner, bundle, ...args], {
    env: { ...process.env, MICROSERVICE_LABEL: `build-${process.pid}` },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const timer = setTimeout(() => agent.kill('SIGKILL'), patience);
  let log = '';
  let asked = false;
  agent.stderr!.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    if (!asked && log.includes('"msg":"started"')) asked = agent.send('started');
  });
  // A second signal would end it at once.
  agent.once('message', () => agent.kill('SIGTERM'));
  const [code] = (await once(agent, 'exit')) as [number | null];
  clearTimeout(timer);
  if (code !== 0) {
    // Left by an agent that had to be ended.
    spawnSync('ip', ['netns', 'delete', namespace], { stdio: 'ignore' });
    console.log(`no code cache for the agent, which could not be run here: ${log.trim().split('\n').at(-1)}`);
  }
  rmSync(folder, { recursive: true, force: true });
}
