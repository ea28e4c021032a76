/** Runs programs of the iptables package in a namespace, without a shell. */

import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { KernelDriver } from '../../../kernel/driver.ts';
import type { Namespace } from '../../../kernel/namespace/namespace.ts';

/** File of a program on the path (and where administrators' programs are), or undefined. */
export function findProgram(name: string): string | undefined {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  for (const directory of directories) {
    const file = join(directory, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not there.
    }
  }
  return undefined;
}

export interface Outcome {
  /** 0: it succeeded. */
  readonly status: number;
  readonly output: string;
  /** What it complained of. */
  readonly complaint: string;
}

/** Rejects when it cannot be started, or the namespace is not there (KernelError ENOENT). */
export function run(
  driver: KernelDriver,
  namespace: Namespace,
  argv: readonly [string, ...string[]],
  input: string,
  signal?: AbortSignal,
): Promise<Outcome> {
  const [file, ...rest] = argv;
  // The child is where the thread is when it starts.
  const child = driver.within(namespace, () => spawn(file, rest, { stdio: 'pipe', ...(signal ? { signal } : {}) }));
  return new Promise((resolve, reject) => {
    let output = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
    child.on('error', reject);
    // It may end before it has read everything.
    child.stdin.on('error', () => {});
    child.on('close', (status) => resolve({ status: status ?? 1, output, complaint: complaint.trim() }));
    child.stdin.end(input);
  });
}
