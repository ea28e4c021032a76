import { type Message, toJson } from '@bufbuild/protobuf';
import { dump } from 'js-yaml';
import type { ModelRegistry } from '../registry.ts';

export interface FormatOptions {
  readonly registry: ModelRegistry;
  /** Spelling of names: `json` (default, `vrfId`) or `proto` (`vrf_id`). */
  readonly names?: 'json' | 'proto';
  /** True: write fields that have their default value too. Default false. */
  readonly defaults?: boolean;
}

/**
 * The configuration that consists of these objects, as `parseConfiguration` reads it. Groups and lists stand in the order
 * of the registry, objects in the given order. Throws ModelError `unknown-model` for a message no model has.
 */
export function configurationObject(values: Iterable<Message>, options: FormatOptions): Record<string, object> {
  const byModel = new Map<string, unknown[]>();
  for (const value of values) {
    const { name } = options.registry.modelOf(value);
    const list = byModel.get(name) ?? [];
    byModel.set(name, list);
    list.push(valueObject(value, options));
  }
  const groups: Record<string, Record<string, unknown>> = {};
  for (const { name, config, singleton } of options.registry.models('config')) {
    const objects = byModel.get(name);
    if (objects === undefined || config === undefined) continue;
    const group = (groups[config.group] ??= {});
    group[options.names === 'proto' ? config.field : config.jsonField] = singleton ? objects.at(-1) : objects;
  }
  return groups;
}

/** The same as text. JSON is indented by two spaces. */
export function formatConfiguration(
  values: Iterable<Message>,
  format: 'yaml' | 'json',
  options: FormatOptions,
): string {
  const object = configurationObject(values, options);
  if (format === 'json') return `${JSON.stringify(object, null, 2)}\n`;
  return Object.keys(object).length === 0 ? '{}\n' : dump(object, { lineWidth: -1, noRefs: true });
}

/** One object in JSON form, with the names asked for. */
export function valueObject(value: Message, options: FormatOptions): unknown {
  return toJson(options.registry.modelOf(value).message, value, {
    useProtoFieldName: options.names === 'proto',
    alwaysEmitImplicit: options.defaults ?? false,
  });
}
