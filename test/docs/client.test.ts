/** The page about the client does what it says: its code is run as one module against an agent. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { startTestAgent } from '../../src/client/testing.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/how-to/use-the-client.md'), 'utf8');
const blocks = [...page.matchAll(/^```(ts|text)\n([\s\S]*?)^```/gm)].map(([, language, code = '']) => ({
  language,
  code,
}));

/** Where a module of the package comes from. */
const sources: readonly (readonly [RegExp, string])[] = [
  [/'ligature\/client'/g, `'${root}/src/client/index.ts'`],
  [/'ligature\/messages\/(.*?)'/g, `'${root}/src/model/gen/$1.js'`],
];

function moduleText(): string {
  const code = blocks.filter(({ language }) => language === 'ts').map((block) => block.code);
  return sources.reduce((module, [name, path]) => module.replace(name, path), code.join('\n'));
}

test('the examples of the client run and print what the page says', async () => {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache/client-'));
  await using agent = await startTestAgent();
  try {
    writeFileSync(join(folder, 'page.ts'), moduleText());
    const child = spawn(process.execPath, [join(folder, 'page.ts')], {
      env: { ...process.env, AGENT_SOCKET: agent.grpcSocketPath },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const expected = blocks
      .filter(({ language }) => language === 'text')
      .flatMap(({ code }) => code.trim().split('\n'));
    const shown = output.trim().split('\n');
    assert.equal(shown.length, expected.length, `${output}\n${errors}`);
    for (const [index, line] of expected.entries()) {
      const pattern = line.split('...').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      assert.match(shown[index] ?? '', new RegExp(`^${pattern.join('.*')}$`));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
