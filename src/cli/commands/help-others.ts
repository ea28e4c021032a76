/** Commands that need no agent, except for models that only it knows: samples, schema, completion. */

import type { Command } from 'commander';
import { ClientError } from '../../client/errors.ts';
import { configurationSchema, sampleFile, sampleObject } from '../../model/schema/index.ts';
import { createModelRegistry, ModelError } from '../../model/index.ts';
import { completionScript, isShell, shells } from '../completion.ts';
import { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { type Format, print } from '../output.ts';

export function addHelpingCommands(program: Command): void {
  program
    .command('generate <model>')
    .alias('gen')
    .description('an empty sample of a model, ready to be filled in and applied')
    .option('--proto-names', 'proto field names (ip_addresses) instead of ipAddresses')
    .option('--oneline', 'JSON in one line')
    .action(async (name: string, flags: SampleFlags, command: Command) => {
      const context = new Context(command);
      const sample = sampleHere(name, flags, context.format) ?? (await sampleOfAgent(name, flags, context));
      await print(sample);
    });

  program
    .command('schema')
    .description('JSON schema of configuration files, for editors')
    .option('--names <which>', 'both, onlyjson or onlyproto', 'both')
    .option('--agent', 'ask the agent: with the models that only it knows')
    .action(async ({ names, agent }: { names: string; agent?: boolean }, command: Command) => {
      if (names !== 'both' && names !== 'onlyjson' && names !== 'onlyproto') {
        throw new CliError('usage', `--names: expected both, onlyjson or onlyproto, not ${JSON.stringify(names)}`);
      }
      const query = names === 'both' ? {} : { fieldnames: names };
      const schema = agent
        ? await new Context(command).client.json({ path: '/info/configuration/jsonschema', query })
        : configurationSchema({ registry: createModelRegistry(), names });
      await print(`${JSON.stringify(schema, null, 2)}\n`);
    });

  program
    .command('completion <shell>')
    .description(`completion script for ${shells.join(', ')}`)
    .action(async (shell: string) => {
      if (!isShell(shell)) throw new CliError('usage', `expected ${shells.join(', ')}, not ${JSON.stringify(shell)}`);
      await print(completionScript(program, shell));
    });
}

interface SampleFlags {
  readonly protoNames?: boolean;
  readonly oneline?: boolean;
}

/** Of a built-in model. */
function sampleHere(name: string, { protoNames, oneline }: SampleFlags, format: Format): string | undefined {
  const registry = createModelRegistry();
  const model = registry.findModel(name);
  if (model === undefined) return undefined;
  const options = { registry, names: protoNames ? 'proto' : 'json' } as const;
  return oneline || format === 'json'
    ? `${JSON.stringify(sampleObject(model, options), null, oneline ? 0 : 2)}\n`
    : sampleFile(model, options);
}

/** Of a model that the agent has by its descriptors, or from its application. */
async function sampleOfAgent(name: string, { protoNames, oneline }: SampleFlags, context: Context): Promise<string> {
  const path = `/api/v1/models/${encodeURIComponent(name)}/sample`;
  const asJson = oneline || context.format === 'json';
  const query = { format: asJson ? 'json' : 'yaml', names: protoNames ? 'proto' : 'json' };
  try {
    if (!asJson) return await context.client.text({ path, query });
    return `${JSON.stringify(await context.client.json({ path, query }), null, oneline ? 0 : 2)}\n`;
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    if (error.code === 'refused' && error.status === 404) throw new CliError('usage', error.message);
    if (error.code !== 'unreachable') throw error;
    throw new CliError('usage', `${builtIn(name)}, and ${error.message}`);
  }
}

/** What is wrong with a name that no built-in model has. */
function builtIn(name: string): string {
  try {
    createModelRegistry().model(name);
  } catch (error) {
    if (error instanceof ModelError) return error.message;
    throw error;
  }
  return '';
}
