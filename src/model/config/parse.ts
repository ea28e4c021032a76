import { setImmediate } from 'node:timers/promises';
import type { Key } from '../key.ts';
import type { ModelRegistry } from '../registry.ts';
import { ConfigDocument, formatPath, parsePath } from './document.ts';
import type { ConfigProblem } from './errors.ts';
import { joinPath } from '../json/context.ts';
import { type ConfigValue, readConfiguration, readSteps } from './reader.ts';
import { configurationText } from './text.ts';

export interface ParseOptions {
  /** Name of the file, for messages. Default `configuration`. */
  readonly file?: string;
  readonly registry: ModelRegistry;
  /** Largest input, in bytes. Default 64 MB. */
  readonly maxBytes?: number;
  /** Most objects of the input. Default 200,000: more in one transaction would keep the agent busy for minutes. */
  readonly maxObjects?: number;
}

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
 * with every problem and its position. Works in one go, about 20 ms for a MB.
 */
export function parseConfiguration(input: string | Uint8Array, options: ParseOptions): Configuration {
  const document = openDocument(input, options);
  return configurationOf(document, readConfiguration(document, options.registry, options.maxObjects));
}

export interface AsyncParseOptions extends ParseOptions {
  readonly signal?: AbortSignal;
  /** Longest stretch of work between two turns of the event loop, in ms, once the text is parsed. Default 5. */
  readonly slice?: number;
}

/** The same, letting other work have its turn: only the parsing of the text (about 12 ms for a MB) is in one piece. */
export async function parseConfigurationAsync(
  input: string | Uint8Array,
  options: AsyncParseOptions,
): Promise<Configuration> {
  const document = openDocument(input, options);
  const steps = readSteps(document, options.registry, options.maxObjects);
  const slice = options.slice ?? 5;
  for (;;) {
    await setImmediate();
    options.signal?.throwIfAborted();
    const values = runFor(steps, slice);
    if (values !== undefined) return configurationOf(document, values);
  }
}

function runFor(steps: ReturnType<typeof readSteps>, milliseconds: number): readonly ConfigValue[] | undefined {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    const step = steps.next();
    if (step.done) return step.value;
  }
  return undefined;
}

const defaultMaxBytes = 64 * 2 ** 20;

function openDocument(input: string | Uint8Array, options: ParseOptions): ConfigDocument {
  const file = options.file ?? 'configuration';
  return new ConfigDocument(configurationText(input, file, options.maxBytes ?? defaultMaxBytes), file);
}

function configurationOf(document: ConfigDocument, values: readonly ConfigValue[]): Configuration {
  let byKey: ReadonlyMap<Key, ConfigValue> | undefined;
  return {
    file: document.file,
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
