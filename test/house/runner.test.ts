/** `npm test` itself: what fails, crashes or is skipped shows in its last line, by name, and in its exit code. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'lg-runner-'));
after(() => rmSync(folder, { recursive: true }));

const suites: Readonly<Record<string, string>> = {
  'passes.test.ts': "test('passes', () => {}); test('waits', { skip: 'no oven' }, () => {});",
  'fails.test.ts':
    "describe('outer', () => { test('fails', () => { console.log('a clue'); throw new Error('burnt'); }); });",
  'crashes.test.ts': "test('passes too', () => {}); test('late', () => process.kill(process.pid, 'SIGKILL'));",
  'elsewhere.vm.test.ts': "test('never here', () => { throw new Error('ran on the host'); });",
};

function npmTest(...names: readonly string[]): { readonly status: number | null; readonly output: string } {
  for (const name of names) {
    writeFileSync(join(folder, name), `import { describe, test } from 'node:test';\nvoid describe;\n${suites[name]}\n`);
  }
  const argv = ['--no-vm', ...names.map((name) => join(folder, name))];
  // Without this variable node takes the inner run for a test file of the outer one.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const result = spawnSync(process.execPath, [join(root, 'scripts/test.ts'), ...argv], { encoding: 'utf8', env });
  return { status: result.status, output: result.stdout + result.stderr };
}

test('passed and skipped are counted, the skip is named with its reason, the exit code is 0', () => {
  const { status, output } = npmTest('passes.test.ts');
  assert.match(output, /^skipped: .*passes\.test\.ts > waits \(no oven\)$/m);
  assert.match(output, /^1 passed, 0 failed, 1 skipped$/m);
  assert.equal(status, 0, output);
});

test('a failure is shown with its place, error and output, and fails the run', () => {
  const { status, output } = npmTest('passes.test.ts', 'fails.test.ts');
  assert.match(output, /^FAILED .*fails\.test\.ts > outer > fails$/m);
  assert.match(output, /Error: burnt/);
  assert.match(output, /a clue/);
  assert.match(output, /^1 passed, 1 failed, 1 skipped$/m);
  assert.equal(status, 1, output);
});

test('a file that crashes fails the run', () => {
  const { status, output } = npmTest('crashes.test.ts');
  assert.match(output, /^FAILED /m);
  assert.doesNotMatch(output, / 0 failed/);
  assert.equal(status, 1, output);
});

test('a suite for the test machine is skipped by name where there is none', () => {
  const { status, output } = npmTest('elsewhere.vm.test.ts');
  assert.match(output, /^skipped: .*elsewhere\.vm\.test\.ts \(.+\)$/m);
  assert.match(output, /^0 passed, 0 failed, 1 skipped$/m);
  assert.equal(status, 0, output);
});

test('asking for files that do not exist is an error, not an empty success', () => {
  const result = spawnSync(process.execPath, [join(root, 'scripts/test.ts'), join(folder, 'absent.test.ts')]);
  assert.equal(result.status, 2);
});
