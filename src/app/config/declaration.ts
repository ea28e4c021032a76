import type * as z from 'zod';

/** The schema of a `<plugin>.conf` file; its keys are spelled as in the file. */
export type ConfigSchema = z.ZodObject;

/** A flag or environment variable that sets one key of a plugin's configuration. */
export interface ConfigOption {
  /** Dotted path of the key it sets, such as `endpoint` or `tls.enabled`. */
  readonly key: string;
  /** Without dashes: `http-port`. */
  readonly flag?: string;
  /** The first is the name to use; the others are older spellings, accepted with a warning. */
  readonly env?: string | readonly string[];
  readonly description: string;
  /** A flag that needs no value: `--ligato-compat-open`. */
  readonly boolean?: boolean;
  /**
   * Turns the text into what the file would contain. `current` is what the file (or a weaker option) says, undefined when
   * it says nothing. Default: by the type of the key; lists are separated by commas. Throws with a message on bad text.
   */
  readonly convert?: (text: string, current: unknown) => unknown;
}

/** What became of an older key: its present name, or why it is ignored. */
export type LegacyKey = string | { readonly ignored: string };

/** What the configuration of one plugin may contain and where it may come from. */
export interface ConfigDeclaration {
  readonly plugin: string;
  readonly schema: ConfigSchema;
  readonly options: readonly ConfigOption[];
  /** Dotted path of the old key -> present key. */
  readonly legacyKeys: Readonly<Record<string, LegacyKey>>;
  /** No file, variable or flag: the plugin is off instead of running on defaults. */
  readonly optional: boolean;
}

/** Where a value came from. */
export type ConfigSource =
  | { readonly type: 'file'; readonly file: string }
  | { readonly type: 'environment'; readonly name: string }
  | { readonly type: 'flag'; readonly name: string };

export function describeSource(source: ConfigSource): string {
  if (source.type === 'file') return source.file;
  return source.type === 'environment' ? `environment ${source.name}` : `--${source.name}`;
}

/** What an application was started with. */
export interface ConfigInputs {
  /** Where `<plugin>.conf` files are looked for. */
  readonly directory: string;
  readonly flags: ReadonlyMap<string, string>;
  readonly env: Readonly<Record<string, string | undefined>>;
}
