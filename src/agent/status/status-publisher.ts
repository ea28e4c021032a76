/**
 * States written back to the configuration store, where those who wrote the configuration look for them, on Ligato's keys:
 *
 *   config-status/...                  `ligato.kvscheduler.BaseValueStatus` of the value under `config/...`
 *   vpp/status/v2/interface/<name>     `ligato.vpp.interfaces.InterfaceState`
 *
 * What is there afterwards is always the latest: states that follow each other quickly may be left out, and entries of values that
 * are gone are deleted, also those of an earlier run.
 */

import { create, toJsonString } from '@bufbuild/protobuf';
import { setTimeout as delay } from 'node:timers/promises';
import type { Notification } from '../../model/gen/ligato/configurator/configurator_pb.js';
import { BaseValueStatusSchema, TxnOperation, ValueState } from '../../model/gen/ligato/kvscheduler/value_status_pb.js';
import {
  type InterfaceState,
  InterfaceState_Status,
  InterfaceStateSchema,
} from '../../model/gen/ligato/vpp/interfaces/state_pb.js';
import { asKey } from '../../model/index.ts';
import type { Scheduler, ValueStatus } from '../../scheduler/scheduler.ts';
import type { Store, Write } from '../../store/store.ts';

/** Entries of one transaction. */
const batchSize = 500;

export interface StatusPublisherNeeds {
  readonly store: Store;
  readonly scheduler: Scheduler;
  /** Links as they change; none: interfaces are not published. */
  readonly links?: AsyncIterable<Notification>;
  readonly label: string;
  /** ms between attempts while the store does not answer. */
  readonly interval: number;
  readonly signal: AbortSignal;
  /** What became of the last attempt. */
  readonly tell: (error?: unknown) => void;
}

const statusFolder = 'config-status/';
const interfaceFolder = 'vpp/status/v2/interface/';

export class StatusPublisher {
  readonly #needs: StatusPublisherNeeds;
  readonly #own: string;
  /** What to write next, by store key; null: delete. States are looked up when they are written. */
  readonly #due = new Map<string, (() => string | null) | null>();
  #writing: Promise<void> | undefined;

  constructor(needs: StatusPublisherNeeds) {
    this.#needs = needs;
    this.#own = `/vnf-agent/${needs.label}/`;
  }

  /** Publishes until the signal aborts. */
  async run(): Promise<void> {
    const { scheduler, signal, links } = this.#needs;
    // Watched before looked at: nothing is missed in between.
    const changes = scheduler.watch({}, signal);
    const following = links === undefined ? undefined : this.#follow(links);
    await this.#everything();
    for await (const { key } of changes) if (key.startsWith('config/')) this.#status(key);
    await following;
    await this.#writing;
  }

  async #everything(): Promise<void> {
    const { scheduler, store, signal } = this.#needs;
    for (const { key } of scheduler.snapshot().statuses()) if (key.startsWith('config/')) this.#status(key);
    const old = await this.#patiently(() => store.list(this.#own + statusFolder, { signal }));
    for (const { key } of old?.entries ?? []) if (!this.#due.has(key)) this.#plan(key, null);
  }

  async #follow(links: AsyncIterable<Notification>): Promise<void> {
    for await (const { notification } of links) {
      const state = notification.case === 'vppNotification' ? notification.value.interface?.state : undefined;
      if (state !== undefined) this.#plan(`${this.#own}${interfaceFolder}${state.name}`, () => linkText(state));
    }
  }

  #status(key: string): void {
    const { scheduler } = this.#needs;
    this.#plan(`${this.#own}${statusFolder}${key.slice('config/'.length)}`, () => {
      const status = scheduler.status(asKey(key));
      return status === undefined || status.state === 'REMOVED' ? null : statusText(status);
    });
  }

  #plan(storeKey: string, content: (() => string | null) | null): void {
    this.#due.delete(storeKey);
    this.#due.set(storeKey, content);
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  async #write(): Promise<void> {
    // What one transaction of the scheduler changes comes in one turn.
    await delay(0);
    while (this.#due.size > 0 && !this.#needs.signal.aborted) {
      const batch = [...this.#due].slice(0, batchSize);
      for (const [key] of batch) this.#due.delete(key);
      const writes = batch.map(([key, content]): Write => {
        const text = content?.() ?? null;
        return text === null ? { type: 'delete', key } : { type: 'put', key, value: new TextEncoder().encode(text) };
      });
      await this.#patiently(() => this.#needs.store.transaction(writes));
    }
  }

  /** Again and again while the store does not answer; undefined when there is no more time. */
  async #patiently<T>(work: () => Promise<T>): Promise<T | undefined> {
    const { signal, tell, interval } = this.#needs;
    while (!signal.aborted) {
      try {
        const result = await work();
        tell();
        return result;
      } catch (error) {
        if (signal.aborted) return undefined;
        tell(error);
        await delay(interval, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }
}

function statusText(status: ValueStatus): string {
  return toJsonString(
    BaseValueStatusSchema,
    create(BaseValueStatusSchema, { value: one(status), derivedValues: status.parts.map(one) }),
  );
}

function one({ key, state, error, lastOperation, details }: ValueStatus) {
  return {
    key,
    state: ValueState[state],
    error: error ?? '',
    lastOperation: TxnOperation[lastOperation],
    details: [...details],
  };
}

function linkText(state: InterfaceState): string | null {
  return state.operStatus === InterfaceState_Status.DELETED ? null : toJsonString(InterfaceStateSchema, state);
}
