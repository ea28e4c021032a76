import { AppError } from '../errors.ts';
import type { AnyDefinition, OptionalNeed, Plugin, Substitution } from './definition.ts';

/** A plugin in its place. */
export interface PluginNode {
  readonly name: string;
  readonly plugin: Plugin;
  readonly definition: AnyDefinition;
  readonly needs: readonly Edge[];
}

export interface Edge {
  /** The name under which the plugin knows it. */
  readonly alias: string;
  readonly optional: boolean;
  /** Undefined: optional and not part of this application. */
  readonly node: PluginNode | undefined;
}

/**
 * Everything that is listed and everything that needs, each after what it needs; otherwise in the order of listing. Errors:
 * AppError `cycle`, `usage` (two plugins of one name, a slot nobody fills), naming the chain of needs.
 */
export function arrange(plugins: readonly Plugin[], substitutions: readonly Substitution[] = []): PluginNode[] {
  const replacement = replacements(substitutions);
  const listed = plugins.map(replacement);
  const members = closure(listed, replacement);
  const nodes = new Map<Plugin, PluginNode>();
  const byName = new Map<string, { readonly plugin: Plugin; readonly chain: string }>();

  const visit = (plugin: Plugin, chain: readonly Plugin[]): PluginNode => {
    const done = nodes.get(plugin);
    if (done !== undefined) return done;
    if (chain.includes(plugin)) throw cycle([...chain.slice(chain.indexOf(plugin)), plugin]);
    const here = [...chain, plugin];
    refuseSecond(byName, plugin, here);
    const { definition } = plugin;
    if (definition === undefined) throw empty(plugin, here);
    const needs = Object.entries(definition.needs).map(([alias, need]): Edge => {
      const wanted = replacement(isOptional(need) ? need.optional : need);
      const absent = isOptional(need) && !members.has(wanted);
      return { alias, optional: isOptional(need), node: absent ? undefined : visit(wanted, here) };
    });
    const node: PluginNode = { name: plugin.name, plugin, definition, needs };
    nodes.set(plugin, node);
    return node;
  };
  for (const plugin of listed) visit(plugin, []);
  return [...nodes.values()];
}

function isOptional(need: Plugin | OptionalNeed<unknown>): need is OptionalNeed<unknown> {
  return 'optional' in need;
}

/** What is listed or needed by a member without being optional. */
function closure(listed: readonly Plugin[], replacement: (plugin: Plugin) => Plugin): Set<Plugin> {
  const members = new Set<Plugin>(listed);
  // A set may grow while it is iterated: additions are visited too.
  for (const member of members) {
    for (const need of Object.values(member.definition?.needs ?? {}))
      if (!isOptional(need)) members.add(replacement(need));
  }
  return members;
}

/** Follows substitutions of substitutions. */
export function replacements(substitutions: readonly Substitution[]): (plugin: Plugin) => Plugin {
  const map = new Map<Plugin, Plugin>();
  for (const { original, replacement } of substitutions) {
    if (map.has(original))
      throw new AppError('usage', `plugin ${original.name} is substituted twice`, { plugin: original.name });
    map.set(original, replacement);
  }
  return (plugin) => {
    const seen = [plugin];
    for (let next = map.get(plugin); next !== undefined; next = map.get(next)) {
      if (seen.includes(next)) throw cycle([...seen, next]);
      seen.push(next);
    }
    return seen.at(-1) ?? plugin;
  };
}

function refuseSecond(
  byName: Map<string, { readonly plugin: Plugin; readonly chain: string }>,
  plugin: Plugin,
  chain: readonly Plugin[],
): void {
  const other = byName.get(plugin.name);
  if (other !== undefined && other.plugin !== plugin) {
    throw new AppError('usage', `two plugins are named ${plugin.name}: ${other.chain} and ${names(chain)}`, {
      plugin: plugin.name,
    });
  }
  byName.set(plugin.name, { plugin, chain: names(chain) });
}

function cycle(chain: readonly Plugin[]): AppError {
  const [first] = chain;
  return new AppError(
    'cycle',
    `plugins need each other: ${names(chain)}`,
    first === undefined ? {} : { plugin: first.name },
  );
}

function empty(plugin: Plugin, chain: readonly Plugin[]): AppError {
  const message = `nothing provides ${plugin.name} (${names(chain)}): add substitute(<slot>, <plugin>) to the application`;
  return new AppError('usage', message, { plugin: plugin.name });
}

function names(chain: readonly Plugin[]): string {
  return chain.map((plugin) => plugin.name).join(' -> ');
}
