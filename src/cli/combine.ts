import { createModelRegistry } from '../model/index.ts';
import { ConfigurationError, formatConfiguration, formatProblem, parseConfiguration } from '../model/config/index.ts';
import { CliError } from './errors.ts';

/** Several files as one configuration, so that they are one transaction. An object in two files is an error that names both. */
export function combine(inputs: readonly { readonly file: string; readonly content: Uint8Array }[]): {
  readonly file: string;
  readonly body: string;
} {
  const registry = createModelRegistry();
  const owners = new Map<string, string>();
  const messages = [];
  for (const { file, content } of inputs) {
    for (const { key, value } of parsed(content, file, registry)) {
      const other = owners.get(key);
      if (other !== undefined)
        throw new CliError('failed', `${file}: ${key} is in ${other} too; an object may be in one file only`);
      owners.set(key, file);
      messages.push(value);
    }
  }
  return {
    file: inputs.map(({ file }) => file).join(' + '),
    body: formatConfiguration(messages, 'json', { registry }),
  };
}

function parsed(content: Uint8Array, file: string, registry: ReturnType<typeof createModelRegistry>) {
  try {
    return parseConfiguration(content, { file, registry }).values;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new CliError(
      'failed',
      `${error.problems.length} problems, nothing was applied`,
      error.problems.map(formatProblem),
    );
  }
}
