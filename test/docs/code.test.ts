/** The TypeScript on the pages is right: modules that stand for themselves are type-checked against the sources. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
};

/** `ligature/app` -> the source that becomes it. */
const paths = Object.fromEntries(
  Object.entries(exports).flatMap(([path, target]) => {
    if (typeof target === 'string') return [];
    const source = target.types.replace('./dist/', `${root}/src/`).replace('.d.ts', '');
    return [[`ligature${path.slice(1)}`, [`${source}.ts`, `${source}.d.ts`]]];
  }),
);

/** Blocks of one page that import something, as one module: later ones may use what earlier ones declare. */
function moduleOf(page: string): string {
  const text = readFileSync(join(root, page), 'utf8');
  const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '');
  return blocks.some((block) => block.startsWith('import ')) ? blocks.join('\n') : '';
}

test('the code on the pages type-checks', () => {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache/docs-'));
  try {
    const pages = globSync('docs/**/*.md', { cwd: root })
      .map((page) => [page, moduleOf(page)] as const)
      .filter(([, code]) => code !== '');
    assert.ok(pages.length > 0, 'no page has code');
    const files = pages.map(([page, code]) => {
      const file = `${page.replaceAll('/', '-')}.ts`;
      writeFileSync(join(folder, file), code);
      return file;
    });
    const config = { extends: join(root, 'tsconfig.json'), compilerOptions: { paths }, files, include: [] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const { stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['--pretty', 'false', '-p', folder], {
      encoding: 'utf8',
      cwd: folder,
    });
    assert.deepEqual(
      stdout.split('\n').filter((line) => files.some((file) => line.startsWith(file))),
      [],
    );
    assert.doesNotMatch(stdout, /Cannot find|error TS5/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
