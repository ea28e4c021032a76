/** Manual pages of the command (man-pages(7)), from its own definition: one for `ligature`, one for each of its groups. */

import type { Argument, Command, Option } from 'commander';
import { agentPlugins, agentSubstitutions } from '../../src/agent/agent.ts';
import { helpText } from '../../src/app/index.ts';
import { createProgram } from '../../src/cli/program.ts';

/** Text by file name, e.g. `ligature-config.1`. */
export function manPages(version: string): ReadonlyMap<string, string> {
  const program = createProgram(version);
  const pages = [mainPage(program, version), ...program.commands.map((command) => groupPage(command, version))];
  return new Map(pages.map(({ name, text }) => [`${name}.1`, text]));
}

interface ManPage {
  readonly name: string;
  readonly text: string;
}

function mainPage(program: Command, version: string): ManPage {
  return {
    name: 'ligature',
    text: lines(
      head('ligature', version),
      section('NAME'),
      `ligature \\- ${escaped(program.description())}`,
      section('SYNOPSIS'),
      `${bold('ligature')} [option...] command [argument...]`,
      section('COMMANDS'),
      ...program.commands.flatMap((command) => [
        '.TP',
        `${bold(`ligature ${command.name()}`)}`,
        `${sentence(command.description())} See ${bold(`ligature-${command.name()}`)}(1).`,
      ]),
      section('OPTIONS'),
      ...options(program),
      section('EXIT STATUS'),
      ...[
        ['0', 'done'],
        ['1', 'failed'],
        ['2', 'wrong usage'],
        ['3', 'something would change (--exit-code)'],
        ['4', 'no agent answers'],
      ].flatMap(([status = '', meaning = '']) => ['.TP', bold(status), escaped(meaning)]),
      section('ENVIRONMENT'),
      ...[
        ['AGENT_HOST', 'host of the agent, as --host'],
        ['MICROSERVICE_LABEL', 'label of the agent, as --service-label'],
        ['STATE_DIR', 'state directory of the agent, as --state-dir'],
        ['LIGATURE_TOKEN', 'bearer token, as --token'],
      ].flatMap(([name = '', meaning = '']) => ['.TP', bold(name), escaped(meaning)]),
      section('SEE ALSO'),
      program.commands.map((command) => `${bold(`ligature-${command.name()}`)}(1)`).join(', '),
    ),
  };
}

function groupPage(command: Command, version: string): ManPage {
  const name = `ligature-${command.name()}`;
  const all = leavesOf(command);
  return {
    name,
    text: lines(
      head(name, version),
      section('NAME'),
      `${escaped(name)} \\- ${escaped(command.description())}`,
      section('SYNOPSIS'),
      ...all.flatMap((one) => [synopsis(one), '.br']),
      section('DESCRIPTION'),
      ...(command.name() === 'agent' ? agentHelp() : all.flatMap((one) => description(one, all.length > 1))),
      section('OPTIONS'),
      `Besides those of the command: the options of ${bold('ligature')}(1), such as ${bold('\\-\\-socket')} and ${bold('\\-\\-format')}.`,
      section('SEE ALSO'),
      `${bold('ligature')}(1)`,
    ),
  };
}

/** Commands that do something: groups may be within groups. */
function leavesOf(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}

function agentHelp(): string[] {
  const help = helpText('ligature agent [FLAG...]', { plugins: agentPlugins, substitutions: agentSubstitutions });
  return ['.nf', ...help.trim().split('\n').map(escaped), '.fi'];
}

function description(command: Command, withTitle: boolean): string[] {
  const aliases = command.aliases();
  return [
    ...(withTitle ? [`.SS ${escaped(pathOf(command))}`] : []),
    sentence(command.description()) + (aliases.length > 0 ? ` Also ${aliases.map(bold).join(', ')}.` : ''),
    ...command.registeredArguments.filter((one) => one.description !== '').flatMap(argument),
    ...options(command),
  ];
}

function synopsis(command: Command): string {
  return `${bold(pathOf(command))} ${escaped(command.usage())}`;
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function argument(one: Argument): string[] {
  return ['.TP', italic(one.name()), sentence(one.description)];
}

function options(command: Command): string[] {
  return command.options
    .filter(({ hidden }) => !hidden)
    .flatMap((option) => ['.TP', bold(option.flags), sentence(option.description + details(option))]);
}

function details({ argChoices, defaultValue }: Option): string {
  const choices = argChoices ? `: ${argChoices.join(', ')}` : '';
  const isSaid = defaultValue === undefined || defaultValue === false || String(defaultValue) === '';
  return choices + (isSaid ? '' : ` (default ${String(defaultValue)})`);
}

function head(name: string, version: string): string {
  return `.TH ${name.toUpperCase().replaceAll('-', '\\-')} 1 "" "ligature ${escaped(version)}" "Ligature"`;
}

function section(title: string): string {
  return `.SH ${title}`;
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return escaped(/[.!?]$/.test(begun) ? begun : `${begun}.`);
}

function bold(text: string): string {
  return `\\fB${text.startsWith('\\') ? text : escaped(text)}\\fR`;
}

function italic(text: string): string {
  return `\\fI${escaped(text)}\\fR`;
}

/** Nothing of it means anything to troff. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('`', '\\(ga')
    .replace(/^(?=[.'])/, '\\&');
}

function lines(...all: readonly string[]): string {
  return `${all.filter((line) => line !== '').join('\n')}\n`;
}
