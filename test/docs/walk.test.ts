/** Every command of these pages, as a reader would type them, with what the pages say comes of it. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { missingLines, readPage, runPage } from './page.ts';

const root = join(import.meta.dirname, '../..');
const isolated = ['--user', '--map-root-user', '--net', '--mount', 'true'];
const skip =
  spawnSync('unshare', isolated).status === 0 ? false : 'needs unprivileged user namespaces, or root, and unshare';

for (const path of ['README.md', ...globSync('docs/{tutorial,how-to}/*.md', { cwd: root }).sort()]) {
  const page = readPage(path);
  if (page.steps.length === 0) continue;
  describe(path, { skip }, () => {
    const results = skip === false ? runPage(page) : [];
    for (const result of results) {
      test(`line ${result.step.line}`, () => {
        assert.equal(result.status, 0, `${result.step.commands}\n${result.output}`);
        assert.deepEqual(missingLines(result), [], result.output);
      });
    }
  });
}
