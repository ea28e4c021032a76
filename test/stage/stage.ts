/**
 * For tests of the kernel side of features: a vswitch namespace, pods on demand, and agents (scheduler, driver, handlers of all
 * features) that come and go on the same data plane. Import `own-namespace.ts` before it when the agent's own namespace matters.
 */

import assert from 'node:assert/strict';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { createKernelDriver } from '../../src/kernel/create.ts';
import type { KernelDriver } from '../../src/kernel/driver.ts';
import { memoryLedger } from '../../src/kernel/ledger.ts';
import { prepareVswitch } from '../../src/kernel/vswitch/prepare.ts';
import { InterfaceSchema as LinuxInterfaceSchema } from '../../src/model/gen/ligato/linux/interfaces/interface_pb.js';
import { NetNamespace_ReferenceType } from '../../src/model/gen/ligato/linux/namespace/namespace_pb.js';
import { InterfaceSchema } from '../../src/model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Key } from '../../src/model/key.ts';
import { createScheduler } from '../../src/scheduler/index.ts';
import type { Change, Scheduler, TransactionRecord } from '../../src/scheduler/scheduler.ts';
import type { Host } from '../lab/host.ts';
import { createLab, type Lab } from '../lab/lab.ts';
import { features } from '../../src/features/index.ts';
import { interfaceKey } from '../../src/features/interface/model.ts';
import { kernelEngine, type KernelEngine } from '../../src/features/kernel/engine.ts';
import { linuxInterfaceKey } from '../../src/features/linux-interface/model.ts';
import { register } from '../../src/features/register.ts';

export type InterfaceInit = MessageInitShape<typeof InterfaceSchema>;
export type LinuxInterfaceInit = MessageInitShape<typeof LinuxInterfaceSchema>;

export function vppInterface(name: string, init: InterfaceInit): Change {
  return { key: interfaceKey(name), value: create(InterfaceSchema, { enabled: true, ...init, name }) };
}

export function linuxInterface(name: string, init: LinuxInterfaceInit): Change {
  return { key: linuxInterfaceKey(name), value: create(LinuxInterfaceSchema, { enabled: true, ...init, name }) };
}

export function named(reference: string) {
  return { type: NetNamespace_ReferenceType.NSID, reference } as const;
}

export function gone({ key }: Change): Change {
  return { key, value: null };
}

/**
 * Whether a ping is answered. The first one may be lost: the kernel opens the queue of a device some milliseconds after its link
 * came up, and asks for a MAC address again after a second only.
 */
export async function reaches(host: Host, target: string): Promise<boolean> {
  for (let attempt = 0; attempt < 3; attempt++) {
    if ((await host.ping(target, { timeout: 1_500 })).received === 1) return true;
  }
  return false;
}

/** One run of an agent on the data plane. */
export class StageAgent {
  readonly driver: KernelDriver;
  readonly scheduler: Scheduler;
  readonly #end = new AbortController();

  private constructor(driver: KernelDriver, scheduler: Scheduler) {
    this.driver = driver;
    this.scheduler = scheduler;
  }

  static async start(namespace: string, options: Pick<KernelEngine, 'adopt' | 'ledger'>): Promise<StageAgent> {
    const driver = await createKernelDriver({ namespace, namespaceDirectory: '/run/netns' });
    await prepareVswitch(driver, { debug() {}, info() {}, warn() {} });
    const scheduler = createScheduler({ engines: [kernelEngine] });
    const agent = new StageAgent(driver, scheduler);
    await register(scheduler, features, { kernel: { driver, owner: 'test', ...options } }, agent.#end.signal);
    return agent;
  }

  /** Fails the test when an operation failed. Returns what was done, as `OPERATION key`, sorted. */
  async commit(...changes: readonly Change[]): Promise<readonly string[]> {
    const { failures, record } = await this.scheduler.commit(changes, { retry: false });
    assert.deepEqual(
      failures.map(({ key, error }) => `${key}: ${error.message}`),
      [],
    );
    return done(record);
  }

  /** As `commit` of all that is wanted, to a new agent; returns what it does. */
  async resync(...changes: readonly Change[]): Promise<readonly string[]> {
    const { failures, record } = await this.scheduler.commit(changes, { resync: 'FullResync', retry: false });
    assert.deepEqual(
      failures.map(({ key, error }) => `${key}: ${error.message}`),
      [],
    );
    return done(record);
  }

  /** Errors by key. */
  async failing(...changes: readonly Change[]): Promise<Readonly<Record<string, string>>> {
    const { failures } = await this.scheduler.commit(changes, { retry: false });
    return Object.fromEntries(failures.map(({ key, error }) => [key, error.message]));
  }

  /** Compares with the data plane: `problem key fields`. */
  async drift(): Promise<readonly string[]> {
    return (await this.scheduler.check()).map(({ problem, key, fields }) => [problem, key, ...fields].join(' ')).sort();
  }

  /** Makes the data plane as wanted again; returns what was done. */
  async heal(): Promise<readonly string[]> {
    const { failures, record } = await this.scheduler.commit([], { resync: 'DownstreamResync', retry: false });
    assert.deepEqual(failures, []);
    return done(record);
  }

  metadata<M>(key: Key): M {
    return this.scheduler.snapshot().node(key)?.metadata as M;
  }

  state(key: Key): string | undefined {
    return this.scheduler.status(key)?.state;
  }

  /** Resolves when `condition` holds; looks whenever the scheduler changed something, and rejects after `patience` ms. */
  async until(what: string, condition: () => boolean | Promise<boolean>, patience = 5_000): Promise<void> {
    const end = performance.now() + patience;
    while (!(await condition())) {
      if (performance.now() > end) assert.fail(`${what}: not within ${patience} ms`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Until the data plane is as wanted and nothing is under way any more: `drift` leaves out what is just being healed. */
  async healed(what: string, patience = 60_000): Promise<void> {
    await this.until(what, async () => (await this.drift()).length === 0, patience);
    await this.scheduler.idle();
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.scheduler.close();
    await this.driver.close();
  }
}

function done({ executed }: TransactionRecord): readonly string[] {
  return executed
    .filter(({ noop, isProperty }) => !noop && !isProperty)
    .map(({ operation, key }) => `${operation} ${key}`)
    .sort();
}

export class Stage implements AsyncDisposable {
  readonly lab: Lab;
  readonly vswitch: Host;
  readonly namespace: string;
  readonly #agents = new Set<StageAgent>();
  readonly #ledger = memoryLedger();

  private constructor(lab: Lab, vswitch: Host) {
    this.lab = lab;
    this.vswitch = vswitch;
    this.namespace = lab.publish(vswitch);
  }

  static async open(): Promise<Stage> {
    const lab = await createLab();
    return new Stage(lab, await lab.host('vswitch'));
  }

  /** A host whose namespace has a name. */
  async pod(name: string): Promise<{ readonly host: Host; readonly namespace: ReturnType<typeof named> }> {
    const host = await this.lab.host(name);
    return { host, namespace: named(this.lab.publish(host)) };
  }

  async agent(adopt: readonly string[] = []): Promise<StageAgent> {
    const agent = await StageAgent.start(this.namespace, { adopt: new Set(adopt), ledger: this.#ledger });
    this.#agents.add(agent);
    return agent;
  }

  /** Another agent, whose data plane is the namespace of that name (of a pod). */
  async agentOf(namespace: string): Promise<StageAgent> {
    const agent = await StageAgent.start(namespace, { adopt: new Set(), ledger: memoryLedger() });
    this.#agents.add(agent);
    return agent;
  }

  /** The agent ends, its data plane stays; another one takes its place. `meanwhile`: while there is none. */
  async restart(agent: StageAgent, meanwhile?: () => Promise<void>): Promise<StageAgent> {
    await agent.stop();
    this.#agents.delete(agent);
    await meanwhile?.();
    return this.agent();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const agent of this.#agents) await agent.stop();
    await this.lab.close();
  }
}
