import type { Key } from '../key.ts';
import type { ModelRegistry } from '../registry.ts';
import { ConfigDocument, formatPath, parsePath } from './document.ts';
import type { ConfigProblem } from './errors.ts';
import { joinPath } from '../json/context.ts';
import { type ConfigValue, readConfiguration } from './reader.ts';
import { configurationText } from './text.ts';

export interface ParseOptions {
  /** Name of the file, for messages. Default `configuration`. */
  readonly file?: string;
  readonly registry: ModelRegistry;
  /** Largest input, in bytes. Default 64 MB. */
  readonly maxBytes?: number;
}

const defaultMaxBytes = 64 * 2 ** 20;

/** A configuration that was read: its objects, and where they stand in the file. */
export interface Configuration {
  readonly file: string;
  /** In the order of the file. */
  readonly values: readonly ConfigValue[];
  /**
   * Where an object, or a field of it (path in proto names, e.g. `vxlan.vni`), stands; the nearest thing around it when the
   * field is not written there. Undefined for a key that the file does not have. Parses the file again at the first call.
   */
  locate(key: Key, field?: string): Omit<ConfigProblem, 'message'> | undefined;
}

/**
 * Reads a configuration in YAML or JSON. Checks form, not meaning: names, types, duplicates. Throws ConfigurationError
 * with every problem and its position. Works synchronously, about 50 ms for a MB.
 */
export function parseConfiguration(input: string | Uint8Array, options: ParseOptions): Configuration {
  const file = options.file ?? 'configuration';
  const text = configurationText(input, file, options.maxBytes ?? defaultMaxBytes);
  const document = new ConfigDocument(text, file);
  const values = readConfiguration(document, options.registry);
  let byKey: ReadonlyMap<Key, ConfigValue> | undefined;
  return {
    file,
    values,
    locate(key, field = '') {
      byKey ??= new Map(values.map((value) => [value.key, value]));
      const value = byKey.get(key);
      if (value === undefined) return undefined;
      const position = document.position([...value.at, ...parsePath(field)]);
      return { ...position, path: joinPath(formatPath(value.at), field) };
    },
  };
}
