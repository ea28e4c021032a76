/** What every client of an agent can do, however it reaches the agent: objects of any model, put, deleted, read and watched. */

import type { Message } from '@bufbuild/protobuf';
import type { ModelRegistry } from '../model/registry.ts';
import type { ChangeRequest } from './change-request.ts';
import type { ObjectId } from './object-id.ts';

/** All of what is given must fit; nothing given: everything. `ids` and `labels` do not go together. */
export interface ItemFilter {
  readonly ids?: readonly ObjectId[];
  /** `''` fits any value of the label; a label with `!` in front must not be there. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Only what this source wants, as it wants it. Default: all sources merged. */
  readonly source?: string;
}

/** What is wanted, and how far that is. */
export interface ConfigurationItem {
  readonly key: string;
  readonly value: Message;
  readonly labels: Readonly<Record<string, string>>;
  /** CONFIGURED, PENDING, ... */
  readonly state: string;
  /** What it waits for, or why it failed. Empty when there is nothing to say. */
  readonly message: string;
}

/** What the agent has made. */
export interface AppliedItem {
  readonly key: string;
  readonly value: Message;
  /** What the engine knows of it, e.g. the index of an interface: texts, or JSON of anything else. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface StateChange {
  readonly key: string;
  /** NONEXISTENT: it has gone. */
  readonly state: string;
  readonly error?: string;
}

export interface StateFilter {
  /** Whole segments of keys, e.g. `config/vpp/v2/interfaces/`. */
  readonly prefix?: string;
  /** e.g. `vpp.interfaces`. */
  readonly model?: string;
}

/**
 * One interface for an agent in this process (`localClient`) and elsewhere (`grpcClient`, `httpClient`). Everything it cannot do is
 * a ClientError. Secrets in answers are placeholders; a placeholder that is sent back keeps the secret.
 *
 * @example
 * const { seqNum, results } = await client
 *   .change()
 *   .put(create(InterfaceSchema, { name: 'loop1', type: Interface_Type.SOFTWARE_LOOPBACK }))
 *   .delete({ model: 'vpp.interfaces', name: 'loop0' })
 *   .send({ acknowledge: 'verified' });
 */
export interface ConfigurationClient {
  /** A change to fill and to send as one transaction. */
  change(): ChangeRequest;
  /** What is wanted, in the order of the keys. */
  items(filter?: ItemFilter): Promise<readonly ConfigurationItem[]>;
  /** Only the objects of `items`. */
  get(filter?: ItemFilter): Promise<readonly Message[]>;
  /** What the agent has made, with what the engine knows of it. */
  dump(ids?: readonly ObjectId[]): Promise<readonly AppliedItem[]>;
  /** Changes of states until the signal aborts. Over gRPC it begins with the states that are there. */
  watch(filter?: StateFilter, signal?: AbortSignal): AsyncIterable<StateChange>;
  /** The agent's models: those built in and those that it knows besides, by descriptors that it sends. */
  knownModels(): Promise<ModelRegistry>;
}
