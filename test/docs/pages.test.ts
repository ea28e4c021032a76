/** Pages keep their promises: links lead somewhere, and every command shown exists. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

const unseen = /(^|\/)(node_modules|dist|\.cache)(\/|$)/;
const pages = globSync('**/*.md', { cwd: root, exclude: (path) => unseen.test(path) }).sort();

interface Place {
  readonly page: string;
  readonly line: number;
  readonly text: string;
}

/** Lines of shell blocks, without comments. */
function shellLines(page: string): readonly Place[] {
  let inside = false;
  return readFileSync(join(root, page), 'utf8')
    .split('\n')
    .flatMap((text, index) => {
      const fence = /^\s*```(\w*)/.exec(text);
      if (fence !== null) {
        inside = !inside && ['sh', 'bash', 'console', 'shell'].includes(fence[1] ?? '');
        return [];
      }
      const command = text
        .replace(/^\s*\$ /, '')
        .replace(/\s#.*$/, '')
        .trim();
      return inside && command !== '' ? [{ page, line: index + 1, text: command }] : [];
    });
}

/** Everything in backquotes or shell blocks that starts like one of our commands. */
function commands(page: string): readonly Place[] {
  const inline = readFileSync(join(root, page), 'utf8')
    .split('\n')
    .flatMap((text, index) =>
      [...text.matchAll(/`((?:npm|npx ligature|ligature) [^`]+)`/g)].map((match) => ({
        page,
        line: index + 1,
        text: match[1] ?? '',
      })),
    );
  return [...shellLines(page), ...inline];
}

const all = pages.flatMap(commands);

test('there are pages, and commands on them', () => {
  assert.ok(pages.length > 5 && all.length > 10, `${pages.length} pages, ${all.length} commands`);
});

test('every link to a file of the repository leads somewhere', () => {
  const broken = pages.flatMap((page) =>
    [
      ...readFileSync(join(root, page), 'utf8')
        .replace(/```[\s\S]*?```/g, '')
        .matchAll(/\]\(([^)\s]+)\)/g),
    ]
      .map((match) => (match[1] ?? '').replace(/#.*$/, ''))
      .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(join(root, dirname(page), decodeURI(target))))
      .map((target) => `${page}: ${target}`),
  );
  assert.deepEqual(broken, []);
});

test('every npm script shown exists', () => {
  const wrong = all.flatMap(({ page, line, text }) => {
    const name = /^npm (?:run ([\w:-]+)|(test|start)\b)/.exec(text);
    const script = name?.[1] ?? name?.[2];
    return script === undefined || script in scripts ? [] : [`${page}:${line}: ${text}`];
  });
  assert.deepEqual(wrong, []);
});

test('every ligature command shown exists', {
  skip: existsSync(join(root, 'src/cli/main.ts')) ? false : 'no command yet',
}, () => {
  const shown = new Map<string, string>();
  for (const { page, line, text } of all) {
    // Up to the first argument that is no word: a file, an option, a placeholder.
    const words = /^(?:npx )?ligature((?: [a-z][a-z-]*(?![\w./:|\\-]))+)/.exec(text)?.[1]?.trim();
    if (words !== undefined && !shown.has(words)) shown.set(words, `${page}:${line}: ${text}`);
  }
  const launcher = join(root, 'bin/ligature.js');
  const wrong = [...shown].filter(([words]) => {
    const { status, stdout } = spawnSync(process.execPath, [launcher, ...words.split(' '), '--help'], {
      encoding: 'utf8',
    });
    // A parent answers for a child it does not have, and says `[command]`; behind a leaf the words are its arguments. An
    // alias is answered for under the first name.
    const [, path = '', rest = ''] = /^Usage: ligature((?: [a-z][\w|-]*)*)(.*)$/m.exec(stdout) ?? [];
    const depth = path.trim() === '' ? 0 : path.trim().split(' ').length;
    return status !== 0 || depth === 0 || (depth < words.split(' ').length && rest.includes('[command]'));
  });
  assert.deepEqual(
    wrong.map(([, where]) => where),
    [],
  );
});
