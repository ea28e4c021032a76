/** Commands that look: states, explanations, dumps, graph, models, metrics, logs, kernel. */

import { type Command, Option } from 'commander';
import type { ExplainAnswer, GraphAnswer, ModelAnswer, StatusAnswer } from '../answers.ts';
import { reason, whyText } from '../applied.ts';
import { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { valueStates } from '../../scheduler/scheduler.ts';
import { graphDot } from '../../agent/rest/graph-dot.ts';
import { graphText } from '../graph.ts';
import { ago, paint, pictures, print, stateColour, table } from '../output.ts';
import { metricFamilies } from '../metric-families.ts';
import { oneOf } from '../parsers.ts';
import { watchStates } from './config.ts';
import { addModelCommands, selectModels } from './model.ts';

export function addLookCommands(program: Command): void {
  addStatus(program);
  addValues(program);
  addExplain(program);
  addDump(program);
  addGraph(program);
  addModelCommands(program);
  addMetrics(program);
  addLog(program);
  addKernel(program);
  program
    .command('events')
    .description(
      'changes of states as they happen, and (without a filter) that VPP was lost, is back, is as wanted; until interrupted',
    )
    .option('--model <model>', 'only of this model')
    .option('--prefix <key>', 'only under this key')
    .action((flags: { model?: string; prefix?: string }, command: Command) => watchStates(new Context(command), flags));
}

interface StatusReport {
  readonly app: string;
  readonly label: string;
  readonly version: string;
  readonly started: string;
  readonly pid: number;
  readonly engine: string;
  readonly vswitch?: string;
  readonly health: {
    readonly state: string;
    readonly plugins: readonly { readonly plugin: string; readonly state: string; readonly reason?: string }[];
  };
}

function addStatus(program: Command): void {
  program
    .command('status')
    .description('the agent: health, plugins, how many values are in which state; fails while it starts')
    .action(async (_flags: object, command: Command) => {
      const context = new Context(command);
      const [report, values] = await Promise.all([
        context.client.json<StatusReport>({ path: '/api/v1/status' }),
        context.client.json<readonly StatusAnswer[]>({ path: '/api/v1/values' }),
      ]);
      const states: Record<string, number> = {};
      for (const { state } of values) states[state] = (states[state] ?? 0) + 1;
      await context.show({ ...report, values: states }, () => statusText(report, states));
      // Whoever waits for the agent asks until this succeeds.
      if (report.health.state === 'init') process.exitCode = 1;
    });
}

function statusText(report: StatusReport, states: Readonly<Record<string, number>>): string {
  const counts = Object.entries(states).map(([state, count]) => paint(`${count} ${state}`, stateColour(state)));
  return [
    `${report.app} ${report.version}, label ${report.label}, pid ${report.pid}, up ${ago(report.started)}`,
    `engine ${report.engine}${report.vswitch === undefined ? '' : ` in ${report.vswitch}`}`,
    `health ${paint(report.health.state, report.health.state === 'ok' ? 'green' : 'red')}`,
    ...report.health.plugins
      .filter(({ state, reason }) => state !== 'ok' || reason)
      .map(({ plugin, state, reason }) => `  ${plugin}: ${state}${reason ? `, ${reason}` : ''}`),
    `values ${counts.length > 0 ? counts.join(', ') : 'none'}`,
    '',
  ].join('\n');
}

interface ValuesFlags {
  readonly state?: string;
  readonly parts?: boolean;
  readonly all?: boolean;
}

function addValues(program: Command): void {
  program
    .command('values [model]')
    .description('every value: state, since when, what it waits for, last error')
    .option('--state <state>', `only in this state: ${valueStates.join(', ')}`, oneOf(valueStates))
    .option('--parts', 'the parts of values, too')
    .option('--all', 'what the data plane told by itself (links, host addresses), too')
    .action(async (model: string | undefined, flags: ValuesFlags, command: Command) => {
      const context = new Context(command);
      const query = { model, state: flags.state };
      const known = await context.ask<readonly StatusAnswer[]>({ path: '/api/v1/values', query });
      const all = flags.all || model !== undefined || flags.state !== undefined;
      const values = all ? known : known.filter(({ state, source }) => state !== 'OBTAINED' || source !== undefined);
      const rows = flags.parts ? values.flatMap(withParts) : values;
      await context.show(values, () => (rows.length > 0 ? valuesTable(rows) : 'no values\n'));
    });
}

function withParts(status: StatusAnswer): readonly StatusAnswer[] {
  return [status, ...status.parts.flatMap(withParts)];
}

function valuesTable(values: readonly StatusAnswer[]): string {
  return table(values, [
    { title: 'MODEL', text: ({ model }) => model ?? '(property)' },
    { title: 'NAME', text: ({ name }) => name },
    { title: 'STATE', text: ({ state }) => state, colour: ({ state }) => stateColour(state) },
    { title: 'SINCE', text: ({ since }) => ago(since) },
    { title: 'SOURCE', text: ({ source }) => source ?? '' },
    { title: 'DETAILS', text: detailsText },
  ]);
}

function detailsText(status: StatusAnswer): string {
  const own =
    status.problems?.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('; ') ||
    reason(status);
  const parts = status.parts.filter(({ state }) => !['CONFIGURED', 'OBTAINED'].includes(state));
  return [own, ...parts.map((part) => `${part.state} ${part.key}${whyText(part)}`)]
    .filter((text) => text !== '')
    .join('\n');
}

function addExplain(program: Command): void {
  program
    .command('explain <key>')
    .description('everything about one value: who wants it, what it waits for, what was done and why')
    .action(async (key: string, _flags: object, command: Command) => {
      const context = new Context(command);
      const answer = await context.client.json<ExplainAnswer>({ path: '/api/v1/explain', query: { key } });
      await context.show(answer, () => explainText(answer));
    });
}

function explainText(one: ExplainAnswer): string {
  const lines = [
    paint(one.key, 'bold'),
    `  state      ${paint(one.state, stateColour(one.state))} for ${ago(one.since)}${whyText(one)}`,
    `  asked in   transaction ${one.seqNum}`,
    ...(one.partOf === undefined ? [] : [`  part of    ${one.partOf}`]),
    ...one.wantedBy.map(
      ({ source, priority, effective }) =>
        `  wanted by  ${source} (priority ${priority}${effective ? '' : ', outranked'})`,
    ),
    ...(one.problems ?? []).map(({ field, message }) => `  wrong      ${field}: ${message}`),
    ...one.dependencies.map(
      ({ label, satisfied }) =>
        `  needs      ${label}: ${satisfied ? paint('there', 'green') : paint('missing', 'yellow')}`,
    ),
    ...one.parts.map(
      (part) => `  part       ${paint(part.state, stateColour(part.state))} ${part.key}${whyText(part)}`,
    ),
    `  wanted     ${JSON.stringify(one.desired)}`,
    `  applied    ${JSON.stringify(one.applied)}`,
    ...(one.metadata === null ? [] : [`  metadata   ${JSON.stringify(one.metadata)}`]),
    ...one.history.map(
      ({ seqNum, time, operation, state, reason, error }) =>
        `  #${seqNum} ${time} ${operation} -> ${state}${reason === '' ? '' : ` because ${reason}`}${error === undefined ? '' : `: ${error}`}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

interface Dumped {
  readonly Key: string;
  readonly Value: { readonly ProtoMsgName: string; readonly ProtoMsgData: string };
  readonly Metadata: unknown;
  readonly Origin: string;
}

function addDump(program: Command): void {
  program
    .command('dump <model...>')
    .description('values of models (or all) as they are (SB), as wanted (NB) or as believed (cached)')
    .option('--view <view>', 'SB, NB or cached', oneOf(['SB', 'NB', 'cached']), 'cached')
    .option('--origin <origin>', 'NB or SB', oneOf(['NB', 'SB']))
    .action(async (models: string[], flags: { view: string; origin?: string }, command: Command) => {
      const context = new Context(command);
      const known = await context.client.json<readonly ModelAnswer[]>({ path: '/api/v1/models' });
      const wanted = selectModels(known, models);
      const dumped: Dumped[] = [];
      for (const { name } of wanted.filter(({ engine }) => engine !== null)) {
        dumped.push(
          ...(await context.client.json<readonly Dumped[]>({
            path: '/scheduler/dump',
            query: { descriptor: name, view: flags.view },
          })),
        );
      }
      const rows = dumped.filter(({ Origin }) => flags.origin === undefined || Origin === `From${flags.origin}`);
      await context.show(rows, () => dumpTable(rows));
    });
}

function dumpTable(rows: readonly Dumped[]): string {
  if (rows.length === 0) return 'nothing\n';
  return table(rows, [
    { title: 'KEY', text: ({ Key }) => Key },
    { title: 'ORIGIN', text: ({ Origin }) => Origin },
    { title: 'VALUE', text: ({ Value }) => Value.ProtoMsgData },
    { title: 'METADATA', text: ({ Metadata }) => (Metadata === null ? '' : JSON.stringify(Metadata)) },
  ]);
}

function addGraph(program: Command): void {
  program
    .command('graph')
    .description('values and what they depend on (-f table, json, yaml, dot, or svg where graphviz is installed)')
    .option('--prefix <key>', 'only under this key')
    .addOption(new Option('-o, --output <kind>', 'as -f').choices(['text', ...pictures]).hideHelp())
    .action(async (flags: { prefix?: string; output?: string }, command: Command) => {
      const context = new Context(command);
      const nodes = await context.ask<readonly GraphAnswer[]>({
        path: '/api/v1/graph',
        query: { prefix: flags.prefix },
      });
      const kind = flags.output ?? context.options.format;
      if (kind === 'dot') return print(graphDot(nodes));
      if (kind === 'svg') return print(await (await import('../graph.ts')).graphSvg(nodes));
      await context.show(nodes, () => graphText(nodes));
    });
}

function addMetrics(program: Command): void {
  program
    .command('metrics [pattern...]')
    .description('Prometheus metrics of the agent, or those that contain a text (also `metrics list`, `metrics get`)')
    .action(async (words: readonly string[], _flags: object, command: Command) => {
      // Ligato's had these two below it.
      const patterns = words[0] === 'list' || words[0] === 'get' ? words.slice(1) : words;
      const context = new Context(command);
      const text = await context.client.text({ path: '/metrics' });
      const lines = text.trimEnd().split('\n');
      const found =
        patterns.length === 0 ? lines : lines.filter((line) => patterns.some((pattern) => line.includes(pattern)));
      if (found.length === 0) throw new CliError('failed', `no metric contains ${patterns.join(' or ')}`);
      await context.show(metricFamilies(text, patterns), () => `${found.join('\n')}\n`);
    });
}

function addLog(program: Command): void {
  const log = program.command('log').description('log levels of the running agent');
  log
    .command('ls [logger]')
    .alias('list')
    .description('loggers and their levels')
    .action(async (logger: string | undefined, _flags: object, command: Command) => {
      const context = new Context(command);
      const known = await context.client.json<readonly { readonly logger: string; readonly level: string }[]>({
        path: '/log/list',
      });
      const loggers = known.filter(({ logger: name }) => logger === undefined || name === logger);
      if (loggers.length === 0)
        throw new CliError('failed', `there is no logger ${JSON.stringify(logger)}; \`ligature log ls\` lists them`);
      await context.show(loggers, () =>
        table(loggers, [
          { title: 'LOGGER', text: ({ logger: name }) => name },
          { title: 'LEVEL', text: ({ level }) => level },
        ]),
      );
    });
  log
    .command('set <logger> <level>')
    .description('change the level of a logger (trace, debug, info, warn, error, fatal); `default` is for all others')
    .action(async (logger: string, level: string, _flags: object, command: Command) => {
      const context = new Context(command);
      const path = `/log/${encodeURIComponent(logger)}/${encodeURIComponent(level)}`;
      const answer = await context.ask<object>({ method: 'PUT', path });
      await context.show(answer, () => `${logger} logs at ${level}\n`);
    });
}

interface KernelReport {
  readonly kernel: string;
  readonly vswitch: string;
  readonly capabilities: readonly { readonly name: string; readonly present: boolean; readonly reason: string }[];
}

function addKernel(program: Command): void {
  program
    .command('kernel')
    .description('the Linux kernel as an engine')
    .command('info')
    .description('what this kernel can do, and what it lacks')
    .action(async (_flags: object, command: Command) => {
      const context = new Context(command);
      const report = await context.client.json<KernelReport>({ path: '/api/v1/kernel' });
      await context.show(
        report,
        () =>
          `Linux ${report.kernel}, vswitch in ${report.vswitch}\n${table(report.capabilities, [
            { title: 'FEATURE', text: ({ name }) => name },
            {
              title: 'PRESENT',
              text: ({ present }) => (present ? 'yes' : 'no'),
              colour: ({ present }) => (present ? 'green' : 'yellow'),
            },
            { title: 'REASON', text: ({ reason }) => reason },
          ])}`,
      );
    });
}
