import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { buf, generate } from '../../scripts/generate-proto.ts';

function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort((left, right) => (left < right ? -1 : 1));
  return new Map(paths.map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]));
}

test('src/model/gen is what scripts/generate-proto.ts makes of proto/', (context) => {
  const into = mkdtempSync(join(tmpdir(), 'ligature-proto-'));
  context.after(() => rmSync(into, { recursive: true }));
  generate(into);
  const made = contents(join(into, 'src/model/gen'));
  const committed = contents(join(import.meta.dirname, 'gen'));
  assert.deepEqual([...committed.keys()], [...made.keys()]);
  for (const [path, text] of made) assert.equal(committed.get(path), text, `${path}: run scripts/generate-proto.ts`);
});

test('proto files are formatted, and every element of them has a comment', () => {
  assert.equal(buf('format', '--diff', 'proto'), '');
  assert.equal(buf('lint'), '');
});
