/** The agent as it runs, in the process of the bench and with a vswitch namespace of its own; parts of the kernel bench. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message } from '@bufbuild/protobuf';
import { measureEventLoop } from '../src/app/index.ts';
import { startAgent } from '../src/agent/agent.ts';
import type { Configurator } from '../src/agent/configuration/configurator.ts';
import type { Intent, IntentChange, IntentResult } from '../src/agent/intent/intent.ts';
import { configuratorPlugin } from '../src/agent/plugins/configurator.ts';
import { intentPlugin } from '../src/agent/plugins/intent.ts';
import { kernelFeaturesPlugin } from '../src/agent/plugins/kernel-features.ts';
import { memoryPlugin } from '../src/agent/plugins/memory.ts';
import { modelsPlugin } from '../src/agent/plugins/models.ts';
import type { KernelEngine } from '../src/features/kernel/engine.ts';
import type { ModelRegistry } from '../src/model/index.ts';
import type { Scheduler, Source } from '../src/scheduler/scheduler.ts';
import { Missing } from './result.ts';

export interface BenchAgent extends AsyncDisposable {
  readonly namespace: string;
  readonly models: ModelRegistry;
  readonly intent: Intent;
  readonly scheduler: Scheduler;
  readonly configurator: Configurator;
  readonly kernel: KernelEngine;
}

export const source: Source = { name: 'bench', priority: 40 };

let counter = 0;

export function uniqueName(what: string): string {
  return `lg-${process.pid}-${what}${counter++}`;
}

/** Models, intent with the embedded store in a temporary directory, scheduler, kernel driver, all features; the heap tended as ever. */
export async function openAgent(): Promise<BenchAgent> {
  const folder = mkdtempSync(join(tmpdir(), 'lg-bench-'));
  const namespace = uniqueName('vs');
  const application = await startAgent({
    plugins: [kernelFeaturesPlugin, configuratorPlugin, memoryPlugin],
    args: ['--state-dir', folder, '--config-dir', folder, '--kernel-namespace', namespace, '--log-level', 'error'],
    signals: [],
  });
  const { kernel, scheduler } = application.api(kernelFeaturesPlugin);
  return {
    namespace,
    models: application.api(modelsPlugin),
    intent: application.api(intentPlugin),
    scheduler,
    configurator: application.api(configuratorPlugin),
    kernel,
    async [Symbol.asyncDispose]() {
      await application.stop();
      spawnSync('ip', ['netns', 'delete', namespace]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Objects to messages by the model of that name, as the parser of configurations does. */
export function changesOf(models: ModelRegistry, name: string, objects: readonly object[]): IntentChange[] {
  const model = models.model(name);
  return objects.map((object) => {
    const value: Message = model.fromJson(object);
    return { key: models.keyOf(value), value };
  });
}

export function removalOf(changes: readonly IntentChange[]): IntentChange[] {
  return changes.map(({ key }) => ({ key, value: null }));
}

/** ms that commits kept the event loop from turning at most, since the last time this was asked; the bench's own work is not in it. */
export function longestBlock(): number {
  const found = longest;
  longest = 0;
  return found;
}
let longest = 0;

/** Does what the agent is asked for and looks how long it blocks. */
export async function watched<T>(work: () => Promise<T>): Promise<T> {
  const delay = measureEventLoop(1);
  try {
    return await work();
  } finally {
    longest = Math.max(longest, delay.stop().max);
  }
}

/** Commits, and throws `Missing` when anything of it is not CONFIGURED afterwards. `took`: ms, without that check. */
export async function commit(
  agent: BenchAgent,
  changes: readonly IntentChange[],
): Promise<IntentResult & { readonly took: number }> {
  const begin = performance.now();
  const result = await watched(() => agent.intent.commit({ source, changes, options: { retry: false } }));
  const took = performance.now() - begin;
  const failure = result.commit?.failures[0];
  if (failure) throw new Missing(`${failure.operation} ${failure.key}: ${failure.error.message}`);
  for (const { key, value } of changes) {
    if (value === null) continue;
    const status = agent.scheduler.status(key);
    const parts = status?.parts.find(({ state }) => state !== 'CONFIGURED');
    const bad = status?.state === 'CONFIGURED' ? parts : status;
    if (!status || bad)
      throw new Missing(`${bad?.key ?? key} is ${bad?.state ?? 'unknown'} ${bad?.details.join(', ') ?? ''}`);
  }
  return { ...result, took };
}
