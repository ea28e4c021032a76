/** What one can ask of an agent, whether it runs in this process or elsewhere. */

import type { Message } from '@bufbuild/protobuf';
import type {
  ApplyAnswer,
  DiffAnswer,
  DriftAnswer,
  ExplainAnswer,
  PlanAnswer,
  RecordAnswer,
  StatusAnswer,
} from './answers.ts';
import type { ConfigurationClient, ItemFilter, StateFilter } from './configuration-client.ts';

/** A configuration as text (YAML or JSON, as in files) or as messages of registered models. */
export type ConfigurationInput = string | Uint8Array | readonly Message[];

export interface ChangeOptions {
  /** Who wants it; sources do not touch each other's values. Default: `localclient` in process, `rest` over HTTP. */
  readonly source?: string;
  /** The configuration is all that the source wants: what it wanted besides is withdrawn. Default false. */
  readonly replace?: boolean;
  /** Name for messages about a text. */
  readonly file?: string;
}

export interface ApplyOptions extends ChangeOptions {
  /** How far the call waits. Default `applied`: durable, and every operation done. `verified`: also read back. */
  readonly acknowledge?: 'accepted' | 'persisted' | 'applied' | 'verified';
  /** Put everything back when one operation fails. Default false: what can be done is done, the rest is tried again. */
  readonly revert?: boolean;
  /** Try failed operations again. Default true. */
  readonly retry?: boolean;
  /** ms; unless `confirm` is called in time, everything is put back. */
  readonly confirmWithin?: number;
  /** Stands in the history. */
  readonly description?: string;
}

export interface AskedOptions {
  /** How far the call waits, see `ApplyOptions`. */
  readonly acknowledge?: 'accepted' | 'persisted' | 'applied' | 'verified';
}

export type ValueFilter = StateFilter;

/**
 * A client of one agent. Everything it cannot do is a ClientError: `refused` with `problems` when the agent will not,
 * `unreachable` and `timeout` when there is none. Secrets in answers are placeholders; a placeholder that is sent back keeps
 * the secret.
 *
 * @example
 * const client: AgentClient = localClient(application); // or httpClient({ port: 9191, token })
 * const { values } = await client.apply('vppConfig: { interfaces: [{ name: loop1, type: SOFTWARE_LOOPBACK }] }');
 * for await (const { key, state } of client.watch({ model: 'vpp.interfaces' }, signal)) console.log(key, state);
 */
export interface AgentClient extends ConfigurationClient {
  /** One transaction. PENDING is not a failure: look at `values` and `failures`. */
  apply(configuration: ConfigurationInput, options?: ApplyOptions): Promise<ApplyAnswer>;
  /** Withdraws the named objects; only what identifies them matters. */
  delete(configuration: ConfigurationInput, options?: Omit<ApplyOptions, 'replace'>): Promise<ApplyAnswer>;
  /** What applying would do, in which order and why. Changes nothing. */
  plan(configuration: ConfigurationInput, options?: ChangeOptions): Promise<PlanAnswer>;
  /** How it differs from what is wanted. */
  diff(configuration: ConfigurationInput, options?: ChangeOptions): Promise<readonly DiffAnswer[]>;
  /** What is wanted, of all sources merged or of one. */
  get(filter?: ItemFilter): Promise<readonly Message[]>;
  /** What the data plane holds. */
  retrieve(): Promise<readonly Message[]>;

  /** State of every value: since when, waiting for what, last error. */
  values(filter?: ValueFilter & { readonly state?: string }): Promise<readonly StatusAnswer[]>;
  /** Everything about one value. `refused` with status 404 when there is none. */
  explain(key: string): Promise<ExplainAnswer>;
  /**
   * Changes of states from when it is read first, until the signal aborts. A slow reader gets the latest state of each value.
   */
  watch(filter?: ValueFilter, signal?: AbortSignal): AsyncIterable<StatusAnswer>;

  /** The last transactions, newest last. Default 100. */
  history(limit?: number): Promise<readonly RecordAnswer[]>;
  /** Keeps a commit that was made with `confirmWithin`. */
  confirm(seqNum: number): Promise<void>;
  /** Puts back every value that a transaction changed. Null when the call did not wait for `applied`. */
  rollback(seqNum: number, options?: { readonly acknowledge?: 'applied' | 'verified' }): Promise<RecordAnswer>;
  rollback(seqNum: number, options: AskedOptions): Promise<RecordAnswer | null>;
  /** Compares what was applied with the data plane; heals nothing. What could not be read is told with the problem `unread`. */
  check(model?: string): Promise<readonly DriftAnswer[]>;
  /** Reads the data plane and makes it as wanted. Null when the call did not wait for `applied`. */
  resync(options?: { readonly acknowledge?: 'applied' | 'verified' }): Promise<RecordAnswer>;
  resync(options: AskedOptions): Promise<RecordAnswer | null>;
}
