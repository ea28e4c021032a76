/** Programs inside a host's namespace: a child of the host's thread starts where the thread is. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { accessSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';

export interface ExecOptions {
  readonly input?: string;
  /** ms until it is killed; default 10000. */
  readonly timeout?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface ExecResult {
  /** Exit code, or null when it was killed. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Dies with the thread that started it, however that ends. From util-linux; without it only orderly ends are covered. */
const lifeline = ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'];
const haveLifeline = exists(lifeline[0] ?? '');

function exists(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}

/** A program leads a group of its own, so that what it started ends with it. */
function signalGroup(child: Child, signal: NodeJS.Signals): void {
  if (child.pid !== undefined) killGroup(child.pid, signal);
}

export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // All of it has ended by itself.
  }
}

function start(argv: readonly string[], options: ExecOptions): Child {
  const [command = '', ...args] = haveLifeline ? [...lifeline, ...argv] : argv;
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
  const env = { ...process.env, PATH: path, ...options.env };
  return spawn(command, args, { env, cwd: options.cwd, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
}

export function exec(argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const child = start(argv, options);
    const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), options.timeout ?? 10_000);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.stderr.on('data', (data: Buffer) => err.push(data));
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
    // A program that ends without reading its input is no failure of ours.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}

export interface ProgramReport {
  readonly pid: number;
  readonly running: boolean;
  readonly status: number | null;
  /** Standard output and error together, the last megabyte. */
  readonly output: string;
}

export class Program {
  readonly #child: Child;
  readonly pid: number;
  readonly #ended: Promise<void>;
  #output = '';
  #wake: () => void = () => {};

  private constructor(child: Child, pid: number) {
    this.#child = child;
    this.pid = pid;
    const keep = (data: Buffer): void => {
      this.#output = (this.#output + data.toString()).slice(-(1 << 20));
      this.#wake();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.stdin.on('error', () => {});
    this.#ended = new Promise((resolve) => child.on('close', () => resolve()));
    void this.#ended.then(() => this.#wake());
  }

  static start(argv: readonly string[], options: ExecOptions): Promise<Program> {
    return new Promise((resolve, reject) => {
      const child = start(argv, options);
      child.once('error', reject);
      child.once('spawn', () => resolve(new Program(child, child.pid ?? 0)));
    });
  }

  report(): ProgramReport {
    const { exitCode, signalCode } = this.#child;
    return { pid: this.pid, running: exitCode === null && signalCode === null, status: exitCode, output: this.#output };
  }

  /** Until its output contains `text`; false when it ended or the time is up before that. */
  async waitFor(text: string, timeout: number): Promise<boolean> {
    const deadline = performance.now() + timeout;
    while (!this.#output.includes(text)) {
      const left = deadline - performance.now();
      if (left <= 0 || !this.report().running) return this.#output.includes(text);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return true;
  }

  /** Ends it with the signal, and with SIGKILL after `patience` ms. */
  async stop(signal: NodeJS.Signals, patience: number): Promise<ProgramReport> {
    signalGroup(this.#child, signal);
    const timer = setTimeout(() => signalGroup(this.#child, 'SIGKILL'), patience);
    await this.#ended;
    clearTimeout(timer);
    signalGroup(this.#child, 'SIGKILL');
    return this.report();
  }
}
