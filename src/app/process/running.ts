import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { open } from 'node:fs/promises';
import { AppError } from '../errors.ts';
import type { CommandLine } from './command.ts';
import { identify, isAlive, type ProcessIdentity } from './identity.ts';
import { LineSplitter } from './lines.ts';
import type { ProcessExit } from './state.ts';

/** A process that runs, ours or adopted. */
export interface RunningProcess {
  readonly pid: number;
  readonly identity: ProcessIdentity | undefined;
  readonly exited: Promise<ProcessExit>;
  /** False: it is gone. */
  signal(signal: NodeJS.Signals): boolean;
  /** Signals the process and everything it started. */
  signalGroup(signal: NodeJS.Signals): boolean;
  /** The agent may end without waiting for it. */
  unref(): void;
}

export type OutputStream = 'stdout' | 'stderr';

export interface SpawnOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gets each line. Not called when there is an output file. */
  readonly onLine: (line: string, stream: OutputStream) => void;
  /** Output is appended here by the process itself. */
  readonly outputFile: string | undefined;
}

/** Starts a process in a session and process group of its own, without a shell. Errors: AppError `process`. */
export async function spawnProcess(line: CommandLine, options: SpawnOptions): Promise<RunningProcess> {
  const file = options.outputFile === undefined ? undefined : await open(options.outputFile, 'a', 0o600);
  const stdio: StdioOptions = file === undefined ? ['ignore', 'pipe', 'pipe'] : ['ignore', file.fd, file.fd];
  try {
    const child = spawn(line.file, line.args, { cwd: options.cwd, env: { ...options.env }, stdio, detached: true });
    await spawned(child, line.file);
    readLines(child, options.onLine);
    return overChild(child, await identify(child.pid ?? 0));
  } finally {
    await file?.close();
  }
}

function spawned(child: ChildProcess, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(new AppError('process', `cannot run ${file}: ${cause.message}`, { cause, field: 'command' })),
    );
  });
}

function readLines(child: ChildProcess, onLine: SpawnOptions['onLine']): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = child[name];
    const lines = new LineSplitter((line) => onLine(line, name));
    stream?.on('data', (chunk: Buffer) => lines.push(chunk));
    stream?.on('end', () => lines.end());
  }
}

function overChild(child: ChildProcess, identity: ProcessIdentity | undefined): RunningProcess {
  const pid = child.pid ?? 0;
  const exited = new Promise<ProcessExit>((resolve) => {
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      resolve({ code: code ?? undefined, signal: signal ?? undefined });
    };
    // What it wrote last is still on its way at "exit"; "close" may never come, when somebody else keeps the output open.
    child.once('close', end);
    child.once('exit', (code, signal) => setTimeout(() => end(code, signal), outputGrace).unref());
    if (child.exitCode !== null || child.signalCode !== null) end(child.exitCode, child.signalCode);
  });
  return {
    pid,
    identity,
    exited,
    signal: (signal) => child.kill(signal),
    signalGroup: (signal) => send(-pid, signal),
    unref: () => child.unref(),
  };
}

/** ms to wait for the end of the output after the end of the process. */
const outputGrace = 200;

/** ms between two looks at an adopted process: the kernel tells only a parent. */
const adoptedPeriod = 200;

/**
 * Takes over a process that somebody else has started. Its exit is seen within 200 ms; its exit code is not known. Errors:
 * AppError `not-found`.
 */
export async function adoptProcess(pid: number): Promise<RunningProcess> {
  const identity = await identify(pid);
  if (identity === undefined) throw new AppError('not-found', `there is no process ${pid}`, { field: 'pid' });
  const exited = new Promise<ProcessExit>((resolve) => {
    const look = async (): Promise<void> => {
      if (await isAlive(identity)) return;
      clearInterval(timer);
      resolve({ code: undefined, signal: undefined });
    };
    const timer = setInterval(() => void look(), adoptedPeriod);
    timer.unref();
  });
  return {
    pid,
    identity,
    exited,
    signal: (signal) => send(pid, signal),
    signalGroup: (signal) => send(-pid, signal) || send(pid, signal),
    unref: () => {},
  };
}

function send(target: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(target, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Asks it to end, then ends it with everything it started. `timeout` in ms. */
export async function endProcess(
  running: RunningProcess,
  signal: NodeJS.Signals,
  timeout: number,
): Promise<ProcessExit> {
  running.signal(signal);
  const timer = setTimeout(() => running.signalGroup('SIGKILL'), timeout);
  try {
    return await running.exited;
  } finally {
    clearTimeout(timer);
  }
}
