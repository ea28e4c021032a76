/** Test files on this machine: as root directly, else inside an unprivileged user namespace where the host allows that. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasCommand } from './debian.ts';
import { runTests, type RunOptions } from './run.ts';
import { addTotals, noTests, type Totals } from './totals.ts';

export interface HereOptions extends RunOptions {
  /** Files that talk to the world: they run outside the namespace, which has no network. */
  readonly needInternet: (file: string) => boolean;
}

const enter = ['-Urnm'];
/** /run belongs to the real root: inside, it is a folder in memory with room for names of namespaces. */
const prepare = 'mount -t tmpfs -o mode=0755 tmpfs /run && mkdir /run/netns && exec "$0" "$@"';

export async function testHere(options: HereOptions): Promise<Totals> {
  if (process.geteuid?.() === 0 || !canEnter()) return await runAll(options, options.files);
  const outside = options.files.filter((file) => options.needInternet(file));
  const inside = options.files.filter((file) => !options.needInternet(file));
  return addTotals(await runInside(options, inside), await runAll(options, outside));
}

function runAll(options: HereOptions, files: readonly string[]): Promise<Totals> {
  return files.length === 0 ? Promise.resolve(noTests) : runTests({ ...options, files });
}

function canEnter(): boolean {
  return (
    hasCommand('unshare') &&
    spawnSync('unshare', [...enter, 'sh', '-c', prepare, 'true'], { stdio: 'ignore' }).status === 0
  );
}

async function runInside(options: HereOptions, files: readonly string[]): Promise<Totals> {
  if (files.length === 0) return noTests;
  const out = mkdtempSync(join(tmpdir(), 'lg-tests-'));
  try {
    const runner = join(options.root, 'scripts/test/inside.ts');
    const argv = [
      ...enter,
      'sh',
      '-c',
      prepare,
      process.execPath,
      ...process.execArgv,
      runner,
      ...(options.only === undefined ? [] : ['--only', options.only]),
      ...(options.verbose ? ['--verbose'] : []),
      ...files,
    ];
    const child = spawn('unshare', argv, { stdio: 'inherit', env: { ...process.env, OUT: out } });
    await new Promise<void>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', () => resolve());
    });
    const report = join(out, 'totals.json');
    if (existsSync(report)) return JSON.parse(readFileSync(report, 'utf8')) as Totals;
    options.say('FAILED: the runner in the user namespace ended without a report');
    return { ...noTests, failed: files.length };
  } finally {
    rmSync(out, { recursive: true });
  }
}
