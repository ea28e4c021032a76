/** The test runner inside the test VM or a user namespace: `inside.ts [--only PATTERN] FILE...`; leaves its totals in $OUT/totals.json. */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from './run.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, verbose: { type: 'boolean', default: false } },
});
const totals = await runTests({
  root: join(import.meta.dirname, '../..'),
  files: positionals,
  concurrency: Math.min(4, availableParallelism()),
  timeout: 600_000,
  limit: 28 * 60_000,
  verbose: values.verbose,
  ...(values.only === undefined ? {} : { only: values.only }),
  say: (line) => console.log(line),
});
writeFileSync(join(process.env['OUT'] ?? '.', 'totals.json'), JSON.stringify(totals));
process.exit(totals.failed > 0 ? 1 : 0);
