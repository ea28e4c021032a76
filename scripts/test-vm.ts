/** `npm run test:vm -- FILE|FOLDER... [--only PATTERN]`: any tests, all of them inside the test VM. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { provideCommands } from './test/debian.ts';
import { findTests } from './test/files.ts';
import { testInVm } from './test/in-vm.ts';
import { formatTotals } from './test/totals.ts';

const root = join(import.meta.dirname, '..');
const say = (line: string): void => console.log(line);
const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: 'string' } } });
if (positionals.length === 0) {
  console.error('usage: npm run test:vm -- FILE|FOLDER... [--only PATTERN]');
  process.exit(2);
}

provideCommands(say);
const files = findTests(root, positionals);
if (files.length === 0) {
  console.error(`no test files in ${positionals.join(', ')}`);
  process.exit(2);
}
const why = (): string => 'asked for in the test VM';
const only = values.only === undefined ? {} : { only: values.only };
const totals = await testInVm({ root, files, why, ...only, say });
say(formatTotals(totals));
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);
