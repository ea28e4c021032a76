/** An agent that is not told of damage, and somebody with the same handlers who does it behind its back. */

import assert from 'node:assert/strict';
import { createKernelDriver } from '../../src/kernel/create.ts';
import type { KernelDriver } from '../../src/kernel/driver.ts';
import { memoryLedger } from '../../src/kernel/ledger.ts';
import type { Ledger } from '../../src/kernel/ledger.ts';
import { prepareVswitch } from '../../src/kernel/vswitch/prepare.ts';
import { features } from '../../src/features/index.ts';
import { kernelEngine } from '../../src/features/kernel/engine.ts';
import { register } from '../../src/features/register.ts';
import type { Key } from '../../src/model/key.ts';
import { createScheduler } from '../../src/scheduler/index.ts';
import type { GraphView, Handler, OperationContext } from '../../src/scheduler/handler.ts';
import type { Change, CommitResult, GraphNode, Scheduler, Snapshot } from '../../src/scheduler/scheduler.ts';

/** Scheduler, driver and handlers of all features in a vswitch namespace. Nothing that it could heal by itself is told to it. */
export class Actor {
  readonly scheduler: Scheduler;
  readonly #driver: KernelDriver;
  readonly #stop: AbortController;

  private constructor(driver: KernelDriver, scheduler: Scheduler, stop: AbortController) {
    this.#driver = driver;
    this.scheduler = scheduler;
    this.#stop = stop;
  }

  static async enter(namespace: string, ledger: Ledger = memoryLedger()): Promise<Actor> {
    const driver = await createKernelDriver({ namespace, namespaceDirectory: '/run/netns', ledger });
    await prepareVswitch(driver, { debug() {}, info() {}, warn() {} });
    const scheduler = createScheduler({ engines: [kernelEngine] });
    const stop = new AbortController();
    const kernel = { driver, owner: 'test', adopt: new Set<string>(), ledger };
    await register(withoutRechecks(scheduler), features, { kernel }, stop.signal);
    return new Actor(driver, scheduler, stop);
  }

  async commit(changes: readonly Change[]): Promise<void> {
    operationsOf(await this.scheduler.commit(changes, { retry: false }));
  }

  /** As an agent that starts and finds the data plane; returns what it does. */
  async resync(changes: readonly Change[]): Promise<readonly string[]> {
    return operationsOf(await this.scheduler.commit(changes, { resync: 'FullResync', retry: false }));
  }

  async heal(): Promise<readonly string[]> {
    return operationsOf(await this.scheduler.commit([], { resync: 'DownstreamResync', retry: false }));
  }

  /** Keys of what is not as it was applied. */
  async drift(): Promise<readonly Key[]> {
    await this.scheduler.idle();
    return (await this.scheduler.check()).map(({ key }) => key).sort();
  }

  /**
   * Takes one object out of the data plane, its parts first, by its handler alone: nobody, this scheduler included, is told.
   */
  async takeAway(key: Key): Promise<void> {
    const snapshot = this.scheduler.snapshot();
    const node = snapshot.node(key);
    if (!node?.applied) assert.fail(`${key} is not there`);
    for (const part of node.parts) if (snapshot.node(part)?.applied) await this.takeAway(part);
    const handler = this.#handlerOf(node.kind);
    const aggregate = handler?.aggregate?.(key, node.applied);
    if (handler && aggregate !== undefined) await reconcileWithout(snapshot, handler, aggregate, node);
    else await handler?.remove(contextOf(snapshot), key, node.applied, node.metadata);
    await this.#driver.idle();
  }

  async leave(): Promise<void> {
    this.#stop.abort();
    await this.scheduler.close();
    await this.#driver.close();
  }

  #handlerOf(kind: string | undefined): Handler | undefined {
    return this.scheduler.kinds().find((one) => one.kind.name === kind)?.handler;
  }
}

/** Features tell it what comes and goes, and never to look again: damage stays until somebody asks. */
function withoutRechecks(scheduler: Scheduler): Scheduler {
  return new Proxy(scheduler, {
    get(target, name) {
      if (name === 'recheck') return () => {};
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** `OPERATION key`, sorted; fails when one failed. */
function operationsOf({ failures, record }: CommitResult): readonly string[] {
  assert.deepEqual(
    failures.map(({ key, error }) => `${key}: ${error.message}`),
    [],
  );
  return record.executed
    .filter(({ noop, isProperty }) => !noop && !isProperty)
    .map(({ operation, key }) => `${operation} ${key}`)
    .sort();
}

/** The aggregate without one of its members. */
async function reconcileWithout(
  snapshot: Snapshot,
  handler: Handler,
  aggregate: string,
  { key }: GraphNode,
): Promise<void> {
  const members = [...snapshot.nodes({ kind: handler.kind })].filter(
    (node) => node.applied && handler.aggregate!(node.key, node.applied) === aggregate,
  );
  const before = new Map(
    members.map((member) => [member.key, { value: member.applied!, metadata: member.metadata }] as const),
  );
  const after = new Map(
    members.filter((member) => member.key !== key).map((member) => [member.key, member.applied!] as const),
  );
  const outcomes = await handler.reconcile!(contextOf(snapshot), { aggregate, before, after });
  for (const outcome of outcomes.values()) if (outcome instanceof Error) throw outcome;
}

function contextOf(snapshot: Snapshot): OperationContext {
  const view: GraphView = {
    metadata: <M>(key: Key) => snapshot.node(key)?.metadata as M | undefined,
    applied: (key) => snapshot.node(key)?.applied ?? undefined,
    appliedUnder: (prefix) =>
      [...snapshot.nodes({ prefix })].flatMap(({ key, applied }) => (applied ? [[key, applied] as const] : [])),
    desired: (key) => snapshot.node(key)?.desired ?? undefined,
    dependants: (key) =>
      [...snapshot.nodes()].flatMap((node) => {
        const named = node.dependencies.some(({ keys }) => keys.includes(key));
        return named && node.desired ? [[node.key, node.desired] as const] : [];
      }),
  };
  return { ...view, signal: new AbortController().signal };
}
