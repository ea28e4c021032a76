import { load } from 'js-yaml';
import { messageOf } from '../errors.ts';
import type { ConfigDeclaration, ConfigInputs, ConfigOption, ConfigSource } from './declaration.ts';
import type { Finding } from './inspect.ts';
import { elementOf, schemaAt, wantsText } from './schema.ts';
import { getAt, hasAt, removeAt, setAt, type Tree } from './tree.ts';

export interface Applied {
  /** Dotted key -> the flag or variable that set it. */
  readonly sources: Map<string, ConfigSource>;
  readonly problems: Finding[];
  /** Warnings already complete: they are not about a place in the file. */
  readonly warnings: string[];
}

/** Puts environment variables, then flags, over the file's tree, in place. */
export function applyOptions(declaration: ConfigDeclaration, tree: Tree, inputs: ConfigInputs): Applied {
  const applied: Applied = { sources: new Map(), problems: [], warnings: [] };
  for (const option of declaration.options) applyEnvironment(option, declaration, tree, inputs, applied);
  for (const option of declaration.options) {
    const text = option.flag === undefined ? undefined : inputs.flags.get(option.flag);
    if (text === undefined || option.flag === undefined) continue;
    applyText(option, text, { type: 'flag', name: option.flag }, declaration, tree, applied);
  }
  return applied;
}

/** An empty variable counts as not set. */
function applyEnvironment(
  option: ConfigOption,
  declaration: ConfigDeclaration,
  tree: Tree,
  inputs: ConfigInputs,
  applied: Applied,
): void {
  const names = option.env === undefined ? [] : typeof option.env === 'string' ? [option.env] : option.env;
  const name = names.find((candidate) => (inputs.env[candidate] ?? '') !== '');
  if (name === undefined) return;
  if (name !== names[0]) applied.warnings.push(`environment ${name} is an older name: use ${names[0]}`);
  applyText(option, inputs.env[name] ?? '', { type: 'environment', name }, declaration, tree, applied);
}

function applyText(
  option: ConfigOption,
  text: string,
  source: ConfigSource,
  declaration: ConfigDeclaration,
  tree: Tree,
  applied: Applied,
): void {
  const path = option.key.split('.');
  applied.sources.set(option.key, source);
  try {
    const convert = option.convert ?? ((written: string) => byType(declaration, path, written));
    setAt(tree, path, convert(text, getAt(tree, path)));
  } catch (error) {
    applied.problems.push({ path, message: messageOf(error) });
  }
}

function byType(declaration: ConfigDeclaration, path: readonly string[], text: string): unknown {
  const schema = schemaAt(declaration.schema, path);
  if (schema === undefined || wantsText(schema)) return text;
  if (elementOf(schema) !== undefined && !text.trimStart().startsWith('[')) {
    return text
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '');
  }
  return load(text);
}

/** Renames older spellings in place. */
export function applyLegacyKeys(
  declaration: ConfigDeclaration,
  tree: Tree,
): { warnings: Finding[]; problems: Finding[] } {
  const warnings: Finding[] = [];
  const problems: Finding[] = [];
  for (const [old, present] of Object.entries(declaration.legacyKeys)) {
    const path = old.split('.');
    if (!hasAt(tree, path)) continue;
    const value = getAt(tree, path);
    removeAt(tree, path);
    if (typeof present !== 'string') warnings.push({ path, message: `is ignored: ${present.ignored}` });
    else if (hasAt(tree, present.split('.')))
      problems.push({ path, message: `is an older name of "${present}", which is set too` });
    else {
      setAt(tree, present.split('.'), value);
      warnings.push({ path, message: `is an older name: write "${present}"` });
    }
  }
  return { warnings, problems };
}
