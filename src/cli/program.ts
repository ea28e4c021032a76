/** The command line of `ligature`. */

import { Command, CommanderError, Option, InvalidArgumentError } from 'commander';
import { addConfigCommands } from './commands/config.ts';
import { addHelpingCommands } from './commands/help-others.ts';
import { addKvdbCommands } from './commands/kvdb.ts';
import { addLookCommands } from './commands/look.ts';
import { addReportCommand } from './commands/report.ts';
import { addServiceCommands } from './commands/service.ts';
import { addTraceCommand, withoutArrow } from './commands/trace.ts';
import { addUiCommand } from './commands/ui.ts';
import { addVppCommands } from './commands/vpp.ts';
import { CliError, exitCodeOf } from './errors.ts';
import { formats, paint, pictures } from './output.ts';

export function createProgram(version: string): Command {
  const program = new Command('ligature')
    .description('Program a network from declared intent: apply a configuration, see what it became, and why.')
    .version(version, '-v, --version')
    .option('-H, --host <host>', 'host of the agent (environment AGENT_HOST; default: the unix socket of this host)')
    .option('--http-port <port>', 'HTTP port of the agent (default 9191)')
    .option('--grpc-port <port>', 'gRPC port of the agent, for `service` (default 9111)')
    .option('--service-label <label>', 'label of the agent on this host (environment MICROSERVICE_LABEL; default vpp1)')
    .option('--state-dir <dir>', 'state directory of the agent (environment STATE_DIR)')
    .option('--socket <path>', 'unix socket of the agent')
    .addOption(new Option('-f, --format <format>', 'how to print').choices([...formats]).argParser(formatOf))
    .option('--timeout <time>', 'how long to wait for an answer, e.g. 500ms, 30s, 2m', '2m')
    .option('--config-dir <dir>', 'directory of configuration files')
    .option('--token <token>', 'bearer token (environment LIGATURE_TOKEN)')
    .option('--http-basic-auth <user:password>', 'for agents that ask for it')
    .option('--tls', 'HTTPS')
    .option('--tls-ca <file>', 'certificate authority of the agent, PEM')
    .option('--tls-cert <file>', 'client certificate, PEM')
    .option('--tls-key <file>', 'key of the client certificate, PEM')
    .option('--tls-skip-verify', 'do not check the certificate of the agent')
    .option('--debug', 'say more when something fails')
    .configureOutput({ outputError: (text, write) => write(inOneLine(text)) })
    .showSuggestionAfterError()
    .exitOverride()
    .configureHelp({ sortSubcommands: true });
  program
    .command('agent')
    .description('run the agent (its own flags: ligature agent --help)')
    .allowUnknownOption()
    .helpOption(false)
    .argument('[flags...]')
    .action(async (flags: string[]) => {
      const { runAgent } = await import('../agent/agent.ts');
      process.exitCode = await runAgent({ args: flags });
    });
  addConfigCommands(program);
  addLookCommands(program);
  addKvdbCommands(program);
  addReportCommand(program);
  addServiceCommands(program);
  addTraceCommand(program);
  addUiCommand(program);
  addVppCommands(program);
  addHelpingCommands(program);
  for (const command of allOf(program)) command.exitOverride();
  return program;
}

/** A picture is a format of `graph` only; a command that draws none refuses it when it prints. */
function formatOf(text: string): string {
  if ([...formats, ...pictures].some((known) => known === text)) return text;
  throw new InvalidArgumentError(`Allowed choices are ${formats.join(', ')}.`);
}

/** What is wrong, perhaps with what was meant, which commander tells in a second line. */
function inOneLine(text: string): string {
  return `${text.trim().replace(/\s*\n\s*/g, ' ')} (add --help for what there is)\n`;
}

function allOf(command: Command): Command[] {
  return command.commands.flatMap((sub) => [sub, ...allOf(sub)]);
}

/** Runs one command line. Resolves with the exit code; errors are told on standard error in one line each. */
export async function run(args: readonly string[], version: string): Promise<number> {
  const program = createProgram(version);
  try {
    await program.parseAsync(withoutArrow(args), { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    tell(error, args.includes('--debug'));
    return exitCodeOf(error);
  }
}

function tell(error: unknown, debug: boolean): void {
  const message = error instanceof Error ? error.message : String(error);
  if (message !== '') process.stderr.write(`${paint('error', 'red', process.stderr.isTTY)}: ${message}\n`);
  if (error instanceof CliError) for (const line of error.lines) process.stderr.write(`  ${line}\n`);
  if (debug && error instanceof Error)
    process.stderr.write(`${error.stack}\n${error.cause ? `caused by ${String(error.cause)}\n` : ''}`);
}
