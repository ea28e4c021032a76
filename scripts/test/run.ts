/** Runs test files, each in a process of its own, and reports a line a file and every failure in full. */
import { relative } from 'node:path';
import { run } from 'node:test';
import { inspect } from 'node:util';
import type { Skip, Totals } from './totals.ts';

export interface RunOptions {
  readonly root: string;
  /** Relative to `root`. */
  readonly files: readonly string[];
  /** Test files at a time. */
  readonly concurrency: number;
  /** ms after which a test counts as hanging. */
  readonly timeout: number;
  /** ms after which the whole run is given up: one that never lets its event loop turn cannot be stopped otherwise. */
  readonly limit: number;
  /** Print what passing tests print, and every test by name. */
  readonly verbose: boolean;
  readonly only?: string;
  readonly say: (line: string) => void;
}

interface Started {
  readonly name: string;
  readonly parent: string | undefined;
}

/** Numbers are those of node's own summary, which is printed too. */
export async function runTests(options: RunOptions): Promise<Totals> {
  const { root, say } = options;
  const started = new Map<string, Started>();
  const outputs = new Map<string, string>();
  const skips: Skip[] = [];
  let counts = { passed: 0, failed: 0 };
  let broken = 0;

  const stream = run({
    cwd: root,
    files: options.files.map((file) => `${root}/${file}`),
    concurrency: options.concurrency,
    timeout: options.timeout,
    signal: AbortSignal.timeout(options.limit),
    ...(options.only === undefined ? {} : { testNamePatterns: options.only }),
  });

  const nameOf = (file: string, id: number | undefined): string => {
    const entry = started.get(`${file}:${id}`);
    if (entry === undefined) return file;
    return `${entry.parent === undefined ? file : nameOf(file, Number(entry.parent))} > ${entry.name}`;
  };
  const fileOf = (file: string | undefined): string => (file === undefined ? '' : relative(root, file));

  stream.on('test:start', (data) => {
    const parent = data.parentId === undefined ? undefined : String(data.parentId);
    started.set(`${fileOf(data.file)}:${data.testId}`, { name: data.name, parent });
  });
  stream.on('test:pass', (data) => {
    const name = nameOf(fileOf(data.file), data.testId);
    if (data.skip !== undefined && data.skip !== false) {
      skips.push({ name, reason: typeof data.skip === 'string' && data.skip !== '' ? data.skip : 'no reason given' });
    } else if (options.verbose) say(`  ok ${name}`);
  });
  stream.on('test:fail', (data) => {
    if (onlyChildrenFailed(data.details.error)) return;
    const file = fileOf(data.file);
    say(`FAILED ${nameOf(file, data.testId)}\n${indent(describe(data.details.error))}`);
    if ((outputs.get(file) ?? '') !== '') say(`  printed by ${file}:\n${indent(outputs.get(file) ?? '')}`);
    outputs.delete(file);
  });
  const keep = (data: { readonly file: string; readonly message: string }): void => {
    const file = fileOf(data.file);
    if (options.verbose) say(data.message.trimEnd());
    else outputs.set(file, `${outputs.get(file) ?? ''}${data.message}`.slice(-10_000));
  };
  stream.on('test:stdout', keep);
  stream.on('test:stderr', keep);
  stream.on('test:diagnostic', (data) => {
    if (data.file === undefined && data.nesting === 0) say(`# ${data.message}`);
  });
  stream.on('test:summary', (data) => {
    const { passed, tests, skipped, todo } = data.counts;
    const failed = tests - passed - skipped - todo;
    if (data.file === undefined) {
      counts = { passed, failed };
      return;
    }
    const seconds = (data.duration_ms / 1000).toFixed(1);
    const file = fileOf(data.file);
    say(
      `${failed === 0 && data.success ? 'ok    ' : 'FAILED'} ${file}: ${passed} passed, ${skipped} skipped (${seconds} s)`,
    );
    if (failed === 0 && !data.success) broken += 1;
  });

  await new Promise<void>((resolve, reject) => {
    stream.on('end', resolve);
    stream.on('error', reject);
    stream.resume();
  });
  return { passed: counts.passed, failed: Math.max(counts.failed, broken), skips };
}

/** A suite whose tests failed fails too; the tests have been reported. */
function onlyChildrenFailed(error: Error): boolean {
  return 'failureType' in error && error.failureType === 'subtestsFailed';
}

function describe(error: Error): string {
  const cause = error.cause ?? error;
  return inspect(cause, { depth: 5, breakLength: 120 });
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, '    ');
}
