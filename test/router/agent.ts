/** What tests do with an agent on a router, whichever engine makes it. Configurations are YAML, as people write them. */

import assert from 'node:assert/strict';
import { parseConfiguration } from '../../src/model/config/index.ts';
import { createModelRegistry } from '../../src/model/index.ts';
import type { Key } from '../../src/model/key.ts';
import type { VppClient } from '../../src/vpp/index.ts';
import type { Change, CommitResult, Scheduler, TransactionRecord } from '../../src/scheduler/scheduler.ts';

const registry = createModelRegistry();

/** All values of a configuration. */
export function values(yaml: string): readonly Change[] {
  return parseConfiguration(yaml, { registry }).values;
}

/** One run of an agent. */
export abstract class Agent {
  abstract readonly scheduler: Scheduler;

  /** The VPP, where one is the router. */
  get client(): VppClient | undefined {
    return undefined;
  }

  abstract stop(): Promise<void>;

  /** What is committed for these values: an engine may wire its hosts in a way of its own. */
  protected wired(changes: readonly Change[]): readonly Change[] {
    return changes;
  }

  /** Adds or changes values; nothing may fail. Returns what was done, as `OPERATION key`. */
  async commit(yaml: string): Promise<readonly string[]> {
    return done(succeeded(await this.tryCommit(yaml)));
  }

  tryCommit(yaml: string): Promise<CommitResult> {
    return this.scheduler.commit(this.wired(values(yaml)), { retry: false });
  }

  /** Removes the values that this configuration has. */
  async remove(yaml: string): Promise<readonly string[]> {
    return done(succeeded(await this.#remove(yaml)));
  }

  /** As `remove`, whatever comes of it: for what outlives the agent. */
  async tryRemove(yaml: string): Promise<void> {
    await this.#remove(yaml).catch(() => {});
  }

  #remove(yaml: string): Promise<CommitResult> {
    const changes = this.wired(values(yaml)).map(({ key }) => ({ key, value: null }));
    return this.scheduler.commit(changes, { retry: false });
  }

  /** As an agent that starts on a data plane that is there already: returns what it has to do. */
  async resync(yaml: string): Promise<readonly string[]> {
    const wanted = this.wired(values(yaml));
    return done(succeeded(await this.scheduler.commit(wanted, { resync: 'FullResync', retry: false })));
  }

  /** Differences to the data plane, as `problem key fields`. */
  async drift(): Promise<readonly string[]> {
    const drifts = await this.scheduler.check();
    return drifts.map(({ problem, key, fields }) => [problem, key, ...fields].join(' ')).sort();
  }

  async heal(): Promise<readonly string[]> {
    const result = await this.scheduler.commit([], { resync: 'DownstreamResync', retry: false });
    return done(succeeded(result));
  }

  /** What the agent does by itself from now on, until `until` holds. */
  async reaction(act: () => Promise<unknown>, until: () => Promise<boolean>): Promise<readonly string[]> {
    const since = this.scheduler.history().at(-1)?.seqNum ?? 0;
    await act();
    await eventually(until);
    await this.scheduler.idle();
    const later = this.scheduler.history().filter(({ seqNum }) => seqNum > since);
    return later.flatMap((record) => done(record));
  }

  state(key: string): string | undefined {
    const status = this.scheduler.status(key as Key);
    return status && [status.state, status.error ?? status.details.join(', ')].filter((text) => text !== '').join(' ');
  }
}

function done({ executed }: TransactionRecord): readonly string[] {
  return executed
    .filter(({ noop }) => !noop)
    .map(({ operation, key }) => `${operation} ${key}`)
    .sort();
}

function succeeded(result: CommitResult): TransactionRecord {
  assert.deepEqual(
    result.failures.map(({ key, error }) => `${key}: ${error.message}`),
    [],
  );
  return result.record;
}

/** Waits until it holds, at most `patience` ms. */
export async function eventually(holds: () => Promise<boolean>, patience = 10_000): Promise<void> {
  for (const end = performance.now() + patience; performance.now() < end; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`never came true: ${holds.toString()}`);
}
