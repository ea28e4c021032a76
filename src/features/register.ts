import { SchedulerError } from '../scheduler/errors.ts';
import type { Handler } from '../scheduler/handler.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { Feature, KernelSide } from './feature.ts';
import type { KernelEngine } from './kernel/engine.ts';
import type { VppEngine } from './vpp/engine.ts';
import { whilePresent } from './vpp/presence.ts';
import { virtualHandler } from './virtual.ts';

/** The engine that runs: it is the switch. What is the host's own is made by the kernel beside VPP (`VppEngine.host`), too. */
export type Engines = { readonly kernel: KernelEngine } | { readonly vpp: VppEngine };

/** What the engine that runs does for one feature. */
interface Side {
  readonly handlers: readonly Handler[];
  watch(scheduler: Scheduler, signal: AbortSignal): Promise<void> | undefined;
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
  const engine = 'kernel' in engines ? 'kernel' : 'vpp';
  const sides = await Promise.all(features.map((feature) => sideOf(feature, engines)));
  for (const [index, feature] of features.entries()) {
    const handlers = handlersByKind(feature, engine, sides[index]?.handlers ?? []);
    for (const kind of feature.kinds) scheduler.register(kind, handlers.get(kind.name));
  }
  await Promise.all(sides.flatMap((side) => side?.watch(scheduler, signal) ?? []));
}

async function sideOf({ engines: sides }: Feature, engines: Engines): Promise<Side | undefined> {
  const host = 'kernel' in engines ? engines.kernel : engines.vpp.host;
  if (sides?.host) return host && kernelSide(await sides.host(), host);
  if ('kernel' in engines) return sides?.kernel && kernelSide(await sides.kernel(), engines.kernel);
  const side = await sides?.vpp?.();
  if (!side) return undefined;
  const handlers = side.vppHandlers(engines.vpp).map((handler) => whilePresent(handler, engines.vpp));
  return sideWith(handlers, side.watch, engines.vpp);
}

function kernelSide({ kernelHandlers, watch }: KernelSide, kernel: KernelEngine): Side {
  return sideWith(kernelHandlers(kernel), watch, kernel);
}

function sideWith<E>(
  handlers: readonly Handler[],
  watch: ((engine: E, scheduler: Scheduler, signal: AbortSignal) => Promise<void>) | undefined,
  engine: E,
): Side {
  return { handlers, watch: (scheduler, signal) => watch?.(engine, scheduler, signal) };
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
