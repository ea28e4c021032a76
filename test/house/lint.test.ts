/** The lint rules this project stands on each catch a line that breaks them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'lg-lint-'));
after(() => rmSync(folder, { recursive: true }));

const fixture = `
import test from 'node:test';
async function work(): Promise<number> { return 1; }
work();                                              // no-floating-promises
[1].forEach(async () => { await work(); });          // no-misused-promises
test('known safe', async () => { await work(); });   // fine: node:test awaits it
export const loose: any = 1;                         // no-explicit-any
export const guess = JSON.parse('{}').field;         // no-unsafe-member-access
export type Hidden = import('./other.ts').Other;     // consistent-type-imports
void work();                                         // fine: says so
`;

function lint(): readonly string[] {
  for (const name of ['tsconfig.json', '.oxlintrc.json']) copyFileSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'src', 'fixture.ts'), fixture);
  writeFileSync(join(folder, 'src', 'other.ts'), 'export type Other = 1;\n');
  const tool = join(root, 'node_modules/.bin/oxlint');
  const result = spawnSync(tool, ['--deny-warnings', '-f', 'unix', 'src'], { cwd: folder, encoding: 'utf8' });
  assert.equal(result.status, 1, result.stdout + result.stderr);
  return result.stdout.split('\n');
}

test('floating and misused promises and every kind of any are errors', () => {
  const lines = lint();
  const expected = fixture.split('\n').flatMap((text, index) => {
    const rule = /\/\/ ((?:no|consistent)-[a-z-]+)$/.exec(text)?.[1];
    return rule === undefined ? [] : [{ line: index + 1, rule }];
  });
  assert.equal(expected.length, 5);
  for (const { line, rule } of expected) {
    const hit = lines.some((text) => text.startsWith(`src/fixture.ts:${line}:`) && text.includes(`(${rule})`));
    assert.ok(hit, `line ${line} should break ${rule}:\n${lines.join('\n')}`);
  }
  const fine = fixture.split('\n').flatMap((text, index) => (text.includes('// fine') ? [index + 1] : []));
  assert.equal(fine.length, 2);
  const wrong = fine.filter((line) => lines.some((text) => text.startsWith(`src/fixture.ts:${line}:`)));
  assert.deepEqual(wrong, [], 'lines that are fine');
});
