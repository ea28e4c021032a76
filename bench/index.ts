/** `npm run bench -- [NAME...] [--json FILE] [--list]`: runs benches, each section in a process of its own, and prints tables. */
import { fork } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { calibrate } from './calibration.ts';
import { formatReport, machine, mergeInto, type BenchReport } from './report.ts';
import { type Bench, Missing, type Result, result } from './result.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    list: { type: 'boolean', default: false },
    inside: { type: 'string' },
    section: { type: 'string' },
  },
});

if (values.inside !== undefined) await runInside(values.inside, values.section ?? '');
else await runAll();

/** A bench is `NAME.ts` or `NAME/index.ts` in this folder that exports `sections`; other files are parts of one. */
function benches(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(import.meta.dirname, { withFileTypes: true })) {
    const path = join(import.meta.dirname, entry.name, ...(entry.isDirectory() ? ['index.ts'] : []));
    if (path === import.meta.filename || !path.endsWith('.ts') || path.endsWith('.test.ts') || !existsSync(path))
      continue;
    if (/^export const sections\b/m.test(readFileSync(path, 'utf8'))) found.set(entry.name.replace(/\.ts$/, ''), path);
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
    const report = await runBench(name);
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

/** Undefined when a section failed. */
async function runBench(name: string): Promise<BenchReport | undefined> {
  const { sections } = await load(name);
  const chosen = process.env['LIGATURE_BENCH']?.split(',') ?? Object.keys(sections);
  const unknown = chosen.find((section) => !(section in sections));
  if (unknown !== undefined) {
    console.error(`bench ${name} has no section ${unknown}; there are ${Object.keys(sections).join(', ')}`);
    return undefined;
  }
  const told: Told[] = [];
  for (const section of chosen) {
    const one = await runApart(name, section);
    if (one === undefined) {
      console.error(`bench ${name}: section ${section} failed`);
      return undefined;
    }
    told.push(one);
  }
  const results = told.flatMap((one) => one.results);
  if (chosen.length > 1) {
    const without = told.filter(({ isMissing }) => isMissing).length;
    results.push(result('sections without figures', without, `of ${chosen.length}`));
  }
  return {
    bench: name,
    at: new Date().toISOString(),
    node: process.versions.node,
    machine: machine(),
    calibration: [told[0]!.calibration[0], told.at(-1)!.calibration[1]],
    results,
  };
}

/** What the process of a section tells. */
interface Told {
  readonly calibration: BenchReport['calibration'];
  readonly results: readonly Result[];
  readonly isMissing: boolean;
}

/** A process of its own: no section inherits another's heap, compiled code or namespaces. */
function runApart(name: string, section: string): Promise<Told | undefined> {
  // Stripping types makes the young generation of sources grow to its most before an agent begins, and bind it (agent/heap.ts).
  const execArgv = ['--expose-gc', '--max-semi-space-size=4', '--disable-warning=ExperimentalWarning'];
  const child = fork(import.meta.filename, ['--inside', name, '--section', section], { execArgv });
  let told: Told | undefined;
  child.on('message', (message) => {
    told = message as Told;
  });
  return new Promise((resolve) => {
    child.on('exit', (code) => resolve(code === 0 ? told : undefined));
  });
}

async function load(name: string): Promise<Bench> {
  const path = benches().get(name);
  if (path === undefined) throw new Error(`no bench called ${name}`);
  return (await import(path)) as Bench;
}

async function runInside(name: string, section: string): Promise<void> {
  const run = (await load(name)).sections[section];
  if (run === undefined) throw new Error(`bench ${name} has no section ${section}`);
  const before = await calibrate();
  const outcome = await run().catch((error: unknown) => {
    if (error instanceof Missing) return error;
    throw error;
  });
  const isMissing = outcome instanceof Missing;
  const results = isMissing ? [result(section, Number.NaN, 'missing', undefined, outcome.message)] : outcome;
  const told: Told = { calibration: [before, await calibrate()], results, isMissing };
  // Sent before the process ends, whatever the bench left running.
  process.send?.(told, () => process.exit(0));
}
