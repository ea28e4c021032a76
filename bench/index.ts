/** `npm run bench -- [NAME...] [--json FILE] [--list]`: runs benches, each in a process of its own, and prints tables. */
import { fork } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { calibrate } from './calibration.ts';
import { formatReport, machine, mergeInto, type BenchReport } from './report.ts';
import type { Bench, Result } from './result.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, list: { type: 'boolean', default: false }, inside: { type: 'string' } },
});

if (values.inside !== undefined) await runInside(values.inside);
else await runAll();

/** A bench is `NAME.ts` or `NAME/index.ts` in this folder that exports `run`; other files are parts of one. */
function benches(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(import.meta.dirname, { withFileTypes: true })) {
    const path = join(import.meta.dirname, entry.name, ...(entry.isDirectory() ? ['index.ts'] : []));
    if (path === import.meta.filename || !path.endsWith('.ts') || path.endsWith('.test.ts') || !existsSync(path))
      continue;
    const exportsRun = /^export (async function|function|const) run\b/m.test(readFileSync(path, 'utf8'));
    if (exportsRun) found.set(entry.name.replace(/\.ts$/, ''), path);
  }
  return found;
}

async function runAll(): Promise<void> {
  const all = benches();
  const unknown = positionals.filter((name) => !all.has(name));
  if (unknown.length > 0) {
    console.error(`no bench called ${unknown.join(', ')}; there are: ${[...all.keys()].join(', ') || 'none'}`);
    process.exit(2);
  }
  if (values.list) {
    console.log([...all.keys()].join('\n'));
    return;
  }
  const chosen = positionals.length > 0 ? positionals : [...all.keys()];
  const reports: BenchReport[] = [];
  let failed = 0;
  for (const name of chosen) {
    const report = await runApart(name);
    if (report === undefined) {
      failed += 1;
      continue;
    }
    console.log(`${formatReport(report)}\n`);
    reports.push(report);
    if (values.json !== undefined) mergeInto(values.json, [report]);
  }
  process.exit(failed > 0 || reports.length === 0 ? 1 : 0);
}

/** A process of its own: no bench inherits another's heap, compiled code or namespaces. */
function runApart(name: string): Promise<BenchReport | undefined> {
  // Stripping types makes the young generation of sources grow to its most before an agent begins, and bind it (agent/heap.ts).
  const execArgv = ['--expose-gc', '--max-semi-space-size=4', '--disable-warning=ExperimentalWarning'];
  const child = fork(import.meta.filename, ['--inside', name], { execArgv });
  let report: BenchReport | undefined;
  child.on('message', (message) => {
    report = message as BenchReport;
  });
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      if (code !== 0) console.error(`bench ${name} failed`);
      resolve(code === 0 ? report : undefined);
    });
  });
}

async function runInside(name: string): Promise<void> {
  const path = benches().get(name);
  if (path === undefined) throw new Error(`no bench called ${name}`);
  const { run } = (await import(path)) as Bench;
  const before = await calibrate();
  const results: readonly Result[] = await run();
  const after = await calibrate();
  const report: BenchReport = {
    bench: name,
    at: new Date().toISOString(),
    node: process.versions.node,
    machine: machine(),
    calibration: [before, after],
    results,
  };
  // Sent before the process ends, whatever the bench left running.
  process.send?.(report, () => process.exit(0));
}
