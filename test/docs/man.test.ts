/** Manual pages name every command and option, and troff has nothing to say against them. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import type { Command } from 'commander';
import { manPages } from '../../scripts/docs/man.ts';
import { hasCommand } from '../../scripts/test/debian.ts';
import { createProgram } from '../../src/cli/program.ts';

const pages = manPages('1.2.3');
const program = createProgram('');

/** What a reader sees, but for fonts. */
const plain = (text: string): string =>
  text
    .replace(/\\f[BIR]/g, '')
    .replaceAll('\\-', '-')
    .replaceAll('\\e', '\\');

test('there is a page for the command and for each group', () => {
  assert.deepEqual(
    [...pages.keys()],
    ['ligature.1', ...program.commands.map((command) => `ligature-${command.name()}.1`)],
  );
  for (const command of program.commands)
    assert.ok(plain(pages.get('ligature.1') ?? '').includes(`ligature-${command.name()}(1)`), command.name());
});

for (const group of program.commands) {
  test(`ligature-${group.name()}(1) has all its commands and options`, () => {
    const text = plain(pages.get(`ligature-${group.name()}.1`) ?? '');
    const visit = (command: Command, path: string): void => {
      assert.ok(text.includes(path), path);
      for (const { flags, hidden } of command.options) if (!hidden) assert.ok(text.includes(flags), `${path} ${flags}`);
      for (const inner of command.commands) visit(inner, `${path} ${inner.name()}`);
    };
    if (group.name() !== 'agent') visit(group, `ligature ${group.name()}`);
    else assert.match(text, /--microservice-label/);
  });
}

test('no line begins with something that troff would take for a request', () => {
  for (const [name, text] of pages)
    for (const line of text.split('\n'))
      assert.ok(/^(\.(TH|SH|SS|TP|br|nf|fi)\b|[^.'])|^$/.test(line), `${name}: ${line}`);
});

test('groff reads them without a word', { skip: !hasCommand('groff') && 'needs groff' }, () => {
  for (const [name, input] of pages) {
    const { stderr, stdout } = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-P-c'], { input, encoding: 'utf8' });
    assert.equal(stderr, '', name);
    // Bold is written twice, with a step back in between.
    const text = stdout.split('\b').reduce((before, after) => before.slice(0, -1) + after);
    assert.match(text, /SYNOPSIS/);
  }
});
