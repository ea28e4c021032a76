/**
 * Configurations as users write them (YAML or JSON text), applied, previewed and compared: what REST, the CLI and the file
 * source share. Errors in a file name line, column and field; nothing of a wrong file is applied.
 */

import type { Message } from '@bufbuild/protobuf';
import {
  type Configuration,
  ConfigurationError,
  type ConfigProblem,
  formatConfiguration,
  type FormatOptions,
  parseConfigurationAsync,
} from '../../model/config/index.ts';
import { asKey, type Key, type ModelRegistry } from '../../model/index.ts';
import type { Change, CommitOptions, Plan, Scheduler, Source, ValueStatus } from '../../scheduler/scheduler.ts';
import type { InvalidValue } from '../intent/errors.ts';
import type { Acknowledgement, Intent, IntentChange, IntentResult } from '../intent/intent.ts';
import { Pace } from '../../app/pace.ts';
import { CallClock, type CallTimes } from './call-times.ts';
import { type ConfigurationFile, readFiles } from './files.ts';
import { restoreSecrets } from './secrets.ts';

/** Text as users write it, in one file or several, or messages of registered models. */
export type ConfigurationInput = ConfigurationText | readonly Message[];

export type ConfigurationText = string | Uint8Array | { readonly files: readonly ConfigurationFile[] };

export interface ApplyOptions {
  readonly source: Source;
  /** Name of the file, for messages. */
  readonly file?: string;
  /** The configuration is all that the source wants. */
  readonly replace?: boolean;
  readonly acknowledge?: Acknowledgement;
  readonly options?: Omit<CommitOptions, 'leftovers' | 'simulate'>;
}

export interface ApplyResult extends IntentResult {
  /** Status of every value that was named, in the order of the file; empty when the caller did not wait. */
  readonly statuses: readonly ValueStatus[];
}

/** What differs between a configuration and what is wanted now. */
export interface ConfigurationDifference {
  readonly key: Key;
  readonly change: 'add' | 'change' | 'remove';
  readonly wanted: Message | null;
  readonly given: Message | null;
}

interface Keyed {
  readonly key: Key;
  readonly value: Message;
}

export interface ConfiguratorDependencies {
  readonly models: ModelRegistry;
  readonly intent: Intent;
  readonly scheduler: Scheduler;
}

/** Values whose meaning is checked in one turn: a few milliseconds. */
const checkedAtOnce = 1000;

export class Configurator {
  readonly #models: ModelRegistry;
  readonly #intent: Intent;
  readonly #scheduler: Scheduler;
  readonly #clock = new CallClock();

  constructor({ models, intent, scheduler }: ConfiguratorDependencies) {
    this.#models = models;
    this.#intent = intent;
    this.#scheduler = scheduler;
  }

  /** Reads and checks; throws ConfigurationError with the place of everything that is wrong. */
  async parse(input: ConfigurationText, file?: string): Promise<Configuration> {
    const parsed = await this.#read(input, file);
    const configuration = { ...parsed, values: this.#withSecrets(parsed) };
    await this.#check(configuration);
    return configuration;
  }

  apply(input: ConfigurationInput, options: ApplyOptions): Promise<ApplyResult> {
    return this.#clock.time('Apply', async () =>
      isText(input)
        ? this.#commit((await this.parse(input, options.file)).values, options)
        : this.#commit(this.#given(input), options, { strict: true }),
    );
  }

  /** Puts and removes objects in one transaction. Throws IntentError `invalid`, ConfigurationError. */
  change(given: readonly IntentChange[], options: ApplyOptions): Promise<ApplyResult> {
    return this.#clock.time('Change', () => this.#change(given, options));
  }

  async #change(given: readonly IntentChange[], options: ApplyOptions): Promise<ApplyResult> {
    const put = given.filter((change): change is IntentChange & Keyed => change.value !== null);
    const complete = this.#withSecrets({ file: 'message', locate: () => undefined, values: put });
    const byKey = new Map(complete.map((change) => [change.key, change]));
    const changes = given.map((change) => byKey.get(change.key) ?? change);
    return this.#commit(changes, options, { strict: true });
  }

  /** Takes the objects of the file away from the source; only what identifies them matters. */
  delete(input: ConfigurationInput, options: Omit<ApplyOptions, 'replace'>): Promise<ApplyResult> {
    return this.#clock.time('Delete', () => this.#delete(input, options));
  }

  async #delete(input: ConfigurationInput, options: Omit<ApplyOptions, 'replace'>): Promise<ApplyResult> {
    const values = isText(input) ? (await this.#read(input, options.file)).values : this.#keyed(input);
    return this.#commit(
      values.map(({ key }) => ({ key, value: null })),
      options,
    );
  }

  /** What applying would do, in order, and why. */
  plan(input: ConfigurationInput, options: Pick<ApplyOptions, 'source' | 'file' | 'replace'>): Promise<Plan> {
    return this.#clock.time('Plan', async () =>
      this.#scheduler.plan(this.#effective(await this.#changes(input, options.file), options)),
    );
  }

  /** What the file would change in what is wanted; no planning. */
  async diff(
    input: ConfigurationInput,
    options: Pick<ApplyOptions, 'source' | 'file' | 'replace'>,
  ): Promise<readonly ConfigurationDifference[]> {
    const values = await this.#changes(input, options.file);
    const differences: ConfigurationDifference[] = [];
    for (const { key, value } of this.#effective(values, options)) {
      const wanted = (this.#intent.sources.effective(key)?.value ?? null) as Message | null;
      const given = value as Message | null;
      if (this.#same(key, wanted, given)) continue;
      differences.push({ key, change: wanted === null ? 'add' : given === null ? 'remove' : 'change', wanted, given });
    }
    return differences;
  }

  /** What is wanted, of all sources or of one, in the order of the keys. */
  wanted(source?: string): Message[] {
    const keys =
      source === undefined
        ? [...this.#intent.sources.all()].map(([key]) => key)
        : [...this.#intent.sources.keysOf(source)];
    return keys
      .sort()
      .map((key) =>
        source === undefined ? this.#intent.sources.effective(key)?.value : this.#intent.sources.held(source, key),
      )
      .filter((value) => value !== undefined) as Message[];
  }

  /** What the data plane holds, as far as models of class config describe it. */
  retrieved(): Promise<Message[]> {
    return this.#clock.time('Dump', () => this.#retrieve());
  }

  /** How often it was asked for what, since the start of the agent. */
  calls(): Readonly<Record<string, CallTimes>> {
    return this.#clock.times();
  }

  async #retrieve(): Promise<Message[]> {
    const values: Message[] = [];
    for (const { kind, handler } of this.#scheduler.kinds()) {
      if (kind.prefix === undefined || handler?.retrieve === undefined) continue;
      for (const { value } of await this.#scheduler.dump({ kind: kind.name }, 'SB')) values.push(value as Message);
    }
    return values;
  }

  format(values: Iterable<Message>, format: 'yaml' | 'json', options: Omit<FormatOptions, 'registry'> = {}): string {
    return formatConfiguration(values, format, { ...options, registry: this.#models });
  }

  #read(input: ConfigurationText, file: string | undefined): Promise<Configuration> {
    if (typeof input !== 'string' && 'files' in input)
      return readFiles(input.files, (content, name) => this.#read(content, name));
    return parseConfigurationAsync(input, { registry: this.#models, ...(file === undefined ? {} : { file }) });
  }

  /** What the input wants, checked: text with places in errors, messages by key. */
  async #changes(input: ConfigurationInput, file: string | undefined): Promise<readonly IntentChange[]> {
    if (isText(input)) return (await this.parse(input, file)).values;
    const changes = this.#given(input);
    await this.#intent.validateInTurns(changes);
    return changes;
  }

  #given(messages: readonly Message[]): readonly IntentChange[] {
    return this.#withSecrets({ file: 'message', locate: () => undefined, values: this.#keyed(messages) });
  }

  #withSecrets<V extends Keyed>(given: Pick<Configuration, 'file' | 'locate'> & { readonly values: readonly V[] }) {
    return restoreSecrets(given, (key) => this.#intent.sources.effective(key)?.value, this.#scheduler).values;
  }

  #keyed(messages: readonly Message[]): readonly Keyed[] {
    return messages.map((value) => ({ key: this.#models.keyOf(value), value }));
  }

  async #commit(
    changes: readonly IntentChange[],
    options: ApplyOptions,
    checks: { readonly strict?: true } = {},
  ): Promise<ApplyResult> {
    const result = await this.#intent.commit({
      ...checks,
      source: options.source,
      changes: changes.map(({ key, value, labels }) => ({ key, value, ...(labels ? { labels } : {}) })),
      ...(options.replace ? { replace: true } : {}),
      ...(options.acknowledge ? { acknowledge: options.acknowledge } : {}),
      ...(options.options ? { options: options.options } : {}),
    });
    const statuses = result.commit ? changes.map(({ key }) => this.#scheduler.status(asKey(key))) : [];
    return { ...result, statuses: statuses.filter((status) => status !== undefined) };
  }

  /** The changes of the merged intent that the source's changes come to. */
  #effective(values: readonly IntentChange[], { source, replace }: Pick<ApplyOptions, 'source' | 'replace'>): Change[] {
    const { sources } = this.#intent;
    const changes = new Map<Key, Change>();
    const outranked = (key: Key): boolean =>
      sources
        .holdings(key)
        .some((holding) => holding.source.name !== source.name && holding.source.priority > source.priority);
    for (const { key, value } of values) {
      if (!outranked(key)) changes.set(key, { key, value, source });
    }
    if (!replace) return [...changes.values()];
    const mentioned = new Set(values.map(({ key }) => key));
    for (const key of sources.keysOf(source.name)) {
      if (mentioned.has(key) || outranked(key)) continue;
      const next = sources.holdings(key).find((holding) => holding.source.name !== source.name);
      changes.set(key, next ? { key, ...next } : { key, value: null });
    }
    return [...changes.values()];
  }

  #same(key: Key, left: Message | null, right: Message | null): boolean {
    if (left === null || right === null) return left === right;
    const kind = this.#scheduler
      .kinds()
      .find((one) => one.kind.prefix !== undefined && key.startsWith(one.kind.prefix))?.kind;
    if (kind?.equivalent) return kind.equivalent(key, left, right);
    return this.#models.encode(left, 'json') === this.#models.encode(right, 'json');
  }

  async #check(configuration: Configuration): Promise<void> {
    const { values } = configuration;
    const invalid: InvalidValue[] = [];
    const pace = new Pace();
    for (let first = 0; first < values.length; first += checkedAtOnce) {
      const some = values.slice(first, first + checkedAtOnce).map(({ key, value }) => ({ key, value }));
      for (const one of this.#scheduler.validate(some)) invalid.push(one);
      await pace.rest();
    }
    if (invalid.length === 0) return;
    const problems: ConfigProblem[] = [];
    for (const { key, problems: found } of invalid) {
      for (const { field, message } of found) {
        const place = configuration.locate(key, field) ?? {
          file: configuration.file,
          line: 1,
          column: 1,
          path: `${key} ${field}`,
        };
        problems.push({ ...place, message });
      }
    }
    problems.sort(byPlace);
    throw new ConfigurationError(problems);
  }
}

function isText(input: ConfigurationInput): input is ConfigurationText {
  return !Array.isArray(input);
}

function byPlace(left: ConfigProblem, right: ConfigProblem): number {
  if (left.file !== right.file) return left.file < right.file ? -1 : 1;
  return left.line - right.line || left.column - right.column;
}
