/** Files of the agent, from the schemas of its plugins. */

import type * as z from 'zod';
import { agentPlugins, agentSubstitutions } from '../../src/agent/agent.ts';
import { storeSourcePlugin } from '../../src/agent/plugins/store-source.ts';
import { durationOptions, formatDuration } from '../../src/app/config/duration.ts';
import { elementOf, shapeOf, unwrap, valueOf } from '../../src/app/config/schema.ts';
import { isSecret } from '../../src/app/config/secret.ts';
import { logsSchema } from '../../src/app/log/config.ts';
import { arrange } from '../../src/app/plugin/graph.ts';
import type { ConfigOption } from '../../src/app/index.ts';
import { cell, code, generated, page, table } from './markdown.ts';

type Schema = z.core.$ZodType;

export function configurationPage(): string {
  const plugins = arrange(agentPlugins, agentSubstitutions);
  const configured = plugins.filter(({ definition }) => definition.config !== undefined);
  return page(
    generated,
    '# Files of the agent',
    'One YAML file a plugin, `<plugin>.conf`, in `--config-dir` (environment `CONFIG_DIR`, default the current folder). A flag ' +
      'beats an environment variable, that beats the file, that beats the default. Unknown keys and wrong types are errors ' +
      'that name file, line and key. Durations are written `500ms`, `2s`, `1m30s`. `ligature agent --help` lists all flags.',
    ...section('logs', 'levels and format of all loggers', logsSchema, []),
    ...configured.flatMap(({ name, plugin, definition }) =>
      section(name, plugin.description, definition.config, definition.options),
    ),
    '# Plugins that applications add',
    'Not part of the agent as it comes; see [write a plugin](../how-to/write-a-plugin.md).',
    ...section(
      storeSourcePlugin.name,
      storeSourcePlugin.description,
      storeSourcePlugin.definition?.config,
      storeSourcePlugin.definition?.options ?? [],
    ),
  );
}

function section(
  name: string,
  description: string,
  schema: Schema | undefined,
  options: readonly ConfigOption[],
): readonly string[] {
  if (schema === undefined) return [];
  const rows = [...fields(schema, '')].map(([key, field]) => {
    const option = options.find((one) => one.key === key);
    return [code(key), typeOf(field), defaultOf(field), setBy(option), cell(about(field) ?? option?.description ?? '')];
  });
  return [
    `## ${name}`,
    `\`${name}.conf\`: ${description}.`,
    table(['key', 'type', 'default', 'flag, environment', 'meaning'], rows),
  ];
}

function* fields(schema: Schema, prefix: string): Generator<readonly [key: string, schema: Schema]> {
  for (const [name, field] of Object.entries(shapeOf(schema) ?? {})) {
    yield [prefix + name, field];
    const element = elementOf(field);
    if (element !== undefined) yield* fields(element, `${prefix}${name}[].`);
    else if (durationOptions(unwrap(field)) === undefined) yield* fields(field, `${prefix}${name}.`);
  }
}

function setBy(option: ConfigOption | undefined): string {
  if (option === undefined) return '';
  const [env] = [option.env ?? []].flat();
  return [option.flag === undefined ? '' : code(`--${option.flag}`), env === undefined ? '' : code(env)]
    .filter((text) => text !== '')
    .join(', ');
}

function about(schema: Schema): string | undefined {
  return (schema as z.ZodType).description;
}

function typeOf(schema: Schema): string {
  const inner = unwrap(schema);
  if (durationOptions(inner) !== undefined) return 'duration';
  if (isSecret(inner)) return 'text (secret)';
  const element = elementOf(schema);
  if (element !== undefined) return `list of ${typeOf(element)}`;
  const { def } = (inner as z.core.$ZodTypes)._zod;
  if (def.type === 'enum')
    return Object.values(def.entries)
      .map((value) => code(String(value)))
      .join(', ');
  if (def.type === 'union') return def.options.map(typeOf).join(' or ');
  if (def.type === 'pipe') return typeOf(def.in);
  if (valueOf(schema) !== undefined) return 'mapping';
  return (
    { string: 'text', number: 'number', boolean: 'true, false', object: 'mapping' }[def.type as string] ?? def.type
  );
}

function defaultOf(schema: Schema): string {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'optional' || def.type === 'nullable' || def.type === 'readonly') return defaultOf(def.innerType);
  if (def.type !== 'default' && def.type !== 'prefault') return '';
  const value: unknown = def.defaultValue;
  if (durationOptions(unwrap(schema)) !== undefined && typeof value === 'number') return code(formatDuration(value));
  if (value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)) return '';
  return code(typeof value === 'string' ? value : JSON.stringify(value));
}
