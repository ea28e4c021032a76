/**
 * For tests of layer 3: a router namespace with all features on the kernel engine, configured with YAML, and hosts on TAPs.
 */

import assert from 'node:assert/strict';
import { createKernelDriver } from '../../../kernel/create.ts';
import type { KernelDriver } from '../../../kernel/driver.ts';
import { prepareVswitch } from '../../../kernel/vswitch/prepare.ts';
import { parseConfiguration } from '../../../model/config/index.ts';
import { createModelRegistry } from '../../../model/index.ts';
import type { Key } from '../../../model/key.ts';
import { createScheduler } from '../../../scheduler/index.ts';
import type { Change, CommitResult, Scheduler, TransactionRecord } from '../../../scheduler/scheduler.ts';
import type { Host } from '../../../../test/lab/host.ts';
import { createLab, type Lab } from '../../../../test/lab/lab.ts';
import { features } from '../../index.ts';
import { kernelEngine } from '../../kernel-engine.ts';
import { register } from '../../register.ts';

const registry = createModelRegistry();

/** All values of a configuration. */
export function values(yaml: string): readonly Change[] {
  return parseConfiguration(yaml, { registry }).values;
}

function done({ executed }: TransactionRecord): readonly string[] {
  return executed
    .filter(({ noop }) => !noop)
    .map(({ operation, key }) => `${operation} ${key}`)
    .sort();
}

/** One agent's worth of scheduler and driver on the router namespace. */
export class Agent {
  readonly driver: KernelDriver;
  readonly scheduler: Scheduler;
  readonly #stop = new AbortController();

  private constructor(driver: KernelDriver, scheduler: Scheduler) {
    this.driver = driver;
    this.scheduler = scheduler;
  }

  static async start(namespace: string): Promise<Agent> {
    const driver = await createKernelDriver({ namespace, namespaceDirectory: '/run/netns' });
    await prepareVswitch(driver, { debug() {}, info() {}, warn() {} });
    const scheduler = createScheduler({ engines: [kernelEngine] });
    const agent = new Agent(driver, scheduler);
    const kernel = { driver, owner: 'test', adopt: new Set<string>() };
    await register(scheduler, features, { kernel }, agent.#stop.signal);
    return agent;
  }

  /** Adds or changes values; nothing may fail. Returns what was done, as `OPERATION key`. */
  async commit(yaml: string): Promise<readonly string[]> {
    return done(succeeded(await this.tryCommit(yaml)));
  }

  tryCommit(yaml: string): Promise<CommitResult> {
    return this.scheduler.commit(values(yaml), { retry: false });
  }

  /** Removes the values that this configuration has. */
  async remove(yaml: string): Promise<readonly string[]> {
    const changes = values(yaml).map(({ key }) => ({ key, value: null }));
    return done(succeeded(await this.scheduler.commit(changes, { retry: false })));
  }

  /** As `remove`, whatever comes of it: for what outlives the agent. */
  async tryRemove(yaml: string): Promise<void> {
    const changes = values(yaml).map(({ key }) => ({ key, value: null }));
    await this.scheduler.commit(changes, { retry: false }).catch(() => {});
  }

  /** As an agent that starts on a data plane that is there already: returns what it has to do. */
  async resync(yaml: string): Promise<readonly string[]> {
    return done(succeeded(await this.scheduler.commit(values(yaml), { resync: 'FullResync', retry: false })));
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

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.scheduler.close();
    await this.driver.close();
  }
}

function succeeded(result: CommitResult): TransactionRecord {
  assert.deepEqual(
    result.failures.map(({ key, error }) => `${key}: ${error.message}`),
    [],
  );
  return result.record;
}

/** Waits until it holds, at most ten seconds. */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 10_000; performance.now() < end; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`never came true: ${holds.toString()}`);
}

export class Bench implements AsyncDisposable {
  readonly lab: Lab;
  readonly router: Host;
  readonly namespace: string;
  readonly #agents: Agent[] = [];
  readonly #hosts = new Map<string, { readonly host: Host; readonly namespace: string }>();

  private constructor(lab: Lab, router: Host) {
    this.lab = lab;
    this.router = router;
    this.namespace = lab.publish(router);
  }

  /** `hosts`: names of hosts; each becomes a namespace that `tap` can connect. */
  static async open(...hosts: readonly string[]): Promise<Bench> {
    const lab = await createLab();
    const bench = new Bench(lab, await lab.host('router'));
    for (const name of hosts) {
      const host = await lab.host(name);
      bench.#hosts.set(name, { host, namespace: lab.publish(host) });
    }
    return bench;
  }

  host(name: string): Host {
    return this.#hosts.get(name)!.host;
  }

  async agent(): Promise<Agent> {
    const agent = await Agent.start(this.namespace);
    this.#agents.push(agent);
    return agent;
  }

  /** Configuration of a TAP of the host's name with these addresses (YAML text `1.2.3.4/24, ...`). */
  tap(name: string, addresses: string, more = ''): string {
    return `{ name: ${name}, type: TAP, enabled: true, ipAddresses: [${addresses}], tap: { version: 2, hostIfName: ${name}-far } ${more} }`;
  }

  /** Configuration of `eth0` of the host at the other end of that TAP. */
  end(name: string, addresses: string, tap = name): string {
    const { namespace } = this.#hosts.get(name)!;
    const device = tap === name ? 'eth0' : `eth-${tap}`;
    return `{ name: ${tap}-end, type: TAP_TO_VPP, enabled: true, hostIfName: ${device}, namespace: { type: NSID, reference: ${namespace} }, ipAddresses: [${addresses}], tap: { vppTapIfName: ${tap} } }`;
  }

  /** `ip` in the router, as somebody else would call it. */
  ip(command: string): Promise<string> {
    return this.router.run('ip', ...command.split(' '));
  }

  /** The namespace of a host, as Linux objects name it. */
  placeOf(host: string): string {
    return `{ type: NSID, reference: ${this.#hosts.get(host)!.namespace} }`;
  }

  /** Names of the router's namespace and those of all hosts. */
  get places(): readonly string[] {
    return [this.namespace, ...Array.from(this.#hosts.values(), ({ namespace }) => namespace)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const agent of this.#agents) await agent.stop().catch(() => {});
    await this.lab.close();
  }
}
