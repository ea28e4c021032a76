/**
 * A virtual machine with a stock Debian kernel and the host's files, for what the host's kernel lacks. No KVM, no image,
 * no root: qemu's own emulation, about six seconds to start and JavaScript some fifteen times slower than outside.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hasCommand } from '../../scripts/test/debian.ts';
import { writeInitramfs } from './initramfs.ts';
import { provideKernel } from './kernel.ts';

export interface VmRun {
  /** Runs in `cwd` as root, with the host's files; what it writes is thrown away, but for the folder $OUT. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** ms until the machine is switched off. */
  readonly timeout: number;
  /** Files of $OUT to hand back. */
  readonly collect?: readonly string[];
  readonly onLine: (line: string) => void;
  readonly say: (line: string) => void;
}

export interface VmResult {
  /** Exit code of the program; undefined when it did not come to an end, with the reason in `problem`. */
  readonly status: number | undefined;
  readonly problem?: string;
  /** The collected files that exist. */
  readonly files: Readonly<Record<string, string>>;
}

const programs = ['qemu-system-x86_64', 'busybox', 'cpio', 'depmod', 'dpkg'];

/** Why there can be no VM here, or undefined. */
export function vmObstacle(): string | undefined {
  if (process.arch !== 'x64') return `no test VM on ${process.arch}`;
  const missing = programs.filter((name) => !hasCommand(name));
  return missing.length === 0 ? undefined : `no test VM without ${missing.join(', ')}`;
}

export async function runInVm(run: VmRun): Promise<VmResult> {
  const kernel = provideKernel(run.say);
  const out = mkdtempSync(join(tmpdir(), 'lg-vm-'));
  try {
    const initramfs = join(out, 'initramfs');
    writeInitramfs(kernel, busyboxPath(), initramfs);
    writeFileSync(join(out, 'inside.sh'), inside(run));
    const problem = await boot(kernel.image, initramfs, out, run);
    const read = (name: string): string | undefined => {
      const path = join(out, name);
      return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
    };
    const status = read('status')?.trim();
    const files = Object.fromEntries(
      (run.collect ?? [])
        .flatMap((name) => [[name, read(name)]])
        .filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    if (status !== undefined && status !== '') return { status: Number(status), files };
    const log = (read('console') ?? '').trim().split('\n').slice(-15).join('\n');
    return { status: undefined, problem: `${problem ?? 'the test VM stopped before the end'}\n${log}`, files };
  } finally {
    rmSync(out, { recursive: true });
  }
}

function busyboxPath(): string {
  const path = ['/bin/busybox', '/usr/bin/busybox'].find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error('no test VM without busybox');
  return path;
}

/** What tests are told by variables (`LIGATURE_VPP_BIN`) holds in the VM, too: it has the files of the host. */
function settings(): readonly (readonly [string, string])[] {
  return Object.entries(process.env).flatMap(([name, value]) =>
    /^LIGATURE_\w+$/.test(name) && value !== undefined ? [[name, value] as const] : [],
  );
}

/** Runs after switch_root, with the host's shell. The second serial line is for the program, the first for the kernel. */
function inside(run: VmRun): string {
  const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  return `
export PATH=${quote(`${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`)}
${settings()
  .map(([name, value]) => `export ${name}=${quote(value)}\n`)
  .join('')}
export HOME=/root OUT=/run/out CI=true LIGATURE_TEST_VM=1 NO_COLOR=1
stty -F /dev/ttyS1 -onlcr 2>/dev/null
cd ${quote(run.cwd)} && ${run.argv.map(quote).join(' ')} </dev/null >/dev/ttyS1 2>&1
echo $? >/run/out/status
sync
echo o >/proc/sysrq-trigger
sleep 60
`;
}

/** Why it was switched off from outside, or undefined. */
function boot(image: string, initramfs: string, out: string, run: VmRun): Promise<string | undefined> {
  const share = (path: string, tag: string, more: string): string[] => [
    '-virtfs',
    `local,path=${path},mount_tag=${tag},security_model=none,multidevs=remap${more}`,
  ];
  const argv = [
    ...[
      '-M',
      'q35,accel=tcg',
      '-cpu',
      'max',
      '-smp',
      '2',
      '-m',
      '2048',
      '-nodefaults',
      '-no-reboot',
      '-display',
      'none',
    ],
    ...['-serial', `file:${join(out, 'console')}`, '-serial', 'stdio', '-kernel', image, '-initrd', initramfs],
    ...['-append', 'console=ttyS0 quiet panic=-1 rdinit=/init random.trust_cpu=on'],
    ...share('/', 'hostroot', ',readonly=on'),
    ...share(out, 'out', ''),
  ];
  return new Promise((resolve, reject) => {
    const child = spawn('qemu-system-x86_64', argv, { stdio: ['ignore', 'pipe', 'pipe'] });
    let reason: string | undefined;
    let errors = '';
    const end = (why: string): void => {
      reason ??= why;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => end(`the test VM was switched off after ${run.timeout / 1000} s`), run.timeout);
    const interrupted = (): void => end('interrupted');
    const exiting = (): void => void child.kill('SIGKILL');
    process.on('SIGINT', interrupted).on('SIGTERM', interrupted).on('exit', exiting);
    createInterface({ input: child.stdout }).on('line', run.onLine);
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted).off('exit', exiting);
      resolve(reason ?? (code === 0 ? undefined : `qemu ended with ${code}: ${errors.trim()}`));
    });
  });
}
