/** `ligature config ...`: what is wanted, and changing it. */

import { type Command, Option } from 'commander';
import { ClientError } from '../../client/errors.ts';
import type { Call } from '../../client/http.ts';
import { failOn, showApplied, whyText } from '../applied.ts';
import { Context, milliseconds } from '../context.ts';
import { CliError } from '../errors.ts';
import { readConfigurations } from '../given-files.ts';
import { ago, paint, print, stateColour, table, untilStopped } from '../output.ts';
import { numberIn, sequence, sourceName } from '../parsers.ts';
import { describeUnread } from '../../scheduler/unread.ts';
import { withProgress } from '../progress.ts';
import type {
  ApplyAnswer,
  DiffAnswer,
  DriftAnswer,
  OperationAnswer,
  PlanAnswer,
  RecordAnswer,
  StatusAnswer,
  VppEventAnswer,
} from '../answers.ts';

interface ApplyFlags {
  readonly replace?: boolean;
  readonly source: string;
  readonly verify?: boolean;
  readonly revert?: boolean;
  readonly confirm?: string;
  readonly wait: string;
  readonly description?: string;
}

export function addConfigCommands(program: Command): void {
  const config = program.command('config').description('what is wanted: show, apply, preview, check, undo');
  addGet(config);
  addApply(config);
  addDelete(config);
  addPlan(config);
  addDiff(config);
  addRetrieve(config);
  addResync(config);
  addWatch(config);
  addHistory(config);
  addCheck(config);
  addUndo(config);
}

function addGet(config: Command): void {
  config
    .command('get')
    .description('print what is wanted, of all sources merged or of one')
    .option('--source <name>', 'only what this source wants', sourceName)
    .option('--proto-names', 'proto field names (ip_addresses) instead of ipAddresses')
    .action(async (flags: { source?: string; protoNames?: boolean }, command: Command) => {
      const context = new Context(command);
      const format = context.options.format === 'json' ? 'json' : 'yaml';
      const query = { source: flags.source, format, names: flags.protoNames ? 'proto' : 'json' };
      await print(await context.client.text({ path: '/api/v1/configuration', query }));
    });
}

function addApply(config: Command): void {
  config
    .command('apply <file...>')
    .alias('update')
    .description('apply configuration files (YAML or JSON, - for standard input) as one transaction')
    .option('--replace', 'the files are all that this source wants: what they do not mention goes')
    .option('--source <name>', 'who wants it', sourceName, 'cli')
    .option('--verify', 'read back what was touched and fail when it differs')
    .option('--revert', 'put everything back when one value fails')
    .option('--confirm <time>', 'roll back unless `ligature config confirm` comes within this time, e.g. 30s')
    .addOption(waitOption())
    .option('--description <text>', 'kept with the transaction')
    .action(async (files: string[], flags: ApplyFlags, command: Command) => {
      const context = new Context(command);
      refuseUnawaited(flags);
      const input = readConfigurations(files);
      const call: Call = {
        method: 'PUT',
        path: '/api/v1/configuration',
        ...input.content,
        query: {
          source: flags.source,
          file: input.file,
          replace: flags.replace,
          verify: flags.verify,
          revert: flags.revert,
          acknowledge: flags.wait,
          description: flags.description ?? `ligature config apply ${files.join(' ')}`,
          confirm: flags.confirm === undefined ? undefined : `${milliseconds(flags.confirm, '--confirm')}ms`,
        },
      };
      await showApplied(context, await withProgress('applying', send<ApplyAnswer>(context, call)), flags);
    });
}

/** The number to confirm, and what was put back or read, are known in the end only. Throws CliError `usage`. */
function refuseUnawaited({ confirm, verify, revert, wait }: ApplyFlags): void {
  if (wait === 'applied' || wait === 'verified') return;
  const asked = { '--confirm': confirm !== undefined, '--verify': verify, '--revert': revert };
  for (const [flag, isAsked] of Object.entries(asked)) {
    if (!isAsked) continue;
    const without = flag === '--confirm' ? 'the number that `config confirm` needs' : 'how it ended';
    throw new CliError(
      'usage',
      `${flag} needs --wait applied or verified: with --wait ${wait} nobody hears ${without}`,
    );
  }
}

function addDelete(config: Command): void {
  config
    .command('delete <file...>')
    .description('take the objects of the files away; only what identifies them matters')
    .option('--source <name>', 'from whom', sourceName, 'cli')
    .addOption(waitOption())
    .action(async (files: string[], flags: { source: string; wait: string }, command: Command) => {
      const context = new Context(command);
      const input = readConfigurations(files);
      const query = {
        source: flags.source,
        file: input.file,
        acknowledge: flags.wait,
        description: `ligature config delete ${files.join(' ')}`,
      };
      const call: Call = { method: 'DELETE', path: '/api/v1/configuration', ...input.content, query };
      await showApplied(context, await withProgress('removing', send<ApplyAnswer>(context, call)), flags);
    });
}

function addPlan(config: Command): void {
  config
    .command('plan <file...>')
    .description('what applying the files would change, in which order and why')
    .option('--replace', 'as with apply --replace')
    .option('--source <name>', 'who would want it', sourceName, 'cli')
    .option('--exit-code', 'exit with 3 when something would change')
    .action(
      async (files: string[], flags: { replace?: boolean; source: string; exitCode?: boolean }, command: Command) => {
        const context = new Context(command);
        const input = readConfigurations(files);
        const plan = await send<PlanAnswer>(context, {
          method: 'POST',
          path: '/api/v1/configuration/plan',
          ...input.content,
          query: { source: flags.source, file: input.file, replace: flags.replace },
        });
        await context.show(plan, () => planText(plan.operations));
        if (flags.exitCode && plan.operations.some((operation) => !operation.noop)) {
          throw new CliError('differs', '');
        }
      },
    );
}

function addDiff(config: Command): void {
  config
    .command('diff <file...>')
    .description('how the files differ from what is wanted now')
    .option('--replace', 'as with apply --replace')
    .option('--source <name>', 'who would want it', sourceName, 'cli')
    .option('--exit-code', 'exit with 3 when there is a difference')
    .action(
      async (files: string[], flags: { replace?: boolean; source: string; exitCode?: boolean }, command: Command) => {
        const context = new Context(command);
        const input = readConfigurations(files);
        const differences = await send<readonly DiffAnswer[]>(context, {
          method: 'POST',
          path: '/api/v1/configuration/diff',
          ...input.content,
          query: { source: flags.source, file: input.file, replace: flags.replace },
        });
        await context.show(differences, () => diffText(differences));
        if (flags.exitCode && differences.length > 0) throw new CliError('differs', '');
      },
    );
}

function addRetrieve(config: Command): void {
  config
    .command('retrieve')
    .aliases(['ret', 'read', 'dump'])
    .description('print what is really in the data plane')
    .option('--proto-names', 'proto field names (ip_addresses) instead of ipAddresses')
    .action(async (flags: { protoNames?: boolean }, command: Command) => {
      const context = new Context(command);
      const format = context.options.format === 'json' ? 'json' : 'yaml';
      const query = { format, names: flags.protoNames ? 'proto' : 'json' };
      await print(await context.client.text({ path: '/api/v1/configuration/retrieved', query }));
    });
}

function waitOption(): Option {
  return new Option('--wait <level>', 'how far to wait')
    .choices(['accepted', 'persisted', 'applied', 'verified'])
    .default('applied');
}

function addResync(config: Command): void {
  config
    .command('resync')
    .description('read the data plane and make it as wanted')
    .addOption(waitOption())
    .action(async ({ wait }: { wait: string }, command: Command) => {
      const context = new Context(command);
      const call: Call = { method: 'POST', path: '/api/v1/resync', query: { acknowledge: wait } };
      const record = await withProgress('comparing', send<RecordAnswer | null>(context, call));
      await showRecord(context, record, wait, ({ executed }) =>
        executed.length > 0 ? planText(executed) : 'everything is as wanted\n',
      );
    });
}

/** Null: the agent goes on by itself. */
async function showRecord(
  context: Context,
  record: RecordAnswer | null,
  wait: string,
  human: (record: RecordAnswer) => string,
): Promise<void> {
  await context.show(record, () => (record === null ? `${wait}\n` : human(record)));
  failOn(record?.failures ?? []);
}

function addWatch(config: Command): void {
  config
    .command('watch')
    .aliases(['notify', 'subscribe'])
    .description('print changes of states as they happen, until interrupted')
    .option('--model <model>', 'only of this model')
    .option('--prefix <key>', 'only under this key')
    .action(async (flags: { model?: string; prefix?: string }, command: Command) => {
      await watchStates(new Context(command), flags);
    });
}

export async function watchStates(context: Context, query: { model?: string; prefix?: string }): Promise<void> {
  const signal = untilStopped();
  const lines = context.lines<StatusAnswer | VppEventAnswer>({ path: '/api/v1/events', query, signal });
  for await (const status of lines) {
    if (context.format === 'json') await print(`${JSON.stringify(status)}\n`);
    else if ('event' in status) await print(vppEventText(status));
    else
      await print(
        `${status.since}  ${paint(status.state.padEnd(13), stateColour(status.state))} ${status.key}${whyText(status)}\n`,
      );
  }
}

export function vppEventText({ since, condition, reason, isNew, after, failed }: VppEventAnswer): string {
  const colour = condition === 'healed' ? 'green' : condition === 'lost' || condition === 'unhealed' ? 'red' : 'yellow';
  const texts = [
    ...(reason === undefined ? [] : [reason]),
    ...(isNew === true ? ['it was restarted'] : []),
    ...(after === undefined ? [] : [`after ${after} ms`]),
    ...(failed === undefined || failed === 0 ? [] : [`${failed} values failed`]),
  ];
  return `${since}  ${paint(condition.toUpperCase().padEnd(13), colour)} VPP${texts.length > 0 ? `: ${texts.join(', ')}` : ''}\n`;
}

interface HistoryFlags {
  readonly limit: number;
  readonly details?: boolean;
  readonly all?: boolean;
}

function addHistory(config: Command): void {
  config
    .command('history')
    .argument('[seq]', 'only this one', sequence)
    .description('transactions: what was asked and what was done')
    .option('--limit <n>', 'at most so many', numberIn(1, 10_000), 50)
    .option('--details', 'with every operation')
    .option('--all', 'notifications that changed nothing, too')
    .action(async (seq: number | undefined, flags: HistoryFlags, command: Command) => {
      const context = new Context(command);
      if (seq === undefined) {
        const known = await send<readonly RecordAnswer[]>(context, {
          path: '/api/v1/transactions',
          query: { limit: flags.limit },
        });
        const records = known
          .filter((record) => flags.all || record.type !== 'SBNotification' || isOfInterest(record))
          .sort((left, right) => left.seqNum - right.seqNum);
        await context.show(records, () => (flags.details ? records.map(recordText).join('\n') : historyTable(records)));
      } else {
        const record = await send<RecordAnswer>(context, { path: `/api/v1/transactions/${seq}` });
        await context.show(record, () => recordText(record));
      }
    });
}

function addCheck(config: Command): void {
  config
    .command('check')
    .description('compare what was applied with the data plane (drift); heals nothing')
    .option('--model <model>', 'only of this model')
    .option('--exit-code', 'exit with 3 when something differs')
    .action(async (flags: { model?: string; exitCode?: boolean }, command: Command) => {
      const context = new Context(command);
      const call: Call = { method: 'POST', path: '/api/v1/check', query: { model: flags.model } };
      const drift = await withProgress('comparing', context.ask<readonly DriftAnswer[]>(call));
      await context.show(drift, () => driftText(drift));
      const unread = drift.flatMap(({ kind, error }) => (kind && error ? [{ kind, reason: error }] : []));
      if (unread.length > 0) throw new CliError('failed', describeUnread(unread));
      if (flags.exitCode && drift.length > 0) throw new CliError('differs', '');
    });
}

function addUndo(config: Command): void {
  config
    .command('rollback')
    .argument('<seq>', 'its number', sequence)
    .description('put back every value that a transaction changed')
    .addOption(waitOption())
    .action(async (seq: number, { wait }: { wait: string }, command: Command) => {
      const context = new Context(command);
      const path = `/api/v1/transactions/${seq}/rollback`;
      const call: Call = { method: 'POST', path, query: { acknowledge: wait } };
      const record = await withProgress('rolling back', send<RecordAnswer | null>(context, call));
      await showRecord(context, record, wait, recordText);
    });
  config
    .command('confirm')
    .argument('<seq>', 'the number that it printed', sequence)
    .description('keep what `config apply --confirm` applied')
    .action(async (seq: number, _flags: object, command: Command) => {
      const context = new Context(command);
      const path = `/api/v1/transactions/${seq}/confirm`;
      const answer = await send<object>(context, { method: 'POST', path });
      await context.show(answer, () => `transaction ${seq} is kept\n`);
    });
}

/** A refusal becomes an error that lists everything that is wrong, one line each. */
async function send<T>(context: Context, call: Call): Promise<T> {
  try {
    return await context.client.json<T>(call);
  } catch (error) {
    if (!(error instanceof ClientError) || error.problems.length < 2) throw error;
    const lines = error.problems.map(problemText);
    throw new CliError('failed', `${lines.length} problems, nothing was applied`, lines);
  }
}

function problemText(problem: unknown): string {
  const { file, line, column, path, key, field, message } = problem as Record<string, unknown>;
  if (file !== undefined) return `${file}:${line}:${column}: ${path ? `${path}: ` : ''}${message}`;
  return `${key}${field ? ` ${field}` : ''}: ${message}`;
}

function planText(operations: readonly OperationAnswer[]): string {
  const real = operations.filter((operation) => !operation.noop || operation.newState !== operation.prevState);
  if (real.length === 0) return 'nothing would change\n';
  return table(
    real.map((operation, index) => ({ ...operation, number: index + 1 })),
    [
      { title: '#', text: ({ number }) => String(number) },
      {
        title: 'OPERATION',
        text: (one) =>
          one.isRecreate ? `${one.operation} (re-create)` : one.noop ? `(${one.operation})` : one.operation,
      },
      { title: 'KEY', text: ({ key }) => key },
      { title: 'STATE', text: ({ newState }) => newState, colour: ({ newState }) => stateColour(newState) },
      { title: 'BECAUSE', text: ({ reason, newError }) => newError ?? reason },
    ],
  );
}

function diffText(differences: readonly DiffAnswer[]): string {
  if (differences.length === 0) return 'no difference\n';
  const signs = { add: '+', change: '~', remove: '-' } as const;
  return differences
    .map(({ key, change, wanted, given }) => {
      const head = paint(
        `${signs[change]} ${key}`,
        change === 'add' ? 'green' : change === 'remove' ? 'red' : 'yellow',
      );
      return change === 'change' ? `${head}\n${fieldChanges(wanted, given)}` : head;
    })
    .join('\n')
    .concat('\n');
}

function fieldChanges(
  wanted: Readonly<Record<string, unknown>> | null,
  given: Readonly<Record<string, unknown>> | null,
): string {
  const names = [...new Set([...Object.keys(wanted ?? {}), ...Object.keys(given ?? {})])];
  return names
    .filter((name) => JSON.stringify(wanted?.[name]) !== JSON.stringify(given?.[name]))
    .map(
      (name) =>
        `    ${name}: ${JSON.stringify(wanted?.[name]) ?? '(default)'} -> ${JSON.stringify(given?.[name]) ?? '(default)'}`,
    )
    .join('\n');
}

function driftText(drift: readonly DriftAnswer[]): string {
  const differing = drift.filter(({ problem }) => problem !== 'unread');
  if (differing.length === 0)
    return drift.length === 0 ? 'the data plane is as applied\n' : 'what could be read is as applied\n';
  return table(differing, [
    { title: 'KEY', text: ({ key }) => key },
    { title: 'PROBLEM', text: ({ problem }) => problem, colour: () => 'red' },
    { title: 'FIELDS', text: ({ fields }) => fields.join(', ') },
  ]);
}

function historyTable(records: readonly RecordAnswer[]): string {
  return table(records, [
    { title: 'SEQ', text: ({ seqNum }) => String(seqNum) },
    { title: 'TYPE', text: ({ type, resync }) => (resync === 'NotResync' ? type : `${type} (${resync})`) },
    { title: 'AGE', text: ({ start }) => ago(start) },
    { title: 'MS', text: ({ milliseconds: ms }) => ms.toFixed(1) },
    { title: 'INPUT', text: ({ values }) => String(values.length) },
    { title: 'OPERATIONS', text: ({ executed }) => String(executed.filter((operation) => !operation.noop).length) },
    {
      title: 'RESULT',
      text: (record) => (failed(record) > 0 ? `${failed(record)} failed` : 'ok'),
      colour: (record) => (failed(record) > 0 ? 'red' : 'green'),
    },
    { title: 'DESCRIPTION', text: ({ description }) => description },
  ]);
}

/** Something was done, or failed, or a value is in another state because of it; not that a link was seen. */
function isOfInterest({ executed }: RecordAnswer): boolean {
  return executed.some(({ noop, newError, isProperty }) => !noop || newError !== undefined || !isProperty);
}

function failed({ executed }: RecordAnswer): number {
  return executed.filter((operation) => operation.newError !== undefined).length;
}

function recordText(record: RecordAnswer): string {
  const resync = record.resync === 'NotResync' ? '' : ` (${record.resync})`;
  const head = `transaction ${record.seqNum}: ${record.type}${resync}, ${record.start}, ${record.milliseconds.toFixed(1)} ms`;
  const description = record.description === '' ? '' : `\n${record.description}`;
  return `${head}${description}\n${record.executed.length > 0 ? planText(record.executed) : 'no operation\n'}`;
}
