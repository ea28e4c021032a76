/**
 * `npm start`: the quick start. Puts three agents, their pods and the cables between them on a stage of its own (network, mount
 * and process namespaces, so that nothing of this host is touched and everything ends with it), applies the files of
 * examples/quickstart, proves them with packets, and stays until Ctrl-C.
 *
 *   npm start -- [--once] [--json] [--engine kernel|vpp|mixed] [--vpp-bin PATH]
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { connectVpp } from '../../src/vpp/index.ts';
import { buildWeb } from '../build-web.ts';
import { type Door, openDoors } from './doors.ts';
import type { CheckResult, FromStage } from './messages.ts';
import { nodesOf, type Plan } from './nodes.ts';
import { type Printer, printerFor } from './print.ts';

const here = dirname(fileURLToPath(import.meta.url));

interface Options {
  readonly once: boolean;
  readonly json: boolean;
  readonly plan: Plan;
}

const usage = `usage: npm start -- [--once] [--json] [--engine kernel|vpp|mixed] [--vpp-bin PATH] [--vpp-socket PATH]
  --once     exit after the proof: 0 when every line holds, 1 otherwise
  --json     one JSON object as the last line
  --engine   what the nodes run on: kernel (default), vpp, or mixed: node 2 on VPP, the others on the kernel
  --vpp-bin  the VPP program for nodes on VPP (environment LIGATURE_VPP_BIN)
  --vpp-socket  API socket of a VPP that runs already: node 2 takes it and leaves it as it was; needs root`;

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) return 2;
  const printer = printerFor(options.json);
  const flags = stageFlags();
  if (typeof flags === 'string') {
    printer.failed(flags);
    return 1;
  }
  await provideWeb();
  const folder = mkdtempSync(join(tmpdir(), 'ligature-'));
  try {
    return await perform(flags, folder, options, printer);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The UI is part of what there is to see. */
async function provideWeb(): Promise<void> {
  const folder = join(here, '../../dist/web');
  if (!existsSync(join(folder, 'index.html'))) await buildWeb(folder);
}

function readOptions(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: {
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        engine: { type: 'string', default: 'kernel' },
        'vpp-bin': { type: 'string' },
        'vpp-socket': { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    const plan = planOf(values.engine, values['vpp-bin'], values['vpp-socket']);
    if (!values.help) return { once: values.once, json: values.json, plan };
  } catch (error) {
    console.error(`npm start: ${error instanceof Error ? error.message : String(error)}`);
  }
  console.error(usage);
  return undefined;
}

function planOf(engine: string, binary = process.env['LIGATURE_VPP_BIN'], socket?: string): Plan {
  if (engine === 'kernel') return { engine };
  if (engine !== 'vpp' && engine !== 'mixed') throw new Error(`--engine ${engine}: kernel, vpp and mixed are accepted`);
  if (binary === undefined && (socket === undefined || engine === 'vpp'))
    throw new Error(
      `--engine ${engine}: name the VPP program with --vpp-bin (mixed: or a VPP that runs with --vpp-socket)`,
    );
  if (socket !== undefined && process.geteuid?.() !== 0)
    throw new Error('--vpp-socket: node 2 goes where that VPP is, which only root may');
  return {
    engine,
    ...(binary === undefined ? {} : { vppBinary: existing('--vpp-bin', binary, 'program') }),
    ...(socket === undefined ? {} : { vppSocket: existing('--vpp-socket', socket, 'socket') }),
  };
}

function existing(flag: string, path: string, what: string): string {
  const found = resolve(path);
  if (!existsSync(found)) throw new Error(`${flag} ${path}: there is no such ${what}`);
  return found;
}

/** Descriptor of the network namespace of that VPP. */
async function namespaceOf(path: string): Promise<number> {
  const vpp = await connectVpp({ path, name: 'quickstart' });
  await vpp.close();
  return openSync(`/proc/${vpp.pid}/ns/net`, 'r');
}

/** Flags of unshare(1) that work here, or what to do when none does. */
function stageFlags(): readonly string[] | string {
  const user = process.geteuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const whole = [...user, '--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child'];
  const withoutProcesses = [...user, '--net', '--mount', '--fork', '--kill-child'];
  for (const flags of [whole, withoutProcesses]) {
    const { status, error } = spawnSync('unshare', [...flags, 'true'], { stdio: 'ignore' });
    if (error) return 'the program `unshare` is missing: install util-linux';
    if (status === 0) return flags;
  }
  if (user.length === 0)
    return 'this root user may not make namespaces (a container without CAP_SYS_ADMIN?): run it on the host, or with more rights';
  return [
    'this host forbids unprivileged user namespaces. Either run `sudo npm start`, or allow them:',
    '  Debian:  sysctl kernel.unprivileged_userns_clone=1',
    '  Ubuntu:  sysctl kernel.apparmor_restrict_unprivileged_userns=0',
    '  others:  sysctl user.max_user_namespaces=10000',
  ].join('\n');
}

async function perform(flags: readonly string[], folder: string, options: Options, printer: Printer): Promise<number> {
  const { vppSocket } = options.plan;
  const namespace = vppSocket === undefined ? [] : [await namespaceOf(vppSocket)];
  const stage = spawn(
    'unshare',
    [...flags, process.execPath, '--disable-warning=ExperimentalWarning', join(here, 'stage.ts')],
    {
      // The namespace of a VPP that runs is descriptor 4: VPP_NAMESPACE.
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', ...namespace],
      env: { ...process.env, LIGATURE_STAGE: folder, LIGATURE_PLAN: JSON.stringify(options.plan) },
      detached: true,
    },
  );
  const stop = (): void => {
    if (stage.connected) stage.send({ type: 'stop' });
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('exit', () => stage.kill('SIGKILL'));
  const ended = new Promise<number>((resolve) => stage.once('exit', (code) => resolve(code ?? 1)));
  const results = await proof(stage, ended, printer);
  const ok = results !== undefined && results.length > 0 && results.every((result) => result.ok);
  if (results !== undefined && !options.once) await stay(folder, options.plan, ended, printer);
  stop();
  await ended;
  printer.end(ok, results ?? []);
  return ok ? 0 : 1;
}

/** Resolves with all results, or undefined when the stage ended before it was through. */
function proof(
  stage: ChildProcess,
  ended: Promise<number>,
  printer: Printer,
): Promise<readonly CheckResult[] | undefined> {
  const results: CheckResult[] = [];
  return new Promise((resolve) => {
    void ended.then(() => resolve(undefined));
    stage.on('message', (message: FromStage) => {
      if (message.type === 'step') printer.step(message.text);
      else if (message.type === 'failed') printer.failed(message.text);
      else if (message.type === 'check') {
        results.push(message.result);
        printer.check(message.result);
      } else resolve(results);
    });
  });
}

async function stay(folder: string, plan: Plan, ended: Promise<number>, printer: Printer): Promise<void> {
  const nodes = nodesOf(plan);
  const doors: readonly Door[] = await openDoors(
    nodes
      .filter(({ isGuest }) => !isGuest)
      .map(({ name, port }) => ({ name, port, socket: join(folder, `${name}.sock`) })),
  );
  printer.open(doors, nodes, folder);
  await ended;
  for (const door of doors) door.close();
}

process.exitCode = await main();
