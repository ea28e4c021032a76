/**
 * `npm test [-- FILE|FOLDER...] [--verbose] [--only PATTERN] [--no-vm]`: provides what is missing, runs every test where
 * it can run (here, or in the test VM for what this kernel lacks), and says what was skipped and why.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { provideCommands } from './test/debian.ts';
import { findTests, neededKernelFeatures, needsInternet } from './test/files.ts';
import { testInVm } from './test/in-vm.ts';
import { hasKernelFeature } from './test/kernel.ts';
import { testHere } from './test/here.ts';
import { addTotals, formatTotals, noTests, type Totals } from './test/totals.ts';

const root = join(import.meta.dirname, '..');
const say = (line: string): void => console.log(line);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    verbose: { type: 'boolean', short: 'v', default: false },
    only: { type: 'string' },
    'no-vm': { type: 'boolean', default: false },
  },
});

const missing = provideCommands(say);

const files = findTests(root, positionals);
if (files.length === 0) {
  console.error(`no test files in ${positionals.join(', ') || root}`);
  process.exit(2);
}
const lacking = new Map(files.map((file) => [file, lackingFeatures(file)]));
const here = files.filter((file) => lacking.get(file)?.length === 0);
const elsewhere = files.filter((file) => lacking.get(file)?.length !== 0);

let totals = noTests;
if (here.length > 0) {
  totals = await testHere({
    root,
    files: here,
    concurrency: Math.min(4, availableParallelism()),
    timeout: 300_000,
    limit: 40 * 60_000,
    needInternet: (file) => needsInternet(root, file),
    verbose: values.verbose,
    ...(values.only === undefined ? {} : { only: values.only }),
    say,
  });
}
const why = (file: string): string => `this kernel lacks ${lacking.get(file)?.join(', ')}`;
const only = values.only === undefined ? {} : { only: values.only };
totals = addTotals(
  totals,
  values['no-vm']
    ? skipped(elsewhere, 'without the test VM')
    : await testInVm({ root, files: elsewhere, why, ...only, say }),
);
if (missing.length > 0) say(`missing commands: ${missing.join(', ')}`);
say(formatTotals(totals));
process.exit(totals.failed > 0 ? 1 : 0);

function lackingFeatures(file: string): readonly string[] {
  const needed = neededKernelFeatures(root, file) ?? [];
  return needed.filter((name) => name === 'vm' || !hasKernelFeature(name));
}

function skipped(suites: readonly string[], reason: string): Totals {
  return { ...noTests, skips: suites.map((name) => ({ name, reason: `${why(name)}; ${reason}` })) };
}
