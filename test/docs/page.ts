/**
 * Pages that are run: what a reader would type, in order, in one shell, and what the page says would come of it.
 *
 * A `sh` block is run; `sh shell` is the shell the rest of the page is run in; `sh elsewhere` is for what a test cannot do twice
 * (clone, install). A `text` block after one holds lines of its output, in order: `...` stands for anything, spaces for
 * any number of them. A block after a line that ends in `` `name.yaml`: `` is a file.
 */

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

interface Block {
  readonly language: string;
  readonly line: number;
  readonly text: string;
  /** The line of text before it. */
  readonly before: string;
}

export interface Step {
  readonly line: number;
  readonly commands: string;
  /** Lines that its output has to have. */
  readonly expected: readonly string[];
}

export interface Page {
  readonly files: Readonly<Record<string, string>>;
  /** Words of the command that starts the shell. */
  readonly shell: readonly string[];
  readonly steps: readonly Step[];
}

export function readPage(path: string): Page {
  const files: Record<string, string> = {};
  const steps: { line: number; commands: string; expected: string[] }[] = [];
  let shell = ['bash'];
  for (const { language, line, text, before } of blocksOf(readFileSync(join(root, path), 'utf8'))) {
    const file = /`([\w.-]+)`:$/.exec(before)?.[1];
    if (language === 'sh shell') shell = text.trim().split(' ');
    else if (file !== undefined) files[file] = text;
    else if (language === 'sh') steps.push({ line, commands: text, expected: [] });
    else if (language === 'text') steps.at(-1)?.expected.push(...text.trimEnd().split('\n'));
  }
  return { files, shell, steps };
}

function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = markdown.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const [, indent = '', language] = /^(\s*)```(.+)$/.exec(lines[at] ?? '') ?? [];
    if (language === undefined) continue;
    const end = lines.indexOf(`${indent}\`\`\``, at + 1);
    const before = lines.slice(0, at).findLast((line) => line !== '') ?? '';
    blocks.push({ language, line: at + 1, text: `${lines.slice(at + 1, end).join('\n')}\n`, before });
    at = end;
  }
  return blocks;
}

export interface StepResult {
  readonly step: Step;
  readonly output: string;
  readonly status: number | undefined;
}

/** Runs all steps in one shell, in an empty folder, with `npx ligature` being this checkout. Ends everything it started. */
export function runPage({ files, shell, steps }: Page): readonly StepResult[] {
  const folder = mkdtempSync(join(tmpdir(), 'lg-page-'));
  try {
    const [bin, work] = ['bin', 'work'].map((name) => join(folder, name)) as [string, string];
    mkdirSync(bin);
    mkdirSync(work);
    writeFileSync(
      join(bin, 'npx'),
      `#!/bin/sh\nshift\nexec ${process.execPath} ${join(root, 'src/cli/main.ts')} "$@"\n`,
    );
    chmodSync(join(bin, 'npx'), 0o755);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(work, name), text);
    writeFileSync(join(folder, 'script'), script(steps, folder));
    const [command = 'bash', ...args] = shell;
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    spawnSync(command, [...args, join(folder, 'script')], {
      cwd: work,
      env: { ...env, PATH: `${bin}:${env['PATH']}` },
      stdio: 'ignore',
      timeout: 180_000,
      killSignal: 'SIGKILL',
    });
    return steps.map((step, index) => resultOf(step, join(folder, `step-${index}`)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function script(steps: readonly Step[], folder: string): string {
  const parts = steps.map(({ commands }, index) => {
    const place = join(folder, `step-${index}`);
    // Sourced, so that variables and background jobs are the shell's own; ends at the first command that fails.
    writeFileSync(place, `set -e\n${commands}`);
    return `. ${place} > ${place}.out 2>&1\necho 0 > ${place}.status\n`;
  });
  return `set -m\ntrap 'kill -9 $(jobs -p) 2> /dev/null' EXIT\n${parts.join('')}`;
}

function resultOf(step: Step, place: string): StepResult {
  return { step, output: textOf(`${place}.out`), status: textOf(`${place}.status`) === '' ? undefined : 0 };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The expected lines that the output does not have, in their order. */
export function missingLines({ step, output }: StepResult): readonly string[] {
  const lines = output.split('\n');
  let from = 0;
  return step.expected.filter((expected) => {
    const pattern = new RegExp(patternOf(expected));
    const at = lines.findIndex((line, index) => index >= from && pattern.test(line));
    if (at >= 0) from = at + 1;
    return at < 0;
  });
}

function patternOf(expected: string): string {
  return expected
    .trim()
    .split(/\s+/)
    .map((word) => (word === '...' ? '.*' : word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('\\s*');
}
