import { stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import type { AppError } from '../errors.ts';
import type { ConfigDeclaration, ConfigInputs } from './declaration.ts';
import { configError } from './problem.ts';

/** What is to be read for a plugin. */
export type ConfigLocation =
  | { readonly type: 'file'; readonly file: string }
  /** No file: defaults (and the plugin's flags and variables). */
  | { readonly type: 'none' }
  /** The plugin is switched off. */
  | { readonly type: 'off'; readonly reason: string };

/** Names that switch an optional plugin off: `ETCD_CONFIG=disabled`. */
const offNames = new Set(['', 'disabled', 'disable', 'none', 'off', 'false', 'no']);

/**
 * Finds `<plugin>.conf`: `--<plugin>-config`, then the environment, then the directory. A name is tried as a path, then
 * inside the directory. Errors: AppError `invalid-config` when a file was asked for by name and is not there.
 */
export async function locateConfig(declaration: ConfigDeclaration, inputs: ConfigInputs): Promise<ConfigLocation> {
  const asked = askedFor(declaration.plugin, inputs);
  if (asked === undefined) return lookIn(inputs.directory, declaration.plugin);
  const file = await existing(asked.value, inputs.directory);
  if (file !== undefined) return { type: 'file', file };
  if (declaration.optional && offNames.has(asked.value.toLowerCase())) {
    return { type: 'off', reason: `${asked.from} is ${JSON.stringify(asked.value)}` };
  }
  if (asked.value === '') return { type: 'none' };
  throw missing(declaration, inputs, asked);
}

async function lookIn(directory: string, plugin: string): Promise<ConfigLocation> {
  const file = join(directory, `${plugin}.conf`);
  return (await isFile(file)) ? { type: 'file', file } : { type: 'none' };
}

interface Asked {
  readonly value: string;
  readonly from: string;
}

function askedFor(plugin: string, inputs: ConfigInputs): Asked | undefined {
  const flag = `${plugin}-config`;
  const fromFlag = inputs.flags.get(flag);
  if (fromFlag !== undefined) return { value: fromFlag, from: `--${flag}` };
  for (const name of configVariables(plugin)) {
    const value = inputs.env[name];
    if (value !== undefined) return { value, from: `environment ${name}` };
  }
  return undefined;
}

/** `VPP-IFPLUGIN_CONFIG` as Ligato has it, and `VPP_IFPLUGIN_CONFIG`, which shells can set. */
export function configVariables(plugin: string): readonly string[] {
  const upper = plugin.toUpperCase();
  return [...new Set([`${upper}_CONFIG`, `${upper.replaceAll('-', '_')}_CONFIG`])];
}

async function existing(value: string, directory: string): Promise<string | undefined> {
  if (value === '') return undefined;
  for (const file of [resolve(value), join(directory, value)]) if (await isFile(file)) return file;
  return undefined;
}

async function isFile(file: string): Promise<boolean> {
  try {
    return !(await stat(file)).isDirectory();
  } catch (error) {
    // Anything but "is not there" is worth an error that names the file, which reading it will give.
    return (error as NodeJS.ErrnoException).code !== 'ENOENT' && (error as NodeJS.ErrnoException).code !== 'ENOTDIR';
  }
}

function missing(declaration: ConfigDeclaration, inputs: ConfigInputs, asked: Asked): AppError {
  const { plugin } = declaration;
  const tried = isAbsolute(asked.value)
    ? asked.value
    : `${resolve(asked.value)} and ${join(inputs.directory, asked.value)}`;
  const hint = declaration.optional ? `; to switch ${plugin} off, use the name "disabled"` : '';
  const message = `there is no file ${tried}${hint}`;
  return configError([{ plugin, field: '', message, source: asked.from, file: asked.value }]);
}
