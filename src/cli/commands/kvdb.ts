/** Commands on the configuration store: what an agent follows as the source `datasync`. */

import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { readGiven } from '../given-files.ts';
import { type ImportedLine, parseImport } from '../import-file.ts';
import { print, untilStopped } from '../output.ts';
import { withProgress } from '../progress.ts';

interface Entry {
  readonly key: string;
  readonly revision: number;
  readonly value: unknown;
}

interface Page {
  readonly revision: number;
  readonly total: number;
  readonly entries: readonly Entry[];
}

interface Change {
  readonly revision: number;
  readonly resync: boolean;
  readonly events: readonly { readonly type: 'put' | 'delete'; readonly key: string; readonly value?: unknown }[];
}

const store = '/api/v1/kvdb';

export function addKvdbCommands(program: Command): void {
  const kvdb = program.command('kvdb').alias('kv').description('the key-value store that the agent follows');
  addList(kvdb);
  addGet(kvdb);
  addPut(kvdb);
  addDelete(kvdb);
  addWatch(kvdb);
  addImport(program);
  addExport(program);
}

function addList(kvdb: Command): void {
  kvdb
    .command('list [prefix]')
    .aliases(['ls', 'l'])
    .description('keys and values under a prefix (default: all of this agent)')
    .option('--keys-only', 'keys alone')
    .action(async (prefix: string | undefined, flags: { keysOnly?: boolean }, command: Command) => {
      const context = new Context(command);
      const entries = await allEntries(context, prefix, flags.keysOnly === true);
      await context.show(entries, () =>
        entries.map(({ key, value }) => (flags.keysOnly ? `${key}\n` : `${key} ${JSON.stringify(value)}\n`)).join(''),
      );
    });
}

function addGet(kvdb: Command): void {
  kvdb
    .command('get <key>')
    .alias('g')
    .description('the value under a key')
    .action(async (key: string, _flags: object, command: Command) => {
      const context = new Context(command);
      const entry = await context.client.json<Entry>({ path: `${store}/entry`, query: { key } });
      await context.show(entry, () => `${JSON.stringify(entry.value)}\n`);
    });
}

function addPut(kvdb: Command): void {
  kvdb
    .command('put <key> <value>')
    .alias('p')
    .description('write a value (JSON; - reads it from standard input); the agent follows at once')
    .action(async (key: string, value: string, _flags: object, command: Command) => {
      const context = new Context(command);
      const body = value === '-' ? readFileSync(0, 'utf8') : value;
      try {
        JSON.parse(body);
      } catch (error) {
        throw new CliError('usage', `the value is not JSON: ${error instanceof Error ? error.message : String(error)}`);
      }
      const answer = await context.client.json<{ revision: number }>({
        method: 'PUT',
        path: `${store}/entry`,
        query: { key },
        body,
      });
      await context.show(answer, () => `written, revision ${answer.revision}\n`);
    });
}

function addDelete(kvdb: Command): void {
  kvdb
    .command('del <key>')
    .aliases(['d', 'delete'])
    .description('delete a key')
    .action(async (key: string, _flags: object, command: Command) => {
      const context = new Context(command);
      const answer = await context.client.json<{ deleted: boolean }>({
        method: 'DELETE',
        path: `${store}/entry`,
        query: { key },
      });
      if (!answer.deleted) throw new CliError('failed', `there is nothing under ${key}`);
      await context.show(answer, () => 'deleted\n');
    });
}

function addWatch(kvdb: Command): void {
  kvdb
    .command('watch [prefix]')
    .alias('w')
    .description('changes under a prefix as they happen, until interrupted')
    .action(async (prefix: string | undefined, _flags: object, command: Command) => {
      const context = new Context(command);
      const signal = untilStopped();
      const changes = context.client.lines<Change>({ path: `${store}/events`, query: { prefix }, signal });
      for await (const change of changes) {
        if (context.format === 'json') await print(`${JSON.stringify(change)}\n`);
        else await print(change.events.map((event) => changeText(change.revision, event)).join(''));
      }
    });
}

function changeText(revision: number, { type, key, value }: Change['events'][number]): string {
  return `${revision} ${type} ${key}${type === 'put' ? ` ${JSON.stringify(value)}` : ''}\n`;
}

function addImport(program: Command): void {
  program
    .command('import <file>')
    .description(
      'write the lines `KEY VALUE` of a file (VALUE in JSON, # comments, - for standard input) into the store',
    )
    .option('--txops <number>', 'keys in one transaction', '128')
    .action(async (file: string, flags: { txops: string }, command: Command) => {
      const context = new Context(command);
      const size = Number(flags.txops);
      if (!Number.isInteger(size) || size < 1 || size > 10_000) {
        throw new CliError('usage', `--txops: expected a number from 1 to 10000, not ${JSON.stringify(flags.txops)}`);
      }
      const writes = parseImport(readGiven(file).toString('utf8'), file);
      const revision = await withProgress(`importing ${writes.length} keys`, importAll(context, writes, size));
      await context.show({ imported: writes.length, revision }, () => `${writes.length} keys imported\n`);
    });
}

async function importAll(context: Context, writes: readonly ImportedLine[], size: number): Promise<number> {
  let revision = 0;
  for (let start = 0; start < writes.length; start += size) {
    const body = JSON.stringify({ writes: writes.slice(start, start + size) });
    const call = { method: 'POST', path: `${store}/transaction`, body } as const;
    ({ revision } = await context.client.json<{ revision: number }>(call));
  }
  return revision;
}

function addExport(program: Command): void {
  program
    .command('export [prefix]')
    .description('the store as lines `KEY VALUE` that `ligature import` reads (secrets are placeholders)')
    .action(async (prefix: string | undefined, _flags: object, command: Command) => {
      const context = new Context(command);
      const entries = await allEntries(context, prefix, false);
      await context.show(entries, () => entries.map(({ key, value }) => `${key} ${JSON.stringify(value)}\n`).join(''));
    });
}

/** Entries asked for at a time. */
const pageSize = 5000;

async function allEntries(context: Context, prefix: string | undefined, keysOnly: boolean): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  for (;;) {
    const query = { prefix, keys_only: keysOnly, offset: found.length, limit: pageSize };
    const { entries, total } = await context.client.json<Page>({ path: store, query });
    found.push(...entries);
    if (entries.length === 0 || found.length >= total) return found;
  }
}
