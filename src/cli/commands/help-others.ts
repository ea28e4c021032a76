/** Commands that need no agent: samples, schema, completion. */

import type { Command } from 'commander';
import { configurationSchema, sampleFile } from '../../model/schema/index.ts';
import { createModelRegistry, ModelError } from '../../model/index.ts';
import { completionScript, isShell, shells } from '../completion.ts';
import { CliError } from '../errors.ts';
import { print } from '../output.ts';

export function addHelpingCommands(program: Command): void {
  program
    .command('generate <model>')
    .alias('gen')
    .description('an empty sample of a model, ready to be filled in and applied')
    .option('--proto-names', 'proto field names (ip_addresses) instead of ipAddresses')
    .option('--oneline', 'JSON in one line')
    .action(async (name: string, flags: { protoNames?: boolean; oneline?: boolean }, command: Command) => {
      const registry = createModelRegistry();
      const model = modelNamed(registry, name);
      const names = flags.protoNames ? 'proto' : 'json';
      const { sampleObject } = await import('../../model/schema/index.ts');
      const format = command.optsWithGlobals<{ format?: string }>().format;
      if (flags.oneline) await print(`${JSON.stringify(sampleObject(model, { registry, names }))}\n`);
      else if (format === 'json') await print(`${JSON.stringify(sampleObject(model, { registry, names }), null, 2)}\n`);
      else await print(sampleFile(model, { registry, names }));
    });

  program
    .command('schema')
    .description('JSON schema of configuration files, for editors')
    .option('--names <which>', 'both, onlyjson or onlyproto', 'both')
    .action(async (flags: { names: string }) => {
      const { names } = flags;
      if (names !== 'both' && names !== 'onlyjson' && names !== 'onlyproto') {
        throw new CliError('usage', `--names: expected both, onlyjson or onlyproto, not ${JSON.stringify(names)}`);
      }
      await print(`${JSON.stringify(configurationSchema({ registry: createModelRegistry(), names }), null, 2)}\n`);
    });

  program
    .command('completion <shell>')
    .description(`completion script for ${shells.join(', ')}`)
    .action(async (shell: string) => {
      if (!isShell(shell)) throw new CliError('usage', `expected ${shells.join(', ')}, not ${JSON.stringify(shell)}`);
      await print(completionScript(program, shell));
    });
}

function modelNamed(registry: ReturnType<typeof createModelRegistry>, name: string) {
  try {
    return registry.model(name);
  } catch (error) {
    if (error instanceof ModelError) throw new CliError('usage', error.message);
    throw error;
  }
}
