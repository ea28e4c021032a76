/** VPP: its own command line, what it is, and its binary API. */

import type { Command } from 'commander';
import type { MessageDescription, VppClient } from '../../vpp/index.ts';
import { Context, milliseconds } from '../context.ts';
import { CliError } from '../errors.ts';
import { paint, print, table } from '../output.ts';

interface VppReport {
  readonly version: string;
  readonly pid: number;
  readonly connected: boolean;
  readonly socket: string;
  readonly supervised: boolean;
  /** Settings of vpp-process.conf. */
  readonly waitsForRestart: readonly string[];
  readonly unknownMessages: readonly { readonly name: string }[];
}

const usualSocket = '/run/vpp/api.sock';

export function addVppCommands(program: Command): void {
  const vpp = program.command('vpp').description('FD.io VPP as an engine');
  vpp
    .command('info')
    .alias('i')
    .description('which VPP is programmed')
    .action(async (_flags: object, command: Command) => {
      const context = new Context(command);
      const report = await context.client.json<VppReport>({ path: '/api/v1/vpp' });
      await context.show(report, () => infoText(report));
    });
  vpp
    .command('cli <command...>')
    .alias('c')
    .description("runs a command of VPP's own command line (needs the role admin)")
    .action(async (words: string[], _flags: object, command: Command) => {
      const context = new Context(command);
      const body = JSON.stringify({ vppclicommand: words.join(' ') });
      const text = await context.client.json<string>({ method: 'POST', path: '/vpp/command', body });
      await context.show(text, () => (text === '' || text.endsWith('\n') ? text : `${text}\n`));
    });
  addApi(vpp.command('api').description("explores VPP's binary API: needs its socket, no agent"));
}

function addApi(api: Command): void {
  const socket = ['--vpp-socket <path>', `VPP's API socket; default: that of the agent, else ${usualSocket}`] as const;
  api
    .command('ls [pattern]')
    .description('messages that this VPP has; the pattern is a part of the name, or has * in it')
    .option(...socket)
    .action((pattern: string | undefined, flags: SocketFlag, command: Command) =>
      withVpp(flags, command, async (vpp, context) => {
        const matches = matcher(pattern);
        const messages = vpp.messages().filter(({ name }) => matches(name));
        await context.show(messages, () =>
          table(messages, [
            { title: 'MESSAGE', text: ({ name }) => name },
            { title: 'CRC', text: ({ crc }) => crc },
            { title: 'ANSWER', text: ({ answer }) => answer ?? '' },
            { title: 'UNUSABLE', text: ({ missing }) => missing ?? '', colour: () => undefined },
          ]),
        );
      }),
    );
  api
    .command('show <message>')
    .description('fields, answers and types of a message')
    .option(...socket)
    .action((name: string, flags: SocketFlag, command: Command) =>
      withVpp(flags, command, async (vpp, context) => {
        const found = vpp.describe(name);
        if (!found) throw new CliError('failed', absent(vpp, name));
        await context.show(found, () => describeText(found));
      }),
    );
  api
    .command('call <message> [fields]')
    .description("sends a request: fields as JSON, what is left out has VPP's default; prints the reply, or the list")
    .option(...socket)
    .action((name: string, fields: string | undefined, flags: SocketFlag, command: Command) =>
      withVpp(flags, command, async (vpp) => {
        if (!vpp.describe(name)) throw new CliError('failed', absent(vpp, name));
        const answer = await vpp.call(name, parseFields(fields ?? '{}'));
        await print(`${JSON.stringify(answer, asText, 2)}\n`);
      }),
    );
}

interface SocketFlag {
  readonly vppSocket?: string;
}

async function withVpp(
  { vppSocket }: SocketFlag,
  command: Command,
  work: (vpp: VppClient, context: Context) => Promise<void>,
): Promise<void> {
  const context = new Context(command);
  const path = vppSocket ?? (await socketOfAgent(context));
  const { connectVpp, isVppError } = await import('../../vpp/index.ts');
  const timeout = milliseconds(context.options.timeout);
  // Unless somebody asks for it, nobody waits minutes for a VPP that hangs.
  const isAsked = command.getOptionValueSourceWithGlobals('timeout') !== 'default';
  const welcome = isAsked ? { welcomeTimeout: timeout } : {};
  const vpp = await connectVpp({ path, name: 'ligature-cli', timeout, probeTimeout: timeout, ...welcome }).catch(
    (cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CliError('failed', `no VPP answers: ${reason}; is it running, or is --vpp-socket another one?`);
    },
  );
  try {
    await work(vpp, context);
  } catch (error) {
    // Codes of agents that are not reachable are not those of VPP.
    throw isVppError(error) ? new CliError('failed', error.message) : error;
  } finally {
    await vpp.close();
  }
}

/** An agent need not be there. */
async function socketOfAgent({ client }: Context): Promise<string> {
  const report = await client.json<VppReport>({ path: '/api/v1/vpp' }).catch(() => undefined);
  return report?.socket ?? usualSocket;
}

function infoText({
  version,
  pid,
  connected,
  socket,
  supervised,
  waitsForRestart,
  unknownMessages,
}: VppReport): string {
  const state = connected ? paint('connected', 'green') : paint('not connected', 'red');
  const unknown =
    unknownMessages.length === 0 ? '' : `${unknownMessages.length} messages in a form that is not known\n`;
  const whose = supervised ? "the agent's own" : "somebody else's";
  const waits =
    waitsForRestart.length === 0
      ? ''
      : `vpp-process.conf: ${waitsForRestart.join(', ')}: changed, and not used until VPP is started again\n`;
  return `VPP ${version}, process ${pid} (${whose}), ${state} by ${socket}\n${waits}${unknown}`;
}

function matcher(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true;
  if (!pattern.includes('*')) return (name) => name.includes(pattern);
  const literal = (text: string): string => text.replaceAll(/[^\w]/g, String.raw`\$&`);
  const expression = new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`);
  return (name) => expression.test(name);
}

function describeText({ name, crc, answer, missing, fields, replies, types }: MessageDescription): string {
  const block = (title: string, lines: readonly string[]): string[] => [
    paint(title, 'bold'),
    ...lines.map((line) => `  ${line}`),
  ];
  const answers = replies.flatMap((reply) => block(`answered with ${reply.name}`, reply.fields));
  const kind = answer === 'list' ? 'a request for a list' : answer === 'reply' ? 'a request' : 'an answer or an event';
  return [
    ...block(`${name} (${crc}), ${kind}`, fields),
    ...(missing === undefined ? [] : [paint(missing, 'red')]),
    ...answers,
    ...(types.length === 0
      ? []
      : block(
          'types',
          types.map((type) => `${type.name}: ${type.text}`),
        )),
    '',
  ].join('\n');
}

function absent(vpp: VppClient, name: string): string {
  const alike = vpp
    .messages()
    .filter((message) => message.name.includes(name) || name.includes(message.name))
    .slice(0, 3)
    .map((message) => message.name);
  const hint = alike.length > 0 ? `; there is ${alike.join(', ')}` : '; `ligature vpp api ls` lists what there is';
  return `this VPP has no message ${name}${hint}`;
}

function parseFields(text: string): object {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch (error) {
    throw new CliError('usage', `fields: ${(error as Error).message}; JSON is accepted, e.g. '{"sw_if_index": 1}'`);
  }
  if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) return fields;
  throw new CliError('usage', `fields: a JSON object is accepted, e.g. '{"sw_if_index": 1}'`);
}

function asText(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}
