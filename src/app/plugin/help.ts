import type { FlagDeclaration } from '../config/flags.ts';
import { logsDeclaration } from '../log/config.ts';
import type { ApplicationOptions } from './application.ts';
import { arrange } from './graph.ts';
import { declarationOf, flagsOf } from './settings.ts';

type Composition = Pick<ApplicationOptions, 'plugins' | 'substitutions'>;

/** Every flag of an application that does something, those of its plugins included. */
export function applicationFlags({ plugins, substitutions }: Composition): readonly FlagDeclaration[] {
  const nodes = arrange(plugins, substitutions);
  const useless = new Set(
    nodes.filter((node) => node.definition.config === undefined).map(({ name }) => `${name}-config`),
  );
  return flagsOf([logsDeclaration, ...nodes.map(declarationOf)]).filter(({ name }) => !useless.has(name));
}

const widest = 34;

/** Help for people: one flag a line. */
export function helpText(usage: string, composition: Composition): string {
  const flags = applicationFlags(composition).map(({ name, description, boolean }) => ({
    name: `--${name}${boolean ? '' : ' VALUE'}`,
    description,
  }));
  const width = Math.min(widest, Math.max(...flags.map(({ name }) => name.length)));
  const lines = flags.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`);
  return `Usage: ${usage}\n\n${lines.join('\n')}\n`;
}
