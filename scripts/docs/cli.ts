/** The command, from its own definition. */

import type { Argument, Command, Option } from 'commander';
import { helpText } from '../../src/app/index.ts';
import { agentPlugins, agentSubstitutions } from '../../src/agent/agent.ts';
import { createProgram } from '../../src/cli/program.ts';
import { cell, code, generated, page, table } from './markdown.ts';

export function cliPage(): string {
  const program = createProgram('');
  return page(
    generated,
    '# The command',
    program.description(),
    'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 something would change (`--exit-code`), 4 no agent answers.',
    '## Options of every command',
    options(program),
    ...program.commands.flatMap((command) =>
      command.name() === 'agent' ? agent(command) : about(command, 'ligature'),
    ),
  );
}

function agent(command: Command): readonly string[] {
  const help = helpText('ligature agent [FLAG...]', { plugins: agentPlugins, substitutions: agentSubstitutions });
  return [
    '## ligature agent',
    `${command.description()}. The same options stand in [files](configuration.md).`,
    `\`\`\`text\n${help.trim()}\n\`\`\``,
  ];
}

function about(command: Command, parent: string): readonly string[] {
  const name = `${parent} ${command.name()}`;
  if (command.commands.length > 0) {
    const inner = command.commands.flatMap((sub) => about(sub, name));
    return [`## ${name}`, command.description(), ...inner];
  }
  const depth = parent === 'ligature' ? '##' : '###';
  const aliases = command.aliases().map((alias) => code(`${parent} ${alias}`));
  return [
    `${depth} ${name}`,
    `${command.description()}${aliases.length > 0 ? ` (also ${aliases.join(', ')})` : ''}`,
    `\`\`\`text\n${name} ${command.usage()}\n\`\`\``,
    args(command.registeredArguments),
    options(command),
  ];
}

function args(list: readonly Argument[]): string {
  const described = list.filter(({ description }) => description !== '');
  return table(
    ['argument', 'meaning'],
    described.map((one) => [code(one.name()), cell(one.description)]),
  );
}

function options(command: Command): string {
  const shown = command.options.filter(({ hidden }) => !hidden);
  return table(
    ['option', 'meaning'],
    shown.map((option) => [code(option.flags), cell(option.description + extra(option))]),
  );
}

function extra({ argChoices, defaultValue }: Option): string {
  const choices = argChoices ? `: ${argChoices.join(', ')}` : '';
  const byDefault = defaultValue === undefined || defaultValue === false ? '' : ` (default ${String(defaultValue)})`;
  return choices + byDefault;
}
