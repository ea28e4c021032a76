import type { AppError, ConfigProblem } from '../errors.ts';
import { type ConfigDeclaration, type ConfigInputs, type ConfigSource, describeSource } from './declaration.ts';
import { type Finding, inspect } from './inspect.ts';
import { findingsOf } from './issues.ts';
import { locateConfig } from './locate.ts';
import { applyLegacyKeys, applyOptions } from './options.ts';
import { configError, problemLine } from './problem.ts';
import { formatPath, isTree, type Tree } from './tree.ts';
import { type ConfigFile, locate, readConfigFile } from './yaml.ts';

/** The configuration of one plugin, ready to use. */
export interface LoadedConfig {
  readonly plugin: string;
  /** What the schema made of it, defaults included; undefined when the plugin is off. */
  readonly value: unknown;
  /** Why the plugin is off; undefined when it is on. */
  readonly off: string | undefined;
  /** The file it was read from. */
  readonly file: string | undefined;
  /** Dotted key -> the flag or variable that set it. */
  readonly sources: ReadonlyMap<string, ConfigSource>;
  readonly warnings: readonly string[];
}

/**
 * File, then environment over it, then flags over that, then the schema with its defaults. Errors: AppError `invalid-config`
 * with every problem found, each with file, line and key.
 */
export async function loadConfig(declaration: ConfigDeclaration, inputs: ConfigInputs): Promise<LoadedConfig> {
  const { plugin } = declaration;
  const location = await locateConfig(declaration, inputs);
  if (location.type === 'off') return off(plugin, location.reason);
  const file = location.type === 'file' ? await readConfigFile(location.file, plugin) : undefined;
  const tree: Tree = structuredClone(file?.tree ?? {});

  const legacy = applyLegacyKeys(declaration, tree);
  const options = applyOptions(declaration, tree, inputs);
  if (declaration.optional && file === undefined && options.sources.size === 0) {
    return off(plugin, `there is no ${plugin}.conf in ${inputs.directory}`);
  }
  const inspection = inspect(declaration.schema, tree);
  const parsed = await declaration.schema.safeParseAsync(withoutUnknown(tree, inspection.problems));
  const findings = [
    ...legacy.problems,
    ...options.problems,
    ...inspection.problems,
    ...(parsed.success ? [] : findingsOf(parsed.error.issues, tree)),
  ];
  const context: Context = { plugin, file, sources: options.sources };
  if (findings.length > 0 || !parsed.success) throw await invalid(context, findings);
  const notes = await describeAll(context, [...legacy.warnings, ...inspection.warnings]);
  return {
    plugin,
    value: parsed.data,
    off: undefined,
    file: file?.file,
    sources: options.sources,
    warnings: [...notes.map(problemLine), ...options.warnings],
  };
}

function off(plugin: string, reason: string): LoadedConfig {
  return { plugin, value: undefined, off: reason, file: undefined, sources: new Map(), warnings: [] };
}

interface Context {
  readonly plugin: string;
  readonly file: ConfigFile | undefined;
  readonly sources: ReadonlyMap<string, ConfigSource>;
}

/** Strict schemas would report unknown keys a second time, and a union would fail as a whole because of one. */
function withoutUnknown(tree: Tree, problems: readonly Finding[]): Tree {
  if (problems.length === 0) return tree;
  const copy = structuredClone(tree);
  for (const { path } of problems) {
    let parent: unknown = copy;
    for (const step of path.slice(0, -1)) parent = (parent as Record<string | number, unknown>)[step];
    const last = path.at(-1);
    if (isTree(parent) && typeof last === 'string') delete parent[last];
  }
  return copy;
}

async function invalid(context: Context, findings: readonly Finding[]): Promise<AppError> {
  const problems = await describeAll(context, dedupe(findings));
  return configError(problems);
}

/** A default for a key that inspection rejected may make zod complain about the same place: once is enough. */
function dedupe(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, Finding>();
  for (const finding of findings) {
    const place = formatPath(finding.path);
    if (!seen.has(place)) seen.set(place, finding);
  }
  return [...seen.values()];
}

async function describeAll(context: Context, findings: readonly Finding[]): Promise<ConfigProblem[]> {
  return Promise.all(findings.map((finding) => describe(context, finding)));
}

async function describe({ plugin, file, sources }: Context, { path, message }: Finding): Promise<ConfigProblem> {
  const field = formatPath(path);
  const source = [...sources].find(
    ([key]) => field === key || field.startsWith(`${key}.`) || field.startsWith(`${key}[`),
  )?.[1];
  if (source !== undefined) return { plugin, field, message, source: describeSource(source) };
  if (file === undefined) return { plugin, field, message, source: `configuration of ${plugin}` };
  const position = await locate(file.text, path);
  return { plugin, field, message, source: file.file, file: file.file, ...position };
}
