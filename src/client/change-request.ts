/** A change as one writes it down: what to put, what to delete, then `send`. */

import type { Message } from '@bufbuild/protobuf';
import { ClientError } from './errors.ts';
import type { ObjectId } from './object-id.ts';

export interface PutOptions {
  /** By which `items` and `get` find it again; those of before are replaced. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface SendOptions {
  /** Who wants it; sources do not touch each other's objects. Default: `localclient` in process, `grpc` over gRPC, `rest` over HTTP. */
  readonly source?: string;
  /** What is put is all that the source wants: what it wanted besides is withdrawn (Ligato's resync). Default false. */
  readonly replace?: boolean;
  /** How far the call waits. Default `applied`: durable, and every operation done. `verified`: also read back. */
  readonly acknowledge?: 'accepted' | 'persisted' | 'applied' | 'verified';
  /** Put everything back when one operation fails. Default false: what can be done is done, the rest is tried again. */
  readonly revert?: boolean;
  /** Try failed operations again. Default true. */
  readonly retry?: boolean;
  /** ms; unless the transaction is confirmed in time, everything is put back. */
  readonly confirmWithin?: number;
  /** Stands in the history. */
  readonly description?: string;
}

/** One line of a change. */
export type ObjectChange =
  | { readonly put: Message; readonly labels?: Readonly<Record<string, string>> }
  | { readonly delete: Message | Required<ObjectId> };

export interface ChangeResult {
  readonly key: string;
  /** What was really done: UNSPECIFIED where nothing was (it waits, or was so already). */
  readonly operation: 'UNSPECIFIED' | 'CREATE' | 'UPDATE' | 'DELETE';
  /** Where it stands now: CONFIGURED, PENDING, FAILED, NONEXISTENT, ... */
  readonly state: string;
  readonly message: string;
}

export interface ChangeAnswer {
  /** Null when the call did not wait for `applied`. */
  readonly seqNum: number | null;
  /** One for each object, in the order of the request. PENDING is no failure. */
  readonly results: readonly ChangeResult[];
}

/** Collects; nothing is sent before `send`, and nothing twice. */
export class ChangeRequest {
  readonly #changes: ObjectChange[] = [];
  readonly #send: (changes: readonly ObjectChange[], options: SendOptions) => Promise<ChangeAnswer>;
  #sent = false;

  constructor(send: (changes: readonly ObjectChange[], options: SendOptions) => Promise<ChangeAnswer>) {
    this.#send = send;
  }

  /** These objects are wanted as they are here. */
  put(objects: Message | readonly Message[], { labels }: PutOptions = {}): this {
    for (const put of isMessage(objects) ? [objects] : objects)
      this.#changes.push(labels === undefined ? { put } : { put, labels });
    return this;
  }

  /** These objects are not wanted any more; of a message only what identifies it matters. */
  delete(...objects: readonly (Message | Required<ObjectId>)[]): this {
    for (const one of objects) this.#changes.push({ delete: one });
    return this;
  }

  /** One transaction. Throws ClientError `refused` with `problems` when something is wrong with it; nothing is applied then. */
  send(options: SendOptions = {}): Promise<ChangeAnswer> {
    if (this.#sent) return Promise.reject(new ClientError('usage', 'this change was sent already; make another one'));
    this.#sent = true;
    return this.#send(this.#changes, options);
  }
}

function isMessage(objects: Message | readonly Message[]): objects is Message {
  return '$typeName' in objects;
}
