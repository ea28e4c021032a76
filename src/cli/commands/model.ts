/** `model`: what can be configured, and models that come as descriptors. */

import type { Command } from 'commander';
import type { Call } from '../../client/http.ts';
import type { ModelAnswer } from '../answers.ts';
import { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { readGiven } from '../given-files.ts';
import { print, table } from '../output.ts';

export function addModelCommands(program: Command): void {
  const model = program.command('model').description('what can be configured');
  model
    .command('ls [pattern...]')
    .aliases(['list', 'l'])
    .description('models, and whether this agent can program them')
    .action(async (patterns: string[], _flags: object, command: Command) => {
      const context = new Context(command);
      const known = await context.client.json<readonly ModelAnswer[]>({ path: '/api/v1/models' });
      const models = patterns.length === 0 ? known : selectModels(known, patterns);
      await context.show(models, () =>
        table(models, [
          { title: 'MODEL', text: ({ name }) => name },
          { title: 'CONFIG', text: ({ config }) => config ?? '' },
          { title: 'KEY PREFIX', text: ({ prefix }) => prefix },
          {
            title: 'STATUS',
            text: ({ status, engine }) => (status === 'implemented' ? `${engine}` : status),
            colour: ({ status }) => (status === 'implemented' ? 'green' : status === 'explained' ? 'yellow' : 'grey'),
          },
          { title: 'NEEDS', text: ({ needs }) => needs.join(', ') },
          { title: 'NOTE', text: ({ note, lacks }) => [...lacks, note ?? ''].filter((text) => text !== '').join('; ') },
        ]),
      );
    });
  model
    .command('inspect <model...>')
    .alias('i')
    .description('one model: message, key, place in configuration files, fields')
    .action(async (patterns: string[], _flags: object, command: Command) => {
      const context = new Context(command);
      const known = await context.client.json<readonly ModelAnswer[]>({ path: '/api/v1/models' });
      await print(`${JSON.stringify(selectModels(known, patterns), null, 2)}\n`);
    });
  model
    .command('register <file>')
    .description(
      'makes the agent know models by their descriptors alone (`buf build -o`, `protoc --include_imports -o`): messages with the option ' +
        'ligato.generic.model, and those that --model names',
    )
    .option(
      '--model <choice>',
      'a message that is a model, e.g. message=pkg.Person,module=greeter,type=person,version=v1,name-template={{.Name}}; may be repeated',
      (text: string, before: readonly object[]) => [...before, modelChoice(text)],
      [] as readonly object[],
    )
    .option('--virtual', 'objects count as configured as soon as they are wanted; else they are UNIMPLEMENTED')
    .action(async (file: string, flags: { model: readonly object[]; virtual?: boolean }, command: Command) => {
      const descriptorSet = readGiven(file).toString('base64');
      const body = JSON.stringify({ descriptorSet, models: flags.model, virtual: flags.virtual ?? false });
      await showEffects(new Context(command), { method: 'POST', path: '/api/v1/models', body });
    });
  model
    .command('forget <model>')
    .description('forgets a model that was registered by its descriptors, from the next start of the agent on')
    .action((name: string, _flags: object, command: Command) =>
      showEffects(new Context(command), { method: 'DELETE', path: `/api/v1/models/${encodeURIComponent(name)}` }),
    );
}

interface Effect {
  readonly model: string;
  readonly effect: 'registered' | 'unchanged' | 'restart';
}

async function showEffects(context: Context, call: Call): Promise<void> {
  const effects = await context.client.json<readonly Effect[]>({ ...call, type: 'application/json' });
  await context.show(effects, () =>
    table(effects, [
      { title: 'MODEL', text: ({ model: name }) => name },
      { title: 'EFFECT', text: ({ effect }) => (effect === 'restart' ? 'at the next start of the agent' : effect) },
    ]),
  );
}

const choiceFields = ['message', 'module', 'type', 'version', 'class', 'name-template'];

/** `message=...,module=...`: the fields of a choice. Throws CliError `usage`. */
function modelChoice(text: string): Readonly<Record<string, string>> {
  const fields: readonly (readonly [string, string])[] = text
    .split(',')
    .map((part) => [part.slice(0, part.indexOf('=')).trim(), part.slice(part.indexOf('=') + 1)]);
  const unknown = fields.find(([name]) => !choiceFields.includes(name))?.[0];
  if (unknown !== undefined)
    throw new CliError(
      'usage',
      `--model: there is no field ${JSON.stringify(unknown)}; expected ${choiceFields.join(', ')}`,
    );
  return Object.fromEntries(fields.map(([name, value]) => [name === 'name-template' ? 'nameTemplate' : name, value]));
}

/** Models by name, glob (`vpp.*`) or `all`. */
export function selectModels(known: readonly ModelAnswer[], patterns: readonly string[]): readonly ModelAnswer[] {
  const config = known.filter(({ spec }) => spec.class === 'config');
  if (patterns.length === 0 || patterns.includes('all')) return config;
  return patterns.flatMap((pattern) => {
    const expression = new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
    const found = known.filter(({ name }) => expression.test(name));
    if (found.length > 0) return found;
    throw new CliError('usage', `no model matches ${JSON.stringify(pattern)}; \`ligature model ls\` lists them`);
  });
}
