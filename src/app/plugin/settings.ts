import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import type { ConfigDeclaration, ConfigInputs } from '../config/declaration.ts';
import { type FlagDeclaration, parseFlags } from '../config/flags.ts';
import { loadConfig, type LoadedConfig } from '../config/load.ts';
import { configError } from '../config/problem.ts';
import { suggest } from '../config/suggest.ts';
import { AppError, type ConfigProblem } from '../errors.ts';
import { logsDeclaration } from '../log/config.ts';
import { stateDirectory } from './directories.ts';
import type { PluginNode } from './graph.ts';

export interface SettingsOptions {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Everything that flags, environment and files say to one application. */
export interface Settings {
  readonly label: string;
  readonly stateDirectory: string;
  readonly inputs: ConfigInputs;
  readonly logs: LoadedConfig;
  /** By plugin name. */
  readonly plugins: ReadonlyMap<string, LoadedConfig>;
  readonly warnings: readonly string[];
}

const coreFlags: readonly FlagDeclaration[] = [
  { name: 'config-dir', description: 'directory of the <plugin>.conf files (environment CONFIG_DIR; default .)' },
  { name: 'state-dir', description: 'directory of what this instance keeps (environment STATE_DIR)' },
  { name: 'microservice-label', description: 'name of this instance (environment MICROSERVICE_LABEL; default vpp1)' },
];

const noConfig = z.strictObject({});

/** Reads all configuration before anything starts. Errors: AppError `usage`, or `invalid-config` with the problems of all plugins. */
export async function loadSettings(nodes: readonly PluginNode[], options: SettingsOptions): Promise<Settings> {
  const declarations = nodes.map(declarationOf);
  const flags = parseFlags(options.args, flagsOf([logsDeclaration, ...declarations]));
  const directory = await configDirectory(flags, options.env);
  const inputs: ConfigInputs = { directory, flags, env: options.env };
  const label = labelOf(flags, options.env);
  const loaded = await loadAll([logsDeclaration, ...declarations], inputs);
  const [logs, ...rest] = loaded as [LoadedConfig, ...LoadedConfig[]];
  return {
    label,
    stateDirectory: stateDirectory({
      name: options.name,
      label,
      stateDirectory: flags.get('state-dir'),
      env: options.env,
    }),
    inputs,
    logs,
    plugins: new Map(rest.map((config) => [config.plugin, config])),
    warnings: [...loaded.flatMap((config) => config.warnings), ...(await strayFiles(directory, declarations))],
  };
}

export function declarationOf(node: PluginNode): ConfigDeclaration {
  const { config, options, legacyKeys, optionalConfig } = node.definition;
  return { plugin: node.name, schema: config ?? noConfig, options, legacyKeys, optional: optionalConfig };
}

/** All flags of an application, for help texts and completion. */
export function flagsOf(declarations: readonly ConfigDeclaration[]): FlagDeclaration[] {
  const flags = [...coreFlags];
  for (const { plugin, options } of declarations) {
    flags.push({ name: `${plugin}-config`, description: `configuration file of ${plugin} (default ${plugin}.conf)` });
    for (const { flag, description, boolean } of options) {
      if (flag === undefined) continue;
      if (flags.some(({ name }) => name === flag))
        throw new AppError('usage', `flag --${flag} is declared twice`, { plugin });
      flags.push({ name: flag, description, ...(boolean === undefined ? {} : { boolean }) });
    }
  }
  return flags;
}

async function loadAll(declarations: readonly ConfigDeclaration[], inputs: ConfigInputs): Promise<LoadedConfig[]> {
  const outcomes = await Promise.allSettled(declarations.map((declaration) => loadConfig(declaration, inputs)));
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw configError(failures.flatMap(problemsOf));
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}

function problemsOf(error: unknown): ConfigProblem[] {
  if (!(error instanceof AppError)) throw error;
  if (error.problems.length > 0) return [...error.problems];
  return [{ plugin: error.plugin ?? '', field: error.field ?? '', message: error.message, source: error.file ?? '' }];
}

async function configDirectory(flags: ReadonlyMap<string, string>, env: SettingsOptions['env']): Promise<string> {
  const asked = flags.get('config-dir') ?? nonEmpty(env['CONFIG_DIR']);
  const directory = resolve(asked ?? '.');
  if (asked === undefined) return directory;
  const found = await stat(directory).catch(() => undefined);
  if (found?.isDirectory() === true) return directory;
  const from = flags.has('config-dir') ? '--config-dir' : 'environment CONFIG_DIR';
  throw new AppError('invalid-config', `${from}: there is no directory ${directory}`, {
    field: 'config-dir',
    file: directory,
  });
}

function labelOf(flags: ReadonlyMap<string, string>, env: SettingsOptions['env']): string {
  const label = flags.get('microservice-label') ?? nonEmpty(env['MICROSERVICE_LABEL']) ?? 'vpp1';
  // It becomes part of store keys and of the name of a directory.
  if (/^[A-Za-z0-9_][A-Za-z0-9._-]{0,62}$/.test(label)) return label;
  throw new AppError(
    'invalid-config',
    `microservice-label ${JSON.stringify(label)}: expected up to 63 letters, digits, ".", "_" or "-", not beginning with "." or "-"`,
    { field: 'microservice-label' },
  );
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** A file that is nearly the configuration of a plugin is most likely meant to be it. */
async function strayFiles(directory: string, declarations: readonly ConfigDeclaration[]): Promise<string[]> {
  const names = ['logs', ...declarations.map(({ plugin }) => plugin)];
  const files = await readdir(directory).catch((): string[] => []);
  return files.flatMap((file) => {
    const name = file.endsWith('.conf') ? file.slice(0, -'.conf'.length) : '';
    const guess = name === '' || names.includes(name) ? undefined : suggest(name, names);
    return guess === undefined
      ? []
      : [`${join(directory, file)}: belongs to no plugin here; did you mean ${guess}.conf?`];
  });
}
