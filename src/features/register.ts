import { SchedulerError } from '../scheduler/errors.ts';
import type { Handler } from '../scheduler/handler.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { Feature, KernelSide } from './feature.ts';
import type { KernelEngine } from './kernel-engine.ts';
import { virtualHandler } from './virtual.ts';

/** The engine that runs. */
export interface Engines {
  readonly kernel: KernelEngine;
}

/**
 * Registers the kinds of these features with the scheduler, each with the handler that the engine has for it, and starts to
 * tell the scheduler what the data plane does on its own, until the signal is aborted. Values of kinds without a handler are
 * UNIMPLEMENTED. Rejects with SchedulerError `usage` when a feature handles a kind that it does not have.
 *
 * @example
 * await register(scheduler, features, { kernel }, signal);
 */
export async function register(
  scheduler: Scheduler,
  features: readonly Feature[],
  engines: Engines,
  signal: AbortSignal,
): Promise<void> {
  const sides = await Promise.all(features.map(loadKernelSide));
  for (const [index, feature] of features.entries()) {
    const handlers = handlersByKind(feature, 'kernel', sides[index]?.kernelHandlers(engines.kernel) ?? []);
    for (const kind of feature.kinds) scheduler.register(kind, handlers.get(kind.name));
  }
  const watches = sides.flatMap((side) => side?.watch?.(engines.kernel, scheduler, signal) ?? []);
  await Promise.all(watches);
}

async function loadKernelSide(feature: Feature): Promise<KernelSide | undefined> {
  return await feature.engines?.kernel?.();
}

function handlersByKind(feature: Feature, engine: string, handlers: readonly Handler[]): ReadonlyMap<string, Handler> {
  const names = new Set(feature.kinds.map((kind) => kind.name));
  const byKind = new Map<string, Handler>();
  for (const { name } of feature.virtual ?? []) byKind.set(name, virtualHandler(name, engine));
  for (const handler of handlers) {
    if (!names.has(handler.kind) || byKind.has(handler.kind)) {
      throw new SchedulerError('usage', `feature ${feature.name} has no use for a handler of ${handler.kind}`);
    }
    byKind.set(handler.kind, handler);
  }
  return byKind;
}
