/**
 * What V8 made of the bundles while they ran once, kept beside them: compiling is a fifth of the agent's start. Good for the very Node
 * that made it and for the user it was made by (Node keeps one for each); any other compiles as usual.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** ms for the agent to start, and for it to stop. */
const patience = 60_000;

/** Runs the bundles in `dist`. Returns how many modules are in the cache; without the rights to run an agent only the CLI's are. */
export async function buildCompileCache(dist: string): Promise<number> {
  const directory = join(dist, 'compile-cache');
  const env = { ...process.env, NODE_COMPILE_CACHE: directory, NODE_COMPILE_CACHE_PORTABLE: '1' };
  spawnSync(process.execPath, [join(dist, 'cli.js'), '--help'], { env, stdio: 'ignore', timeout: patience });
  await runAgent(dist, env);
  return readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
}

async function runAgent(dist: string, env: NodeJS.ProcessEnv): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lg-build-'));
  const namespace = `lg-build-${process.pid}`;
  const args = [
    ...['--state-dir', folder, '--config-dir', folder, '--kernel-namespace', namespace],
    ...['--http-port', '0', '--grpc-port', '0', '--log-format', 'json', '--remove'],
  ];
  const program = `const { runAgent } = await import(${JSON.stringify(pathToFileURL(join(dist, 'agent.js')).href)});
    process.exitCode = await runAgent({ args: ${JSON.stringify(args)}, build: { version: 'build' } });`;
  const agent = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...env, MICROSERVICE_LABEL: `build-${process.pid}` },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const timer = setTimeout(() => agent.kill('SIGKILL'), patience);
  let log = '';
  let asked = false;
  agent.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    // A second signal would end it at once.
    if (!asked && log.includes('"msg":"started"')) asked = agent.kill('SIGTERM');
  });
  const [code] = (await once(agent, 'exit')) as [number | null];
  clearTimeout(timer);
  if (code !== 0) {
    // Left by an agent that had to be ended.
    spawnSync('ip', ['netns', 'delete', namespace], { stdio: 'ignore' });
    console.log(`no compile cache for the agent, which could not be run here: ${log.trim().split('\n').at(-1)}`);
  }
  rmSync(folder, { recursive: true, force: true });
}
