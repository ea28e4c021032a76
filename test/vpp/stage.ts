/**
 * For tests of the VPP side of features: agents (scheduler, driver, handlers) that come and go on the same VPP. Which VPP: one that
 * runs already (`LIGATURE_VPP_API_SOCKET`), one of the test's own (`LIGATURE_VPP_BIN`), else the recordings beside the test, once for
 * each release.
 */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { features } from '../../src/features/index.ts';
import type { Feature } from '../../src/features/feature.ts';
import { register } from '../../src/features/register.ts';
import { kernelEngine } from '../../src/features/kernel/engine.ts';
import type { KernelEngine } from '../../src/features/kernel/engine.ts';
import { vppEngine } from '../../src/features/vpp/engine.ts';
import { createKernelDriver } from '../../src/kernel/create.ts';
import type { Key } from '../../src/model/key.ts';
import { createScheduler } from '../../src/scheduler/index.ts';
import type { Change, Scheduler, TransactionRecord } from '../../src/scheduler/scheduler.ts';
import { connectVpp } from '../../src/vpp/index.ts';
import type { FrameTap, VppClient } from '../../src/vpp/index.ts';
import { readCassette, Recorder } from '../../src/vpp/testing/cassette.ts';
import { startReplay } from '../../src/vpp/testing/replay.ts';
import { startVpp, vppBinary } from './process.ts';
import type { VppProcess } from './process.ts';
import { cassetteOf, RELEASES } from './recordings.ts';

/** One run of an agent on a VPP. */
export class VppAgent {
  readonly client: VppClient;
  readonly scheduler: Scheduler;
  readonly #end = new AbortController();

  /** The kernel beside VPP, for the Linux models. */
  readonly host: KernelEngine | undefined;

  private constructor(client: VppClient, scheduler: Scheduler, host: KernelEngine | undefined) {
    this.client = client;
    this.scheduler = scheduler;
    this.host = host;
  }

  static async start(
    path: string,
    chosen: readonly Feature[],
    {
      tap,
      withHost = false,
      owner = 'test',
    }: { readonly tap?: FrameTap | undefined; readonly withHost?: boolean; readonly owner?: string },
  ): Promise<VppAgent> {
    const client = await connectVpp({ path, backoff: { first: 20, most: 100 }, ...(tap === undefined ? {} : { tap }) });
    const scheduler = createScheduler({ engines: [vppEngine, kernelEngine] });
    const kernel = { owner, adopt: new Set<string>(), besideVpp: true } as const;
    const host = withHost ? { ...kernel, driver: await createKernelDriver() } : undefined;
    const agent = new VppAgent(client, scheduler, host);
    const log = { info() {}, warn() {} };
    const vpp = { client, owner, log, ...(host && { host }) };
    await register(scheduler, chosen, { vpp }, agent.#end.signal);
    return agent;
  }

  /** Fails the test when an operation failed. Returns what was done, as `OPERATION key`, sorted. */
  async commit(...changes: readonly Change[]): Promise<readonly string[]> {
    return this.#do(changes, {});
  }

  /** As `commit` of all that is wanted, to a new agent; returns what it does. */
  async resync(...changes: readonly Change[]): Promise<readonly string[]> {
    return this.#do(changes, { resync: 'FullResync' });
  }

  /** Makes VPP as wanted again; returns what was done. */
  async heal(): Promise<readonly string[]> {
    return this.#do([], { resync: 'DownstreamResync' });
  }

  async #do(
    changes: readonly Change[],
    options: { readonly resync?: 'FullResync' | 'DownstreamResync' },
  ): Promise<readonly string[]> {
    const { failures, record } = await this.scheduler.commit(changes, { ...options, retry: false });
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

  /** Compares with VPP: `problem key fields`. */
  async drift(): Promise<readonly string[]> {
    return (await this.scheduler.check()).map(({ problem, key, fields }) => [problem, key, ...fields].join(' ')).sort();
  }

  metadata<M>(key: Key): M {
    return this.scheduler.snapshot().node(key)?.metadata as M;
  }

  state(key: Key): string | undefined {
    return this.scheduler.status(key)?.state;
  }

  /** Resolves when `condition` holds; rejects after `patience` ms. */
  async until(what: string, condition: () => boolean | Promise<boolean>, patience?: number): Promise<void> {
    await until(what, condition, patience);
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.scheduler.close();
    await this.client.close();
    await this.host?.driver.close();
  }
}

/** Resolves when `condition` holds; rejects after `patience` ms. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  patience = 10_000,
): Promise<void> {
  const end = performance.now() + patience;
  while (!(await condition())) {
    if (performance.now() > end) assert.fail(`${what}: not within ${patience} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function done({ executed }: TransactionRecord): readonly string[] {
  return executed
    .filter(({ noop, isProperty }) => !noop && !isProperty)
    .map(({ operation, key }) => `${operation} ${key}`)
    .sort();
}

/** What VPP does on its own comes when it comes: no two recordings would be the same. */
function withoutWatch(feature: Feature): Feature {
  const load = feature.engines?.vpp;
  if (!load) return feature;
  const vpp = async () => {
    const { vppHandlers } = await load();
    return { vppHandlers };
  };
  return { ...feature, engines: { vpp } };
}

export class VppStage {
  readonly #path: string;
  readonly #features: readonly Feature[];
  readonly #tap: (() => FrameTap) | undefined;
  readonly #agents = new Set<VppAgent>();
  /** A real VPP is there: packets flow, and the host's devices are needed. */
  readonly isLive: boolean;
  /** The VPP of a live test that has one of its own. */
  readonly vpp: VppProcess | undefined;

  constructor(path: string, chosen: readonly Feature[], isLive: boolean, tap?: () => FrameTap, vpp?: VppProcess) {
    this.vpp = vpp;
    this.#path = path;
    this.#features = chosen;
    this.isLive = isLive;
    this.#tap = tap;
  }

  /** `host`: with the Linux models, made by the kernel beside VPP. */
  async agent({ host = false }: { readonly host?: boolean } = {}): Promise<VppAgent> {
    const agent = await VppAgent.start(this.#path, this.#features, { tap: this.#tap?.(), withHost: host });
    this.#agents.add(agent);
    return agent;
  }

  /** The agent ends, VPP goes on; another one takes its place. */
  async restart(agent: VppAgent): Promise<VppAgent> {
    await agent.stop();
    this.#agents.delete(agent);
    return this.agent({ host: agent.host !== undefined });
  }

  /**
   * On a live VPP only, with a client of its own that is not recorded: what the test needs around VPP, and waiting for what VPP does in
   * its own time.
   */
  async outside(work: (client: VppClient) => Promise<void>): Promise<void> {
    if (!this.isLive) return;
    const client = await connectVpp({ path: this.#path });
    try {
      await work(client);
    } finally {
      await client.close();
    }
  }

  async stop(): Promise<void> {
    for (const agent of this.#agents) await agent.stop();
    this.#agents.clear();
  }
}

type Run = (stage: VppStage) => Promise<void>;

/**
 * Makes the tests of a file: with the feature in whose folder it is (if any), `interface`, and those that are named. They run against a live VPP
 * when there is one, and against the recording of each release otherwise; they leave VPP as they found it. With
 * `LIGATURE_VPP_RECORD=1` the live run is recorded: `cassettes/RELEASE/NAME.cassette` beside the test.
 *
 * @example
 * const vppTest = vppTests(import.meta.url, 'vrf');
 * vppTest('a loopback comes and goes', async (stage) => {
 *   const agent = await stage.agent();
 *   await agent.commit(loopback);
 * });
 */
export function vppTests(url: string, ...others: readonly string[]): (name: string, run: Run) => void {
  const here = dirname(fileURLToPath(url));
  const folder = join(here, 'cassettes');
  const own = features.some(({ name }) => name === basename(here)) ? [basename(here)] : [];
  const chosen = featuresNamed(new Set([...own, 'interface', ...others])).map(withoutWatch);
  return (name, run) => {
    const file = cassetteOf(name);
    if (isLive) {
      test(name, () => runLive(run, chosen, { folder, file }));
      return;
    }
    for (const release of RELEASES) {
      test(`${name} (recorded from VPP ${release})`, () => runReplay(run, chosen, join(folder, release, file)));
    }
  };
}

/** A test that only a real VPP can run, with all features: what VPP does on its own, packets, restarts. */
export function liveVppTest(name: string, run: Run): void {
  const skip = isLive ? false : 'needs VPP (LIGATURE_VPP_BIN or LIGATURE_VPP_API_SOCKET)';
  test(name, { skip }, () => runLive(run, features, undefined));
}

function featuresNamed(names: ReadonlySet<string>): readonly Feature[] {
  const chosen = features.filter(({ name }) => names.has(name));
  const unknown = [...names].filter((each) => !features.some(({ name }) => name === each));
  if (unknown.length > 0) throw new Error(`no feature is called ${unknown.join(', ')}`);
  return chosen;
}

const socket = process.env['LIGATURE_VPP_API_SOCKET'];
const isLive = socket !== undefined || vppBinary() !== undefined;

/** Message tables of the recorded VPPs; one for all tests with the same VPP. */
const TABLES = join(import.meta.dirname, 'tables');

interface Place {
  readonly folder: string;
  readonly file: string;
}

async function runLive(run: Run, chosen: readonly Feature[], place: Place | undefined): Promise<void> {
  await using vpp = socket === undefined ? await startVpp() : undefined;
  const path = socket ?? vpp!.apiSocket;
  const records = place !== undefined && process.env['LIGATURE_VPP_RECORD'] === '1';
  const recorder = records ? new Recorder() : undefined;
  const stage = new VppStage(path, chosen, true, recorder && (() => recorder.tap()), vpp);
  try {
    await run(stage);
  } finally {
    await stage.stop();
  }
  if (!recorder) return;
  const client = await connectVpp({ path });
  const { version, pid } = client;
  await client.close();
  recorder.write(join(place!.folder, releaseOf(version), place!.file), TABLES, version, pid);
}

/** `26.06-release` -> `26.06`. */
function releaseOf(version: string): string {
  return /^\d+\.\d+/.exec(version)?.[0] ?? version;
}

async function runReplay(run: Run, chosen: readonly Feature[], path: string): Promise<void> {
  if (!existsSync(path))
    assert.fail(`there is no recording ${path}: npm run record -- VPP records it (test/vpp/README.md)`);
  await using replay = await startReplay(readCassette(path, TABLES));
  const stage = new VppStage(replay.path, chosen, false);
  try {
    await run(stage);
  } catch (error) {
    // Why it failed comes first: what was asked was not recorded.
    assert.deepEqual(replay.problems(), [], String(error));
    throw error;
  } finally {
    await stage.stop();
  }
  assert.deepEqual(replay.problems(), []);
}
